//! What USB devices, and the system that drives them, do by themselves.

use std::task::{Context, Poll, Waker};
use wasi_hw_mock::{Board, BoardConfig, Idle};
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
fn a_full_packet_at_the_end_is_followed_by_an_empty_one_where_that_is_asked_for() {
    let board = board(LOOP);
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let zero = |data: &[u8]| Submission { zero_packet: true, ..output(data) };
    assert_eq!(end(&board, &mut handle, zero(&[7; 128])), sent(128));
    assert_eq!(end(&board, &mut handle, zero(&[7; 3])), sent(3));
    assert_eq!(end(&board, &mut handle, zero(&[])), ok(&[]));
    assert_eq!(end(&board, &mut handle, output(&[7; 64])), sent(64));
    // So a reader with more room knows that it was all.
    assert_eq!(end(&board, &mut handle, input(0x81, 256)), ok(&[7; 128]));
    drop(handle);
    let lines = trace(&board);
    let out: Vec<_> = lines.iter().filter(|line| line.starts_with("OUT")).collect();
    assert_eq!(
        out,
        ["OUT 0x02 [07*128]", "OUT 0x02 []", "OUT 0x02 [07 07 07]", "OUT 0x02 []", "OUT 0x02 [07*64]"]
    );
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
fn packets_come_back_as_they_went() {
    let board = board(LOOP);
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    handle.claim(0).unwrap();
    assert_eq!(end(&board, &mut handle, output(&[7; 64])), sent(64));
    assert_eq!(end(&board, &mut handle, output(&[])), ok(&[]));
    // The full packet does not end a transfer that has more room; the empty one does.
    assert_eq!(end(&board, &mut handle, input(0x81, 128)), ok(&[7; 64]));
    drop(handle);
    let lines = [
        "OPEN",
        "CLAIM 0",
        "OUT 0x02 [07*64]",
        "OUT 0x02 []",
        "IN 0x81 [07*64]",
        "IN 0x81 []",
        "RELEASE 0",
        "CLOSE",
    ];
    assert_eq!(trace(&board), lines);
}

#[test]
fn a_long_reply_is_for_the_next_transfer_and_a_packet_that_does_not_fit_is_babble() {
    let board = board(&replies("{ data = '00+1*130' }, { packet = '00*65' }, 'zlp', { data = '01 02' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let counted: Vec<u8> = (0..130).collect();
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&counted[..64]));
    assert_eq!(end(&board, &mut handle, input(0x81, 128)), ok(&counted[64..]));
    assert_eq!(end(&board, &mut handle, input(0x81, 640)), failed(Status::Overflow));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[]));
    assert_eq!(end(&board, &mut handle, input(0x81, 1)), failed(Status::Overflow));
}

#[test]
fn a_halt_lasts_until_it_is_cleared() {
    let board = board(&replies("{ data = '01' }, 'stall', { data = '02' }, 'error', 'nak', { data = '03' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[1]));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), failed(Status::Stall));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), failed(Status::Stall));
    assert_eq!(end(&board, &mut handle, control([0x82, 0, 0, 0, 0x81, 0, 2, 0], &[])), ok(&[1, 0]));
    handle.clear_halt(0x81).unwrap();
    assert_eq!(handle.clear_halt(0x85), Err(Refusal::NotFound));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[2]));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), failed(Status::Error));
    let id = handle.submit(input(0x81, 64)).unwrap();
    assert_eq!((reap(&mut handle, id), board.idle()), (Poll::Pending, Idle::Dead));
    drop(handle);
    board.finish();
    let lines = trace(&board);
    assert_eq!(lines[lines.len() - 5..], ["NAK 0x81", "CANCEL 0x81", "RELEASE 0", "CLOSE", "UNUSED 0x81 1"]);
}

#[test]
fn clearing_a_halt_past_the_system_loses_a_packet() {
    let board = board(&replies("{ data = '01' }, { data = '02' }, { data = '03' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[1]));
    assert_eq!(end(&board, &mut handle, control([0x02, 1, 0, 0, 0x81, 0, 0, 0], &[])), ok(&[]));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[3]));
    assert!(trace(&board).contains(&"DISCARD 0x81 [02]".to_owned()));
}

