//! Transfers, whose calls write themselves down: each by itself, or, where only the exchange matters, in one line that
//! stands for `new-transfer`, `submit-transfer` and `await-transfer`, and does not tell which of them failed.
//!
//! What a hundred tests call is kept out of line, because a component may not grow beyond 128 KiB.

use crate::device::Handle;
use crate::log::{Outcome, call, nothing, saw_drop};
use crate::package::errors::LibusbError;
use crate::package::transfers::{self, TransferOptions, TransferSetup, TransferType};
use wasi_hw_guest::alloc::{format, string::String, vec::Vec};
use wasi_hw_guest::{decimal, hex, line};

/// The arguments of `new-transfer`.
#[derive(Clone, Copy)]
pub struct Plan {
    kind: TransferType,
    setup: TransferSetup,
    size: u32,
    options: TransferOptions,
}

fn plan(kind: TransferType, endpoint: u8, size: u32) -> Plan {
    let setup = TransferSetup { bm_request_type: 0, b_request: 0, w_value: 0, w_index: 0 };
    let options = TransferOptions { endpoint, timeout_ms: 0, stream_id: 0, iso_packets: 0 };
    Plan { kind, setup, size, options }
}

/// A bulk transfer. For one that sends in one step the length comes from the data, here and below.
#[inline(never)]
pub fn bulk(endpoint: u8, size: u32) -> Plan {
    plan(TransferType::Bulk, endpoint, size)
}

/// An interrupt transfer.
#[inline(never)]
pub fn interrupt(endpoint: u8, size: u32) -> Plan {
    plan(TransferType::Interrupt, endpoint, size)
}

/// An isochronous transfer.
#[inline(never)]
pub fn isochronous(endpoint: u8, size: u32, packets: u32) -> Plan {
    let mut plan = plan(TransferType::Isochronous, endpoint, size);
    plan.options.iso_packets = packets;
    plan
}

/// A control transfer.
#[inline(never)]
pub fn control(request_type: u8, request: u8, value: u16, index: u16, size: u32) -> Plan {
    let mut plan = plan(TransferType::Control, 0, size);
    plan.setup =
        TransferSetup { bm_request_type: request_type, b_request: request, w_value: value, w_index: index };
    plan
}

/// A vendor request to the device that stores the data stage under `value`.
#[inline(never)]
pub fn store(value: u16) -> Plan {
    control(0x40, 0x01, value, 0, 0)
}

/// The vendor request that gives back what was stored under `value`.
#[inline(never)]
pub fn recall(value: u16, size: u32) -> Plan {
    control(0xc0, 0x01, value, 0, size)
}

impl Plan {
    /// With a time limit.
    #[inline(never)]
    pub fn timeout(mut self, ms: u32) -> Plan {
        self.options.timeout_ms = ms;
        self
    }

    /// With a stream.
    #[inline(never)]
    pub fn stream(mut self, stream: u32) -> Plan {
        self.options.stream_id = stream;
        self
    }

    /// With a number of packets.
    #[inline(never)]
    pub fn packets(mut self, packets: u32) -> Plan {
        self.options.iso_packets = packets;
        self
    }

    /// With an endpoint in the options of a control transfer.
    #[inline(never)]
    pub fn endpoint(mut self, endpoint: u8) -> Plan {
        self.options.endpoint = endpoint;
        self
    }

    fn is_in(&self) -> bool {
        let direction = match self.kind {
            TransferType::Control => self.setup.bm_request_type,
            _ => self.options.endpoint,
        };
        direction & 0x80 != 0
    }

    /// As it stands in transcripts, with the length or the bytes as given.
    fn text(&self, amount: &str) -> String {
        let TransferOptions { endpoint, timeout_ms, stream_id, iso_packets } = self.options;
        let mut text = String::from(match self.kind {
            TransferType::Control => "control",
            TransferType::Bulk => "bulk",
            TransferType::Interrupt => "interrupt",
            TransferType::Isochronous => "isochronous",
        });
        if self.kind == TransferType::Control {
            let TransferSetup { bm_request_type, b_request, w_value, w_index } = self.setup;
            text +=
                &format!(" {bm_request_type:#04x} {b_request:#04x} {w_value:#06x} {w_index:#06x} {amount}");
            if endpoint != 0 {
                text += &format!(" endpoint {endpoint:#04x}");
            }
        } else {
            text += &format!(" {endpoint:#04x} {amount}");
        }
        for (name, value) in [("timeout", timeout_ms), ("stream", stream_id), ("packets", iso_packets)] {
            if value != 0 {
                text += &format!(" {name} {value}");
            }
        }
        text
    }
}

