//! What an SPI controller does by itself: no host can break it, so no case of the suite shows it.

use crate::{Board, BoardConfig};
use embedded_hal::spi::{Error, ErrorKind, Operation, SpiDevice};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::{Device, Settings, Transfer};

const CONFIG: &str = "CONFIG mode 0, 1000000 Hz, 8 bit";

fn board(config: &str) -> Result<Board, String> {
    Board::new(&toml::from_str::<BoardConfig>(config).map_err(|error| error.to_string())?)
}

/// A bus with one device of this model, and what else the bus has.
fn one(model: &str, bus: &str) -> (Board, Box<dyn Device>) {
    let text = format!("[spi.main]\n{bus}\n[[spi.main.device]]\nname = 'a'\nmodel = {model}");
    let board = board(&text).unwrap();
    let device = board.spi("a").unwrap();
    (board, device)
}

fn lines(board: &Board) -> Vec<String> {
    board.trace().channel("main").map(|entry| entry.text.clone()).collect()
}

fn out(bytes: &[u8]) -> Transfer<'_> {
    Transfer { output: bytes, ..Transfer::default() }
}

#[test]
fn both_seams_make_the_same_frame() {
    let frame = [CONFIG, "CS a LOW", "OUT [9f 00 01 02] IN [10 11 12 13]", "CS a HIGH"];
    let (hal, mut device) = one("{ counter = { first = 0x10 } }", "");
    let (mut read, mut both) = ([0], [1, 2]);
    let mut list =
        [Operation::Write(&[0x9f]), Operation::Read(&mut read), Operation::TransferInPlace(&mut both)];
    device.transaction(&mut list).unwrap();
    assert_eq!((read, both), ([0x11], [0x12, 0x13]));
    assert_eq!(lines(&hal), frame);

    let (kernel, mut device) = one("{ counter = { first = 0x10 } }", "");
    let (mut read, mut both) = ([0], [0; 2]);
    let input = Transfer { input: &mut read, ..Transfer::default() };
    let full = Transfer { output: &[1, 2], input: &mut both, ..Transfer::default() };
    device.message(&mut [out(&[0x9f]), input, full]).unwrap();
    assert_eq!((read, both), ([0x11], [0x12, 0x13]));
    assert_eq!(lines(&kernel), frame);
}

#[test]
fn a_transfer_is_as_long_as_its_longer_half() {
    let (board, mut device) = one("'loopback'", "");
    let (mut short, mut long) = ([0xee; 1], [0xee; 3]);
    device.transaction(&mut [Operation::Transfer(&mut short, &[1, 2])]).unwrap();
    device.transaction(&mut [Operation::Transfer(&mut long, &[3])]).unwrap();
    assert_eq!((short, long), ([1], [3, 0, 0]));
    assert!(lines(&board).contains(&"OUT [03 00 00] IN [03 00 00]".to_owned()));
}

#[test]
fn a_pause_is_time_between_lines_and_splits_a_burst() {
    let (board, mut device) = one("'absent'", "idle = 0x55");
    let list =
        [Operation::Write(&[1]), Operation::DelayNs(0), Operation::Write(&[2]), Operation::DelayNs(1_500)];
    device.transaction(&mut { list }).unwrap();
    device.message(&mut [Transfer { delay_us: 7, ..out(&[3]) }]).unwrap();
    let times: Vec<_> = board.trace().channel("main").map(|e| (e.at, e.text.clone())).collect();
    let expected = [
        (1_000, CONFIG),
        (1_000, "CS a LOW"),
        (1_000, "OUT [01 02] IN [55 55]"),
        (2_500, "CS a HIGH"),
        (3_500, "CS a LOW"),
        (3_500, "OUT [03] IN [55]"),
        (10_500, "CS a HIGH"),
    ];
    assert_eq!(times, expected.map(|(at, text)| (at, text.to_owned())));
    assert_eq!(board.now(), 10_500);
}

#[test]
fn a_fault_ends_the_frame_and_the_next_one_is_whole() {
    let (board, mut device) = one("'loopback'", "fault = [{ kind = 'overrun', frame = 1, byte = 2 }]");
    let failed = device.transaction(&mut [Operation::Write(&[1, 2]), Operation::Write(&[3])]);
    assert_eq!(failed.map_err(|error| error.kind()), Err(ErrorKind::Overrun));
    device.write(&[4]).unwrap();
    let expected = [
        CONFIG,
        "CS a LOW",
        "OUT [01] IN [01]",
        "OVERRUN",
        "CS a HIGH",
        "CS a LOW",
        "OUT [04] IN [04]",
        "CS a HIGH",
    ];
    assert_eq!(lines(&board), expected);
}

