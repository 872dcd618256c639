//! A bus by its two lines: what a driver does with levels, and what the trace and the targets make of it.

use super::{board, lines};
use crate::Board;
use wasi_hw_seam::gpio::{Direction, Edges, Level, Line, Request, Sample};
use wasi_hw_seam::{Board as _, Refusal};

const OPEN_DRAIN: Request = Request {
    analog: false,
    direction: Direction::InOut,
    pull: None,
    open_drain: true,
    drive: Some(Sample::Level(Level::High)),
    edges: Edges::None,
};

/// A driver with no more sense than a test needs: it looks at nothing that it is not told to.
struct Driver {
    board: Board,
    scl: Box<dyn Line>,
    sda: Box<dyn Line>,
}

impl Driver {
    fn new(config: &str) -> Driver {
        let board = board(config);
        let line = |name| board.gpio(name, &OPEN_DRAIN).unwrap();
        Driver { scl: line("bus.scl"), sda: line("bus.sda"), board }
    }

    fn scl(&mut self, level: Level) {
        self.scl.set(Sample::Level(level)).unwrap();
    }

    fn sda(&mut self, level: Level) {
        self.sda.set(Sample::Level(level)).unwrap();
    }

    fn is_high(line: &mut dyn Line) -> bool {
        line.get() == Ok(Sample::Level(Level::High))
    }

    fn start(&mut self) {
        self.sda(Level::High);
        self.scl(Level::High);
        self.sda(Level::Low);
        self.scl(Level::Low);
    }

    fn stop(&mut self) {
        self.sda(Level::Low);
        self.scl(Level::High);
        self.sda(Level::High);
    }

    /// Clocks a bit; the answer is what SDA was.
    fn bit(&mut self, bit: bool) -> bool {
        self.sda(if bit { Level::High } else { Level::Low });
        self.scl(Level::High);
        let was = Driver::is_high(&mut *self.sda);
        self.scl(Level::Low);
        was
    }

    /// Clocks bits that it lets others say.
    fn bits(&mut self, bits: u32) {
        for _ in 0..bits {
            self.bit(true);
        }
    }

    fn write(&mut self, byte: u8) -> bool {
        for n in (0..8).rev() {
            self.bit(byte >> n & 1 == 1);
        }
        !self.bit(true)
    }

    fn read(&mut self, acknowledge: bool) -> u8 {
        let byte = (0..8).fold(0, |byte, _| byte << 1 | u8::from(self.bit(true)));
        self.bit(!acknowledge);
        byte
    }

    fn lines(&self) -> Vec<String> {
        lines(&self.board)
    }
}

fn sensor(fault: &str) -> Driver {
    Driver::new(&format!(
        "i2c.bus.fault = [{fault}]\n\
         [[i2c.bus.target]]\naddress = 0x48\nmodel = 'register-file'\nregisters = {{ 0x0f = 0xd3, 0x10 = 0x5e }}"
    ))
}

#[test]
fn a_write_and_a_read_are_the_bytes_and_the_lines_of_a_message_list() {
    let mut driver = sensor("");
    driver.start();
    assert!(driver.write(0x90));
    assert!(driver.write(0x0f));
    driver.start();
    assert!(driver.write(0x91));
    assert_eq!((driver.read(true), driver.read(false)), (0xd3, 0x5e));
    driver.stop();
    driver.start();
    assert!(!driver.write(0xa2));
    driver.stop();
    let expected = [
        "START 0x48 W ACK",
        "0f ACK",
        "RESTART 0x48 R ACK",
        "d3 ACK",
        "5e NACK",
        "STOP",
        "START 0x51 W NACK",
        "STOP",
    ];
    assert_eq!(driver.lines(), expected);
}

#[test]
fn who_goes_on_after_a_nack_is_seen_to() {
    let mut driver = sensor("{ kind = 'nack', byte = 1 }");
    driver.start();
    driver.write(0x90);
    assert!(!driver.write(0x0f));
    driver.write(0x10);
    driver.stop();
    assert_eq!(driver.lines(), ["START 0x48 W ACK", "0f NACK", "10 ACK", "STOP"]);
}

#[test]
fn a_byte_that_is_not_ended_is_told() {
    let mut driver = sensor("");
    driver.start();
    driver.write(0x90);
    driver.bits(3);
    driver.stop();
    driver.start();
    driver.bits(8);
    driver.stop();
    let expected =
        ["START 0x48 W ACK", "CUT after 3 bits", "STOP", "START 0x7f R NACK", "CUT after 8 bits", "STOP"];
    assert_eq!(driver.lines(), expected);
}

#[test]
fn a_held_clock_stays_low_for_its_time() {
    let mut driver = sensor("{ kind = 'stretch', byte = 1, ns = 50000 }");
    driver.start();
    driver.write(0x90);
    driver.bit(false);
    driver.scl(Level::High);
    assert!(!Driver::is_high(&mut *driver.scl));
    driver.board.wait(50_000);
    assert!(Driver::is_high(&mut *driver.scl));
    assert_eq!(driver.lines(), ["START 0x48 W ACK", "STRETCH 50000ns"]);
}

