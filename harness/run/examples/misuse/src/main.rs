//! Behaves badly on request: takes what it is told to take, and then ends as it is told to.
//!
//! ```text
//! misuse [bus LABEL | line LABEL | output LABEL | input LABEL | transfer]… (leave | trap | spin | wait | grow | handles | delay MS)
//! ```

use std::hint::black_box;
use std::process::ExitCode;
use wasi::gpio::analog::{AnalogInPin, AnalogOutPin};
use wasi::gpio::delay::delay_ms;
use wasi::gpio::digital::DigitalOutPin;
use wasi::i2c::i2c::I2c;
use wasi::usb::device::{self, DeviceHandle};
use wasi::usb::transfers::{Transfer, TransferOptions, TransferSetup, TransferType, await_transfer};
use wasi_hw::conformance::board_gpio::{open_analog_in, open_analog_out, open_digital_out};
use wasi_hw::conformance::board_i2c::open_bus;

wit_bindgen::generate!({
    path: [
        "../../../../wit/i2c/0.2.0-draft",
        "../../../../wit/gpio/0.2.0",
        "../../../../wit/spi/0.2.0-draft",
        "../../../../wit/spi/unversioned",
        "../../../../wit/usb/0.2.1",
        "../../../../wit/usb/component-0.2.1",
        "../../../../wit/conformance/0.1.0",
    ],
    inline: "
        package wasi-hw:misuse;
        world misuse {
            import wasi:usb/device@0.2.1;
            import wasi:gpio/delay@0.2.0;
            import wasi-hw:conformance/board-i2c@0.1.0;
            import wasi-hw:conformance/board-gpio@0.1.0;
        }
    ",
    generate_all,
});

/// What it holds, and never gives back.
#[derive(Default)]
struct Held {
    buses: Vec<I2c>,
    lines: Vec<DigitalOutPin>,
    outputs: Vec<AnalogOutPin>,
    inputs: Vec<AnalogInPin>,
    transfers: Vec<(DeviceHandle, Transfer)>,
}

fn main() -> ExitCode {
    let mut held = Held::default();
    let mut words = std::env::args().skip(1);
    let ended = loop {
        let word = words.next();
        match word.as_deref() {
            Some("bus") => match open_bus(&words.next().unwrap_or_default()) {
                Ok(bus) => held.buses.push(bus),
                Err(why) => break Err(why),
            },
            Some("line") => match open_digital_out(&words.next().unwrap_or_default()) {
                Ok(line) => held.lines.push(line),
                Err(why) => break Err(format!("{why:?}")),
            },
            // A quarter of its scale.
            Some("output") => match open_analog_out(&words.next().unwrap_or_default()) {
                Ok(output) => match output.set_value(0.25) {
                    Ok(()) => held.outputs.push(output),
                    Err(why) => break Err(format!("{why:?}")),
                },
                Err(why) => break Err(format!("{why:?}")),
            },
            Some("input") => match open_analog_in(&words.next().unwrap_or_default()) {
                Ok(input) => {
                    println!("{:?} {:?} {}", input.read_raw(), input.read(), input.watch_above(0.5).is_ok());
                    held.inputs.push(input);
                }
                Err(why) => break Err(format!("{why:?}")),
            },
            Some("transfer") => match transfer() {
                Ok(transfer) => held.transfers.push(transfer),
                Err(why) => break Err(why.name().to_owned()),
            },
            Some("leave") => break Ok(()),
            Some("trap") => std::process::abort(),
            Some("spin") => loop {
                black_box(&held);
            },
            Some("wait") => match held.transfers.pop() {
                Some((_device, transfer)) => {
                    break await_transfer(transfer).map(drop).map_err(|why| why.name().to_owned());
                }
                None => break Err("it waits for a transfer".to_owned()),
            },
            Some("grow") => {
                let mut blocks = Vec::new();
                loop {
                    blocks.push(black_box(vec![1_u8; 1 << 20]));
                }
            }
            Some("handles") => loop {
                match open_bus(&words.next().unwrap_or_else(|| "sensors".to_owned())) {
                    Ok(bus) => held.buses.push(bus),
                    Err(why) => {
                        println!("{} buses, then: {why}", held.buses.len());
                        return ExitCode::SUCCESS;
                    }
                }
            },
            Some("delay") => {
                delay_ms(words.next().and_then(|ms| ms.parse().ok()).unwrap_or(u32::MAX));
                // After a pause that was too short nothing may be done.
                for bus in &held.buses {
                    let _ = bus.write(0x48, &[0]);
                }
                break Ok(());
            }
            _ => break Err("the first lines of the source say what it takes".to_owned()),
        }
    };
    // Not dropped: what is still open is for the host to close.
    std::mem::forget(held);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the first device, claims interface 0, and has a transfer on IN 0x81 in flight.
fn transfer() -> Result<(DeviceHandle, Transfer), wasi::usb::errors::LibusbError> {
    device::init()?;
    let (device, ..) =
        device::list_devices()?.into_iter().next().ok_or(wasi::usb::errors::LibusbError::NoDevice)?;
    let device = device.open()?;
    device.claim_interface(0)?;
    let setup = TransferSetup { bm_request_type: 0, b_request: 0, w_value: 0, w_index: 0 };
    let options = TransferOptions { endpoint: 0x81, timeout_ms: 0, stream_id: 0, iso_packets: 0 };
    let transfer = device.new_transfer(TransferType::Interrupt, setup, 8, options)?;
    transfer.submit_transfer(&[])?;
    Ok((device, transfer))
}
