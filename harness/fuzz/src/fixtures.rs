//! Fixtures: a board from any description does what a board does.

use crate::source;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_mock::{Board, Idle};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::gpio::{Direction, Edges, Request};
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::spi::Transfer;

/// The most steps of a board that goes on by itself.
const MOST_STEPS: usize = 500;

/// A board that is built is used: each bus once, everything that can happen, and the end.
pub(crate) fn feed(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let fixture = match Fixture::parse(&source) {
        Ok(fixture) => fixture,
        Err(problem) => return assert!(problem.to_string().starts_with("input.toml")),
    };
    let device = &fixture.device;
    let board = Board::new(device).expect("it was built once");
    let mut kept = Vec::new();
    for name in device.i2c.keys() {
        let Ok(mut bus) = board.i2c(name) else { continue };
        for address in [0x48, 0x50] {
            let mut data = [0; 4];
            let mut list = [
                Message::write(address, Flags::NONE, &[0, 1]),
                Message::read(address, Flags::NONE, &mut data),
            ];
            let _ = bus.transfer(&mut list);
        }
    }
    for devices in device.spi.values() {
        for chip in &devices.device {
            let Ok(mut chip) = board.spi(&chip.name) else { continue };
            let mut data = [0; 4];
            let list = Transfer { output: &[0x9f, 0, 0, 0], input: &mut data, ..Transfer::default() };
            let _ = chip.message(&mut [list]);
        }
    }
    for name in device.gpio.keys() {
        let request = Request { edges: Edges::Both, ..Request::digital(Direction::In) };
        kept.extend(board.gpio(name, &request));
    }
    let _ = board.usb().devices();
    for cue in &device.cue {
        let _ = board.cue(&cue.name);
    }
    board.wait(1_000_000_000);
    for _ in 0..MOST_STEPS {
        if board.idle() == Idle::Dead {
            break;
        }
    }
    drop(kept);
    board.mark_left_open();
    board.finish();
    assert!(board.trace().entries().iter().all(|entry| !entry.text.contains('\n')));
}
