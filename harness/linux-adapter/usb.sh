#!/usr/bin/env bash
# Starts an adapter whose host stands on the machine's USB inside the kernel of harness/kernel, where the devices are those of
# the harness's board: usb.sh [--writable DIR]... [--broken MANNER] NAME ADAPTER [ARGUMENT]... NAME is what the runtime is called; what
# the adapter writes below a DIR stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
machine=()
while [ "${1-}" = --writable ] && [ $# -ge 2 ]; do
  machine+=(--writable "$2")
  shift 2
done
board=()
if [ "${1-}" = --broken ] && [ $# -ge 2 ]; then
  board=(--broken "$2")
  shift 2
fi
exec "$here/run.sh" "${machine[@]}" "${board[@]}" --usb "$@"
