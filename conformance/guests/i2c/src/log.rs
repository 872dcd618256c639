//! Calls that write themselves down: each adds one line with its result to the transcript. The notation is taught in
//! `conformance/NOTATION.md`.

use crate::wasi::i2c::delay;
use crate::wasi::i2c::i2c::{self, ErrorCode, NoAcknowledgeSource};
use crate::wasi_hw::conformance::{board, board_i2c};
use wasi_hw_guest::alloc::{format, string::String, vec::Vec};
use wasi_hw_guest::{call_line, decimal, hex, line, list};

pub use crate::wasi::i2c::i2c::Operation;

/// A handle of a bus.
pub struct Bus {
    name: &'static str,
    handle: i2c::I2c,
}

/// Opens the bus `sensors`, which nearly every board has.
pub fn open() -> Option<Bus> {
    open_as("bus", "sensors")
}

/// Opens a bus, and gives the handle a name for the transcript.
pub fn open_as(name: &'static str, label: &str) -> Option<Bus> {
    let opened = board_i2c::open_bus(label);
    let outcome = if opened.is_ok() { Ok("") } else { Err("") };
    board::saw(&call_line("", &line(&["open-bus ", label]), outcome));
    opened.ok().map(|handle| Bus { name, handle })
}

impl Bus {
    /// Calls `read`. Like all calls it tells whether the result was ok.
    pub fn read(&self, address: u16, len: u64) -> bool {
        let result = self.handle.read(address, len);
        let call = line(&["read ", &hex_address(address), " ", &decimal(len)]);
        self.saw(call, result.map(|bytes| hex(&bytes)))
    }

    /// Calls `write`.
    pub fn write(&self, address: u16, data: &[u8]) -> bool {
        let result = self.handle.write(address, data);
        let call = line(&["write ", &hex_address(address), " ", &hex(data)]);
        self.saw(call, result.map(|()| String::new()))
    }

    /// Calls `write-read`.
    pub fn write_read(&self, address: u16, write: &[u8], len: u64) -> bool {
        let result = self.handle.write_read(address, write, len);
        let call = line(&["write-read ", &hex_address(address), " ", &hex(write), " ", &decimal(len)]);
        self.saw(call, result.map(|bytes| hex(&bytes)))
    }

    /// Calls `transaction`.
    pub fn transaction(&self, address: u16, operations: &[Operation]) -> bool {
        let result = self.handle.transaction(address, operations);
        let operation = |operation: &Operation| match operation {
            Operation::Read(len) => line(&["read ", &decimal(*len)]),
            Operation::Write(data) => line(&["write ", &hex(data)]),
        };
        let call =
            line(&["transaction ", &hex_address(address), " ", &list(operations.iter().map(operation))]);
        self.saw(call, result.map(|reads| list(reads.iter().map(|bytes| hex(bytes)))))
    }

    /// Drops the handle.
    pub fn drop(self) {
        let name = self.name;
        drop(self.handle);
        saw_drop(name);
    }

    /// Lets the guest end without having dropped the handle.
    pub fn keep(self) {
        core::mem::forget(self.handle);
    }

    fn saw(&self, call: String, result: Result<String, ErrorCode>) -> bool {
        let who = if self.name == "bus" { "" } else { self.name };
        board::saw(&call_line(who, &call, result.as_deref().map_err(error_name)));
        result.is_ok()
    }
}

/// A pause.
pub struct Delay(delay::Delay);

/// Opens a delay.
pub fn open_delay() -> Delay {
    let handle = board_i2c::open_delay();
    board::saw("open-delay -> ok");
    Delay(handle)
}

impl Delay {
    /// Calls `delay-ns`.
    pub fn delay_ns(&self, ns: u32) {
        self.0.delay_ns(ns);
        saw(&["delay-ns ", &decimal(ns.into()), " -> ok"]);
    }

    /// Drops the handle.
    pub fn drop(self) {
        drop(self.0);
        saw_drop("delay");
    }
}

/// A step of a transaction that reads.
pub fn r(len: u64) -> Operation {
    Operation::Read(len)
}

/// A step of a transaction that writes.
pub fn w(data: &[u8]) -> Operation {
    Operation::Write(Vec::from(data))
}

wasi_hw_guest::log! { saw: board::saw, cue: board::cue, wait: board::wait }

fn hex_address(address: u16) -> String {
    if address > 0x7f { format!("{address:#05x}") } else { format!("{address:#04x}") }
}

fn error_name(error: &ErrorCode) -> &'static str {
    match error {
        ErrorCode::Bus => "bus",
        ErrorCode::ArbitrationLoss => "arbitration-loss",
        ErrorCode::NoAcknowledge(NoAcknowledgeSource::Address) => "no-acknowledge(address)",
        ErrorCode::NoAcknowledge(NoAcknowledgeSource::Data) => "no-acknowledge(data)",
        ErrorCode::NoAcknowledge(NoAcknowledgeSource::Unknown) => "no-acknowledge(unknown)",
        ErrorCode::Overrun => "overrun",
        ErrorCode::Other => "other",
    }
}
