#!/usr/bin/env bash
# Runs a program of this machine on the devices of a fixture, in the kernel of harness/kernel. See --help.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat <<END
usage: board.sh [--here] FIXTURE PROGRAM [ARGUMENT]...

Runs the program as root of a machine of its own, whose I2C adapters, SPI devices, GPIO lines and USB devices are those of the fixture, and
then prints what the wires saw. The first adapter is /dev/i2c-0, the first SPI device /dev/spidev0.0, the chip /dev/gpiochip0; each has
the name that the fixture gives it. The program is any of this machine, unchanged: i2cdetect, gpioget, spi-pipe, a host.

  --here    on this machine and as root, not in a machine of its own: its kernel has to have the module
  FIXTURE   one of the suite, such as i2c/register-file, or the path of a TOML file

  harness/linux-adapter/board.sh i2c/register-file i2ctransfer -y 0 w1@0x48 0x0f r1

Exits as the program did; with 2 if it was not started. cargo hw setup linux makes what it needs.
END
}

case ${1-} in
  -h | --help) usage; exit ;;
esac
machine=("$here/../kernel/run.sh")
if [ "${1-}" = --here ]; then
  machine=()
  shift
fi
[ $# -ge 2 ] || { usage >&2; exit 2; }
fixture=$1
shift
[ -e "$fixture" ] || fixture=$root/fixtures/$fixture.toml
[ -e "$fixture" ] || { echo "board.sh: there is no fixture $fixture" >&2; exit 2; }
if [ ${#machine[@]} -eq 0 ] && ! [ -w /dev/wasi-hw-board ]; then
  cat >&2 <<END
board.sh: there is no /dev/wasi-hw-board that this user may write. As root, with the headers of this kernel:

  make -C /lib/modules/$(uname -r)/build M=$(cd "$here/../kernel/module" && pwd) CONFIG_WASI_HW_BOARD=m
  modprobe -a i2c-dev spidev vhci-hcd
  insmod $(cd "$here/../kernel/module" && pwd)/wasi_hw_board.ko
END
  exit 2
fi
exec "${machine[@]}" "${WASI_HW_LINUX_ADAPTER:-$root/target/debug/wasi-hw-linux-adapter}" --fixture "$fixture" "$@"
