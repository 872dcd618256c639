//! Calls that write themselves down: each adds one line with its result to the transcript.
//!
//! ```text
//! open flash -> ok
//! read 3 -> ok [bf 25 41]
//! write [06] -> ok
//! transaction [write [9f] read 3 delay 1500] -> ok [write read [bf 25 41] delay]
//! transfer [01 02] -> err overrun
//! drop device
//! ```
//!
//! A call through a handle with a name of its own begins with it (`second: read …`). The text of `other` is
//! not written.

use crate::board;
use crate::package::{self, Error, OperationResult, SpiDevice};
use wasi_hw_guest::alloc::{format, string::String, vec::Vec};
use wasi_hw_guest::hex;

pub use crate::package::Operation;

/// A handle of a device.
pub struct Device {
    name: &'static str,
    handle: SpiDevice,
}

/// Opens the device `flash`, which nearly every board has.
pub fn open() -> Option<Device> {
    open_as("device", "flash")
}

/// Opens a device, and gives the handle a name for the transcript.
pub fn open_as(name: &'static str, label: &str) -> Option<Device> {
    let opened = package::open(label);
    let result = match &opened {
        Ok(_) => String::from("ok"),
        Err(error) => format!("err {}", error_name(error)),
    };
    board::saw(&format!("open {label} -> {result}"));
    opened.ok().map(|handle| Device { name, handle })
}

impl Device {
    /// Calls `read`. Like all calls it tells whether the result was ok.
    pub fn read(&self, len: u64) -> bool {
        let result = self.handle.read(len);
        self.saw(format!("read {len}"), result.map(|bytes| hex(&bytes)))
    }

    /// Calls `write`.
    pub fn write(&self, data: &[u8]) -> bool {
        let result = self.handle.write(data);
        self.saw(format!("write {}", hex(data)), result.map(|()| String::new()))
    }

    /// Calls `transfer`.
    pub fn transfer(&self, data: &[u8]) -> bool {
        let result = self.handle.transfer(data);
        self.saw(format!("transfer {}", hex(data)), result.map(|bytes| hex(&bytes)))
    }

    /// Calls `transaction`.
    pub fn transaction(&self, operations: &[Operation]) -> bool {
        let result = self.handle.transaction(operations);
        let call = format!("transaction {}", list(operations.iter().map(operation_text)));
        self.saw(call, result.map(|results| list(results.iter().map(result_text))))
    }

    /// Drops the handle.
    pub fn drop(self) {
        let name = self.name;
        drop(self.handle);
        board::saw(&format!("drop {name}"));
    }

    fn saw(&self, call: String, result: Result<String, Error>) -> bool {
        let handle = if self.name == "device" { String::new() } else { format!("{}: ", self.name) };
        let (is_ok, word, text) = match &result {
            Ok(value) => (true, "ok", value.as_str()),
            Err(error) => (false, "err", error_name(error)),
        };
        let gap = if text.is_empty() { "" } else { " " };
        board::saw(&format!("{handle}{call} -> {word}{gap}{text}"));
        is_ok
    }
}

/// An operation that reads.
pub fn r(len: u64) -> Operation {
    Operation::Read(len)
}

/// An operation that writes.
pub fn w(data: &[u8]) -> Operation {
    Operation::Write(Vec::from(data))
}

/// An operation that transfers.
pub fn x(data: &[u8]) -> Operation {
    Operation::Transfer(Vec::from(data))
}

/// A pause.
pub fn d(ns: u32) -> Operation {
    Operation::DelayNs(ns)
}

/// Lets board time pass; other instances may run meanwhile.
pub fn wait(ns: u64) {
    board::wait(ns);
    board::saw(&format!("wait {ns} -> ok"));
}

/// Leaves a note in the trace of the bus, so that a case can tell what came before and what after. It stands in
/// no transcript, and a board that has no use for it has no such cue.
pub fn mark(note: &str) {
    let _ = board::cue(note);
}

/// Leaves a note that says how a call ended, so that the trace and the result can be held together.
pub fn mark_outcome(is_ok: bool) {
    mark(if is_ok { "succeeded" } else { "failed" });
}

fn operation_text(operation: &Operation) -> String {
    match operation {
        Operation::Read(len) => format!("read {len}"),
        Operation::Write(data) => format!("write {}", hex(data)),
        Operation::Transfer(data) => format!("transfer {}", hex(data)),
        Operation::DelayNs(ns) => format!("delay {ns}"),
    }
}

fn result_text(result: &OperationResult) -> String {
    match result {
        OperationResult::Read(bytes) => format!("read {}", hex(bytes)),
        OperationResult::Write => String::from("write"),
        OperationResult::Transfer(bytes) => format!("transfer {}", hex(bytes)),
        OperationResult::Delay => String::from("delay"),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(" "))
}

fn error_name(error: &Error) -> &'static str {
    match error {
        Error::Overrun => "overrun",
        Error::ModeFault => "mode-fault",
        Error::FrameFormat => "frame-format",
        Error::ChipSelectFault => "chip-select-fault",
        Error::Other(_) => "other",
    }
}
