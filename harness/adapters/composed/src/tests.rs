//! The controller on the two lines of a mock bus: what it sends, what it notices, and what it leaves behind.

use crate::controller::{Failure, Lines, Operation, transaction};
use wasi_hw_mock::{Board, BoardConfig};
use wasi_hw_seam::gpio::{Direction, Edges, Level, Line, Request, Sample};
use wasi_hw_seam::{Board as _, Refusal};

struct Pins {
    board: Board,
    scl: Box<dyn Line>,
    sda: Box<dyn Line>,
}

impl Lines for Pins {
    type Error = Refusal;

    fn scl(&mut self, low: bool) -> Result<(), Refusal> {
        self.scl.set(Sample::Level(level(low)))
    }

    fn sda(&mut self, low: bool) -> Result<(), Refusal> {
        self.sda.set(Sample::Level(level(low)))
    }

    fn scl_is_low(&mut self) -> Result<bool, Refusal> {
        Ok(self.scl.get()? == Sample::Level(Level::Low))
    }

    fn sda_is_low(&mut self) -> Result<bool, Refusal> {
        Ok(self.sda.get()? == Sample::Level(Level::Low))
    }

    fn pause(&mut self, ns: u32) {
        self.board.wait(ns.into());
    }
}

fn level(low: bool) -> Level {
    if low { Level::Low } else { Level::High }
}

fn pins(fault: &str) -> Pins {
    let config = format!(
        "i2c.bus.fault = [{fault}]\n\
         [[i2c.bus.target]]\naddress = 0x48\nmodel = 'register-file'\nregisters = {{ 0x0f = 0xd3, 0x10 = 0x5e }}"
    );
    let config: BoardConfig = toml::from_str(&config).unwrap();
    let board = Board::new(&config).unwrap();
    let request = Request {
        open_drain: true,
        drive: Some(Sample::Level(Level::High)),
        edges: Edges::None,
        ..Request::digital(Direction::InOut)
    };
    let line = |name| board.gpio(name, &request).unwrap();
    Pins { scl: line("bus.scl"), sda: line("bus.sda"), board }
}

impl Pins {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure<Refusal>> {
        transaction(self, 0x48, &mut [Operation::Write(bytes)])
    }

    fn read(&mut self, bytes: usize) -> Result<Vec<u8>, Failure<Refusal>> {
        let mut buffer = vec![0; bytes];
        transaction(self, 0x48, &mut [Operation::Read(&mut buffer)]).map(|()| buffer)
    }

    fn lines(&self) -> Vec<String> {
        self.board.trace().channel("bus").map(|entry| entry.text.clone()).collect()
    }

    /// Both lines are high, and a call succeeds.
    fn is_free(&mut self) {
        assert_eq!((self.scl_is_low(), self.sda_is_low()), (Ok(false), Ok(false)));
        assert_eq!(self.write(&[0x20]), Ok(()));
    }
}

#[test]
fn a_call_is_one_frame_of_the_bytes_of_its_operations() {
    let mut pins = pins("");
    let (mut first, mut second) = ([0], [0]);
    let mut operations = [
        Operation::Write(&[0x0f]),
        Operation::Write(&[]),
        Operation::Read(&mut first),
        Operation::Read(&mut second),
        Operation::Write(&[0x20, 0xa1]),
    ];
    assert_eq!(transaction(&mut pins, 0x48, &mut operations), Ok(()));
    assert_eq!((first, second), ([0xd3], [0x5e]));
    let expected = [
        "START 0x48 W ACK",
        "0f ACK",
        "RESTART 0x48 R ACK",
        "d3 ACK",
        "5e NACK",
        "RESTART 0x48 W ACK",
        "20 ACK",
        "a1 ACK",
        "STOP",
    ];
    assert_eq!(pins.lines(), expected);
}

#[test]
fn writes_of_no_bytes_are_a_probe_and_reads_of_none_are_refused() {
    let mut pins = pins("");
    assert_eq!(pins.write(&[]), Ok(()));
    assert_eq!(transaction(&mut pins, 0x51, &mut [Operation::Write(&[])]), Err(Failure::NoAddress));
    assert_eq!(pins.read(0), Err(Failure::Nothing));
    assert_eq!(transaction(&mut pins, 0x48, &mut []), Ok(()));
    assert_eq!(pins.lines(), ["START 0x48 W ACK", "STOP", "START 0x51 W NACK", "STOP"]);
}

#[test]
fn nothing_is_sent_after_a_nack() {
    let mut pins = pins("{ kind = 'nack', byte = 2, transfer = 1 }");
    assert_eq!(pins.write(&[0x10, 0xa1, 0xb2]), Err(Failure::NoData));
    assert_eq!(pins.lines(), ["START 0x48 W ACK", "10 ACK", "a1 NACK", "STOP"]);
    pins.is_free();
}

