#!/usr/bin/env bash
# Builds the kernel and the init of the machine that run.sh starts. See --help.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$here/build
tarball=${WASI_HW_KERNEL_SOURCE:-/usr/src/linux-source-6.1.tar.xz}
tree=$build/linux-source-6.1
packages=(gcc libc6-dev make bc bison flex patch xz-utils linux-source-6.1)

usage() {
  cat <<END
usage: setup.sh [--check | --clean]

Builds User Mode Linux 6.1 with the module of this folder into harness/kernel/build. It takes some three minutes and 0.7 GB the
first time, seconds after a change of the module, and nothing if nothing has changed.

  --check   compile the module and the files of uml once more, with every warning (W=1), and with sparse if it is there
  --clean   remove harness/kernel/build

The source is Debian's package linux-source-6.1. As root on Debian, what is missing is installed; otherwise the source alone is
downloaded with apt-get, and the rest is named. WASI_HW_KERNEL_SOURCE may name another linux-source-6.1.tar.xz.
Exits with 0, or with 1 and the reason.
END
}

say() { printf 'kernel: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# What has an effect on the result, in one line.
inputs() {
  { cat "$0" "$here"/wasi_hw_board.h "$here"/module/* "$here"/uml/*.c "$here"/uml/config "$here"/uml/patches/*
    stat -Lc '%s %Y' "$tarball" 2>/dev/null || echo no source
    cc --version 2>/dev/null || echo no compiler
  } | sha256sum | cut -d' ' -f1
}

need_tools() {
  local missing=() tool
  for tool in cc make bc bison flex patch xz; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ -e /usr/lib/x86_64-linux-gnu/libc.a ] || missing+=(libc.a)
  if [ ${#missing[@]} -eq 0 ] && [ -e "$tarball" ]; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing ${packages[*]}"
    # Another package manager may be at work.
    { apt-get update && apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${packages[@]}"; } >"$build/apt.log" 2>&1 ||
      fail "apt-get failed, see $build/apt.log; it was to install ${packages[*]}"
  elif [ ${#missing[@]} -gt 0 ]; then
    fail "missing: ${missing[*]}. On Debian, as root: apt-get install --no-install-recommends ${packages[*]}"
  else
    say "downloading linux-source-6.1"
    (cd "$build" && apt-get download linux-source-6.1 && dpkg-deb -x linux-source-6.1_*.deb package) >"$build/apt.log" 2>&1 ||
      fail "no $tarball, and apt-get download failed, see $build/apt.log. As root: apt-get install linux-source-6.1"
    tarball=$build/package/usr/src/linux-source-6.1.tar.xz
  fi
}

# Without the sources of what cannot be in this kernel, which are two thirds of all.
unpack() {
  local from
  from=$({ cat "$here"/uml/patches/*; stat -Lc '%s %Y' "$tarball"; } | sha256sum)
  if [ "$(cat "$tree/.unpacked" 2>/dev/null)" = "$from" ]; then return; fi
  say "unpacking $tarball"
  rm -rf "$tree" "$build/um"
  local skip=() directory
  for directory in drivers/gpu drivers/net/ethernet drivers/net/wireless drivers/media drivers/scsi drivers/staging \
    drivers/infiniband drivers/clk drivers/pinctrl drivers/iio drivers/crypto sound Documentation tools/perf tools/testing \
    arch/alpha arch/arc arch/arm arch/arm64 arch/ia64 arch/m68k arch/mips arch/parisc arch/powerpc arch/riscv arch/s390 \
    arch/sh arch/sparc; do
    skip+=(--exclude="*/$directory/*."{[chSs],dts,dtsi,txt,rst,yaml,sh,py,json})
  done
  tar xf "$tarball" -C "$build" "${skip[@]}"
  local change
  for change in "$here"/uml/patches/*.patch; do
    patch -s -p1 -d "$tree" <"$change" || fail "$change does not fit $tarball"
  done
  echo 'obj-y += wasi_hw_board/' >>"$tree/drivers/misc/Makefile"
  echo 'source "drivers/misc/wasi_hw_board/Kconfig"' >>"$tree/drivers/misc/Kconfig"
  echo 'obj-y += hostfd.o panic.o' >>"$tree/arch/um/drivers/Makefile"
  echo "$from" >"$tree/.unpacked"
}

# A file that is the same keeps its time, so that it is not compiled again.
copy() { cmp -s "$1" "$2" || cp "$1" "$2"; }

place() {
  local file
  mkdir -p "$tree/drivers/misc/wasi_hw_board"
  for file in "$here"/module/*; do copy "$file" "$tree/drivers/misc/wasi_hw_board/${file##*/}"; done
  copy "$here/wasi_hw_board.h" "$tree/drivers/misc/wasi_hw_board.h"
  for file in hostfd panic; do copy "$here/uml/$file.c" "$tree/arch/um/drivers/$file.c"; done
}

kmake() { nice make -s -C "$tree" ARCH=um O="$build/um" "$@"; }

configure() {
  if [ -e "$build/um/.config" ] && cmp -s "$here/uml/config" "$build/um/.wanted"; then return; fi
  say "configuring"
  mkdir -p "$build/um"
  { kmake tinyconfig
    KCONFIG_CONFIG=$build/um/.config "$tree/scripts/kconfig/merge_config.sh" -m -O "$build/um" "$build/um/.config" "$here/uml/config"
    kmake olddefconfig; } >"$build/config.log" 2>&1 || fail "the configuration failed, see $build/config.log"
  local lost
  lost=$(grep -v '^# [^C]\|^#$\|^$' "$here/uml/config" | grep -vxFf "$build/um/.config" || true)
  [ -z "$lost" ] || fail "uml/config has what this source has not: $lost"
  cp "$here/uml/config" "$build/um/.wanted"
}

compile() {
  local start=$SECONDS total=1100 done job
  say "compiling, see $build/make.log"
  kmake -j2 linux >"$build/make.log" 2>&1 &
  job=$!
  # As it is now: of a function's variable nothing is left when the script ends.
  trap "kill $job 2>/dev/null || true" EXIT
  while sleep 5 && kill -0 $job 2>/dev/null; do
    if [ $(((SECONDS - start) % 20)) -lt 5 ]; then
      # Files come and go meanwhile.
      done=$({ find "$build/um" -name '*.o' 2>/dev/null || true; } | wc -l)
      say "$done files of some $total, $((SECONDS - start)) s"
    fi
  done
  wait $job || fail "the compilation failed: $(grep -m1 -i 'error' "$build/make.log" || tail -1 "$build/make.log"); see $build/make.log"
  trap - EXIT
  strip -o "$build/linux.new" "$build/um/linux"
  cc -Wall -Wextra -O2 -static -o "$build/init.new" "$here/uml/init.c"
  mv "$build/linux.new" "$build/linux"
  mv "$build/init.new" "$build/init"
}

check() {
  local sparse=()
  if command -v sparse >/dev/null; then sparse=(C=2); else say "NOT CHECKED: sparse is not installed"; fi
  kmake W=1 "${sparse[@]}" drivers/misc/wasi_hw_board/ arch/um/drivers/{hostfd,panic}.o >"$build/check.log" 2>&1 ||
    fail "does not compile, see $build/check.log"
  # The kernel's own headers are compiled with it, and are not free of them.
  ! grep -E '(wasi_hw_board[^:]*|drivers/(hostfd|panic)\.c):[0-9]' "$build/check.log" >&2 || fail "there are warnings, see $build/check.log"
  say "no warnings"
}

case ${1-} in
  -h | --help) usage; exit ;;
  --clean) rm -rf "$build"; exit ;;
  '' | --check) ;;
  *) usage >&2; exit 1 ;;
esac

[ "$(uname -m)" = x86_64 ] || fail "User Mode Linux runs on x86-64 only, not on $(uname -m)"
mkdir -p "$build"
if [ "$(cat "$build/stamp" 2>/dev/null)" = "$(inputs)" ] && [ -x "$build/linux" ] && [ -x "$build/init" ]; then
  say "up to date: $build/linux"
else
  began=$SECONDS
  need_tools
  # Before anything is read: what is edited meanwhile is built the next time.
  wanted=$(inputs)
  unpack
  place
  configure
  compile
  echo "$wanted" >"$build/stamp"
  say "built $build/linux in $((SECONDS - began)) s"
fi
if [ "${1-}" = --check ]; then
  rm -f "$build"/um/drivers/misc/wasi_hw_board/*.o "$build/um/arch/um/drivers/"{hostfd,panic}.o
  check
fi