#[test]
fn an_error_on_the_bus_comes_before_one_of_chip_select() {
    let faults = "fault = [{ kind = 'mode-fault', frame = 1 }, { kind = 'stuck-low' }]";
    let (board, mut device) = one("'loopback'", faults);
    assert_eq!(device.write(&[1]), Err(Refusal::ModeFault));
    assert_eq!(device.write(&[2]), Err(Refusal::ChipSelect));
    // The line is still low, so there is no edge to begin the second frame.
    let expected = [CONFIG, "CS a LOW", "MODE FAULT", "CS a STUCK LOW", "OUT [02] IN [02]", "CS a STUCK LOW"];
    assert_eq!(lines(&board), expected);
}

#[test]
fn without_chip_select_nothing_is_clocked() {
    let (board, mut device) = one("'loopback'", "fault = [{ kind = 'stuck-high', frame = 1 }]");
    assert_eq!(device.write(&[1]).map_err(|error| error.kind()), Err(ErrorKind::ChipSelectFault));
    assert_eq!(lines(&board), [CONFIG, "CS a STUCK HIGH"]);
}

#[test]
fn settings_are_in_force_before_chip_select_and_shown_when_they_change() {
    let board = board("[[spi.main.device]]\nname = 'a'\nmodel = 'loopback'\n[[spi.main.device]]\nname = 'b'\nmodel = 'loopback'\nmodes = [3]").unwrap();
    let (mut a, mut b) = (board.spi("a").unwrap(), board.spi("b").unwrap());
    let mode = |mode| Settings { mode, hz: 50_000, ..Settings::default() };
    b.configure(mode(3)).unwrap();
    let mut byte = [0x81];
    a.write(&byte).unwrap();
    b.transfer_in_place(&mut byte).unwrap();
    assert_eq!(byte, [0x81]);
    // In a mode that is not its own a device hears each byte shifted by a bit, and is heard so.
    b.configure(mode(1)).unwrap();
    b.transfer_in_place(&mut byte).unwrap();
    assert_eq!(byte, [0x06]);
    let configs: Vec<_> = lines(&board).into_iter().filter(|line| line.starts_with("CONFIG")).collect();
    assert_eq!(configs, [CONFIG, "CONFIG mode 3, 50000 Hz, 8 bit", "CONFIG mode 1, 50000 Hz, 8 bit"]);
    for wrong in
        [Settings { mode: 4, ..mode(0) }, Settings { hz: 0, ..mode(0) }, Settings { bits: 12, ..mode(0) }]
    {
        assert_eq!(a.configure(wrong), Err(Refusal::Invalid));
    }
}

#[test]
fn words_go_out_with_their_first_bit_first() {
    let (board, mut device) = one("'loopback'", "");
    for (bits, lsb_first) in [(8, true), (16, false), (16, true)] {
        device.configure(Settings { bits, lsb_first, ..Settings::default() }).unwrap();
        let mut bytes = [0x01, 0x80, 0x02, 0x03];
        device.transfer_in_place(&mut bytes).unwrap();
        assert_eq!(bytes, [0x01, 0x80, 0x02, 0x03]);
    }
    assert_eq!(device.write(&[1]), Err(Refusal::Invalid));
    let bursts: Vec<_> = lines(&board).into_iter().filter(|line| line.starts_with("OUT")).collect();
    let expected = ["80 01 40 c0", "80 01 03 02", "80 01 40 c0"].map(|b| format!("OUT [{b}] IN [{b}]"));
    assert_eq!(bursts, expected);
}

#[test]
fn a_chip_select_can_be_pulsed_or_kept_by_a_transfer() {
    let config = "[[spi.main.device]]\nname = 'a'\nmodel = { counter = { first = 0x0f } }\n[[spi.main.device]]\nname = 'b'\nmodel = { counter = { first = 0xf5 } }";
    let board = board(config).unwrap();
    let (mut a, mut b) = (board.spi("a").unwrap(), board.spi("b").unwrap());
    let change = |bytes| Transfer { cs_change: true, ..out(bytes) };
    a.message(&mut [change(&[1]), change(&[2])]).unwrap();
    // Both are selected now, and both drive MISO: a zero wins.
    let mut byte = [0];
    b.read(&mut byte).unwrap();
    assert_eq!(byte, [0x11 & 0xf5]);
    a.message(&mut [out(&[3])]).unwrap();
    let expected = [
        CONFIG,
        "CS a LOW",
        "OUT [01] IN [0f]",
        "CS a HIGH",
        "CS a LOW",
        "OUT [02] IN [10]",
        "CS b LOW",
        "OUT [00] IN [11]",
        "CS b HIGH",
        "OUT [03] IN [12]",
        "CS a HIGH",
    ];
    assert_eq!(lines(&board), expected);
}

#[test]
fn a_clock_rate_of_one_transfer_is_honoured_or_ignored() {
    for (bus, configs) in [("", 3), ("ignores-transfer-speed = true", 1)] {
        let (board, mut device) = one("'loopback'", bus);
        let slow = Transfer { speed_hz: 500, ..out(&[2]) };
        device.message(&mut [out(&[1]), slow, out(&[3])]).unwrap();
        assert_eq!(lines(&board).iter().filter(|line| line.starts_with("CONFIG")).count(), configs);
    }
}

