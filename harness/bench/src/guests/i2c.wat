;; A guest that does nothing but call `wasi:i2c`: what is left of a call's time is the engine's and the host's.
(module
  (import "wasi:i2c/i2c@0.2.0-draft" "[method]i2c.write-read"
    (func $write-read (param i32 i32 i32 i32 i64 i32)))
  (memory (export "memory") 600)
  (global $bus (mut i32) (i32.const 0))
  (global $heap (mut i32) (i32.const 2048))

  ;; Memory for a result: the next bytes, which the next call gets again.
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func (export "start") (param $bus i32)
    (global.set $bus (local.get $bus)))

  ;; Writes a byte and reads `size`, `times` times.
  (func (export "write-read") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (global.set $heap (i32.const 2048))
        (call $write-read
          (global.get $bus) (i32.const 0x48) (i32.const 1024) (i32.const 1)
          (i64.extend_i32_u (local.get $size)) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (if (i32.ne (i32.load (i32.const 8)) (local.get $size)) (then unreachable))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next)))))
