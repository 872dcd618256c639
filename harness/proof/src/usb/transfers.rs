//! Transfers that are run, ended and given up wrong.

use super::super::Defect;
use super::lie::{Answer, Lie, View, all};
use super::twist::{Done, Memory, Reaped, Twist, Wire};
use super::{lie, twist};
use crate::copy;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Kind, Status, Submission, TransferId};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::HostTransfer;
use wasi_hw_wasmtime::usb::Transfer;
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<StallIsIo>("usb/a-stall-is-an-io-error", &["USB-33"]),
        twist::<ClearsByItself>("usb/clears-a-halt-by-itself", &["USB-33b"]),
        twist::<WholePackets>("usb/loses-the-short-packet-behind-full-ones", &["USB-44"]),
        twist::<EmptyIsIo>("usb/an-empty-packet-is-an-io-error", &["USB-45"]),
        twist::<BabbleIsFine>("usb/cuts-off-what-does-not-fit", &["USB-46"]),
        twist::<TakesMore>("usb/takes-more-packets-than-there-is-room-for", &["USB-46b"]),
        twist::<Impatient>("usb/waits-for-a-second-at-most", &["USB-49"]),
        twist::<HalfTheTime>("usb/waits-for-half-the-time", &["USB-50"]),
        twist::<Patient>("usb/never-times-out", &["USB-50"]),
        lie::<SubmitCancels>("usb/a-second-submit-ends-the-transfer", &["USB-51"]),
        lie::<SubmitPanics>("usb/panics-on-a-second-submit", &["USB-51", "USB-52", "USB-80"]),
        lie::<CancelledIsFreed>("usb/panics-on-the-submit-of-a-cancelled-transfer", &["USB-52"]),
        twist::<OldestFirst>("usb/waits-for-the-oldest-transfer-first", &["USB-54"]),
        twist::<NewestFirst>("usb/lets-a-new-transfer-pass-the-one-that-waits", &["USB-55"]),
        twist::<CancelForgets>("usb/forgets-a-cancelled-transfer-in-flight", &["USB-56"]),
        twist::<DropPanics>("usb/panics-on-the-drop-of-a-transfer-in-flight", &["USB-59", "USB-80"]),
        twist::<DroppedComesBack>("usb/ends-with-the-device-what-was-dropped-in-flight", &["USB-59"]),
        lie::<DropRuns>("usb/runs-a-transfer-that-is-dropped", &["USB-60"]),
        twist::<LastPacketFirst>("usb/joins-isochronous-packets-backwards", &["USB-72"]),
    ]
}

fn is_pipe(asked: &Submission) -> bool {
    matches!(asked.kind, Kind::Bulk | Kind::Interrupt)
}

struct StallIsIo;
impl Twist for StallIsIo {
    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, completion: Completion) -> Completion {
        match completion.status {
            Status::Stall if is_pipe(asked) => Completion { status: Status::Error, ..completion },
            _ => completion,
        }
    }
}

struct ClearsByItself;
impl Twist for ClearsByItself {
    fn completed(_: &mut Memory, real: Wire<'_>, asked: &Submission, completion: Completion) -> Completion {
        if is_pipe(asked) && completion.status == Status::Stall {
            let _ = real.clear_halt(asked.endpoint);
        }
        completion
    }
}

struct WholePackets;
impl Twist for WholePackets {
    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, mut completion: Completion) -> Completion {
        let length = completion.data.len();
        // Packets have 64 bytes, or 512.
        let size = if length > 512 { 512 } else { 64 };
        if asked.kind == Kind::Bulk && length > size {
            completion.data.truncate(length - length % size);
        }
        completion
    }
}

struct EmptyIsIo;
impl Twist for EmptyIsIo {
    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, completion: Completion) -> Completion {
        let empty = is_pipe(asked) && asked.endpoint & 0x80 != 0 && completion.data.is_empty();
        match completion.status {
            Status::Completed if empty => Completion { status: Status::Error, ..completion },
            _ => completion,
        }
    }
}

struct BabbleIsFine;
impl Twist for BabbleIsFine {
    fn completed(_: &mut Memory, _: Wire<'_>, _: &Submission, completion: Completion) -> Completion {
        match completion.status {
            Status::Overflow => Completion { status: Status::Completed, ..completion },
            _ => completion,
        }
    }
}

struct TakesMore;
impl Twist for TakesMore {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        if transfer.kind == Kind::Bulk && transfer.room > 0 {
            transfer.room = transfer.room.saturating_add(512);
        }
        real.submit(transfer)
    }

    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, mut completion: Completion) -> Completion {
        if asked.kind == Kind::Bulk {
            completion.data.truncate(asked.room as usize);
        }
        completion
    }
}

/// Writes a wrong time limit.
macro_rules! limit {
    ($name:ident, $limit:ident => $change:expr) => {
        struct $name;
        impl Twist for $name {
            fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
                let $limit = transfer.limit_ns;
                transfer.limit_ns = $change;
                real.submit(transfer)
            }
        }
    };
}

limit!(Impatient, limit => limit.or(Some(1_000_000_000)));
limit!(HalfTheTime, limit => limit.map(|ns| ns / 2));
limit!(Patient, _limit => None);

struct SubmitCancels;
impl Lie for SubmitCancels {
    fn submit(real: View<'_, '_>, transfer: Resource<Transfer>, data: Vec<u8>) -> Answer<()> {
        let result = real.submit_transfer(copy(&transfer), data)?;
        if result == Err(LibusbError::Busy) {
            let _ = real.cancel_transfer(transfer)?;
        }
        Ok(result)
    }
}

