#!/usr/bin/env bash
# Runs a command on a Linux that has /dev/wasi-hw-board. See --help.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
kernel=$here/build/linux
memory=512M
descriptors=
clocks=
job=()

usage() {
  cat <<END
usage: run.sh [--writable DIR]... [--descriptor N]... [--memory SIZE] [--virtual-time] COMMAND [ARGUMENT]...

Starts User Mode Linux, as built by setup.sh, and runs the command in it as root: with this machine's files, in this working
directory, with this environment, and with standard input, output and error as they are here, pipes as pipes. What the
command writes to files is gone in the end. The machine ends with the command, whatever else runs in it, and this program
exits as the command did: its status, 128 + N after signal N, 127 or 126 if there is no such command, 125 if the machine did not
start.

  --writable DIR    what is written below DIR stays
  --descriptor N    file descriptor N of this program, 3 to 9, is /dev/hostfdN inside; a socket can be read and written
  --memory SIZE     of the machine, $memory unless given
  --virtual-time    the machine's clocks stand still while anybody in it computes, and are at the next timer at once when all wait:
                    no sleep takes time, and how busy this machine is has no effect. Who waits for what comes from outside
                    sees time pass, whatever it is that takes it

  harness/kernel/run.sh i2cdetect -l
  harness/kernel/run.sh --descriptor 9 ./adapter 9<>/dev/tcp/127.0.0.1/40123
END
}

fail() { printf 'run.sh: %s\n' "$*" >&2; exit 125; }

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit ;;
    --writable)
      [ -d "${2-}" ] || fail "--writable ${2-}: no such directory"
      job+=("W$(cd "$2" && pwd -P)")
      shift 2 ;;
    --descriptor)
      [[ ${2-} =~ ^[3-9]$ && -e /proc/self/fd/$2 ]] || fail "--descriptor ${2-}: not an open file descriptor from 3 to 9"
      descriptors+=,$2
      shift 2 ;;
    --memory)
      [[ ${2-} =~ ^[0-9]+[MG]$ ]] || fail "--memory ${2-}: not a number with M or G"
      memory=$2
      shift 2 ;;
    --virtual-time)
      clocks=time-travel=inf-cpu
      shift ;;
    --) shift; break ;;
    -*) fail "$1: no such option, see --help" ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { usage >&2; exit 125; }
[ -x "$kernel" ] && [ -x "$here/build/init" ] || fail "no kernel: run harness/kernel/setup.sh"

# The machine's memory is a file, best of a file system that is memory itself; it has to be executable.
scratch=/tmp
if [ -w /dev/shm ] && ! grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts &&
  [ "$(df --output=avail -k /dev/shm | tail -1)" -gt 1048576 ]; then
  scratch=/dev/shm
fi

for word in "$@"; do job+=("A$word"); done
exec {input}< <(printf '%s\0' "C$PWD" "${job[@]}"; env -0 | sed -z 's/^/E/')

ulimit -c 0
TMPDIR=$scratch exec "$kernel" uml_dir="$scratch" mem="$memory" $clocks quiet con=null con0=null panic=-1 \
  root=/dev/root rootfstype=hostfs rootflags=/ ro "hostfd=0,1,2$descriptors,$input" init="$here/build/init" -- "$input"
