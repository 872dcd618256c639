//! USB: the calls of a driver, and each transfer when it is over.

use super::bytes;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::task::{Context, Poll};
use wasi_hw_harness::say;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{
    Change, Completion, Device, DeviceId, Handle, Kind, Reset, Status, Submission, TransferId, Usb, Watch,
};

/// A driver that writes down what it does, under the bus and the address of each device.
pub(super) fn usb(under: Box<dyn Usb>) -> Box<dyn Usb> {
    Box::new(Traced { under, names: BTreeMap::new() })
}

struct Traced {
    under: Box<dyn Usb>,
    names: BTreeMap<DeviceId, String>,
}

fn name(device: &Device) -> String {
    format!("usb {}:{}", device.bus, device.address)
}

impl Usb for Traced {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        let devices = self.under.devices()?;
        self.names = devices.iter().map(|device| (device.id, name(device))).collect();
        Ok(devices)
    }

    fn configuration(&mut self, device: DeviceId) -> Result<u8, Refusal> {
        self.under.configuration(device)
    }

    fn open(&mut self, device: DeviceId) -> Result<Box<dyn Handle>, Refusal> {
        let name = self.names.get(&device).cloned().unwrap_or_else(|| format!("usb {}", device.0));
        match self.under.open(device) {
            Ok(under) => {
                say::plain(format_args!("{name}  OPEN"));
                Ok(Box::new(Open { name, under, flying: BTreeMap::new() }))
            }
            Err(why) => {
                say::plain(format_args!("{name}  OPEN, {why:?}"));
                Err(why)
            }
        }
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        Ok(Box::new(Watched(self.under.watch()?)))
    }
}

struct Watched(Box<dyn Watch>);

impl Watch for Watched {
    fn next(&mut self) -> Option<Change> {
        let change = self.0.next();
        match &change {
            Some(Change::Arrived(device)) => say::plain(format_args!("{}  ARRIVED", name(device))),
            Some(Change::Left(device)) => say::plain(format_args!("{}  GONE", name(device))),
            None => {}
        }
        change
    }

    fn has_change(&mut self) -> bool {
        self.0.has_change()
    }
}

/// An open device, and what it has in flight: how many lines wait for their end.
struct Open {
    name: String,
    under: Box<dyn Handle>,
    flying: BTreeMap<TransferId, Submission>,
}

impl Open {
    fn did<R>(&self, words: impl Display, done: &Result<R, Refusal>) {
        match done {
            Ok(_) => say::plain(format_args!("{}  {words}", self.name)),
            Err(why) => say::plain(format_args!("{}  {words}, {why:?}", self.name)),
        }
    }

    fn ended(&self, asked: &Submission, done: &Completion) {
        let mut line = what(asked);
        if asked.kind == Kind::Isochronous {
            for packet in &done.packets {
                line.push_str(" [");
                bytes(&mut line, &packet.data);
                let _ = match asked.is_in() {
                    true => write!(line, "]"),
                    false => write!(line, "{} bytes]", packet.sent),
                };
                if packet.status != Status::Completed {
                    let _ = write!(line, " {:?}", packet.status);
                }
            }
        } else {
            line.push_str(" [");
            let sent = &asked.data[..done.sent.min(asked.data.len())];
            bytes(&mut line, if asked.is_in() { &done.data } else { sent });
            line.push(']');
        }
        if done.status != Status::Completed {
            let _ = write!(line, ", {:?}", done.status);
        }
        say::plain(format_args!("{}  {line}", self.name));
    }
}

fn what(asked: &Submission) -> String {
    let direction = if asked.is_in() { "IN" } else { "OUT" };
    let mut line = String::new();
    if asked.kind == Kind::Control {
        line.push_str("SETUP");
        for byte in asked.setup {
            let _ = write!(line, " {byte:02x}");
        }
        line.push_str(" · ");
    }
    let kind = if asked.kind == Kind::Isochronous { "ISO " } else { "" };
    let _ = write!(line, "{kind}{direction} {:#04x}", asked.endpoint);
    if asked.stream != 0 {
        let _ = write!(line, " #{}", asked.stream);
    }
    line
}

