//! What `wasmtime::component::bindgen!` makes of `wasi:gpio@0.2.0`; nothing else.
#![allow(missing_docs, reason = "generated; the WIT packages carry the documentation")]

wasmtime::component::bindgen!({
    path: "wit/gpio/0.2.0",
    world: "wasi:gpio/imports",
    imports: { default: trappable },
    require_store_data_send: true,
    with: {
        "wasi:io/poll": wasmtime_wasi_io::bindings::wasi::io::poll,
        "wasi:gpio/digital.digital-out-pin": crate::gpio::DigitalOutPin,
        "wasi:gpio/digital.digital-in-pin": crate::gpio::DigitalInPin,
        "wasi:gpio/digital.digital-in-out-pin": crate::gpio::DigitalInOutPin,
        "wasi:gpio/analog.analog-out-pin": crate::gpio::AnalogOutPin,
        "wasi:gpio/analog.analog-in-pin": crate::gpio::AnalogInPin,
        "wasi:gpio/analog.analog-in-out-pin": crate::gpio::AnalogInOutPin,
    },
});