#[test]
fn a_list_that_a_driver_cannot_take_is_refused_before_the_wires_move() {
    let (board, mut device) = one("'loopback'", "");
    let long = vec![0; 4097];
    assert_eq!(device.message(&mut [out(&long)]), Err(Refusal::TooLong));
    assert_eq!(device.message(&mut [out(&long[..4000]), out(&long[..97])]), Err(Refusal::TooLong));
    let different = Transfer { output: &[1], input: &mut [0, 0], ..Transfer::default() };
    assert_eq!(device.message(&mut [different]), Err(Refusal::Invalid));
    let mut many: Vec<_> = (0..512).map(|_| Transfer::default()).collect();
    assert_eq!(device.message(&mut many), Err(Refusal::Invalid));
    assert_eq!(device.message(&mut []), Ok(()));
    assert_eq!(lines(&board), [""; 0]);
    // embedded-hal names no limit, so there is none unless the board has one.
    device.write(&long).unwrap();
    let (board, mut device) = one("'loopback'", "most-bytes = 2");
    assert_eq!(device.write(&[1, 2, 3]).map_err(|error| error.kind()), Err(ErrorKind::Other));
    assert_eq!(lines(&board), [""; 0]);
}

#[test]
fn a_flash_is_read_and_programmed() {
    let (_, mut device) =
        one("{ flash = { id = [0xbf, 0x25, 0x41], size = 512, contents = { 0x1ff = 0x77 } } }", "");
    let mut command = |bytes: &[u8], len| {
        let mut read = vec![0; len];
        device.transaction(&mut [Operation::Write(bytes), Operation::Read(&mut read)]).unwrap();
        read
    };
    assert_eq!(command(&[0x9f], 4), [0xbf, 0x25, 0x41, 0xbf]);
    assert_eq!(command(&[0x03, 0, 1, 0xff], 2), [0x77, 0xff]);
    // Without write enable nothing is programmed; with it, once, and only within the page.
    command(&[0x02, 0, 0, 0xff, 0x0f, 0xf0], 0);
    assert_eq!(command(&[0x03, 0, 0, 0xff], 1), [0xff]);
    command(&[0x06], 0);
    assert_eq!(command(&[0x05], 1), [0x02]);
    command(&[0x02, 0, 0, 0xff, 0x0f, 0xf0], 0);
    assert_eq!(command(&[0x05], 1), [0x00]);
    assert_eq!(command(&[0x03, 0, 0, 0xff], 2), [0x0f, 0xff]);
    assert_eq!(command(&[0x03, 0, 0, 0x00], 1), [0xf0]);
}

#[test]
fn a_script_says_what_it_did_not_see() {
    let script =
        "{ script = { frame = [{ hears = '01 *', says = '* a1' }, { hears = '02' }, { hears = '03' }] } }";
    let (board, mut device) = one(script, "");
    let mut read = [0];
    device.transaction(&mut [Operation::Write(&[1]), Operation::Read(&mut read)]).unwrap();
    assert_eq!(read, [0xa1]);
    device.write(&[9]).unwrap();
    device.write(&[2, 2]).unwrap();
    device.write(&[2]).unwrap();
    board.finish();
    assert_eq!(lines(&board).last().unwrap(), "UNUSED 1");
}

#[test]
fn a_device_has_as_many_drivers_as_it_takes() {
    let board = board("[[spi.main.device]]\nname = 'a'\nmodel = 'absent'\nopens = 1").unwrap();
    let first = board.spi("a").unwrap();
    assert_eq!(board.spi("a").err(), Some(Refusal::Busy));
    drop(first);
    assert!(board.spi("a").is_ok());
    assert_eq!(board.spi("b").err(), Some(Refusal::Missing));
}

#[test]
fn a_wrong_board_is_told_what_is_wrong() {
    let device = |name: &str, model: &str| format!("[[spi.main.device]]\nname = '{name}'\nmodel = {model}\n");
    let twice = device("a", "'absent'") + &device("a", "'absent'");
    let script =
        |hears: &str| device("a", &format!("{{ script = {{ frame = [{{ hears = '{hears}' }}] }} }}"));
    let flash = |more: &str| device("a", &format!("{{ flash = {{ id = [1, 2, 3], {more} }} }}"));
    let cue = "[[cue]]\nname = 'x'\naction = [{ spi = 'side', event = { note = 'x' } }]".to_owned();
    for (config, says) in [
        (twice, "a device `a` is on the bus `main` already"),
        (script("1"), "`1` is not a byte in hexadecimal"),
        (script("+1"), "`+1` is not a byte in hexadecimal"),
        (flash("size = 4294967040"), "at most 1 MiB"),
        (flash("size = 100"), "a multiple of 256"),
        (flash("contents = { 0x1000 = 1 }"), "the address 0x1000 is not below 0x1000"),
        (cue, "an action names the bus `side`"),
    ] {
        let said = board(&config).err().unwrap_or_default();
        assert!(said.contains(says), "{config}: {said}");
    }
}
