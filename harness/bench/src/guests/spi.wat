;; A guest that does nothing but call `wasi:spi`: what is left of a call's time is the engine's and the host's.
(module
  (import "wasi:spi/spi@0.2.0-draft" "open" (func $open (param i32 i32 i32)))
  (import "wasi:spi/spi@0.2.0-draft" "[method]spi-device.transfer" (func $transfer (param i32 i32 i32 i32)))
  (memory (export "memory") 600)
  (data (i32.const 64) "device")
  (global $device (mut i32) (i32.const 0))
  (global $heap (mut i32) (i32.const 2048))

  ;; Memory for a result: the next bytes, which the next call gets again.
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func (export "start")
    (call $open (i32.const 64) (i32.const 6) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then unreachable))
    (global.set $device (i32.load (i32.const 4))))

  ;; Exchanges `size` bytes, `times` times. They lie above 16 MiB and what comes back below, so that neither runs into
  ;; the other.
  (func (export "transfer") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (global.set $heap (i32.const 2048))
        (call $transfer (global.get $device) (i32.const 0x1010000) (local.get $size) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (if (i32.ne (i32.load (i32.const 8)) (local.get $size)) (then unreachable))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next)))))
