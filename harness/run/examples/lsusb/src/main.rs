//! Which USB devices there are, and what they say of themselves: bus, address, ids and speed, names, configurations.
//!
//! ```text
//! lsusb [-v] [-d VENDOR:PRODUCT]
//! ```
//!
//! Without `-v`, a line for each device. With it, the descriptors field by field, under the names of USB 2.0 §9.6. A device
//! that cannot be opened is shown with what the system knows of it: its strings are the device's own to tell.

mod names;
mod show;

use std::process::ExitCode;
use wasi::usb::descriptors::DeviceDescriptor;
use wasi::usb::device::{self, DeviceHandle};
use wasi::usb::transfers::{TransferOptions, TransferSetup, TransferType, await_transfer};

wit_bindgen::generate!({
    path: "../../../../wit/usb/0.2.1",
    inline: "
        package wasi-hw:lsusb;
        world lsusb {
            import wasi:usb/device@0.2.1;
        }
    ",
    generate_all,
});

const USAGE: &str =
    "usage: lsusb [-v] [-d VENDOR:PRODUCT], with ids in hexadecimal; either may be left out, as in 1209:";

/// What was asked for.
#[derive(Default)]
struct Options {
    verbose: bool,
    vendor: Option<u16>,
    product: Option<u16>,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let devices = match device::init().and_then(|()| device::list_devices()) {
        Ok(devices) => devices,
        Err(why) => {
            eprintln!("the devices cannot be listed: {}", why.name());
            return ExitCode::FAILURE;
        }
    };
    let wanted = |descriptor: &DeviceDescriptor| {
        options.vendor.is_none_or(|vendor| vendor == descriptor.vendor_id)
            && options.product.is_none_or(|product| product == descriptor.product_id)
    };
    let mut devices: Vec<_> = devices.into_iter().filter(|(_, descriptor, _)| wanted(descriptor)).collect();
    devices.sort_by_key(|(.., at)| (at.bus_number, at.device_address));
    for (device, descriptor, location) in &devices {
        let strings = Strings::of(device.open());
        show::device(device, descriptor, *location, &strings, options.verbose);
    }
    // As lsusb has it: nothing found is a failure.
    ExitCode::from(u8::from(devices.is_empty()))
}

fn options() -> Option<Options> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            "-v" => options.verbose = true,
            "-d" => {
                let ids = arguments.next()?;
                let (vendor, product) = ids.split_once(':')?;
                options.vendor = id(vendor)?;
                options.product = id(product)?;
            }
            _ => return None,
        }
    }
    Some(options)
}

/// An id, or that any will do.
fn id(text: &str) -> Option<Option<u16>> {
    match text {
        "" => Some(None),
        text => u16::from_str_radix(text, 16).ok().map(Some),
    }
}

/// GET_DESCRIPTOR to the device, USB 2.0 §9.4.3, and the type of string descriptors.
const FROM_DEVICE: u8 = 0x80;
const GET_DESCRIPTOR: u8 = 6;
const STRING: u8 = 3;

/// How long a device has to answer.
const PATIENCE_MS: u32 = 1_000;

/// The strings of a device.
enum Strings {
    /// It answers, in this language if it has one.
    Of(DeviceHandle, Option<u16>),
    /// Why it cannot be asked.
    Closed(&'static str),
}

impl Strings {
    fn of(opened: Result<DeviceHandle, wasi::usb::errors::LibusbError>) -> Strings {
        match opened {
            Err(why) => Strings::Closed(why.name()),
            Ok(handle) => {
                // Index 0 is the list of languages, of which the first one is taken.
                let languages = string_descriptor(&handle, 0, 0).unwrap_or_default();
                let language = languages.first().copied();
                Strings::Of(handle, language)
            }
        }
    }

    /// The text of a string descriptor. Index 0 stands for none; what cannot be had is empty, as lsusb has it.
    fn get(&self, index: u8) -> String {
        match self {
            Strings::Of(handle, Some(language)) if index != 0 => {
                let units = string_descriptor(handle, index, *language).unwrap_or_default();
                // It comes from a device, and may be meant for the terminal.
                let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
                text.map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).collect()
            }
            _ => String::new(),
        }
    }
}

/// The units behind the two bytes of the header, as far as the header and what came agree.
fn string_descriptor(handle: &DeviceHandle, index: u8, language: u16) -> Option<Vec<u16>> {
    let setup = TransferSetup {
        bm_request_type: FROM_DEVICE,
        b_request: GET_DESCRIPTOR,
        w_value: u16::from_be_bytes([STRING, index]),
        w_index: language,
    };
    let options = TransferOptions { endpoint: 0, timeout_ms: PATIENCE_MS, stream_id: 0, iso_packets: 0 };
    let transfer = handle.new_transfer(TransferType::Control, setup, u8::MAX.into(), options).ok()?;
    transfer.submit_transfer(&[]).ok()?;
    let answer = await_transfer(transfer).ok()?;
    let [length, STRING, ..] = answer[..] else { return None };
    let text = answer.get(2..usize::from(length).min(answer.len()))?;
    Some(text.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect())
}
