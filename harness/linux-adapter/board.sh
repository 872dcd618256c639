#!/usr/bin/env bash
# Runs a program of this machine on the devices of a fixture, in the kernel of harness/kernel. See --help.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
  cat <<END
usage: board.sh [--virtual-time] [--cues FILE] FIXTURE PROGRAM [ARGUMENT]...

Runs the program as root of a machine of its own, whose I2C adapters, SPI devices, GPIO lines and USB devices are those of the fixture, and
then prints what the wires saw. The first adapter is /dev/i2c-0, the first SPI device /dev/spidev0.0, the chip /dev/gpiochip0; each has
the name that the fixture gives it. The program is any of this machine, unchanged: i2cdetect, gpioget, spi-pipe, a host.

  --cues FILE       when the fixture's cues happen: lines such as \`20 ms press', as of wasi-hw-run, on the board's clock
  --virtual-time    the machine's clocks stand still while anybody in it computes, and no sleep takes time: see kernel/run.sh
  FIXTURE           one of the suite, such as i2c/register-file, or the path of a TOML file

The board's clock is the machine's, from the moment on at which the program starts. A cue is never early; how late it is depends, on a
real clock, on what else this machine does. In virtual time it is a few milliseconds on any machine.

  harness/linux-adapter/board.sh i2c/register-file i2ctransfer -y 0 w1@0x48 0x0f r1

Exits as the program did; with 2 if it was not started. cargo hw setup linux makes what it needs. On this machine's own kernel, as
root: cargo hw board --fixture FIXTURE.
END
}

clocks=() cues=()
while :; do
  case ${1-} in
    -h | --help) usage; exit ;;
    --virtual-time) clocks=(--virtual-time) ;;
    --cues)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      cues=(--cues "$2")
      shift ;;
    -*) echo "board.sh: $1: no such option, see --help" >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done
[ $# -ge 2 ] || { usage >&2; exit 2; }
fixture=$1
shift
[ -e "$fixture" ] || fixture=$root/fixtures/$fixture.toml
[ -e "$fixture" ] || { echo "board.sh: there is no fixture $fixture" >&2; exit 2; }
exec "$here/../kernel/run.sh" "${clocks[@]}" "${WASI_HW_LINUX_ADAPTER:-$root/target/debug/wasi-hw-linux-adapter}" --fixture "$fixture" "${cues[@]}" "$@"
