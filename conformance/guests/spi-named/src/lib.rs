//! Guest tests for `wasi:spi@0.2.0-draft`, and from the same source for the variant `wasi:spi`, imported twice: as `flash` and as `display`, each with functions, handles and
//! devices of its own.

#![no_std]

#[cfg(not(feature = "unversioned"))]
wasi_hw_guest::world!("wasi-hw:spi-named/spi-named" in "wit");
#[cfg(feature = "unversioned")]
wasi_hw_guest::world!("wasi-hw:spi-named/spi-named-unversioned" in "wit");

use wasi_hw::conformance::board;
use wasi_hw_guest::alloc::string::String;
use wasi_hw_guest::{call_line, decimal, hex, line, list};

wasi_hw_guest::tests! {
    saw: board::saw,

    "named-handles" => handles,
    "named-grants" => grants,
    "named-drops" => drops,
}

/// An import, and calls through it that write themselves down.
macro_rules! import {
    ($module:ident, $import:ident) => {
        mod $module {
            use super::*;
            use crate::$import::{Error, Operation, OperationResult, SpiDevice, open as open_device};

            const NAME: &str = stringify!($import);

            /// A handle of this import.
            pub struct Device(SpiDevice);

            pub fn open(name: &str) -> Option<Device> {
                let opened = open_device(name);
                let outcome = opened.as_ref().map(|_| String::new()).map_err(Error::clone);
                saw(line(&["open ", name]), outcome);
                opened.ok().map(Device)
            }

            impl Device {
                pub fn read(&self, len: u64) {
                    saw(line(&["read ", &decimal(len)]), self.0.read(len).map(|bytes| hex(&bytes)));
                }

                pub fn write(&self, data: &[u8]) {
                    saw(line(&["write ", &hex(data)]), self.0.write(data).map(|()| String::new()));
                }

                pub fn transfer(&self, data: &[u8]) {
                    let result = self.0.transfer(data);
                    saw(line(&["transfer ", &hex(data)]), result.map(|bytes| hex(&bytes)));
                }

                /// A transaction of a write and a read.
                pub fn write_read(&self, data: &[u8], len: u64) {
                    let result = self.0.transaction(&[Operation::Write(data.into()), Operation::Read(len)]);
                    let call = [line(&["write ", &hex(data)]), line(&["read ", &decimal(len)])];
                    let call = line(&["transaction ", &list(call.into_iter())]);
                    saw(call, result.map(|results| list(results.iter().map(text))));
                }

                pub fn drop(self) {
                    drop(self.0);
                    board::saw(&line(&["drop ", NAME]));
                }
            }

            fn saw(call: String, result: Result<String, Error>) {
                board::saw(&call_line(NAME, &call, result.as_deref().map_err(name)));
            }

            fn text(result: &OperationResult) -> String {
                match result {
                    OperationResult::Read(bytes) => line(&["read ", &hex(bytes)]),
                    OperationResult::Transfer(bytes) => line(&["transfer ", &hex(bytes)]),
                    OperationResult::Write => String::from("write"),
                    OperationResult::Delay => String::from("delay"),
                }
            }

            fn name(error: &Error) -> &'static str {
                match error {
                    Error::Overrun => "overrun",
                    Error::ModeFault => "mode-fault",
                    Error::FrameFormat => "frame-format",
                    Error::ChipSelectFault => "chip-select-fault",
                    Error::Other(_) => "other",
                }
            }
        }
    };
}

import!(to_flash, flash);
import!(to_display, display);

/// Each device by its own import, and each of the calls, by turns. The handles may well have one number.
fn handles() {
    let flash = to_flash::open("flash");
    let display = to_display::open("display");
    let (Some(flash), Some(display)) = (flash, display) else { return };
    flash.read(1);
    display.read(2);
    flash.write(&[0x9f]);
    display.write(&[0x2c, 0x01]);
    flash.transfer(&[0x03]);
    display.transfer(&[0x2e, 0x00]);
    flash.write_read(&[0x05], 1);
    display.write_read(&[0x04], 2);
    flash.read(1);
}

/// What one import gives, asked of both.
fn grants() {
    if let Some(stray) = to_flash::open("display") {
        stray.read(1);
    }
    if let Some(stray) = to_display::open("flash") {
        stray.read(1);
    }
    // Given to who imports the package by its own name.
    if let Some(stray) = to_flash::open("sensor") {
        stray.read(1);
    }
    if let Some(display) = to_display::open("display") {
        display.read(1);
    }
    if let Some(flash) = to_flash::open("flash") {
        flash.read(1);
    }
}

/// A handle of one import is dropped, and then one of the other.
fn drops() {
    let flash = to_flash::open("flash");
    let display = to_display::open("display");
    let (Some(flash), Some(display)) = (flash, display) else { return };
    flash.drop();
    display.read(1);
    let Some(flash) = to_flash::open("flash") else { return };
    flash.read(1);
    display.drop();
    flash.read(1);
    let Some(display) = to_display::open("display") else { return };
    display.read(1);
    flash.read(1);
}
