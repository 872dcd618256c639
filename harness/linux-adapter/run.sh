#!/usr/bin/env bash
# Starts the adapter of the runtime `linux`: the reference host inside the kernel of harness/kernel. Standard input and
# output are the adapter protocol, and its arguments the adapter's, but for `--writable DIR` before them, which is the machine's; the
# board behind the kernel is reached over the socket that the harness names.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${WASI_HW_LINUX_ADAPTER:-$here/../../target/debug/wasi-hw-linux-adapter}
if ! [[ ${WASI_HW_SOCKET-} =~ ^([0-9.]+):([0-9]+)/([0-9a-f]+)$ ]]; then
  echo "run.sh: WASI_HW_SOCKET is not set; start this through the harness: cargo test -- --runtime=linux" >&2
  exit 1
fi
exec 9<>"/dev/tcp/${BASH_REMATCH[1]}/${BASH_REMATCH[2]}"
# A connection begins with the secret. Nobody inside the kernel has to know it.
printf '%s\n' "${BASH_REMATCH[3]}" >&9
unset WASI_HW_SOCKET
machine=(--descriptor 9)
while [ "${1-}" = --writable ] && [ $# -ge 2 ]; do
  machine+=(--writable "$2")
  shift 2
done
exec "$here/../kernel/run.sh" "${machine[@]}" "$program" /dev/hostfd9 "$@"
