//! What an I²C controller and its targets do by themselves: no host can break it, so no case shows it.

mod lines;

use crate::{Board, BoardConfig};
use embedded_hal::i2c::{I2c, Operation};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Flags, Message};

fn board(config: &str) -> Board {
    let config: BoardConfig = toml::from_str(config).unwrap();
    Board::new(&config).unwrap()
}

fn lines(board: &Board) -> Vec<String> {
    board.trace().channel("bus").map(|entry| entry.text.clone()).collect()
}

const REGISTERS: &str = "
    [[i2c.bus.target]]
    address = 0x48
    model = 'register-file'
    registers = { 0x00 = 0xa0, 0x0f = 0xd3, 16 = 0xd4 }
";

fn registers(more: &str) -> (Board, Box<dyn Bus>) {
    let board = board(&format!("{more}\n{REGISTERS}"));
    let bus = board.i2c("bus").unwrap();
    (board, bus)
}

#[test]
fn neighbours_of_one_direction_are_one_message_over_embedded_hal() {
    let (board, mut bus) = registers("");
    let (mut first, mut second) = ([0], [0]);
    let mut list = [
        Operation::Write(&[0x0f]),
        Operation::Read(&mut first),
        Operation::Read(&mut second),
        Operation::Write(&[1]),
    ];
    bus.transaction(0x48_u8, &mut list).unwrap();
    assert_eq!((first, second), ([0xd3], [0xd4]));
    let expected = [
        "START 0x48 W ACK",
        "0f ACK",
        "RESTART 0x48 R ACK",
        "d3 ACK",
        "d4 NACK",
        "RESTART 0x48 W ACK",
        "01 ACK",
        "STOP",
    ];
    assert_eq!(lines(&board), expected);
}

#[test]
fn a_message_without_bytes_does_not_continue_the_one_before() {
    let (board, mut bus) = registers("");
    let mut byte = [0];
    bus.transaction(0x48_u8, &mut [Operation::Read(&mut byte), Operation::Read(&mut [])]).unwrap();
    assert_eq!(lines(&board), ["START 0x48 R ACK", "a0 NACK", "STOP"]);
}

#[test]
fn flags_frame_messages_as_on_linux() {
    let (board, mut bus) = registers("");
    let mut bytes = [0; 2];
    let mut list = [
        Message::write(0x48, Flags::STOP, &[0x0f]),
        Message::read(0x48, Flags::NO_READ_ACK, &mut bytes),
        Message::write(0x49, Flags::IGNORE_NACK, &[1]),
    ];
    bus.transfer(&mut list).unwrap();
    assert_eq!(bytes, [0xd3, 0xd4]);
    let expected = [
        "START 0x48 W ACK",
        "0f ACK",
        "STOP",
        "START 0x48 R ACK",
        "d3 NACK",
        "d4 NACK",
        "RESTART 0x49 W NACK",
        "01 NACK",
        "STOP",
    ];
    assert_eq!(lines(&board), expected);
}

