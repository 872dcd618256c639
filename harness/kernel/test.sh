#!/usr/bin/env bash
# The tests of the module and of its machine. See --help.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$here/build
run=$here/run.sh

usage() {
  cat <<END
usage: test.sh [machine | module [NAME] | times]

Without an argument, the first two. They need what setup.sh builds, a C compiler, and Debian's packages i2c-tools, gpiod and
spi-tools.

  machine   what run.sh promises: streams, exit status, files, the end
  module    the module, inside: $(sed -n 's/^.*{ "\(.*\)", .*{ "\(.*\)", .*{ "\(.*\)", .*{ "\(.*\)", .*$/\1 \2 \3 \4/p' "$here/test/main.c") ...
  times     print how long a start, a round trip and an operation take; nothing is judged

Exits with 0 if all is good, or with 1.
END
}

failed=0
good() { printf 'ok   %s\n' "$1"; }
bad() { printf 'FAIL %s\n' "$1"; failed=1; }
# The name of a check, what is wanted, what came.
same() { if [ "$2" = "$3" ]; then good "$1"; else bad "$1: wanted $(printf %q "$2"), got $(printf %q "$3")"; fi; }
status() { local status=0; "$@" >/dev/null 2>&1 || status=$?; echo $status; }

compile() {
  local file
  mkdir -p "$build/test"
  for file in board main i2c spi gpio broken tools; do echo "$here/test/$file.c"; done |
    xargs cc -Wall -Wextra -O1 -pthread -o "$build/test/module"
  cc -Wall -Wextra -O1 -o "$build/test/times" "$here/test/times.c"
}

machine() {
  local file=$build/test/written big=$build/test/big out machine
  rm -rf "$build/test/kept" "$file"
  mkdir -p "$build/test/kept"
  same "exit status" 3 "$(status "$run" sh -c 'exit 3')"
  same "killed" 137 "$(status "$run" sh -c 'kill -9 $$')"
  same "no such command" 127 "$(status "$run" /no/such/command)"
  same "no command" 126 "$(status "$run" /etc/passwd)"
  same "arguments" "$(printf '%s\n' 'a b' '' "c'd" $'e\nf' .)" "$("$run" printf '%s\n' 'a b' '' "c'd" $'e\nf' .)"
  same "environment and directory" "x  y $PWD" "$(V='x  y' "$run" sh -c 'echo "$V $PWD"')"
  same "standard error is apart" "out" "$("$run" sh -c 'echo out; echo err >&2' 2>"$build/test/err")"
  same "standard error" "err" "$(cat "$build/test/err")"
  same "an empty input ends" 0 "$("$run" wc -c </dev/null)"
  head -c 3000001 /dev/urandom >"$big"
  same "3 MB, any byte, both ways" "$(sha256sum <"$big")" "$("$run" cat <"$big" | sha256sum)"
  same "and by pipes" "$(sha256sum <"$big")" "$(cat "$big" | "$run" cat | cat | sha256sum)"
  same "no terminal" "pipes" "$(echo | "$run" sh -c 'test -t 0 || test -t 1 || echo pipes')"
  same "a reader that leaves" "y" "$("$run" yes 2>/dev/null | head -1)"
  same "files are the host's" "$(sha256sum <"$0")" "$("$run" sha256sum <"$0")"
  same "what is written" "new" "$("$run" sh -c "echo new >$file && cat $file")"
  same "is gone in the end" 1 "$(status test -e "$file")"
  "$run" --writable "$build/test/kept" sh -c "echo kept >$build/test/kept/file"
  same "unless it is to stay" kept "$(cat "$build/test/kept/file")"
  same "another descriptor" "over there" "$("$run" --descriptor 5 cat /dev/hostfd5 5< <(echo over there))"
  same "no kernel's own words" "" "$("$run" true 2>&1)"
  same "random numbers from the beginning" 1 "$(timeout -s KILL 30 "$run" head -c 1 /dev/random | wc -c)"
  same "a virtual hour" "slept 1" \
    "$(timeout -s KILL 30 "$run" --virtual-time sh -c 'sleep 3600; read -r up idle </proc/uptime; echo slept $((${up%.*} / 3600))')"
  same "the end, with processes that stay" 7 \
    "$(status timeout -s KILL 30 "$run" sh -c 'trap "" TERM HUP; sleep 1000 & sleep 1000 & exit 7')"
  same "the end, with a board that is mute and a host that waits" 7 \
    "$(status timeout -s KILL 30 "$run" "$build/test/times" mute 7)"
  # Every SIGALRM is the timer's interrupt, and nearly always one is there when the machine ends.
  local alarmed alarms statuses=
  for _ in 1 2 3 4 5; do
    exec {alarmed}< <(exec "$run" sh -c 'echo on; exit 7')
    machine=$!
    read -r -u "$alarmed"
    for ((alarms = 0; alarms < 1000000; alarms++)); do kill -ALRM "$machine" 2>/dev/null || break; done
    out=0
    wait "$machine" || out=$?
    statuses+=$out
    exec {alarmed}<&-
  done
  same "the end, among interrupts" 77777 "$statuses"
  same "a panic says why" "wasi-hw: kernel panic: Requested init /no/such failed (error -2)." \
    "$("$build/linux" mem=128M quiet con=null con0=null panic=-1 root=/dev/root rootfstype=hostfs rootflags=/ ro init=/no/such 2>&1 |
      grep panic)"
  # A loop without system calls would go on without its kernel.
  local left process
  exec {out}< <(exec "$run" sh -c 'echo on; while :; do :; done')
  machine=$!
  read -r -u "$out"
  left=$(cat "/proc/$machine/task/$machine/children")
  kill -KILL "$machine"
  for process in $left; do
    # Killed with the kernel; until somebody has asked for its status it is a zombie.
    while [ -e "/proc/$process" ] && ! grep -q '^State:.Z' "/proc/$process/status" 2>/dev/null; do
      if [ $((waited++)) -gt 10000 ]; then break; fi
    done
  done
  same "a machine that is killed leaves no process" "" "$(for process in $left; do
    [ -e "/proc/$process" ] && ! grep -q '^State:.Z' "/proc/$process/status" && echo "$process"; done)"
}

module() {
  local tool
  for tool in i2cdetect i2ctransfer gpiomon spi-pipe; do
    command -v $tool >/dev/null || { bad "$tool is missing: apt-get install i2c-tools gpiod spi-tools"; return; }
  done
  "$run" "$build/test/module" "$@" || failed=1
}

waited=0
case ${1-} in
  -h | --help) usage; exit ;;
  '') compile; machine; module ;;
  machine) compile; machine ;;
  module) shift; compile; module "$@" ;;
  times) compile; "$build/test/times" "$run" ;;
  *) usage >&2; exit 1 ;;
esac
exit $failed
