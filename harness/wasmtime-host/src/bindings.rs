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
