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

/// `wasi:usb@0.2.1`.
pub mod usb {
    wasmtime::component::bindgen!({
        path: "../../wit/usb/0.2.1",
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
}

/// `component:usb@0.2.1`, upstream's id for the same interfaces.
pub mod usb_component {
    wasmtime::component::bindgen!({
        path: "../../wit/usb/component-0.2.1",
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