#[test]
fn a_clock_that_is_held_for_a_while_is_waited_for() {
    let mut pins = pins("{ kind = 'stretch', byte = 1, ns = 24000000 }");
    assert_eq!(pins.write(&[0x0f]), Ok(()));
    assert_eq!(pins.read(1), Ok(vec![0xd3]));
    let expected = [
        "START 0x48 W ACK",
        "STRETCH 24000000ns",
        "0f ACK",
        "STOP",
        "START 0x48 R ACK",
        "STRETCH 24000000ns",
        "d3 NACK",
        "STOP",
    ];
    assert_eq!(pins.lines(), expected);
}

#[test]
fn a_clock_that_is_held_for_ever_is_given_up() {
    let mut pins = pins("{ kind = 'stretch', byte = 1, transfer = 1 }");
    assert_eq!(pins.write(&[0x0f]), Err(Failure::Held));
    assert_eq!(pins.lines(), ["START 0x48 W ACK", "STRETCH", "TIMEOUT", "STOP"]);
    assert!(pins.board.now() < 40_000_000, "{}", pins.board.now());
    pins.is_free();
}

#[test]
fn who_loses_the_bus_sends_nothing_more_and_waits_until_it_is_free() {
    for (fault, call) in [("1", "write"), ("2", "read")] {
        let mut pins = pins(&format!("{{ kind = 'arbitration-lost', byte = {fault}, transfer = 1 }}"));
        let (lost, expected) = match call {
            "write" => (pins.write(&[0xa1, 0xb2]), vec!["START 0x48 W ACK", "ARBITRATION LOST"]),
            _ => (pins.read(2).map(drop), vec!["START 0x48 R ACK", "00 ACK", "ARBITRATION LOST"]),
        };
        assert_eq!(lost, Err(Failure::Lost), "{call}");
        assert_eq!(pins.lines(), expected);
        assert_eq!(pins.write(&[0x20]), Ok(()), "{call}");
    }
}

#[test]
fn a_start_that_does_not_belong_there_is_noticed() {
    for reads in [false, true] {
        let mut pins = pins("{ kind = 'bus-error', byte = 1, transfer = 1 }");
        let result = if reads { pins.read(1).map(drop) } else { pins.write(&[0xa1]) };
        assert_eq!(result, Err(Failure::Misplaced));
        let way = if reads { "R" } else { "W" };
        assert_eq!(pins.lines(), [&format!("START 0x48 {way} ACK"), "BUS ERROR", "STOP"]);
        pins.is_free();
    }
}

#[test]
fn a_line_that_fails_ends_the_call() {
    let mut pins =
        pins("{ kind = 'overrun', byte = 1, transfer = 1 }, { kind = 'gone', byte = 1, transfer = 3 }");
    assert_eq!(pins.read(1), Err(Failure::Line(Refusal::Overrun)));
    assert_eq!(pins.lines(), ["START 0x48 R ACK", "OVERRUN", "STOP"]);
    pins.is_free();
    assert_eq!(pins.read(1), Err(Failure::Line(Refusal::Gone)));
    assert_eq!(pins.write(&[]), Err(Failure::Line(Refusal::Gone)));
}

#[test]
fn a_bus_that_is_not_free_is_not_begun_on() {
    let mut pins = pins("");
    pins.sda.set(Sample::Level(Level::Low)).unwrap();
    struct Foreign<'a>(&'a mut Pins);
    impl Lines for Foreign<'_> {
        type Error = Refusal;
        fn scl(&mut self, low: bool) -> Result<(), Refusal> {
            self.0.scl(low)
        }
        fn sda(&mut self, _: bool) -> Result<(), Refusal> {
            panic!("the wire is another's")
        }
        fn scl_is_low(&mut self) -> Result<bool, Refusal> {
            self.0.scl_is_low()
        }
        fn sda_is_low(&mut self) -> Result<bool, Refusal> {
            self.0.sda_is_low()
        }
        fn pause(&mut self, ns: u32) {
            self.0.pause(ns);
        }
    }
    let held = transaction(&mut Foreign(&mut pins), 0x48, &mut [Operation::Write(&[1])]);
    assert_eq!(held, Err(Failure::Held));
}

#[test]
fn the_bus_keeps_the_times_of_standard_mode() {
    let mut pins = pins("");
    let before = pins.board.now();
    assert_eq!(pins.write(&[0x0f]), Ok(()));
    // Two bytes of nine bits, each at 8.7 µs at least.
    assert!(pins.board.now() - before >= 18 * 8_700);
}