fn list(endpoints: &[u8]) -> String {
    endpoints.iter().map(|endpoint| format!(" {endpoint:#04x}")).collect()
}

impl Handle for Open {
    fn configuration(&mut self) -> Result<u8, Refusal> {
        self.under.configuration()
    }

    fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Refusal> {
        let done = self.under.set_configuration(value);
        self.did(format_args!("SET_CONFIGURATION {}", value.unwrap_or(0)), &done);
        done
    }

    fn claim(&mut self, interface: u8) -> Result<(), Refusal> {
        let done = self.under.claim(interface);
        self.did(format_args!("CLAIM {interface}"), &done);
        done
    }

    fn release(&mut self, interface: u8) -> Result<(), Refusal> {
        let done = self.under.release(interface);
        self.did(format_args!("RELEASE {interface}"), &done);
        done
    }

    fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        let done = self.under.set_alternate(interface, alternate);
        self.did(format_args!("SET_INTERFACE {interface} {alternate}"), &done);
        done
    }

    fn clear_halt(&mut self, endpoint: u8) -> Result<(), Refusal> {
        let done = self.under.clear_halt(endpoint);
        self.did(format_args!("CLEAR_HALT {endpoint:#04x}"), &done);
        done
    }

    fn reset(&mut self) -> Result<Reset, Refusal> {
        let done = self.under.reset();
        self.did("RESET", &done);
        done
    }

    fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<u32, Refusal> {
        let done = self.under.alloc_streams(streams, endpoints);
        self.did(format_args!("ALLOC_STREAMS {}{}", done.unwrap_or(streams), list(endpoints)), &done);
        done
    }

    fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Refusal> {
        let done = self.under.free_streams(endpoints);
        self.did(format_args!("FREE_STREAMS{}", list(endpoints)), &done);
        done
    }

    fn kernel_driver(&mut self, interface: u8) -> Result<bool, Refusal> {
        self.under.kernel_driver(interface)
    }

    fn detach(&mut self, interface: u8) -> Result<(), Refusal> {
        let done = self.under.detach(interface);
        self.did(format_args!("DETACH {interface}"), &done);
        done
    }

    fn attach(&mut self, interface: u8) -> Result<(), Refusal> {
        let done = self.under.attach(interface);
        self.did(format_args!("ATTACH {interface}"), &done);
        done
    }

    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Refusal> {
        let asked = transfer.clone();
        let done = self.under.submit(transfer);
        match done {
            Ok(id) => drop(self.flying.insert(id, asked)),
            Err(_) => self.did(what(&asked), &done),
        }
        done
    }

    fn cancel(&mut self, transfer: TransferId) -> Result<(), Refusal> {
        let done = self.under.cancel(transfer);
        if let Some(asked) = self.flying.get(&transfer) {
            self.did(format_args!("CANCEL {:#04x}", asked.endpoint), &done);
        }
        done
    }

    fn poll_reap(
        &mut self,
        transfer: TransferId,
        context: &mut Context<'_>,
    ) -> Poll<Result<Completion, Refusal>> {
        let polled = self.under.poll_reap(transfer, context);
        if let Poll::Ready(done) = &polled
            && let Some(asked) = self.flying.remove(&transfer)
        {
            match done {
                Ok(done) => self.ended(&asked, done),
                Err(_) => self.did(what(&asked), done),
            }
        }
        polled
    }

    fn is_over(&mut self, transfer: TransferId) -> bool {
        self.under.is_over(transfer)
    }

    fn discard(&mut self, transfer: TransferId) {
        if let Some(asked) = self.flying.remove(&transfer) {
            say::plain(format_args!("{}  DISCARD {:#04x}", self.name, asked.endpoint));
        }
        self.under.discard(transfer);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        say::plain(format_args!("{}  CLOSE", self.name));
    }
}
