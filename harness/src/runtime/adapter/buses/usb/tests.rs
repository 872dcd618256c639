//! USB on both sides of the protocol.

use super::MOST_BYTES;
use crate::runtime::adapter::both::{both, over_the_protocol};
use crate::suite::fixture::Fixture;
use std::task::{Context, Waker};
use wasi_hw_seam::Board;
use wasi_hw_seam::usb::{Kind, Submission};

fn transfer(endpoint: u8, data: &[u8], room: u32) -> Submission {
    Submission {
        kind: Kind::Bulk,
        endpoint,
        setup: [0; 8],
        data: data.to_vec(),
        room,
        packets: Vec::new(),
        stream: 0,
        limit_ns: None,
        zero_packet: false,
    }
}

fn usb(board: &dyn Board, said: &mut Vec<String>) {
    let mut say = |what: String| said.push(what);
    let mut usb = board.usb();
    let devices = usb.devices().unwrap();
    say(format!("{devices:?}"));
    say(format!("{:?}", usb.configuration(devices[0].id)));
    let mut handle = usb.open(devices[0].id).unwrap();
    let mut other = usb.open(devices[0].id).unwrap();
    say(format!("{:?} {:?} {:?}", handle.claim(0), other.claim(0), handle.claim(9)));
    let mut watch = usb.watch().unwrap();
    say(format!("{} {:?}", watch.has_change(), watch.next()));
    let out = handle.submit(transfer(0x02, &[1, 2, 3], 0)).unwrap();
    say(format!(
        "{} {:?}",
        handle.is_over(out),
        handle.poll_reap(out, &mut Context::from_waker(Waker::noop()))
    ));
    let into = handle.submit(transfer(0x81, &[], 64)).unwrap();
    say(format!("{:?}", handle.poll_reap(into, &mut Context::from_waker(Waker::noop()))));
    let never = handle.submit(transfer(0x81, &[], 64)).unwrap();
    say(format!("{:?}", handle.poll_reap(never, &mut Context::from_waker(Waker::noop())).is_pending()));
    say(format!("{:?}", handle.cancel(never)));
    say(format!("{:?}", handle.poll_reap(never, &mut Context::from_waker(Waker::noop()))));
    say(format!("{:?}", handle.reset()));
    say(format!("{:?}", handle.alloc_streams(4, &[0x81])));
    say(format!("{:?}", handle.detach(0)));
}

#[test]
fn devices_claims_and_transfers() {
    let fixture: Fixture =
        toml::from_str(include_str!("../../../../../suite/fixtures/usb/loopback.toml")).unwrap();
    let (said, trace) = both(&fixture.device, usb);
    assert_eq!(said[2], "Ok(()) Err(Busy) Err(NotFound)");
    assert!(said[5].contains("status: Completed, data: [1, 2, 3]"), "{}", said[5]);
    assert!(said[8].contains("status: Cancelled"), "{}", said[8]);
    assert!(trace.contains(&"device: CANCEL 0x81".to_owned()), "{trace:#?}");
}

/// An adapter that submits and never reaps: by what its harness refuses it.
fn hoard(board: &dyn Board, said: &mut Vec<String>) {
    let mut usb = board.usb();
    let device = usb.devices().unwrap()[0].id;
    let mut handle = usb.open(device).unwrap();
    handle.claim(0).unwrap();
    let mut held = Vec::new();
    let refusal = loop {
        match handle.submit(transfer(0x81, &[], MOST_BYTES as u32)) {
            Ok(transfer) => held.push(transfer),
            Err(refusal) => break refusal,
        }
    };
    said.push(format!("{} of the greatest, then {refusal:?}", held.len()));
    handle.cancel(held[0]).unwrap();
    said.push(format!("cancelled: {:?}", handle.submit(transfer(0x81, &[], 1)).is_ok()));
    assert!(handle.poll_reap(held[0], &mut Context::from_waker(Waker::noop())).is_ready());
    said.push(format!("reaped: {:?}", handle.submit(transfer(0x81, &[], 1)).is_ok()));
    let refusal = loop {
        if let Err(refusal) = handle.submit(transfer(0x81, &[], 0)) {
            break refusal;
        }
    };
    said.push(format!("of any size: {refusal:?}"));
}

#[test]
fn what_was_not_reaped_is_bounded_in_bytes_and_in_number() {
    let fixture: Fixture =
        toml::from_str(include_str!("../../../../../suite/fixtures/usb/loopback.toml")).unwrap();
    let (said, _) = over_the_protocol(&fixture.device, hoard);
    assert_eq!(
        said,
        ["16 of the greatest, then TooMuch", "cancelled: false", "reaped: true", "of any size: TooMuch"]
    );
}
