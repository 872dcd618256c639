//! Calls that write themselves down: each adds one line with its result to the transcript.
//!
//! ```text
//! open-bus sensors -> ok
//! write-read 0x48 [0f] 1 -> ok [d3]
//! transaction 0x48 [write [0f] read 2] -> ok [[d3 5e]]
//! read 0x51 1 -> err no-acknowledge(address)
//! drop bus
//! ```
//!
//! An address has two hex digits, or three where it needs more than seven bits. A call through a handle
//! with a name of its own begins with it (`second: read …`).

use crate::wasi::i2c::delay;
use crate::wasi::i2c::i2c::{self, ErrorCode, NoAcknowledgeSource};
use crate::wasi_hw::conformance::{board, board_i2c};
use wasi_hw_guest::alloc::{format, string::String, vec::Vec};
use wasi_hw_guest::hex;

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
    board::saw(&format!("open-bus {label} -> {}", ok_or_err(opened.is_ok())));
    opened.ok().map(|handle| Bus { name, handle })
}

impl Bus {
    /// Calls `read`. Like all calls it tells whether the result was ok.
    pub fn read(&self, address: u16, len: u64) -> bool {
        let result = self.handle.read(address, len);
        self.saw(format!("read {} {len}", hex_address(address)), result.map(|bytes| hex(&bytes)))
    }

    /// Calls `write`.
    pub fn write(&self, address: u16, data: &[u8]) -> bool {
        let result = self.handle.write(address, data);
        self.saw(format!("write {} {}", hex_address(address), hex(data)), result.map(|()| String::new()))
    }

    /// Calls `write-read`.
    pub fn write_read(&self, address: u16, write: &[u8], len: u64) -> bool {
        let result = self.handle.write_read(address, write, len);
        let call = format!("write-read {} {} {len}", hex_address(address), hex(write));
        self.saw(call, result.map(|bytes| hex(&bytes)))
    }

    /// Calls `transaction`.
    pub fn transaction(&self, address: u16, operations: &[Operation]) -> bool {
        let result = self.handle.transaction(address, operations);
        let operation = |operation: &Operation| match operation {
            Operation::Read(len) => format!("read {len}"),
            Operation::Write(data) => format!("write {}", hex(data)),
        };
        let call = format!("transaction {} {}", hex_address(address), list(operations.iter().map(operation)));
        self.saw(call, result.map(|reads| list(reads.iter().map(|bytes| hex(bytes)))))
    }

    /// Drops the handle.
    pub fn drop(self) {
        let name = self.name;
        drop(self.handle);
        board::saw(&format!("drop {name}"));
    }

    /// Lets the guest end without having dropped the handle.
    pub fn keep(self) {
        core::mem::forget(self.handle);
    }

    fn saw(&self, call: String, result: Result<String, ErrorCode>) -> bool {
        let handle = if self.name == "bus" { String::new() } else { format!("{}: ", self.name) };
        let is_ok = result.is_ok();
        let result = match &result {
            Ok(value) => value.as_str(),
            Err(error) => error_name(error),
        };
        let gap = if result.is_empty() { "" } else { " " };
        board::saw(&format!("{handle}{call} -> {}{gap}{result}", ok_or_err(is_ok)));
        is_ok
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
        board::saw(&format!("delay-ns {ns} -> ok"));
    }

    /// Drops the handle.
    pub fn drop(self) {
        drop(self.0);
        board::saw("drop delay");
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

/// Makes something happen to the board.
pub fn cue(name: &str) {
    let done = board::cue(name);
    board::saw(&format!("cue {name} -> {}", ok_or_err(done.is_ok())));
}

/// Lets board time pass; other instances may run meanwhile.
pub fn wait(ns: u64) {
    board::wait(ns);
    board::saw(&format!("wait {ns} -> ok"));
}

/// Leaves a note in the trace of the bus, so that a case can tell what came before and what after. It
/// stands in no transcript, and a board that has no use for it has no such cue.
pub fn mark(note: &str) {
    let _ = board::cue(note);
}

/// Leaves a note that says how a call ended, so that the trace and the result can be held together.
pub fn mark_outcome(is_ok: bool) {
    mark(if is_ok { "succeeded" } else { "failed" });
}

fn ok_or_err(is_ok: bool) -> &'static str {
    if is_ok { "ok" } else { "err" }
}

fn hex_address(address: u16) -> String {
    if address > 0x7f { format!("{address:#05x}") } else { format!("{address:#04x}") }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(" "))
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
