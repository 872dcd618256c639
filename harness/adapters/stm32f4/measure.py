#!/usr/bin/env python3
"""Flash and RAM of the firmware, by part, as the tables of README.md have them.

    cargo hw setup stm32f4
    harness/adapters/stm32f4/measure.py

Flash and variables come from the link map. Heap and stack are high-water marks, which the firmware says after each guest:
each world is run for them, by `cargo hw`.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BUILD = HERE / "target" / "build"
WORLDS = ["i2c", "spi", "gpio"]

# What a file of the link is a part of: the first pattern that its path has.
PARTS = [
    ("guests", r"guests\.S"),
    ("engine", r"libwamr\.a"),
    ("hosts", r"/c/host/"),
    ("adapter", r"/c/adapter/|/wamr/engine\.c|/(exchange|guests|modules|offers|thread)\.c"),
    ("board", r"/board/"),
    ("C library", r""),
]
# A piece of the link: section (which may stand on the line before), address, size, file.
PIECE = re.compile(r"^ (\.\S+|COMMON)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S.*)$")


def linked():
    """Bytes of flash and of variables by part."""
    text = (BUILD / "firmware.map").read_text()
    text = text[text.index("Linker script and memory map") :].replace("\n                0x", "                0x")
    flash, variables = ({part: 0 for part, _ in PARTS} for _ in range(2))
    for line in text.splitlines():
        piece = PIECE.match(line)
        if not piece or not piece[1] or piece[1].startswith(".debug"):
            continue
        section, address, size = piece[1], int(piece[2], 16), int(piece[3], 16)
        part = next(part for part, pattern in PARTS if re.search(pattern, piece[4]))
        if 0x08000000 <= address < 0x08100000:
            flash[part] += size
        elif section.startswith((".data", ".bss", "COMMON")):
            variables[part] += size
        if section.startswith(".data"):
            flash[part] += size  # what it begins with
    return flash, variables


def code_of(world):
    """Bytes of the code section of a released guest: those that are copied to RAM."""
    releases = (ROOT / "conformance" / "releases").glob(f"*/{world}.wasm")
    newest = max(releases, key=lambda file: [int(part) for part in file.parent.name.split(".")])
    bytes = newest.read_bytes()
    # A component: its first core module is the guest.
    at, size = section_of(bytes, 1)
    return section_of(bytes[at : at + size], 10)[1]


def section_of(bytes, wanted):
    at = 8
    while at < len(bytes):
        section, (size, at) = bytes[at], leb(bytes, at + 1)
        if section == wanted:
            return at, size
        at += size
    sys.exit(f"a guest has no section {wanted}")


def leb(bytes, at):
    number, shift = 0, 0
    while True:
        number |= (bytes[at] & 0x7F) << shift
        shift += 7
        at += 1
        if bytes[at - 1] < 0x80:
            return number, at


def used_by(world):
    """The highest marks of a run of a world: engine's heap, heap, stack."""
    with tempfile.NamedTemporaryFile("r") as file:
        subprocess.run(
            ["cargo", "--quiet", "hw", "run", f"{world}/", "--runtime=stm32f4"],
            cwd=ROOT,
            env=os.environ | {"WASI_HW_STM32F4_USAGE": file.name},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        said = re.findall(r"^memory: engine (\d+), heap (\d+) of \d+, stack (\d+)", file.read(), re.M)
    if not said:
        sys.exit(f"no controller said what it took for {world}")
    return [max(int(mark[n]) for mark in said) for n in range(3)]


def main():
    flash, variables = linked()
    print("| part | flash, bytes | variables, bytes |\n|---|---|---|")
    for part, _ in PARTS:
        print(f"| {part} | {flash[part]:,} | {variables[part]:,} |")
    print(f"| together | {sum(flash.values()):,} | {sum(variables.values()):,} |\n")
    rows = [("guest's page", []), ("guest's code", []), ("engine's heap", []), ("the other heap", []), ("stack", [])]
    for world in WORLDS:
        engine, heap, stack = used_by(world)
        for (_, row), bytes in zip(rows, [65536, code_of(world), engine, heap - engine, stack]):
            row.append(bytes)
    rows.append(("variables", [sum(variables.values())] * len(WORLDS)))
    rows.append(("together", [sum(row[n] for _, row in rows) for n in range(len(WORLDS))]))
    print("| RAM, bytes | " + " | ".join(WORLDS) + " |\n|---|" + "---|" * len(WORLDS))
    for name, row in rows:
        print(f"| {name} | " + " | ".join(f"{bytes:,}" for bytes in row) + " |")


main()
