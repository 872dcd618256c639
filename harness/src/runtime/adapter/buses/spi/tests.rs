//! SPI on both sides of the protocol.

use crate::runtime::adapter::both::{both, config};
use wasi_hw_seam::spi::{Settings, Transfer};
use wasi_hw_seam::{Board, Refusal};

fn spi(board: &dyn Board, said: &mut Vec<String>) {
    let mut say = |what: String| said.push(what);
    say(format!("{:?}", board.spi("nowhere").err()));
    let mut device = board.spi("a").unwrap();
    let wrong = Settings { mode: 4, ..Settings::default() };
    say(format!("{:?}", device.configure(wrong)));
    let right = Settings { mode: 3, hz: 50_000, bits: 16, lsb_first: true };
    say(format!("{:?}", device.configure(right)));
    let (mut one, mut two) = ([0; 2], [0; 2]);
    let mut list = [
        Transfer { output: &[1, 2], speed_hz: 500, cs_change: true, ..Transfer::default() },
        Transfer { input: &mut one, delay_us: 7, ..Transfer::default() },
        Transfer { delay_us: 65_535, ..Transfer::default() },
        Transfer { output: &[3, 4], input: &mut two, cs_change: true, ..Transfer::default() },
    ];
    say(format!("{:?}", device.message(&mut list)));
    say(format!("{one:02x?} {two:02x?}"));
    for _ in 0..5 {
        say(format!("{:?}", device.message(&mut [Transfer { output: &[5, 6], ..Transfer::default() }])));
    }
    let mut long = vec![0; 5_000];
    say(format!("{:?}", device.message(&mut [Transfer { input: &mut long, ..Transfer::default() }])));
    say(format!("{:?}", device.message(&mut [])));
}

#[test]
fn transfer_lists_with_rates_and_chip_selects() {
    let (said, trace) = both(&config(
        "[spi.main]
         fault = [
             { kind = 'overrun', frame = 3 }, { kind = 'mode-fault', frame = 4 }, { kind = 'frame-format', frame = 5 },
             { kind = 'failure', frame = 6 }, { kind = 'stuck-high', frame = 7 },
         ]
         [[spi.main.device]]
         name = 'a'
         model = 'loopback'"
), spi);
    assert_eq!(said[..4], ["Some(Missing)", "Err(Invalid)", "Ok(())", "Ok(())"]);
    let refusals =
        [Refusal::Overrun, Refusal::ModeFault, Refusal::FrameFormat, Refusal::Io, Refusal::ChipSelect];
    assert_eq!(said[5..10], refusals.map(|refusal| format!("Err({refusal:?})")));
    assert_eq!(said[10..], ["Err(TooLong)", "Ok(())"]);
    // The first transfer has a clock rate of its own, and chip select goes up behind it; after the last one it stays.
    let frame = [
        "main: CONFIG mode 3, 50000 Hz, 16 bit, least significant first",
        "main: CS a LOW",
        "main: CONFIG mode 3, 500 Hz, 16 bit, least significant first",
        "main: OUT [80 40] IN [80 40]",
        "main: CS a HIGH",
        "main: CS a LOW",
        "main: CONFIG mode 3, 50000 Hz, 16 bit, least significant first",
        "main: OUT [00 00] IN [00 00]",
        "main: OUT [c0 20] IN [c0 20]",
    ];
    assert_eq!(trace[..frame.len()], frame);
    assert_ne!(trace[frame.len()], "main: CS a HIGH");
}
