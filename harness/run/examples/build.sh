#!/bin/sh
# Builds the example components, or compares them with their sources: build.sh [--check]
#
# The same sources and the same compiler give the same bytes in any folder. `built.txt` names the compiler. With another one
# --check compares hashes, of the sources and of the components, and says that it rebuilt nothing.
set -eu
cd "$(dirname "$0")"
programs="i2cdetect lsusb misuse pacman"
names="$programs pad pacman-with-pad"
target=${CARGO_TARGET_DIR:-$PWD/target}
root=$(cd ../../.. && pwd -P)

check=no
locked=
case "${1-}" in
  "") ;;
  --check) check=yes locked=--locked ;;
  *) echo "usage: build.sh [--check]" >&2; exit 2 ;;
esac

# What built.txt says of what is here.
built() {
  rustc --version
  {
    find compose pad wit $programs Cargo.toml Cargo.lock -name target -prune -o -type f -print
    find ../../../wit -type f
  } | LC_ALL=C sort | xargs sha256sum | sha256sum | sed 's/-/sources/'
  (cd "$1" && for name in $names; do sha256sum "$name.wasm"; done)
}

# Into the folder $1. A panic's location is in the bytes; so no path of this machine may be, nor the registry's name.
build() {
  sysroot=$(rustc --print sysroot)
  commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
  separator=$(printf '\037')
  flags=--remap-path-prefix=$root=/src
  flags=$flags$separator--remap-path-prefix=$sysroot/lib/rustlib/src/rust=/rustc/$commit
  for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags=$flags$separator--remap-path-prefix=$registry=/crates
  done
  env -u RUSTFLAGS CARGO_ENCODED_RUSTFLAGS="$flags" \
    cargo build --quiet --release $locked --target wasm32-wasip2 --target-dir "$target"
  for name in $programs pad; do
    cp "$target/wasm32-wasip2/release/$name.wasm" "$1/$name.wasm"
  done
  # Two components, composed into one.
  env -u RUSTFLAGS cargo run --quiet $locked --package compose --target-dir "$target" -- \
    "$1/pacman.wasm" "$1/pad.wasm" "$1/pacman-with-pad.wasm"
}

if [ $check = no ]; then
  build .
  built . >built.txt
elif [ "$(rustc --version)" != "$(head -n 1 built.txt)" ]; then
  mkdir -p "$target"
  built . | tail -n +2 >"$target/found"
  tail -n +2 built.txt | diff - "$target/found" || { echo "the components are older than their sources; run build.sh"; exit 1; }
  echo "the components were made with $(head -n 1 built.txt), and this is $(rustc --version): compared by hashes alone"
else
  mkdir -p "$target/check"
  build "$target/check"
  built "$target/check" | diff built.txt - || { echo "the components are not what their sources give; run build.sh"; exit 1; }
  for name in $names; do cmp "$name.wasm" "$target/check/$name.wasm"; done
  echo "the components are what their sources give: $names"
fi
