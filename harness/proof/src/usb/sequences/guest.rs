//! A guest without a program: it makes calls, and knows what there should be of them on the machine.

use super::super::lie::Lie;
use super::Call;
use super::random::Random;
use crate::copy;
use std::collections::BTreeSet;
use wasi_hw_harness::runtime::Transcript;
use wasi_hw_harness::runtime::engine::AtBoard;
use wasi_hw_harness::runtime::engine::executor::block_on;
use wasi_hw_mock::Board;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::{TransferOptions, TransferSetup, TransferType};
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer, UsbCtx, UsbCtxView, UsbDevice};
use wasmtime::component::{Resource, ResourceTable};

/// A guest without a program.
pub(super) struct Guest {
    usb: UsbCtx,
    table: ResourceTable,
    board: Board,
    pub(super) random: Random,
    /// With the ids of the products.
    devices: Vec<(Resource<UsbDevice>, u16)>,
    handles: Vec<Handle>,
    transfers: Vec<Resource<Transfer>>,
    present: bool,
}

/// A handle, and what there should be of it on the machine.
struct Handle {
    resource: Resource<DeviceHandle>,
    product: u16,
    open: bool,
    claimed: BTreeSet<u8>,
}

/// The product that is unplugged and plugged in.
const PLUGGED: u16 = 1;

