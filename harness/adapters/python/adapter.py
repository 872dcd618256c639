"""Hosts of wasi:i2c and wasi:gpio in Python, for components on the PyPI package `wasmtime`: the adapter that runs
them in the conformance suite (harness/PROTOCOL.md).

The main thread reads what the harness says and hands it on. Each guest has a thread of its own, because it blocks in
the middle of a call until the board has answered.
"""

import json
import os
import sys
import threading
from importlib.metadata import version

# Nothing is left beside the sources.
sys.dont_write_bytecode = True
# Where `cargo hw setup python` has put it.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "target", "packages"))

from board import Board, Dead, Host, Refused, send, void
from gpio import define_gpio
from i2c import define_i2c
from poll import define_poll
from wasmtime import Config, Engine, Store, WasmtimeError
from wasmtime.component import Component, Linker

ABOUT = {
    "protocol": "1.3.0",
    "name": "python",
    "version": f"0.1.0+wasmtime.{version('wasmtime')}",
    "packages": ["wasi:i2c@0.2.0-draft", "wasi:gpio@0.2.0"],
    "features": {"instances": True, "load": True},
}


def define_board(root, board):
    def cue(_store, name):
        try:
            board.ask("cue", name=name)
        except Refused as why:
            return str(why)

    with root.add_instance("wasi-hw:conformance/board@0.1.0") as instance:
        instance.add_func("saw", lambda _store, line: void(board.ask("saw", line=line[: 1 << 20])))
        instance.add_func("cue", cue)
        instance.add_func("wait", lambda _store, ns: void(board.ask("wait", ns=ns)))


def make_engine():
    config = Config()
    config.consume_fuel = True
    return Engine(config)


ENGINE = make_engine()
COMPONENTS = {}  # By the hash of their files.


def component(about):
    if about["sha256"] not in COMPONENTS:
        with open(about["path"], "rb") as file:
            COMPONENTS[about["sha256"]] = Component(ENGINE, file.read())
    return COMPONENTS[about["sha256"]]


class Guest:
    """A guest of the present run, and its thread."""

    def __init__(self, run, number):
        self.run, self.test = run, run["tests"][number]
        self.board = Board(number)
        self.go = threading.Event()
        self.thread = threading.Thread(target=self.live, daemon=True)
        self.thread.start()

    def live(self):
        host = Host(self.board, self.run["host"])
        self.go.wait()
        try:
            how, why = self.call(host)
        except Exception as error:  # pylint: disable=broad-except
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            how, why = "crash", f"{type(error).__name__}: {error}"
        host.end()
        send({"done": {"run": self.run["run"], "guest": self.board.guest, "how": how, "why": why}})

    def call(self, host):
        """How the guest ended, and why."""
        store = Store(ENGINE)
        store.set_fuel(self.run["limits"]["fuel"])
        store.set_limits(memory_size=self.run["limits"]["memory"])
        linker = Linker(ENGINE)
        with linker.root() as root:
            define_board(root, host.board)
            define_poll(root, host)
            define_i2c(root, host)
            define_gpio(root, host)
        try:
            instance = linker.instantiate(store, component(self.run["component"]))
        except WasmtimeError as error:
            return "link-failure", str(error)
        run = instance.get_func(store, "run")
        try:
            error = run(store, self.test)
            run.post_return(store)
        except Dead as dead:
            return "timeout", str(dead)
        except WasmtimeError as trap:
            return "timeout" if "all fuel consumed" in str(trap) else "trap", str(trap)
        return ("returned", None) if error is None else ("no-such-test", error)


def main():
    guests = []
    for line in sys.stdin.buffer:
        message = json.loads(line)
        (kind, body), *_ = message.items()
        if kind == "start":
            send({"started": ABOUT})
        elif kind == "load":
            component(body["component"])
            send({"loaded": {"sha256": body["component"]["sha256"]}})
        elif kind == "run":
            guests = [Guest(body, number) for number in range(len(body["tests"]))]
            if len(guests) == 1:
                guests[0].go.set()
        elif kind == "go":
            guests[body["guest"]].go.set()
        elif kind == "answer":
            guests[body.get("guest", 0)].board.mail.put(body)
        elif kind == "sync":
            for guest in guests:
                guest.thread.join()
            send({"synced": body})
        elif kind == "stop":
            return
        else:
            sys.exit(f"protocol {ABOUT['protocol']} has no `{kind}`")


main()
