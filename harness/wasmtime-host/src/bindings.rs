//! What `wasmtime::component::bindgen!` makes of the WIT packages; nothing else.
#![allow(missing_docs, reason = "generated; the WIT packages carry the documentation")]

/// `wasi:i2c@0.2.0-draft`.
pub mod i2c {
    wasmtime::component::bindgen!({
        path: "../../wit/i2c/0.2.0-draft",
        world: "wasi:i2c/imports",
        imports: { default: trappable },
        with: {
            "wasi:i2c/i2c.i2c": crate::i2c::Bus,
            "wasi:i2c/delay.delay": crate::i2c::Delay,
        },
    });
}

/// `wasi:spi@0.2.0-draft`.
pub mod spi {
    wasmtime::component::bindgen!({
        path: "../../wit/spi/0.2.0-draft",
        world: "wasi:spi/imports",
        imports: { default: trappable },
        with: { "wasi:spi/spi.spi-device": crate::spi::Device },
    });
}

/// `wasi:gpio@0.2.0`.
pub mod gpio {
    wasmtime::component::bindgen!({
        path: "../../wit/gpio/0.2.0",
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
}
