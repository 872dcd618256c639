#!/usr/bin/env bash
# Starts the adapter of the runtime `stm32f4`: its firmware, on a controller that QEMU emulates. The controller's USART is
# standard input and output; what it says for people goes to the standard error,
# or is added to the file that WASI_HW_STM32F4_USAGE names; then it says after each guest how much memory was used so far.
set -euo pipefail
word=run
if [ -n "${WASI_HW_STM32F4_USAGE-}" ]; then
  word=usage
  exec 2>>"$WASI_HW_STM32F4_USAGE"
fi
here=$(cd "$(dirname "$0")" && pwd)
coproc QEMU {
  exec qemu-system-arm -machine netduinoplus2 -nographic -monitor none -serial stdio \
    -semihosting-config enable=on,target=native,arg="$word" -kernel "$here/target/build/firmware.elf"
}
controller=$QEMU_PID
exec 3<&"${QEMU[0]}" 4>&"${QEMU[1]}" 5<&0 {QEMU[0]}<&- {QEMU[1]}>&-
# What comes before the controller listens is lost; it says with an empty line that it does.
read -r _ <&3
# Nor does it see the end of its input.
{
  cat <&5 &
  trap 'kill $! 2>/dev/null' TERM
  wait $!
  echo '{"stop":{}}'
} >&4 3<&- 4>&- &
input=$!
cat <&3 3<&- 4>&- 5<&-
# The controller has ended, by itself or because it was told to; the other direction need not go on.
kill "$input" 2>/dev/null || true
wait "$controller"
