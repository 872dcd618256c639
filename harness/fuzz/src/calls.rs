//! The calls of a guest, in any order and with any arguments, on the reference host. The first byte of an input says which
//! proposal, each call is made of the bytes that follow.

mod gpio;
mod lists;

use crate::choices::Choices;
use std::sync::LazyLock;
use wasi_hw_proof::usb_sequences::Sequences;

/// No call traps, hangs or leaks.
pub(crate) fn feed(input: &[u8]) {
    static SEQUENCES: LazyLock<Sequences> = LazyLock::new(|| Sequences::new().expect("its board is one"));
    let Some((which, rest)) = input.split_first() else { return };
    match which % 4 {
        0 => {
            if let Err(fault) = SEQUENCES.replay(rest) {
                panic!("{fault:#?}");
            }
        }
        1 => lists::i2c(&mut Choices(rest)),
        2 => lists::spi(&mut Choices(rest)),
        _ => gpio::feed(&mut Choices(rest)),
    }
}