pub(super) struct SubmitPanics;
impl Lie for SubmitPanics {
    fn submit(real: View<'_, '_>, transfer: Resource<Transfer>, data: Vec<u8>) -> Answer<()> {
        let result = real.submit_transfer(transfer, data)?;
        assert_ne!(result, Err(LibusbError::Busy), "the buffer is lent out");
        Ok(result)
    }
}

/// A transfer that the guest has cancelled, by its number in the table.
struct Cancelled(u32);

struct CancelledIsFreed;
impl Lie for CancelledIsFreed {
    fn cancel(real: View<'_, '_>, transfer: Resource<Transfer>) -> Answer<()> {
        real.table.push(Cancelled(transfer.rep()))?;
        real.cancel_transfer(transfer)
    }

    fn submit(real: View<'_, '_>, transfer: Resource<Transfer>, data: Vec<u8>) -> Answer<()> {
        for cancelled in all::<Cancelled>(real) {
            assert_ne!(real.table.get(&cancelled)?.0, transfer.rep(), "the buffer was freed");
        }
        real.submit_transfer(transfer, data)
    }
}

struct OldestFirst;
impl Twist for OldestFirst {
    fn poll(memory: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
        match memory.submitted.first_key_value() {
            Some((oldest, _)) if *oldest < id => Poll::Pending,
            _ => real.poll_reap(id, context),
        }
    }
}

struct NewestFirst;
impl Twist for NewestFirst {
    fn start(memory: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        let waits = |(id, asked): (&TransferId, &Submission)| {
            let same = asked.kind == transfer.kind && asked.endpoint == transfer.endpoint;
            (same && transfer.endpoint & 0x80 != 0 && !memory.ended.contains_key(id))
                .then(|| (*id, asked.clone()))
        };
        let Some((id, asked)) = memory.submitted.iter().rev().find_map(waits) else {
            return real.submit(transfer);
        };
        let old = memory.instead(id);
        match real.poll_reap(old, &mut Context::from_waker(Waker::noop())) {
            Poll::Ready(reaped) => _ = memory.ended.insert(id, reaped?),
            Poll::Pending => {
                real.discard(old);
                let new = real.submit(transfer)?;
                let again = real.submit(asked)?;
                memory.instead.insert(id, again);
                return Ok(new);
            }
        }
        real.submit(transfer)
    }

    fn poll(memory: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
        match memory.ended.remove(&id) {
            Some(completion) => Poll::Ready(Ok(completion)),
            None => real.poll_reap(memory.instead(id), context),
        }
    }

    fn cancel(memory: &mut Memory, real: Wire<'_>, id: TransferId) -> Done<()> {
        real.cancel(memory.instead(id))
    }

    fn forget(memory: &mut Memory, real: Wire<'_>, id: TransferId) {
        real.discard(memory.instead(id));
    }
}

struct CancelForgets;
impl Twist for CancelForgets {
    fn cancel(memory: &mut Memory, _: Wire<'_>, id: TransferId) -> Done<()> {
        memory.over.push(id);
        Ok(())
    }

    fn poll(memory: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
        match real.poll_reap(id, context) {
            Poll::Pending if memory.over.contains(&id) => {
                Poll::Ready(Ok(Completion { status: Status::Cancelled, ..Completion::default() }))
            }
            polled => polled,
        }
    }
}

/// Of no use to the cases: it hangs whatever is cancelled. The random sequences have to find it.
pub(super) struct NeverEnds;
impl Twist for NeverEnds {
    fn cancel(memory: &mut Memory, real: Wire<'_>, id: TransferId) -> Done<()> {
        memory.over.push(id);
        real.cancel(id)
    }

    fn poll(memory: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
        if memory.over.contains(&id) { Poll::Pending } else { real.poll_reap(id, context) }
    }
}

pub(super) struct DropPanics;
impl Twist for DropPanics {
    fn forget(_: &mut Memory, real: Wire<'_>, id: TransferId) {
        let polled = real.poll_reap(id, &mut Context::from_waker(Waker::noop()));
        real.discard(id);
        // A second panic while the first one unwinds would end the process.
        assert!(polled.is_ready() || std::thread::panicking(), "freed while in flight");
    }
}

struct DroppedComesBack;
impl Twist for DroppedComesBack {
    fn forget(memory: &mut Memory, real: Wire<'_>, id: TransferId) {
        let polled = real.poll_reap(id, &mut Context::from_waker(Waker::noop()));
        memory.failed |= polled.is_pending();
        real.discard(id);
    }

    fn configuration(memory: &mut Memory, real: Wire<'_>) -> Done<u8> {
        let value = real.configuration();
        let ends_all = value == Err(Refusal::Gone) && memory.failed;
        assert!(!ends_all, "nobody has the transfer that ends with the device");
        value
    }
}

struct DropRuns;
impl Lie for DropRuns {
    fn drop_transfer(real: View<'_, '_>, transfer: Resource<Transfer>) -> wasmtime::Result<()> {
        if real.cancel_transfer(copy(&transfer))? == Err(LibusbError::NotFound) {
            let _ = real.submit_transfer(copy(&transfer), Vec::new())?;
        }
        HostTransfer::drop(real, transfer)
    }
}

struct LastPacketFirst;
impl Twist for LastPacketFirst {
    fn completed(_: &mut Memory, _: Wire<'_>, _: &Submission, mut completion: Completion) -> Completion {
        completion.packets.reverse();
        completion
    }
}
