;; A guest that does nothing but call `wasi:usb`: what is left of a call's time is the engine's and the host's.
(module
  (import "wasi:usb/device@0.2.1" "init" (func $init (param i32)))
  (import "wasi:usb/device@0.2.1" "list-devices" (func $list (param i32)))
  (import "wasi:usb/device@0.2.1" "[method]usb-device.open" (func $open (param i32 i32)))
  (import "wasi:usb/device@0.2.1" "[method]device-handle.claim-interface" (func $claim (param i32 i32 i32)))
  (import "wasi:usb/device@0.2.1" "[method]device-handle.new-transfer"
    (func $new (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi:usb/transfers@0.2.1" "[method]transfer.submit-transfer" (func $submit (param i32 i32 i32 i32)))
  (import "wasi:usb/transfers@0.2.1" "await-transfer" (func $await (param i32 i32)))
  (memory (export "memory") 600)
  (global $handle (mut i32) (i32.const 0))
  (global $heap (mut i32) (i32.const 2048))

  ;; Memory for a result: the next bytes, which the next call gets again.
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func $ok
    (if (i32.load8_u (i32.const 0)) (then unreachable)))

  (func $start (export "start")
    (call $init (i32.const 0))
    (call $ok)
    (call $list (i32.const 0))
    (call $ok)
    ;; The first device of the list.
    (call $open (i32.load (i32.load (i32.const 4))) (i32.const 0))
    (call $ok)
    (global.set $handle (i32.load (i32.const 4)))
    (call $claim (global.get $handle) (i32.const 0) (i32.const 0))
    (call $ok))

  ;; One transfer to its end. What is sent lies above 16 MiB, and what comes below.
  (func $exchange (param $type i32) (param $request i32) (param $endpoint i32) (param $size i32) (param $out i32)
    (global.set $heap (i32.const 2048))
    (call $new
      (global.get $handle) (local.get $type)
      (local.get $request) (i32.const 1) (i32.const 0) (i32.const 0)
      (local.get $size)
      (local.get $endpoint) (i32.const 0) (i32.const 0) (i32.const 0)
      (i32.const 0))
    (call $ok)
    (local.set $type (i32.load (i32.const 4)))
    (call $submit (local.get $type) (i32.const 0x1010000) (local.get $out) (i32.const 0))
    (call $ok)
    (call $await (local.get $type) (i32.const 0))
    (call $ok))

  (func (export "control") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (call $exchange (i32.const 0) (i32.const 0xc0) (i32.const 0) (local.get $size) (i32.const 0))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next))))

  (func (export "bulk-in") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (call $exchange (i32.const 1) (i32.const 0) (i32.const 0x81) (local.get $size) (i32.const 0))
        (if (i32.ne (i32.load (i32.const 8)) (local.get $size)) (then unreachable))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next))))

  (func (export "bulk-out") (param $times i32) (param $size i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (call $exchange (i32.const 1) (i32.const 0) (i32.const 0x02) (local.get $size) (local.get $size))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next))))

  ;; As the adapters of the suite call a guest: the test's name says how many times 64 bytes go out and come back.
  (func (export "run") (param $at i32) (param $length i32) (result i32)
    (local $end i32) (local $times i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (block $read
      (loop $digit
        (br_if $read (i32.eq (local.get $at) (local.get $end)))
        (local.set $times (i32.add
          (i32.mul (local.get $times) (i32.const 10))
          (i32.sub (i32.load8_u (local.get $at)) (i32.const 48))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $digit)))
    (call $start)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $times)))
        (call $exchange (i32.const 1) (i32.const 0) (i32.const 0x02) (i32.const 64) (i32.const 64))
        (call $exchange (i32.const 1) (i32.const 0) (i32.const 0x81) (i32.const 64) (i32.const 0))
        (if (i32.ne (i32.load (i32.const 8)) (i32.const 64)) (then unreachable))
        (local.set $times (i32.sub (local.get $times) (i32.const 1)))
        (br $next)))
    (i32.store8 (i32.const 64) (i32.const 0))
    (i32.const 64)))