#[test]
fn waiting_transfers_run_in_order_and_end_at_their_limits() {
    let board =
        board(&replies("{ nak-ns = 5_000_000 }, { data = '01' }, { nak-ns = 5_000_000 }, { data = '02' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let limited = Submission { limit_ns: Some(7_000_000), ..input(0x81, 64) };
    let first = handle.submit(input(0x81, 64)).unwrap();
    let second = handle.submit(limited).unwrap();
    let start = board.now();
    assert_eq!(wait(&board, &mut handle, second), failed(Status::TimedOut));
    assert_eq!(board.trace().entries().last().map(|line| line.at), Some(start + 7_000_000));
    assert_eq!(wait(&board, &mut handle, first), ok(&[1]));
    assert_eq!(reap(&mut handle, first), Poll::Ready(Err(Refusal::NotFound)));
    // The device went on with its wait.
    let third = handle.submit(input(0x81, 64)).unwrap();
    assert_eq!(wait(&board, &mut handle, third), ok(&[2]));
    let lines = ["NAK 0x81", "IN 0x81 [01]", "NAK 0x81", "CANCEL 0x81", "NAK 0x81", "IN 0x81 [02]"];
    assert_eq!(trace(&board)[2..], lines);
    assert!(board.now() >= 10_000_000);
}

#[test]
fn standard_requests_are_answered_from_the_descriptors() {
    let board = board("");
    let mut handle = open(&board);
    let mut get = |setup| end(&board, &mut handle, control(setup, &[]));
    let device = first(&board).descriptor;
    assert_eq!(get([0x80, 6, 0, 1, 0, 0, 64, 0]), ok(&device));
    assert_eq!(get([0x80, 6, 0, 1, 0, 0, 8, 0]), ok(&device[..8]));
    assert_eq!(get([0x80, 6, 0, 3, 0, 0, 255, 0]), ok(&[4, 3, 9, 4]));
    assert_eq!(get([0x80, 6, 2, 3, 9, 4, 255, 0]), ok(b"\x0a\x03E\0c\0h\0o\0"));
    assert_eq!(get([0x80, 6, 1, 2, 0, 0, 9, 0]).data[..6], [9, 2, 18, 0, 1, 7]);
    assert_eq!(get([0x80, 6, 9, 3, 9, 4, 255, 0]), failed(Status::Stall));
    assert_eq!(get([0x80, 8, 0, 0, 0, 0, 1, 0]), ok(&[1]));
    assert_eq!(get([0x80, 0, 0, 0, 0, 0, 2, 0]), ok(&[1, 0]));
    assert_eq!(get([0x81, 10, 0, 0, 1, 0, 1, 0]), ok(&[0]));
    assert_eq!(get([0x81, 10, 0, 0, 9, 0, 1, 0]), failed(Status::Stall));
    assert_eq!(end(&board, &mut handle, control([0x02, 3, 0, 0, 0x02, 0, 0, 0], &[])), ok(&[]));
    assert_eq!(end(&board, &mut handle, output(&[1])), failed(Status::Stall));
    assert_eq!(handle.submit(control([0x40, 1, 0, 0, 0, 0, 3, 0], &[1, 2])), Err(Refusal::Invalid));
}

#[test]
fn scripted_requests_come_first_and_their_last_reply_stays() {
    let more = r#"
        memory = { kept = "aa" }
        [[usb.dev.control]]
        setup = "c0 01"
        reply = [{ data = "01 02 03" }, "babble", "error", "stall"]
        [[usb.dev.control]]
        setup = "40 02 .. 07"
        reply = [{ store = "kept" }]
        after-ns = 1_000_000
        [[usb.dev.control]]
        setup = "c0 02"
        reply = [{ recall = "kept" }]
    "#;
    let board = board(more);
    let mut handle = open(&board);
    let mut ask = || end(&board, &mut handle, control([0xc0, 1, 0, 0, 0, 0, 2, 0], &[]));
    assert_eq!(ask(), ok(&[1, 2]));
    assert_eq!(ask(), failed(Status::Overflow));
    assert_eq!(ask(), failed(Status::Error));
    assert_eq!((ask(), ask()), (failed(Status::Stall), failed(Status::Stall)));
    let kept = control([0xc0, 2, 0, 0, 0, 0, 8, 0], &[]);
    assert_eq!(end(&board, &mut handle, kept.clone()), ok(&[0xaa]));
    let before = board.now();
    assert_eq!(end(&board, &mut handle, control([0x40, 2, 9, 7, 0, 0, 2, 0], &[5, 6])), sent(2));
    assert!(board.now() >= before + 1_000_000);
    assert_eq!(end(&board, &mut handle, kept), ok(&[5, 6]));
    assert_eq!(end(&board, &mut handle, control([0x40, 2, 9, 8, 0, 0, 0, 0], &[])), failed(Status::Stall));
    let lines = trace(&board);
    let store = lines.iter().position(|line| line == "NAK 0x00").unwrap();
    assert_eq!(
        lines[store - 1..store + 3],
        ["SETUP 40 02 09 07 00 00 02 00", "NAK 0x00", "OUT 0x00 [05 06]", "STATUS"]
    );
}

#[test]
fn claims_and_settings_are_the_systems() {
    let board = board("");
    let (mut first, mut second) = (open(&board), open(&board));
    assert_eq!(first.claim(9), Err(Refusal::NotFound));
    assert_eq!(first.claim(32), Err(Refusal::Invalid));
    first.claim(1).unwrap();
    assert_eq!(second.claim(1), Err(Refusal::Busy));
    assert_eq!(second.release(1), Err(Refusal::NotFound));
    assert_eq!(first.set_alternate(0, 0), Err(Refusal::NotFound));
    assert_eq!(first.set_alternate(1, 2), Err(Refusal::NotFound));
    assert_eq!(second.set_configuration(Some(7)), Err(Refusal::Busy));
    assert_eq!(first.submit(request(Kind::Interrupt, 0x83)), Err(Refusal::NotFound));
    first.set_alternate(1, 1).unwrap();
    assert_eq!(second.submit(request(Kind::Interrupt, 0x83)), Err(Refusal::Busy));
    assert_eq!(first.submit(input(0x83, 8)), Err(Refusal::Invalid));
    first.release(1).unwrap();
    // Nobody has it, so a transfer takes it.
    second.submit(input(0x81, 8)).unwrap();
    second.release(0).unwrap();
    second.set_configuration(Some(7)).unwrap();
    assert_eq!((first.configuration(), second.claim(0)), (Ok(7), Err(Refusal::NotFound)));
    assert_eq!(first.set_configuration(Some(2)), Err(Refusal::NotFound));
    first.set_configuration(None).unwrap();
    assert_eq!(second.configuration(), Ok(0));
    drop(second);
    drop(first);
    let lines = [
        "OPEN",
        "OPEN #2",
        "CLAIM 1",
        "SET_INTERFACE 1 1",
        "SET_INTERFACE 1 0",
        "RELEASE 1",
        "CLAIM 0 #2",
        "NAK 0x81",
        "CANCEL 0x81",
        "RELEASE 0 #2",
        "SET_CONFIGURATION 7",
        "SET_CONFIGURATION 0",
        "CLOSE #2",
        "CLOSE",
    ];
    assert_eq!(trace(&board), lines);
}

#[test]
fn kernel_drivers_hold_their_interfaces() {
    let config = LOOPBACK.replace("[usb.dev]", "[usb.dev]\nkernel-driver = [0]");
    let board = Board::new(&toml::from_str(&config).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!((handle.kernel_driver(0), handle.kernel_driver(1)), (Ok(true), Ok(false)));
    assert_eq!(
        (handle.claim(0), handle.set_configuration(Some(1))),
        (Err(Refusal::Busy), Err(Refusal::Busy))
    );
    assert_eq!((handle.detach(1), handle.detach(9)), (Err(Refusal::NotFound), Err(Refusal::Invalid)));
    handle.detach(0).unwrap();
    handle.claim(0).unwrap();
    assert_eq!(handle.attach(0), Err(Refusal::Busy));
    handle.release(0).unwrap();
    handle.attach(0).unwrap();
    assert_eq!((handle.kernel_driver(0), handle.attach(1)), (Ok(true), Err(Refusal::NotFound)));
    let none = format!(
        "{config}\n[usb-system]\nno-kernel-drivers = true\nno-set-configuration = true\nno-hotplug = true"
    );
    let board = Board::new(&toml::from_str(&none).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.kernel_driver(0), Err(Refusal::Unsupported));
    assert_eq!(handle.set_configuration(Some(1)), Err(Refusal::Unsupported));
    assert!(board.usb().watch().is_err());
}

#[test]
fn unplugging_ends_everything_and_plugging_in_begins_anew() {
    let board = board(
        "[[cue]]\nname = 'out'\naction = [{ usb = 'dev', event = 'gone' }]\n\
        [[event]]\nat-ns = 50_000_000\naction = [{ usb = 'dev', event = 'arrived' }]",
    );
    let mut watch = board.usb().watch().unwrap();
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let pending = handle.submit(input(0x81, 64)).unwrap();
    board.cue("out").unwrap();
    assert_eq!(wait(&board, &mut handle, pending), failed(Status::Gone));
    assert_eq!((handle.claim(0), handle.reset().err()), (Err(Refusal::Gone), Some(Refusal::Gone)));
    assert_eq!(board.usb().devices(), Ok(vec![]));
    board.wait(50_000_000);
    let again = first(&board);
    assert_eq!(handle.configuration(), Err(Refusal::Gone));
    drop(handle);
    let changes = [watch.next(), watch.next(), watch.next()];
    assert!(matches!(&changes, [Some(Change::Left(gone)), Some(Change::Arrived(new)), None]
        if gone.id != again.id && *new == again && gone.address == new.address));
    assert_eq!(trace(&board), ["OPEN", "CLAIM 0", "NAK 0x81", "GONE", "ARRIVED", "CLOSE"]);
}

#[test]
fn a_device_can_fall_off_the_bus_in_the_middle() {
    let board = board(&replies("{ data = '00*64' }, 'gone'"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let completion = end(&board, &mut handle, input(0x81, 640));
    assert_eq!(completion, Completion { status: Status::Gone, data: vec![0; 64], packets: vec![], sent: 0 });
    assert_eq!(trace(&board), ["OPEN", "CLAIM 0", "IN 0x81 [00*64]", "GONE"]);
}

#[test]
fn a_reset_restores_what_was_in_force_or_loses_the_device() {
    let same = board("");
    let mut handle = open(&same);
    handle.claim(1).unwrap();
    handle.set_alternate(1, 1).unwrap();
    assert_eq!(handle.reset(), Ok(Reset::Same));
    assert_eq!(trace(&same)[3..], ["RESET", "SET_CONFIGURATION 1", "SET_INTERFACE 1 1"]);

    let config = LOOPBACK.replace("[usb.dev]", "[usb.dev]\nreset = 're-enumerates'");
    let board = Board::new(&toml::from_str(&config).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.reset(), Ok(Reset::Lost));
    assert_eq!(handle.configuration(), Err(Refusal::Gone));
    assert_eq!(first(&board).address, 2);
    assert_eq!(trace(&board), ["OPEN", "RESET", "GONE", "ARRIVED"]);
}

#[test]
fn isochronous_packets_go_at_their_frames() {
    let endpoint = "[[usb.dev.endpoint]]\naddress = 0x84\n\
        reply = [{ data = '00+1*20' }, 'error', 'zlp', { packet = '00*17' }]";
    let board = board(endpoint);
    let mut handle = open(&board);
    handle.claim(1).unwrap();
    handle.set_alternate(1, 1).unwrap();
    let packets = |packets: &[u32]| Submission {
        packets: packets.to_vec(),
        room: packets.iter().sum(),
        ..request(Kind::Isochronous, 0x84)
    };
    let start = board.now();
    let completion = end(&board, &mut handle, packets(&[16, 16, 16, 16, 16, 16]));
    assert!(board.now() >= start + 6_000_000);
    let packet = |status, data: &[u8]| Packet { status, data: data.to_vec(), sent: 0 };
    let expected = [
        packet(Status::Completed, &(0..16).collect::<Vec<u8>>()),
        packet(Status::Completed, &[16, 17, 18, 19]),
        packet(Status::Error, &[]),
        packet(Status::Completed, &[]),
        packet(Status::Overflow, &[]),
        packet(Status::Completed, &[]),
    ];
    assert_eq!(completion.packets, expected);
    let line = "ISO 0x84 [00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f] [10 11 12 13] ERROR [] BABBLE []";
    assert_eq!(trace(&board).last().map(String::as_str), Some(line));
    assert_eq!(handle.submit(packets(&[])), Err(Refusal::Invalid));
    assert_eq!(handle.submit(Submission { room: 5, ..packets(&[16]) }), Err(Refusal::Invalid));
}

#[test]
fn streams_are_granted_to_bulk_endpoints_at_superspeed() {
    let full = board("");
    let mut handle = open(&full);
    handle.claim(0).unwrap();
    assert_eq!(handle.alloc_streams(4, &[0x81]), Err(Refusal::Invalid));
    let config = LOOPBACK.replace("[usb.dev]", "[usb.dev]\nspeed = 'super'\nstreams = 2");
    let board = Board::new(&toml::from_str(&(config + &replies("{ data = '01' }"))).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.alloc_streams(4, &[0x8f]), Err(Refusal::NotFound));
    assert_eq!(handle.alloc_streams(4, &[0x81, 0x02]), Ok(2));
    assert_eq!(handle.submit(Submission { stream: 3, ..input(0x81, 64) }), Err(Refusal::Invalid));
    assert_eq!(end(&board, &mut handle, Submission { stream: 2, ..input(0x81, 64) }), ok(&[1]));
    handle.free_streams(&[0x81, 0x02]).unwrap();
    assert_eq!(handle.free_streams(&[0x81]), Err(Refusal::Invalid));
    let lines = ["CLAIM 0", "ALLOC_STREAMS 2 0x81 0x02", "IN 0x81 #2 [01]", "FREE_STREAMS 0x81 0x02"];
    assert_eq!(trace(&board)[1..], lines);
}

#[test]
fn a_system_says_what_it_cannot_do() {
    let board = board("[usb-system]\nno-port-reset = true\none-opener = true\n");
    let mut handle = open(&board);
    assert_eq!(handle.reset(), Err(Refusal::Unsupported));
    assert_eq!(board.usb().open(first(&board).id).err(), Some(Refusal::Busy));
    drop(handle);
    open(&board);
    assert_eq!(trace(&board), ["OPEN", "CLOSE", "OPEN #2", "CLOSE #2"]);
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

#[test]
fn a_driver_learns_of_its_transfer_when_another_driver_moves_it() {
    let board = board(
        "[[cue]]\nname = 'say'\n\
         action = [{ usb = 'dev', event = { reply = { endpoint = 0x81, reply = [{ data = '0f' }] } } }]",
    );
    board.make_places(2);
    std::thread::scope(|scope| {
        let first = board.clone();
        scope.spawn(move || {
            let _turn = first.take_turn(0);
            let mut handle = open(&first);
            handle.claim(0).unwrap();
            assert_eq!(end(&first, &mut handle, input(0x81, 64)), ok(&[0x0f]));
            assert!(first.now() < 1_000_000, "it waited for the other one, until {}", first.now());
        });
        let second = board.clone();
        scope.spawn(move || {
            let _turn = second.take_turn(1);
            second.cue("say").unwrap();
            second.wait(1_000_000);
        });
    });
}

/// Each step costs the same, however many there are: with a search through all of them this would take minutes.
#[test]
fn twenty_thousand_transfers_in_flight_reach_their_limits() {
    const MANY: u64 = 20_000;
    let board = board("");
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let submit = |handle: &mut Box<dyn Handle>, n: u64| {
        // The later half has the shorter limits.
        let limit_ns = Some(if n < MANY / 2 { 2_000_000_000 } else { 1_000_000_000 });
        handle.submit(Submission { room: 64, limit_ns, ..request(Kind::Bulk, 0x81) }).unwrap()
    };
    let ids: Vec<_> = (0..MANY).map(|n| submit(&mut handle, n)).collect();
    let status = |handle: &mut Box<dyn Handle>, id| match reap(handle, id) {
        Poll::Ready(completion) => Some(completion.unwrap().status),
        Poll::Pending => None,
    };
    board.wait(1_500_000_000);
    assert_eq!(status(&mut handle, ids[0]), None);
    assert_eq!(status(&mut handle, ids[MANY as usize - 1]), Some(Status::TimedOut));
    board.wait(1_000_000_000);
    for id in &ids[..MANY as usize - 1] {
        assert_eq!(status(&mut handle, *id), Some(Status::TimedOut));
    }
    assert_eq!(board.idle(), Idle::Dead);
}
