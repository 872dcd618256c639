#!/bin/sh
# Starts the adapter of the runtime `stm32f4`: its firmware, on a controller that QEMU emulates. The controller's USART is
# standard input and output; what it says for people goes to the standard error. WASI_HW_STM32F4_USAGE names a file to
# which every run adds how much memory it used.
here=$(dirname "$0")
# A controller does not see the end of its input.
{ cat; echo '{"stop":{}}'; } |
  qemu-system-arm -machine netduinoplus2 -nographic -monitor none -serial stdio \
    -semihosting-config enable=on,target=native -kernel "$here/target/build/firmware.elf"
