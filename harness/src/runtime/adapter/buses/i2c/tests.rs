//! I²C on both sides of the protocol.

use crate::runtime::adapter::both::{both, config};
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::{Board, Refusal};

fn i2c(board: &dyn Board, said: &mut Vec<String>) {
    let mut say = |what: String| said.push(what);
    say(format!("{:?}", board.i2c("nowhere").err()));
    let mut bus = board.i2c("bus").unwrap();
    say(format!("{:?}", board.i2c("bus").err()));
    let mut read = [0; 2];
    let mut list =
        [Message::write(0x48, Flags::STOP, &[0x0f]), Message::read(0x48, Flags::NO_READ_ACK, &mut read)];
    say(format!("{:?}", bus.transfer(&mut list)));
    say(format!("{read:02x?}"));
    let (mut first, mut second) = ([0; 1], [0; 2]);
    let mut list = [
        Message::read(0x148, Flags::TEN, &mut first),
        Message::read(0x148, Flags::TEN | Flags::NO_START, &mut second),
    ];
    say(format!("{:?}", bus.transfer(&mut list)));
    say(format!("{first:02x?} {second:02x?}"));
    for (address, flags) in [(0x80, Flags::NONE), (0x48, Flags(0x0001)), (0x49, Flags::NONE)] {
        say(format!("{:?}", bus.transfer(&mut [Message::write(address, flags, &[1])])));
    }
    for _ in 0..6 {
        say(format!("{:?}", bus.transfer(&mut [Message::write(0x48, Flags::NONE, &[0x10, 1])])));
    }
    say(format!("{:?}", bus.transfer(&mut [])));
}

#[test]
fn message_lists_flags_and_refusals() {
    let (said, trace) = both(
        &config(
            "[i2c.bus]
         opens = 1
         timeout-ns = 1000
         fault = [
             { kind = 'bus-error', transfer = 4 }, { kind = 'arbitration-lost', transfer = 5 },
             { kind = 'nack', transfer = 6, byte = 1 }, { kind = 'overrun', transfer = 7, byte = 1 },
             { kind = 'stretch', transfer = 8 }, { kind = 'gone', transfer = 9 },
         ]
         [[i2c.bus.target]]
         address = 0x48
         model = 'register-file'
         registers = { 0x0f = 0xd3, 0x10 = 0xd4 }
         [[i2c.bus.target]]
         address = 0x148
         ten-bit = true
         model = 'counter'
         first = 0x80",
        ),
        i2c,
    );
    let refusals = [
        Refusal::BusError,
        Refusal::ArbitrationLost,
        Refusal::DataNack,
        Refusal::Overrun,
        Refusal::Timeout,
        Refusal::Gone,
    ];
    assert_eq!(said[2..6], ["Ok(())", "[d3, d4]", "Ok(())", "[80] [81, 82]"]);
    assert_eq!(said[6..9], ["Err(Invalid)", "Err(Unsupported)", "Err(AddressNack)"]);
    assert_eq!(said[9..15], refusals.map(|refusal| format!("Err({refusal:?})")));
    assert!(trace.contains(&"bus: START 0x148/10 R ACK".to_owned()), "{trace:#?}");
}
