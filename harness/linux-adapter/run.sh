#!/usr/bin/env bash
# Starts the adapter of the runtime `linux`: the reference host inside the kernel of harness/kernel. Standard input and
# output are the adapter protocol, and its arguments the adapter's; the board behind the kernel is reached over the socket that
# the harness names.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${WASI_HW_LINUX_ADAPTER:-$here/../../target/debug/wasi-hw-linux-adapter}
if ! [[ ${WASI_HW_SOCKET-} =~ ^([0-9.]+):([0-9]+)$ ]]; then
  echo "run.sh: WASI_HW_SOCKET is not set; start this through the harness: cargo test -- --runtime=linux" >&2
  exit 1
fi
exec 9<>"/dev/tcp/${BASH_REMATCH[1]}/${BASH_REMATCH[2]}"
exec "$here/../kernel/run.sh" --descriptor 9 "$program" /dev/hostfd9 "$@"
