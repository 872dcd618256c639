//! What `wasmtime::component::bindgen!` makes of `wasi:usb@0.2.1`; nothing else.
#![allow(missing_docs, reason = "generated; the WIT packages carry the documentation")]

wasmtime::component::bindgen!({
    path: "wit/usb/0.2.1",
    world: "wasi:usb/imports",
    imports: {
        "wasi:usb/transfers.await-transfer": async | trappable,
        default: trappable,
    },
    with: {
        "wasi:usb/device.usb-device": crate::usb::UsbDevice,
        "wasi:usb/device.device-handle": crate::usb::DeviceHandle,
        "wasi:usb/transfers.transfer": crate::usb::Transfer,
    },
});