/// A transfer.
pub struct Transfer {
    who: &'static str,
    name: &'static str,
    transfer: transfers::Transfer,
}

impl Handle {
    /// Calls `new-transfer`.
    #[inline(never)]
    pub fn new_transfer(&self, name: &'static str, plan: &Plan) -> Option<Transfer> {
        let made = self.handle.new_transfer(plan.kind, plan.setup, plan.size, plan.options);
        let text = line(&["new-transfer ", name, " ", &plan.text(&decimal(plan.size.into()))]);
        let outcome = made.as_ref().map(|_| String::new()).map_err(|error| *error);
        call(self.name, &text, outcome);
        made.ok().map(|transfer| Transfer { who: self.name, name, transfer })
    }

    /// Calls `new-transfer` and `submit-transfer`.
    #[inline(never)]
    pub fn start(&self, name: &'static str, plan: &Plan) -> Option<Transfer> {
        let transfer = self.new_transfer(name, plan)?;
        transfer.submit(&[]).then_some(transfer)
    }

    /// Calls `new-transfer` for as many bytes as there are, and `submit-transfer`.
    #[inline(never)]
    pub fn start_sending(&self, name: &'static str, plan: &Plan, data: &[u8]) -> Option<Transfer> {
        let transfer = self.new_transfer(name, &Plan { size: data.len() as u32, ..*plan })?;
        transfer.submit(data).then_some(transfer)
    }

    /// Receives, in one line.
    pub fn receive(&self, plan: &Plan) -> bool {
        let outcome = self.exchange(plan, &[]).map(|bytes| hex(&bytes));
        call(self.name, &plan.text(&decimal(plan.size.into())), outcome)
    }

    /// Sends, in one line.
    pub fn send(&self, plan: &Plan, data: &[u8]) -> bool {
        let plan = Plan { size: data.len() as u32, ..*plan };
        let outcome = self.exchange(&plan, data).map(|_| String::new());
        call(self.name, &plan.text(&hex(data)), outcome)
    }

    /// Sends bytes to the device's memory by control transfers and gets them back: a sign of life that
    /// needs no claim.
    pub fn remember(&self, value: u16, data: &[u8]) {
        self.send(&store(value), data);
        self.receive(&recall(value, 16));
    }

    fn exchange(&self, plan: &Plan, data: &[u8]) -> Result<Vec<u8>, LibusbError> {
        let transfer = self.handle.new_transfer(plan.kind, plan.setup, plan.size, plan.options)?;
        transfer.submit_transfer(data)?;
        let bytes = transfers::await_transfer(transfer)?;
        Ok(if plan.is_in() { bytes } else { Vec::new() })
    }
}

impl Transfer {
    fn call(&self, method: &str, outcome: Outcome) -> bool {
        call(self.who, &line(&[method, self.name]), outcome)
    }

    /// Calls `submit-transfer`.
    pub fn submit(&self, data: &[u8]) -> bool {
        let result = nothing(self.transfer.submit_transfer(data));
        call(self.who, &line(&["submit-transfer ", self.name, " ", &hex(data)]), result)
    }

    /// Calls `cancel-transfer`.
    pub fn cancel(&self) -> bool {
        self.call("cancel-transfer ", nothing(self.transfer.cancel_transfer()))
    }

    /// Calls `await-transfer`.
    #[inline(never)]
    pub fn wait(self) -> bool {
        let Transfer { who, name, transfer } = self;
        let outcome = transfers::await_transfer(transfer).map(|bytes| hex(&bytes));
        call(who, &line(&["await-transfer ", name]), outcome)
    }

    /// Calls `await-transfer`, and leaves out the bytes of its result.
    #[inline(never)]
    pub fn wait_sent(self) -> bool {
        let Transfer { who, name, transfer } = self;
        let outcome = transfers::await_transfer(transfer).map(|_| String::new());
        call(who, &line(&["await-transfer ", name]), outcome)
    }

    /// Drops the transfer.
    #[inline(never)]
    pub fn drop(self) {
        let Transfer { name, transfer, .. } = self;
        drop(transfer);
        saw_drop(name);
    }
}

/// Awaits a transfer, if it could be started.
#[inline(never)]
pub fn wait(transfer: Option<Transfer>) {
    if let Some(transfer) = transfer {
        transfer.wait();
    }
}

/// Awaits one that sends, if it could be started.
#[inline(never)]
pub fn wait_sent(transfer: Option<Transfer>) {
    if let Some(transfer) = transfer {
        transfer.wait_sent();
    }
}