/// A call as a line and how it ended; nothing if there was nothing to call.
type Called = Result<Option<(String, &'static str)>, String>;

/// A function that trapped. None of the calls here has a reason to.
fn trap(error: wasmtime::Error) -> String {
    format!("trapped: {error:#}")
}

impl Guest {
    pub(super) fn new(usb: UsbCtx, board: Board, random: Random) -> Guest {
        Guest {
            usb,
            table: ResourceTable::new(),
            board,
            random,
            devices: Vec::new(),
            handles: Vec::new(),
            transfers: Vec::new(),
            present: true,
        }
    }

    pub(super) fn call<L: Lie>(&mut self, call: Call) -> Called {
        let Guest { usb, table, board, random, devices, handles, transfers, .. } = self;
        let real = &mut UsbCtxView { ctx: usb, table };
        if devices.is_empty() {
            let list = L::list_devices(real).map_err(trap)?;
            devices.extend(
                list.into_iter().flatten().map(|(device, described, _)| (device, described.product_id)),
            );
        }
        let done = |line: String, result: Result<(), LibusbError>| Ok(Some((line, end(&result))));
        match call {
            Call::Open => {
                let Some(at) = random.place(devices) else { return Ok(None) };
                let (device, product) = &devices[at];
                let opened = L::open(real, copy(device)).map_err(trap)?;
                let handle =
                    |resource| Handle { resource, product: *product, open: true, claimed: BTreeSet::new() };
                done(format!("{}.open", device.rep()), opened.map(|resource| handles.push(handle(resource))))
            }
            Call::Close => {
                let Some(at) = random.place(handles) else { return Ok(None) };
                let handle = &mut handles[at];
                L::close(real, copy(&handle.resource)).map_err(trap)?;
                handle.open = false;
                handle.claimed.clear();
                done(format!("{}.close", handle.resource.rep()), Ok(()))
            }
            Call::Claim | Call::Release => {
                let Some(at) = random.place(handles) else { return Ok(None) };
                let interface = [0, 0, 0, 1, 2, 9, 200][random.below(7)];
                let handle = &mut handles[at];
                let rep = handle.resource.rep();
                if call == Call::Claim {
                    let result = L::claim(real, copy(&handle.resource), interface).map_err(trap)?;
                    handle.claimed.extend(result.is_ok().then_some(interface));
                    return done(format!("{rep}.claim {interface}"), result);
                }
                let result = L::release(real, copy(&handle.resource), interface).map_err(trap)?;
                if result.is_ok() {
                    handle.claimed.remove(&interface);
                }
                done(format!("{rep}.release {interface}"), result)
            }
            Call::Reset => {
                let Some(at) = random.place(handles) else { return Ok(None) };
                let handle = &handles[at].resource;
                let result = L::reset(real, copy(handle)).map_err(trap)?;
                done(format!("{}.reset", handle.rep()), result)
            }
            Call::New => {
                let Some(at) = random.place(handles) else { return Ok(None) };
                let (kind, setup, size, options) = transfer(random);
                let handle = &handles[at].resource;
                let line = format!("{}.new {kind:?} {:#04x} {size}", handle.rep(), options.endpoint);
                let made = L::new_transfer(real, copy(handle), kind, setup, size, options).map_err(trap)?;
                done(line, made.map(|transfer| transfers.push(transfer)))
            }
            Call::Submit => {
                let Some(at) = random.place(transfers) else { return Ok(None) };
                let data = vec![7; [0, 0, 8, 64, 100][random.below(5)]];
                let line = format!("{}.submit {}", transfers[at].rep(), data.len());
                done(line, L::submit(real, copy(&transfers[at]), data).map_err(trap)?)
            }
            Call::Cancel => {
                let Some(at) = random.place(transfers) else { return Ok(None) };
                let line = format!("{}.cancel", transfers[at].rep());
                done(line, L::cancel(real, copy(&transfers[at])).map_err(trap)?)
            }
            Call::Await => {
                if transfers.is_empty() {
                    return Ok(None);
                }
                let transfer = random.take(transfers);
                let line = format!("await {}", transfer.rep());
                let seat = AtBoard(board.clone(), Transcript::default());
                // Every transfer of the sequences has a limit, so there is an end to wait for.
                let awaited = block_on(&seat, L::await_transfer(real, transfer));
                let awaited = awaited.map_err(|_| format!("{line} hangs"))?.map_err(trap)?;
                done(line, awaited.map(|_| ()))
            }
            Call::Drop => {
                let line = match random.below(4) {
                    0 if !devices.is_empty() => drop_one(real, random.take(devices).0, L::drop_device),
                    1 if !handles.is_empty() => drop_one(real, random.take(handles).resource, L::drop_handle),
                    2.. if !transfers.is_empty() => drop_one(real, random.take(transfers), L::drop_transfer),
                    _ => return Ok(None),
                };
                Ok(Some((line.map_err(trap)?, "ok")))
            }
            Call::Plug => {
                let name = if self.present { "unplug" } else { "plug" };
                if self.board.cue(name).is_err() {
                    return Ok(None);
                }
                self.present = !self.present;
                self.handles.iter_mut().filter(|h| h.product == PLUGGED).for_each(|h| h.claimed.clear());
                Ok(Some((name.to_owned(), "ok")))
            }
        }
    }

    /// Drops what the guest has left. The instance lives on, and nothing may be left of it then.
    pub(super) fn finish<L: Lie>(mut self) -> Result<(), String> {
        loop {
            let Guest { usb, table, random, devices, handles, transfers, .. } = &mut self;
            let real = &mut UsbCtxView { ctx: usb, table };
            let dropped = match (random.below(3), devices.pop(), handles.pop(), transfers.pop()) {
                (_, None, None, None) => break,
                (_, device, handle, transfer) => [
                    transfer.map(|transfer| drop_one(real, transfer, L::drop_transfer)),
                    handle.map(|handle| drop_one(real, handle.resource, L::drop_handle)),
                    device.map(|(device, _)| drop_one(real, device, L::drop_device)),
                ],
            };
            for result in dropped.into_iter().flatten() {
                result.map_err(trap)?;
            }
        }
        if !self.table.is_empty() {
            return Err("the table is not empty when everything is dropped".to_owned());
        }
        self.nothing_leaks()
    }

    /// Compares what the machine has open and claimed with what the guest has.
    pub(super) fn nothing_leaks(&self) -> Result<(), String> {
        let left = left(&self.board);
        let open = self.handles.iter().filter(|handle| handle.open).count();
        let claimed: usize = self.handles.iter().map(|handle| handle.claimed.len()).sum();
        let count = |what| left.iter().filter(|(_, is, _)| *is == what).count();
        if count(HANDLE) != open {
            return Err(format!("{open} handles are open, and on the machine {left:?}"));
        }
        if count(CLAIM) != claimed {
            return Err(format!("{claimed} interfaces are claimed, and on the machine {left:?}"));
        }
        if open == 0 && !left.is_empty() {
            return Err(format!("everything is closed, and on the machine {left:?}"));
        }
        Ok(())
    }
}

fn drop_one<T: 'static>(
    real: &mut UsbCtxView<'_>,
    one: Resource<T>,
    drop: impl Fn(&mut UsbCtxView<'_>, Resource<T>) -> wasmtime::Result<()>,
) -> wasmtime::Result<String> {
    let line = format!("drop {}", one.rep());
    drop(real, one).map(|()| line)
}

/// A transfer as a guest might want it, with a time limit; some are wrong.
fn transfer(random: &mut Random) -> (TransferType, TransferSetup, u32, TransferOptions) {
    let requests =
        [(0x80, 6, 0x0100, 64), (0xc0, 1, 0, 8), (0xc0, 3, 0, 2), (0x40, 2, 0, 8), (0x00, 9, 1, 0)];
    let (bm_request_type, b_request, w_value, length) = requests[random.below(requests.len())];
    let setup = TransferSetup { bm_request_type, b_request, w_value, w_index: 0 };
    let (kind, endpoint) = [
        (TransferType::Control, 0),
        (TransferType::Bulk, 0x81),
        (TransferType::Bulk, 0x02),
        (TransferType::Interrupt, 0x83),
        (TransferType::Isochronous, 0x85),
        (TransferType::Bulk, 0x8f),
    ][random.below(6)];
    let size = match kind {
        TransferType::Control => length,
        _ => [0, 8, 64, 100, u32::MAX][random.below(5)],
    };
    let timeout_ms = 1 + random.below(20) as u32;
    let iso_packets = random.below(4) as u32;
    (kind, setup, size, TransferOptions { endpoint, timeout_ms, stream_id: 0, iso_packets })
}

const HANDLE: &str = "open";
const CLAIM: &str = "claimed";
const DRIVER: &str = "taken from its driver";

/// What is open, claimed or taken from its driver, by the trace: the device, what, and which.
fn left(board: &Board) -> BTreeSet<(String, &'static str, String)> {
    let mut left = BTreeSet::new();
    for entry in board.trace().entries() {
        let channel = entry.channel.to_string();
        let (word, what) = entry.text.split_once(' ').unwrap_or((&entry.text, ""));
        // Of a claim the first word behind it is the interface; whose it is does not matter here.
        let interface = what.split(' ').next().unwrap_or_default().to_owned();
        match word {
            "OPEN" => _ = left.insert((channel, HANDLE, what.to_owned())),
            "CLOSE" => _ = left.remove(&(channel, HANDLE, what.to_owned())),
            "CLAIM" => _ = left.insert((channel, CLAIM, interface)),
            "RELEASE" => _ = left.remove(&(channel, CLAIM, interface)),
            "DETACH" => _ = left.insert((channel, DRIVER, interface)),
            "ATTACH" => _ = left.remove(&(channel, DRIVER, interface)),
            "GONE" => left.retain(|(of, what, _)| *of != channel || *what == HANDLE),
            _ => {}
        }
    }
    left
}

fn end(result: &Result<(), LibusbError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(error) => error.name(),
    }
}
