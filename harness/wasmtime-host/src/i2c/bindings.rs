//! What `wasmtime::component::bindgen!` makes of `wasi:i2c@0.2.0-draft`; nothing else.
#![allow(missing_docs, reason = "generated; the WIT packages carry the documentation")]

wasmtime::component::bindgen!({
    path: "wit/i2c/0.2.0-draft",
    world: "wasi:i2c/imports",
    imports: { default: trappable },
    with: {
        "wasi:i2c/i2c.i2c": crate::i2c::Bus,
        "wasi:i2c/delay.delay": crate::i2c::Delay,
    },
});
