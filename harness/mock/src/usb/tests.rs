//! What USB devices, and the system that drives them, do by themselves.

mod system;
mod transfers;

use crate::{Board, BoardConfig, Idle};
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{
    Change, Completion, Device, Handle, Kind, Packet, Reset, Status, Submission, TransferId, Usb,
};

const LOOPBACK: &str = r#"
    [usb.dev]
    device = "12 01 00 02 ff 00 00 40 09 12 01 00 00 01 01 02 00 02"
    configuration = ["""
      09 02 total 02 01 00 c0 32
      09 04 00 00 02 ff 00 00 00
      07 05 81 02 40 00 00
      07 05 02 02 40 00 00
      09 04 01 00 00 ff 00 00 00
      09 04 01 01 02 ff 00 00 00
      07 05 83 03 08 00 0a
      07 05 84 01 10 00 01
    """, "09 02 total 01 07 00 80 32 09 04 03 00 00 ff 00 00 00"]
    string = { 2 = "Echo" }
"#;

fn board(more: &str) -> Board {
    let config: BoardConfig = toml::from_str(&format!("{LOOPBACK}{more}")).unwrap();
    Board::new(&config).unwrap()
}

fn first(board: &Board) -> Device {
    board.usb().devices().unwrap().remove(0)
}

fn open(board: &Board) -> Box<dyn Handle> {
    board.usb().open(first(board).id).unwrap()
}

fn reap(handle: &mut Box<dyn Handle>, id: TransferId) -> Poll<Result<Completion, Refusal>> {
    handle.poll_reap(id, &mut Context::from_waker(Waker::noop()))
}

fn trace(board: &Board) -> Vec<String> {
    board.trace().channel("dev").map(|entry| entry.text.clone()).collect()
}

fn request(kind: Kind, endpoint: u8) -> Submission {
    Submission {
        kind,
        endpoint,
        setup: [0; 8],
        data: Vec::new(),
        room: 0,
        packets: Vec::new(),
        stream: 0,
        limit_ns: None,
        zero_packet: false,
    }
}

fn input(endpoint: u8, room: u32) -> Submission {
    Submission { room, ..request(Kind::Bulk, endpoint) }
}

fn output(data: &[u8]) -> Submission {
    Submission { data: data.to_vec(), ..request(Kind::Bulk, 0x02) }
}

#[test]
fn what_is_closed_after_the_end_was_left_open() {
    let board = board(LOOP);
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    board.mark_left_open();
    drop(handle);
    assert_eq!(trace(&board), ["OPEN", "CLAIM 0", "LEFT OPEN (RELEASE 0)", "LEFT OPEN (CLOSE)"]);
}

fn control(setup: [u8; 8], data: &[u8]) -> Submission {
    let room = if setup[0] & 0x80 != 0 { u32::from(setup[6]) | u32::from(setup[7]) << 8 } else { 0 };
    Submission { setup, room, data: data.to_vec(), ..request(Kind::Control, 0) }
}

/// Submits a transfer and waits for its end.
fn end(board: &Board, handle: &mut Box<dyn Handle>, transfer: Submission) -> Completion {
    let id = handle.submit(transfer).unwrap();
    wait(board, handle, id)
}

fn wait(board: &Board, handle: &mut Box<dyn Handle>, id: TransferId) -> Completion {
    loop {
        match reap(handle, id).map(Result::unwrap) {
            Poll::Ready(completion) => return completion,
            Poll::Pending => assert_eq!(board.idle(), Idle::Moved, "a transfer that never ends"),
        }
    }
}

fn ok(data: &[u8]) -> Completion {
    Completion { data: data.to_vec(), ..Completion::default() }
}

/// An OUT transfer of which so many bytes went.
fn sent(sent: usize) -> Completion {
    Completion { sent, ..Completion::default() }
}

fn failed(status: Status) -> Completion {
    Completion { status, ..Completion::default() }
}

const LOOP: &str = "[[usb.dev.endpoint]]\naddress = 0x81\nloopback = 0x02\n";

fn replies(list: &str) -> String {
    format!("[[usb.dev.endpoint]]\naddress = 0x81\nreply = [{list}]\n")
}

#[test]
fn a_board_that_makes_no_sense_is_an_error() {
    let wrong = [
        ("[[usb.dev.endpoint]]\naddress = 0x02\nreply = [{ data = '01' }]", "cannot reply"),
        ("[[usb.dev.endpoint]]\naddress = 0x81\nreply = ['ack']", "cannot reply"),
        ("[[usb.dev.endpoint]]\naddress = 0x80", "scripted by `control`"),
        ("[[usb.dev.endpoint]]\naddress = 0x81\nloopback = 0x82", "a loopback goes"),
        ("[[usb.dev.control]]\nsetup = 'c0'\nreply = ['zlp']", "a request has no packet"),
        ("[usb.other]\n", "same bus and address"),
        ("[[cue]]\nname = 'x'\naction = [{ usb = 'none', event = 'gone' }]", "names the device `none`"),
        ("[usb.late]\nactive = 3\nabsent = true", "no configuration has the value 3"),
    ];
    for (more, why) in wrong {
        let config: BoardConfig = toml::from_str(&format!("{LOOPBACK}{more}")).unwrap();
        let error = Board::new(&config).err().unwrap_or_default();
        assert!(error.contains(why), "{more}: {error}");
    }
}

#[test]
fn descriptors_that_make_no_sense_are_no_harm() {
    let config = "[usb.dev]\ndevice = '12 01'\nconfiguration = ['', '09 02', '00 00', \
        '09 02 ff ff 01 01 00 80 00 09 04 00 00 01 00 00 00 00 07 05 81 02 00 00 00 ff']";
    let board = Board::new(&toml::from_str(config).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.configuration(), Ok(0));
    handle.set_configuration(Some(1)).unwrap();
    handle.claim(0).unwrap();
    let id = handle.submit(input(0x81, 64)).unwrap();
    assert_eq!(reap(&mut handle, id), Poll::Pending);
}
