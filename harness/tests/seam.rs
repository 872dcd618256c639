//! A board behind the adapter protocol against the same board in this process: what a driver of the one says, a driver
//! of the other says, and the wires see the same.

use std::io::BufReader;
use std::net::TcpStream;
use std::sync::Arc;
use std::task::{Context, Waker};
use wasi_hw_harness::runtime::adapter::Socket;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_mock::BoardConfig;
use wasi_hw_protocol::{Client, Harness, ToAdapter};
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::spi::{Settings, Transfer};
use wasi_hw_seam::usb::{Kind, Submission};
use wasi_hw_seam::{Board, Refusal, gpio};

/// Calls drivers, and writes down what they say.
type Script = fn(&dyn Board, &mut Vec<String>);

fn config(text: &str) -> BoardConfig {
    toml::from_str(text).unwrap()
}

/// What the drivers of both say, and the lines of the trace with their channels: the same, or the test fails.
fn both(config: &BoardConfig, script: Script) -> (Vec<String>, Vec<String>) {
    let ended = |board: &wasi_hw_mock::Board, said: Vec<String>| {
        let trace = board.trace();
        let lines = trace.entries().iter().map(|entry| format!("{}: {}", entry.channel, entry.text));
        (said, lines.collect::<Vec<_>>())
    };
    let board = wasi_hw_mock::Board::new(config).unwrap();
    let mut said = Vec::new();
    script(&board, &mut said);
    let here = ended(&board, said);

    let board = wasi_hw_mock::Board::new(config).unwrap();
    let socket = Socket::open().unwrap();
    socket.serve_board(&board);
    let stream = TcpStream::connect(socket.address()).unwrap();
    let harness = Harness::<()>::new(BufReader::new(stream.try_clone().unwrap()), stream);
    assert!(matches!(harness.next(), Ok(ToAdapter::Start(_))));
    let mut said = Vec::new();
    script(&Client::new(Arc::new(harness), 0), &mut said);
    let there = ended(&board, said);
    assert_eq!(here, there);
    here
}

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

fn lines(board: &dyn Board, said: &mut Vec<String>) {
    use gpio::{Direction, Edges, Level, Request, Sample};
    let mut say = |what: String| said.push(what);
    let out = Request { drive: Some(Sample::Level(Level::Low)), ..Request::digital(Direction::Out) };
    let both = Request { edges: Edges::Both, ..Request::digital(Direction::In) };
    say(format!("{:?}", board.gpio("nowhere", &out).err()));
    let mut lamp = board.gpio("lamp", &out).unwrap();
    let mut button = board.gpio("button", &both).unwrap();
    say(format!("{:?}", board.gpio("lamp", &out).err()));
    say(format!("{} {}", lamp.greatest(), lamp.has_settled()));
    say(format!("{} {:?}", button.has_event(), lamp.set(Sample::Level(Level::High))));
    say(format!("{} {:?}", button.has_event(), button.get()));
    let event = button.poll_event(&mut Context::from_waker(Waker::noop()));
    say(format!("{:?}", event.map(|event| event.map(|event| (event.sequence, event.now)))));
    say(format!("{:?}", button.poll_event(&mut Context::from_waker(Waker::noop())).is_pending()));
    say(format!("{:?}", button.set(Sample::Level(Level::High))));
    say(format!("{:?}", lamp.configure(&Request { open_drain: true, ..out })));
    let dimmer = Request { drive: Some(Sample::Value(3)), ..Request::analog(Direction::Out) };
    let mut dimmer = board.gpio("dimmer", &dimmer).unwrap();
    say(format!("{} {:?}", dimmer.greatest(), dimmer.set(Sample::Value(4_000))));
    say(format!("{:?}", dimmer.set(Sample::Value(4_096))));
}

#[test]
fn lines_levels_values_and_events() {
    let (said, trace) = both(
        &config(
            "[gpio.lamp]
         wire = ['button']
         [gpio.button]
         [gpio.dimmer]
         analog = { direction = 'out', greatest = 4095 }",
        ),
        lines,
    );
    assert_eq!(said[0], "Some(Missing)");
    assert_eq!(said[3], "false Ok(())");
    assert_eq!(said[5], "Ready(Ok((1, Level(High))))");
    assert!(trace.contains(&"dimmer: VALUE 4000/4095".to_owned()), "{trace:#?}");
}

fn usb(board: &dyn Board, said: &mut Vec<String>) {
    let mut say = |what: String| said.push(what);
    let mut usb = board.usb();
    let devices = usb.devices().unwrap();
    say(format!("{devices:?}"));
    say(format!("{:?}", usb.configuration(devices[0].id)));
    let mut handle = usb.open(devices[0].id).unwrap();
    let mut other = usb.open(devices[0].id).unwrap();
    say(format!("{:?} {:?} {:?}", handle.claim(0), other.claim(0), handle.claim(9)));
    let mut watch = usb.watch().unwrap();
    say(format!("{} {:?}", watch.has_change(), watch.next()));
    let transfer = |endpoint: u8, data: &[u8], room| Submission {
        kind: Kind::Bulk,
        endpoint,
        setup: [0; 8],
        data: data.to_vec(),
        room,
        packets: Vec::new(),
        stream: 0,
        limit_ns: None,
        zero_packet: false,
    };
    let out = handle.submit(transfer(0x02, &[1, 2, 3], 0)).unwrap();
    say(format!(
        "{} {:?}",
        handle.is_over(out),
        handle.poll_reap(out, &mut Context::from_waker(Waker::noop()))
    ));
    let into = handle.submit(transfer(0x81, &[], 64)).unwrap();
    say(format!("{:?}", handle.poll_reap(into, &mut Context::from_waker(Waker::noop()))));
    let never = handle.submit(transfer(0x81, &[], 64)).unwrap();
    say(format!("{:?}", handle.poll_reap(never, &mut Context::from_waker(Waker::noop())).is_pending()));
    say(format!("{:?}", handle.cancel(never)));
    say(format!("{:?}", handle.poll_reap(never, &mut Context::from_waker(Waker::noop()))));
    say(format!("{:?}", handle.reset()));
    say(format!("{:?}", handle.alloc_streams(4, &[0x81])));
    say(format!("{:?}", handle.detach(0)));
}

#[test]
fn devices_claims_and_transfers() {
    let fixture: Fixture = toml::from_str(include_str!("../../fixtures/usb/loopback.toml")).unwrap();
    let (said, trace) = both(&fixture.device, usb);
    assert_eq!(said[2], "Ok(()) Err(Busy) Err(NotFound)");
    assert!(said[5].contains("status: Completed, data: [1, 2, 3]"), "{}", said[5]);
    assert!(said[8].contains("status: Cancelled"), "{}", said[8]);
    assert!(trace.contains(&"device: CANCEL 0x81".to_owned()), "{trace:#?}");
}