#[test]
fn a_clock_that_is_held_for_ever_is_let_go_of_when_its_controller_gives_up() {
    for (address, way) in [(0x90, "W"), (0x91, "R")] {
        let mut driver = sensor("{ kind = 'stretch', byte = 1 }");
        driver.start();
        driver.write(address);
        driver.bit(false);
        driver.scl(Level::High);
        driver.board.wait(3_000_000_000);
        assert!(!Driver::is_high(&mut *driver.scl));
        driver.scl(Level::Low);
        driver.stop();
        assert!(Driver::is_high(&mut *driver.scl) && Driver::is_high(&mut *driver.sda));
        assert_eq!(driver.lines(), [&format!("START 0x48 {way} ACK"), "STRETCH", "TIMEOUT", "STOP"]);
    }
}

#[test]
fn another_controller_wins_where_this_one_lets_sda_go() {
    let mut driver = sensor("{ kind = 'arbitration-lost', byte = 1, transfer = 1 }");
    driver.start();
    driver.write(0x90);
    let seen: Vec<_> = [false, false, true].map(|bit| driver.bit(bit)).into();
    assert_eq!(seen, [false; 3]);
    driver.sda(Level::High);
    driver.scl(Level::High);
    assert!(!Driver::is_high(&mut *driver.sda));
    driver.board.wait(20_000);
    assert!(Driver::is_high(&mut *driver.sda), "the other one has ended, too");
    driver.start();
    assert!(driver.write(0x90));
    assert_eq!(driver.lines(), ["START 0x48 W ACK", "ARBITRATION LOST", "START 0x48 W ACK"]);
}

#[test]
fn who_listens_loses_where_it_sends_its_nack() {
    let mut driver = sensor("{ kind = 'arbitration-lost', byte = 1 }");
    driver.start();
    driver.write(0x91);
    driver.bits(8);
    assert!(!driver.bit(true));
    assert_eq!(driver.lines(), ["START 0x48 R ACK", "ARBITRATION LOST"]);
}

#[test]
fn a_misplaced_start_comes_while_the_clock_is_high() {
    let mut driver = sensor("{ kind = 'bus-error', byte = 1 }");
    driver.start();
    driver.write(0x90);
    driver.bit(false);
    driver.sda(Level::High);
    driver.scl(Level::High);
    assert!(Driver::is_high(&mut *driver.sda));
    driver.board.wait(3_000);
    assert!(!Driver::is_high(&mut *driver.sda));
    driver.scl(Level::Low);
    driver.stop();
    assert!(Driver::is_high(&mut *driver.sda));
    assert_eq!(driver.lines(), ["START 0x48 W ACK", "BUS ERROR", "STOP"]);
}

#[test]
fn a_look_that_comes_too_late_and_an_adapter_that_goes_are_refusals() {
    let mut driver =
        sensor("{ kind = 'overrun', byte = 1, transfer = 1 }, { kind = 'gone', byte = 1, transfer = 2 }");
    driver.start();
    driver.write(0x91);
    driver.sda(Level::High);
    driver.scl(Level::High);
    assert_eq!(driver.sda.get(), Err(Refusal::Overrun));
    driver.scl(Level::Low);
    driver.stop();
    driver.start();
    driver.write(0x90);
    driver.bit(false);
    assert_eq!(driver.sda.set(Sample::Level(Level::Low)), Err(Refusal::Gone));
    assert_eq!(driver.board.gpio("bus.scl", &OPEN_DRAIN).err(), Some(Refusal::Gone));
    assert_eq!(driver.lines(), ["START 0x48 R ACK", "OVERRUN", "STOP", "START 0x48 W ACK", "GONE"]);
}

#[test]
fn a_line_has_one_driver_and_no_edges() {
    let driver = Driver::new("i2c.bus.trace-opens = true");
    assert_eq!(driver.board.gpio("bus.scl", &OPEN_DRAIN).err(), Some(Refusal::Busy));
    assert_eq!(driver.board.gpio("bus.sdx", &OPEN_DRAIN).err(), Some(Refusal::Missing));
    let Driver { board, scl, sda } = driver;
    drop(scl);
    drop(sda);
    let edges = Request { edges: Edges::Both, ..OPEN_DRAIN };
    assert_eq!(board.gpio("bus.scl", &edges).err(), Some(Refusal::Unsupported));
    assert_eq!(lines(&board), ["ATTACH", "DETACH"]);
}

#[test]
fn a_driver_that_goes_in_the_middle_lets_go_of_both_lines() {
    let mut driver = sensor("");
    driver.start();
    driver.write(0x90);
    driver.write(0x0f);
    driver.sda(Level::Low);
    let Driver { board, scl, sda } = driver;
    drop((scl, sda));
    assert_eq!(lines(&board), ["START 0x48 W ACK", "0f ACK", "STOP"]);
}
