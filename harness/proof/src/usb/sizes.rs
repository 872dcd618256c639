//! Sizes and times at which something gives way.

use super::super::Defect;
use super::made::{Change, Made, New};
use super::twist::{Devices, Done, Memory, Reaped, Twist, Wire};
use super::{lie, twist};
use crate::under;
use std::task::{Context, Poll};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_seam::usb::{Completion, Kind, Status, Submission, TransferId};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::TransferType;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<FourKilobytes>("usb/carries-the-first-4096-bytes-of-a-request", &["USB-38", "USB-43b"]),
        lie::<Made<RefusesLarge>>("usb/refuses-requests-of-more-than-4096-bytes", &["USB-38d"]),
        unlimited::<CutsToLimit>("usb/cuts-a-transfer-to-what-is-allowed", &["USB-43b"]),
        unlimited::<SendsAndRefuses>("usb/sends-what-is-allowed-and-refuses-then", &["USB-43c"]),
        lie::<Made<LimitIsTooMuch>>("usb/refuses-exactly-what-is-allowed", &["USB-43d"]),
        twist::<Pieces>("usb/queues-the-pieces-of-a-long-transfer-at-once", &["USB-44"]),
        twist::<Signed>("usb/keeps-a-time-limit-in-31-bits", &["USB-50"]),
    ]
}

/// What the embedder allows on the board that is about it.
const ALLOWED: u32 = 1_000;

/// A host that does not heed what its embedder allows, over a wrong driver.
fn unlimited<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        config: |host| host.usb.most_bytes = None,
        board: under::<Devices<T>>,
        ..Reference::default()
    })
}

struct FourKilobytes;
impl Twist for FourKilobytes {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        if transfer.kind == Kind::Control && transfer.data.len().max(transfer.room as usize) > 4096 {
            transfer.data.truncate(4096);
            transfer.setup[6..].copy_from_slice(&4096_u16.to_le_bytes());
        }
        real.submit(transfer)
    }
}

struct RefusesLarge;
impl Change for RefusesLarge {
    fn change(asked: New) -> Result<New, LibusbError> {
        let large = matches!(asked, (TransferType::Control, _, 4_097..=0xffff, _));
        if large { Err(LibusbError::NoMem) } else { Ok(asked) }
    }
}

struct LimitIsTooMuch;
impl Change for LimitIsTooMuch {
    fn change(asked: New) -> Result<New, LibusbError> {
        let limit = matches!(asked, (TransferType::Bulk, _, ALLOWED, _));
        if limit { Err(LibusbError::NoMem) } else { Ok(asked) }
    }
}

struct CutsToLimit;
impl Twist for CutsToLimit {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        if transfer.kind == Kind::Bulk {
            transfer.data.truncate(ALLOWED as usize);
        }
        real.submit(transfer)
    }
}

struct SendsAndRefuses;
impl Twist for SendsAndRefuses {
    fn start(memory: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        CutsToLimit::start(memory, real, transfer)
    }

    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, completion: Completion) -> Completion {
        match asked.data.len() > ALLOWED as usize && asked.kind == Kind::Bulk {
            true => Completion { status: Status::Error, ..completion },
            false => completion,
        }
    }
}

/// How much a piece of a long transfer has.
const PIECE: u32 = 16 << 10;

struct Pieces;
impl Twist for Pieces {
    fn start(memory: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        if transfer.kind != Kind::Bulk || transfer.room <= PIECE {
            return real.submit(transfer);
        }
        let count = transfer.room.div_ceil(PIECE);
        let mut pieces = Vec::new();
        for at in 0..count {
            let room = PIECE.min(transfer.room - at * PIECE);
            pieces.push(real.submit(Submission { room, ..transfer.clone() })?);
        }
        let first = pieces.remove(0);
        memory.behind.insert(first, pieces);
        Ok(first)
    }

    fn poll(memory: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
        let mut whole = match real.poll_reap(id, context) {
            Poll::Ready(Ok(first)) => first,
            polled => return polled,
        };
        let pieces = memory.behind.remove(&id).unwrap_or_default();
        let mut short = whole.data.len() < PIECE as usize;
        for piece in pieces {
            match real.poll_reap(piece, context) {
                Poll::Ready(Ok(next)) if !short => {
                    short = next.data.len() < PIECE as usize;
                    whole.data.extend(next.data);
                }
                // What comes behind a short piece was for somebody else.
                Poll::Ready(_) => {}
                Poll::Pending => real.discard(piece),
            }
        }
        Poll::Ready(Ok(whole))
    }
}

struct Signed;
impl Twist for Signed {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        let most = (1 << 31) * 1_000_000;
        transfer.limit_ns = transfer.limit_ns.map(|ns| if ns < most { ns } else { 0 });
        real.submit(transfer)
    }
}
