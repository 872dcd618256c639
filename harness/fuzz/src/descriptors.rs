//! Descriptors: a device may send anything. An input is a speed, a device descriptor, and a configuration.

use crate::choices::Choices;
use std::fmt::Write as _;
use wasi_hw_mock::{Board, BoardConfig};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::usb::{Device, Handle, Kind, Submission};
use wasi_hw_wasmtime::usb::descriptors;

/// How long a device descriptor is.
const DEVICE: usize = 18;

/// Two readers have the same bytes: the reference host, and the mock system, whose device is then used. The mock libusb has
/// them in its own tests: its library has one file name, whatever it is compiled with.
pub(crate) fn feed(input: &[u8]) {
    let mut choices = Choices(input);
    let speed = choices.of(&["full", "high", "super", "low"]);
    let (device, configuration) = choices.0.split_at(choices.0.len().min(DEVICE));
    let _ = descriptors::device(device);
    if let Some(read) = descriptors::configuration(configuration) {
        // Nothing is made of nothing: an interface takes nine bytes, an endpoint seven.
        let endpoints: usize = read.interfaces.iter().map(|setting| setting.endpoints.len()).sum();
        assert!(read.interfaces.len() * 9 + endpoints * 7 + 9 <= configuration.len());
    }
    let Ok(board) = Board::new(&config(speed, device, configuration)) else { return };
    let devices = board.usb().devices().unwrap_or_default();
    let Some(device) = devices.first() else { return };
    if let Ok(mut handle) = board.usb().open(device.id) {
        used(&board, device, &mut *handle);
    }
    board.finish();
}

fn config(speed: &str, device: &[u8], configuration: &[u8]) -> BoardConfig {
    let hex = |bytes: &[u8]| {
        let mut text = String::new();
        // Writing to a String cannot fail.
        bytes.iter().for_each(|byte| _ = write!(text, "{byte:02x} "));
        text
    };
    let text = format!(
        "[usb.device]\nspeed = \"{speed}\"\ndevice = \"{}\"\nconfiguration = [\"{}\"]\nstreams = 4\n",
        hex(device),
        hex(configuration)
    );
    toml::from_str(&text).expect("bytes are a board")
}

fn used(board: &Board, device: &Device, handle: &mut dyn Handle) {
    let configuration = device.configurations.first().map_or(&[][..], |bytes| bytes);
    let value = configuration.get(5).copied();
    let _ = (handle.set_configuration(value), handle.configuration());
    for interface in 0..4 {
        let _ = (handle.claim(interface), handle.set_alternate(interface, 1));
    }
    // What could be the address of an endpoint.
    let addresses = configuration.windows(4).filter(|bytes| bytes[..2] == [7, 5]).map(|bytes| bytes[2]);
    let mut ids = Vec::new();
    for endpoint in addresses.take(8) {
        let _ = handle.alloc_streams(2, &[endpoint]);
        for kind in [Kind::Bulk, Kind::Interrupt, Kind::Isochronous] {
            let (room, data) = if endpoint & 0x80 == 0 { (0, vec![7; 100]) } else { (100, Vec::new()) };
            let packets = if kind == Kind::Isochronous { vec![50, 50] } else { Vec::new() };
            let request = Submission {
                kind,
                endpoint,
                setup: [0; 8],
                data,
                room,
                packets,
                stream: 0,
                limit_ns: Some(1_000_000),
                zero_packet: true,
            };
            ids.extend(handle.submit(request));
        }
        let _ = handle.clear_halt(endpoint);
    }
    board.wait(10_000_000);
    // Every transfer has a limit, and that is over.
    assert!(ids.iter().all(|id| handle.is_over(*id)));
    let _ = handle.reset();
}
