//! A driver of the Xbox 360 controller's protocol: vendor class 0xff, subclass 0x5d, protocol 1.
//!
//! The controller sends 20 bytes when something has changed: 0x00, the length, two bytes of buttons, the triggers, and the axes of
//! both sticks, low byte first. It takes 8 bytes for the motors and 3 for the ring of light. Linux knows it by
//! drivers/input/joystick/xpad.c.

mod report;

use exports::wasi_hw::pad::pad::{Guest, State};
use std::cell::RefCell;
use wasi::usb::descriptors::InterfaceDescriptor;
use wasi::usb::device::{self, DeviceHandle};
use wasi::usb::errors::LibusbError;
use wasi::usb::transfers::{TransferOptions, TransferSetup, TransferType, await_transfer};

wit_bindgen::generate!({
    path: ["../../../../wit/usb/0.2.1", "../../../../wit/gpio/0.2.0", "../wit"],
    world: "wasi-hw:pad/driver",
    generate_all,
});

struct Driver;

export!(Driver);

/// A pad that was found and taken.
struct Taken {
    device: DeviceHandle,
    interface: u8,
    input: u8,
    output: u8,
}

thread_local! {
    static TAKEN: RefCell<Option<Taken>> = const { RefCell::new(None) };
}

/// The packet size of the endpoint: no report is longer.
const REPORT: u32 = 32;

/// How long the pad has to take what it is sent.
const PATIENCE_MS: u32 = 1_000;

impl Guest for Driver {
    fn open() -> Result<(), String> {
        let taken = find()?;
        // The first quarter of the ring: player one.
        let lit = send(&taken, &[0x01, 0x03, 0x06]);
        lit.map_err(|why| format!("the pad takes nothing: {}", why.name()))?;
        TAKEN.with(|place| place.replace(Some(taken)));
        Ok(())
    }

    fn poll(ms: u32) -> Result<Option<State>, String> {
        // No time at all would be no limit.
        with(|taken| match transfer(taken, taken.input, ms.max(1), REPORT, &[]) {
            Ok(bytes) => Ok(report::state(&bytes)),
            Err(LibusbError::Timeout) => Ok(None),
            Err(why) => Err(why),
        })
    }

    fn rumble(strong: u8, weak: u8) -> Result<(), String> {
        with(|taken| send(taken, &[0x00, 0x08, 0x00, strong, weak, 0x00, 0x00, 0x00]))
    }

    fn close() {
        if let Some(taken) = TAKEN.with(RefCell::take) {
            let _ = taken.device.release_interface(taken.interface);
        }
    }
}

fn with<T>(does: impl FnOnce(&Taken) -> Result<T, LibusbError>) -> Result<T, String> {
    TAKEN.with_borrow(|taken| {
        let taken = taken.as_ref().ok_or("the pad is not open")?;
        does(taken).map_err(|why| format!("the pad: {}", why.name()))
    })
}

/// The first device that has such an interface.
fn find() -> Result<Taken, String> {
    let said = |what: &str, why: LibusbError| format!("{what}: {}", why.name());
    device::init().map_err(|why| said("USB", why))?;
    for (device, ..) in device::list_devices().map_err(|why| said("the devices of USB", why))? {
        let Ok(configuration) = device.get_active_configuration_descriptor() else { continue };
        let Some(interface) = configuration.interfaces.iter().find(|interface| speaks(interface)) else {
            continue;
        };
        let endpoint = |into: bool| {
            let mut addresses = interface.endpoints.iter().map(|endpoint| endpoint.endpoint_address);
            addresses.find(|address| (address & 0x80 != 0) == into)
        };
        let (Some(input), Some(output)) = (endpoint(true), endpoint(false)) else { continue };
        let device = device.open().map_err(|why| said("the pad cannot be opened", why))?;
        let number = interface.interface_number;
        device.claim_interface(number).map_err(|why| said("the pad is in use", why))?;
        return Ok(Taken { device, interface: number, input, output });
    }
    Err("there is no pad".to_owned())
}

fn speaks(interface: &InterfaceDescriptor) -> bool {
    let InterfaceDescriptor { interface_class, interface_subclass, interface_protocol, .. } = interface;
    [*interface_class, *interface_subclass, *interface_protocol] == [0xff, 0x5d, 0x01]
}

fn send(taken: &Taken, bytes: &[u8]) -> Result<(), LibusbError> {
    transfer(taken, taken.output, PATIENCE_MS, bytes.len() as u32, bytes).map(drop)
}

fn transfer(taken: &Taken, endpoint: u8, limit: u32, size: u32, out: &[u8]) -> Result<Vec<u8>, LibusbError> {
    let setup = TransferSetup { bm_request_type: 0, b_request: 0, w_value: 0, w_index: 0 };
    let options = TransferOptions { endpoint, timeout_ms: limit, stream_id: 0, iso_packets: 0 };
    let transfer = taken.device.new_transfer(TransferType::Interrupt, setup, size, options)?;
    transfer.submit_transfer(out)?;
    await_transfer(transfer)
}
