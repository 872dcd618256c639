//! Calls that write themselves down: each adds one line with its result to the transcript. The notation is taught in
//! `conformance/NOTATION.md`.

use crate::board;
use crate::package::{self, Error, OperationResult, SpiDevice};
use wasi_hw_guest::alloc::{string::String, vec::Vec};
use wasi_hw_guest::{call_line, decimal, hex, line, list};

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
    let outcome = opened.as_ref().map(|_| "").map_err(error_name);
    board::saw(&call_line("", &line(&["open ", label]), outcome));
    opened.ok().map(|handle| Device { name, handle })
}

impl Device {
    /// Calls `read`. Like all calls it tells whether the result was ok.
    pub fn read(&self, len: u64) -> bool {
        let result = self.handle.read(len);
        self.saw(line(&["read ", &decimal(len)]), result.map(|bytes| hex(&bytes)))
    }

    /// Calls `write`.
    pub fn write(&self, data: &[u8]) -> bool {
        let result = self.handle.write(data);
        self.saw(line(&["write ", &hex(data)]), result.map(|()| String::new()))
    }

    /// Calls `transfer`.
    pub fn transfer(&self, data: &[u8]) -> bool {
        let result = self.handle.transfer(data);
        self.saw(line(&["transfer ", &hex(data)]), result.map(|bytes| hex(&bytes)))
    }

    /// Calls `transaction`.
    pub fn transaction(&self, operations: &[Operation]) -> bool {
        let result = self.handle.transaction(operations);
        let call = line(&["transaction ", &list(operations.iter().map(operation_text))]);
        self.saw(call, result.map(|results| list(results.iter().map(result_text))))
    }

    /// Calls `transaction` with so many reads of one byte each, and writes them down as one, with the bytes in a row.
    pub fn read_by_ones(&self, count: usize) -> bool {
        let operations: Vec<_> = (0..count).map(|_| r(1)).collect();
        let call = line(&["transaction of ", &decimal(count as u64), " times read 1"]);
        self.saw(call, self.handle.transaction(&operations).map(|results| reads_text(&results)))
    }

    /// Drops the handle.
    pub fn drop(self) {
        let name = self.name;
        drop(self.handle);
        saw_drop(name);
    }

    fn saw(&self, call: String, result: Result<String, Error>) -> bool {
        let who = if self.name == "device" { "" } else { self.name };
        board::saw(&call_line(who, &call, result.as_deref().map_err(error_name)));
        result.is_ok()
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

wasi_hw_guest::log! { saw: board::saw, cue: board::cue, wait: board::wait }

fn operation_text(operation: &Operation) -> String {
    match operation {
        Operation::Read(len) => line(&["read ", &decimal(*len)]),
        Operation::Write(data) => line(&["write ", &hex(data)]),
        Operation::Transfer(data) => line(&["transfer ", &hex(data)]),
        Operation::DelayNs(ns) => line(&["delay ", &decimal((*ns).into())]),
    }
}

fn result_text(result: &OperationResult) -> String {
    match result {
        OperationResult::Read(bytes) => line(&["read ", &hex(bytes)]),
        OperationResult::Write => String::from("write"),
        OperationResult::Transfer(bytes) => line(&["transfer ", &hex(bytes)]),
        OperationResult::Delay => String::from("delay"),
    }
}

/// Results that are all reads of one byte in one line; others one by one.
fn reads_text(results: &[OperationResult]) -> String {
    let byte = |result: &OperationResult| match result {
        OperationResult::Read(bytes) if bytes.len() == 1 => Some(bytes[0]),
        _ => None,
    };
    match results.iter().map(byte).collect::<Option<Vec<_>>>() {
        Some(bytes) => line(&[&decimal(results.len() as u64), " times read ", &hex(&bytes)]),
        None => list(results.iter().map(result_text)),
    }
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
