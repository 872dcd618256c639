#!/usr/bin/env bash
# Starts an adapter whose host stands on the machine's USB inside the kernel of harness/kernel, where the devices are those of
# the harness's board: usb.sh NAME ADAPTER [ARGUMENT]... NAME is what the runtime is called.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/run.sh" --usb "$@"