#[test]
fn what_the_adapter_cannot_do_is_refused_before_the_wire_moves() {
    let (board, mut bus) =
        registers("[i2c.bus]\nmost-bytes = 2\nmost-messages = 2\nno-ten-bit = true\nno-zero-length = true");
    let write = |address, flags, bytes: &'static [u8]| Message::write(address, flags, bytes);
    let mut buffer = [0];
    let lists: [(Vec<Message<'_>>, Refusal); 8] = [
        (vec![], Refusal::Invalid),
        (vec![write(0x48, Flags::NONE, &[1, 2, 3])], Refusal::Invalid),
        (vec![write(0x80, Flags::NONE, &[1])], Refusal::Invalid),
        (vec![write(0x48, Flags::NO_START, &[1])], Refusal::Invalid),
        (vec![write(0x48, Flags::TEN, &[1])], Refusal::Unsupported),
        (vec![write(0x48, Flags::NONE, &[])], Refusal::Unsupported),
        (vec![write(0x48, Flags(0x2000), &[1])], Refusal::Unsupported),
        (
            vec![write(0x48, Flags::NONE, &[1]), Message::read(0x48, Flags::NO_START, &mut buffer)],
            Refusal::Invalid,
        ),
    ];
    for (mut list, refusal) in lists {
        assert_eq!(bus.transfer(&mut list), Err(refusal), "{list:?}");
    }
    let mut three: Vec<_> = (0..3).map(|_| write(0x48, Flags::NONE, &[1])).collect();
    assert_eq!(bus.transfer(&mut three), Err(Refusal::Invalid));
    assert_eq!(lines(&board), [""; 0]);
}

#[test]
fn ten_bit_addresses_are_another_space() {
    let board = board(
        "[[i2c.bus.target]]\naddress = 0x23\nmodel = 'counter'\n[[i2c.bus.target]]\naddress = 0x23\nten-bit = true\n\
         model = 'counter'\nfirst = 0x80",
    );
    let mut bus = board.i2c("bus").unwrap();
    let (mut seven, mut ten) = ([0], [0]);
    bus.read(0x23_u8, &mut seven).unwrap();
    bus.read(0x23_u16, &mut ten).unwrap();
    assert_eq!((seven, ten), ([0], [0x80]));
    assert_eq!(lines(&board)[3], "START 0x023/10 R ACK");
}

#[test]
fn a_pointer_is_kept_or_lost_on_stop() {
    for (pointer, byte) in [("kept", 0xd3), ("lost-on-stop", 0xa0)] {
        let board = board(&format!("{REGISTERS}pointer = '{pointer}'"));
        let mut bus = board.i2c("bus").unwrap();
        bus.write(0x48_u8, &[0x0f]).unwrap();
        let mut read = [0];
        bus.read(0x48_u8, &mut read).unwrap();
        assert_eq!(read, [byte], "{pointer}");
    }
}

#[test]
fn an_eeprom_wraps_within_its_page_and_is_busy_for_a_while() {
    let board =
        board("[[i2c.bus.target]]\naddress = 0x50\nmodel = 'eeprom'\nsize = 64\npage = 8\nwrite-ns = 5000");
    let mut bus = board.i2c("bus").unwrap();
    bus.write(0x50_u8, &[0, 6, 1, 2, 3]).unwrap();
    assert_eq!(bus.write(0x50_u8, &[0, 0]), Err(Refusal::AddressNack));
    board.wait(5_000);
    let mut page = [0; 8];
    bus.write_read(0x50_u8, &[0, 0], &mut page).unwrap();
    assert_eq!(page, [3, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2]);
}

#[test]
fn a_script_must_be_used_up_and_refuses_what_differs() {
    let board = board(
        "[[i2c.bus.target]]\naddress = 0x48\nmodel = 'script'\nstep = [{ write = [1, 2] }, { read = [3] }, { read = [4] }]",
    );
    let mut bus = board.i2c("bus").unwrap();
    assert_eq!(bus.write(0x48_u8, &[1, 9]), Err(Refusal::DataNack));
    bus.write(0x48_u8, &[1, 2]).unwrap();
    let mut byte = [0];
    assert_eq!(bus.write(0x48_u8, &[1]), Err(Refusal::AddressNack));
    bus.read(0x48_u8, &mut byte).unwrap();
    assert_eq!(byte, [3]);
    board.finish();
    assert_eq!(lines(&board).last().unwrap(), "UNUSED 1");
}

#[test]
fn faults_come_where_they_are_told_to() {
    let fault = |kind: &str| {
        let (board, mut bus) = registers("");
        drop((board, bus));
        let board =
            self::board(&format!("{REGISTERS}\n[[i2c.bus.fault]]\ntransfer = 2\nbyte = 2\nkind = '{kind}'"));
        bus = board.i2c("bus").unwrap();
        bus.write(0x48_u8, &[1, 2]).unwrap();
        let refusal = bus.write(0x48_u8, &[1, 2]).unwrap_err();
        let _ = bus.write(0x48_u8, &[1, 2]);
        (refusal, lines(&board)[4..].to_vec())
    };
    let again = ["START 0x48 W ACK", "01 ACK", "02 ACK", "STOP"];
    for (kind, refusal, shows) in [
        ("nack", Refusal::DataNack, &["02 NACK", "STOP"][..]),
        ("arbitration-lost", Refusal::ArbitrationLost, &["ARBITRATION LOST"]),
        ("bus-error", Refusal::BusError, &["BUS ERROR", "STOP"]),
        ("overrun", Refusal::Overrun, &["OVERRUN", "STOP"]),
        ("stretch", Refusal::Timeout, &["STRETCH", "TIMEOUT", "STOP"]),
    ] {
        let (found, lines) = fault(kind);
        let expected = [&["START 0x48 W ACK", "01 ACK"], shows, &again].concat();
        assert_eq!((found, lines), (refusal, expected.iter().map(|l| (*l).to_owned()).collect()), "{kind}");
    }
    let (refusal, lines) = fault("gone");
    assert_eq!((refusal, lines.last().unwrap().as_str()), (Refusal::Gone, "GONE"));
}

#[test]
fn a_nack_at_restart_strikes_repeated_starts_and_no_first_one() {
    let (board, mut bus) = registers("[i2c.bus]\nfault = [{ kind = 'nack-at-restart' }]");
    let mut byte = [0];
    let joined = bus.write_read(0x48_u8, &[0x0f], &mut byte);
    assert_eq!(joined, Err(Refusal::AddressNack));
    // A STOP before it makes a START of it.
    let mut apart = [Message::write(0x48, Flags::STOP, &[0x0f]), Message::read(0x48, Flags::NONE, &mut byte)];
    bus.transfer(&mut apart).unwrap();
    assert_eq!(byte, [0xd3]);
    let refused = ["START 0x48 W ACK", "0f ACK", "RESTART 0x48 R NACK", "STOP"];
    assert_eq!(lines(&board)[..4], refused);
}

#[test]
fn a_stretched_clock_takes_its_time() {
    let (board, mut bus) = registers("[[i2c.bus.fault]]\nkind = 'stretch'\nbyte = 1\nns = 300");
    bus.write(0x48_u8, &[1]).unwrap();
    assert_eq!(board.now(), 1_300);
    assert_eq!(lines(&board)[1], "STRETCH 300ns");
}

#[test]
fn drivers_come_and_go() {
    let board = board(
        "[i2c.bus]\nopens = 1\ntrace-opens = true\n[[cue]]\nname = 'off'\naction = [{ i2c = 'bus', event = 'gone' }]",
    );
    let bus = board.i2c("bus").unwrap();
    assert_eq!(board.i2c("bus").err(), Some(Refusal::Busy));
    drop(bus);
    let mut bus = board.i2c("bus").unwrap();
    board.cue("off").unwrap();
    assert_eq!(bus.write(0x48_u8, &[1]), Err(Refusal::Gone));
    drop(bus);
    assert_eq!(board.i2c("bus").err(), Some(Refusal::Gone));
    assert_eq!(board.i2c("none").err(), Some(Refusal::Missing));
    assert_eq!(lines(&board), ["ATTACH", "DETACH", "ATTACH", "GONE", "DETACH"]);
}

#[test]
fn boards_that_cannot_be_are_refused_with_the_part_that_is_wrong() {
    for (config, says) in [
        ("[[i2c.bus.target]]\naddress = 0x80\nmodel = 'counter'", "i2c.bus: the address 0x80 is above 0x7f"),
        ("[[i2c.bus.target]]\naddress = 1\nmodel = 'eeprom'\nsize = 10\npage = 3", "cannot have pages of 3"),
        (
            "[[i2c.bus.target]]\naddress = 1\nmodel = 'register-file'\nregisters = { 256 = 1 }",
            "register 0x100",
        ),
        ("[[cue]]\nname = 'x'\naction = [{ i2c = 'other', event = 'gone' }]", "names the bus `other`"),
    ] {
        let config: BoardConfig = toml::from_str(config).unwrap();
        let why = Board::new(&config).err().unwrap();
        assert!(why.contains(says), "{why}");
    }
    for text in
        ["operation-ns = 0", "[[i2c.bus.target]]\naddress = 1\nmodel = 'toaster'", "[i2c.bus]\nspeed = 1"]
    {
        assert!(toml::from_str::<BoardConfig>(text).is_err(), "{text}");
    }
}
