//! What `wasmtime::component::bindgen!` makes of `wasi:spi@0.2.0-draft`; nothing else.
#![allow(missing_docs, reason = "generated; the WIT packages carry the documentation")]

wasmtime::component::bindgen!({
    path: "wit/spi/0.2.0-draft",
    world: "wasi:spi/imports",
    imports: { default: trappable },
    with: { "wasi:spi/spi.spi-device": crate::spi::Device },
});
