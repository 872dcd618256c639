;; A guest that does nothing but call `wasi:gpio`: what is left of a call's time is the engine's and the host's.
(module
  (import "wasi:gpio/digital@0.2.0" "[method]digital-out-pin.set-active" (func $set (param i32 i32)))
  (import "wasi:gpio/digital@0.2.0" "[method]digital-in-pin.is-active" (func $get (param i32 i32)))
  (memory (export "memory") 1)
  (global $output (mut i32) (i32.const 0))
  (global $input (mut i32) (i32.const 0))

  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    unreachable)

  (func (export "start") (param $output i32) (param $input i32)
    (global.set $output (local.get $output))
    (global.set $input (local.get $input)))

  (func (export "set") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (call $set (global.get $output) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next))))

  (func (export "get") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (call $get (global.get $input) (i32.const 0))
        (if (i32.load8_u (i32.const 0)) (then unreachable))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next)))))
