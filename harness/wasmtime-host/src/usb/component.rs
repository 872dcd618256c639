//! What `wasmtime::component::bindgen!` makes of `component:usb@0.2.1`, upstream's id for the same interfaces; nothing else.
#![allow(missing_docs, reason = "generated; the WIT packages carry the documentation")]

wasmtime::component::bindgen!({
    path: "wit/usb/component-0.2.1",
    world: "component:usb/guest",
    imports: {
        "component:usb/transfers.await-transfer": async | trappable,
        default: trappable,
    },
    with: {
        // These have types only, so they can be the same.
        "component:usb/errors": crate::bindings::usb::wasi::usb::errors,
        "component:usb/configuration": crate::bindings::usb::wasi::usb::configuration,
        "component:usb/descriptors": crate::bindings::usb::wasi::usb::descriptors,
        "component:usb/device.usb-device": crate::usb::UsbDevice,
        "component:usb/device.device-handle": crate::usb::DeviceHandle,
        "component:usb/transfers.transfer": crate::usb::Transfer,
    },
});
