//! The badly behaved adapter. It is a host of few words: for a good test it opens a bus, writes, reads, and
//! says what came. What it does in a bad one, and at its start, is the argument.

#![expect(clippy::print_stderr, reason = "an adapter's error stream, which the harness escapes")]

use std::fmt::Display;
use std::hint::black_box;
use std::io::{BufReader, Write, stdin, stdout};
use std::path::Path;
use std::process::{ExitCode, exit};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_protocol::{
    Awaited, Bytes, Clock, Count, Cue, Done, Empty, Failure, Features, FromAdapter, Handle, Harness, How,
    Lack, Load, Loaded, Op, Run, SOCKET, Saw, Started, Sync, ToAdapter, Until, VERSION, Wait, Woken,
    address_and_secret, i2c, usb,
};
use wasi_hw_seam::i2c::Flags;

/// The guest tests in which it misbehaves; one of them is a case with two guests.
const BAD_TESTS: [&str; 3] = ["write-read", "take-turns-first", "drop-open"];

type Board = Arc<Harness<HostConfig>>;

pub(crate) fn main(how: &str, mark: Option<&str>) -> ExitCode {
    if how == "sleeps" {
        sleep(Duration::from_secs(9));
        return ExitCode::SUCCESS;
    }
    let first = mark.is_none_or(|mark| !Path::new(mark).exists());
    if let Some(mark) = mark {
        let _ = std::fs::write(mark, "it was here");
    }
    let board: Board = Arc::new(Harness::new(BufReader::new(stdin()), stdout()));
    while let Ok(message) = board.next() {
        match message {
            ToAdapter::Start(_) => start(&board, how, first),
            ToAdapter::Load(load) => loaded(&board, &load, how),
            ToAdapter::Run(run) => {
                case(&board, &run, how);
                if ["exits-after-each-case", "leaves-a-device-open-and-goes"].contains(&how) {
                    // Nothing is owed any more after this.
                    let Ok(ToAdapter::Sync(sync)) = board.next() else { return ExitCode::FAILURE };
                    send(&board, FromAdapter::Synced(sync));
                    return ExitCode::SUCCESS;
                }
            }
            ToAdapter::Sync(sync) => send(&board, FromAdapter::Synced(sync)),
            ToAdapter::Stop(_) if how == "ignores-stop" => for_ever(),
            _ => return ExitCode::SUCCESS,
        }
    }
    ExitCode::SUCCESS
}

fn start(board: &Board, how: &str, first: bool) {
    let mut started = Started {
        protocol: VERSION.to_owned(),
        name: "bad".to_owned(),
        version: "1.0.0".to_owned(),
        homepage: None,
        issues: None,
        packages: vec!["wasi:i2c@0.2.0-draft".to_owned()],
        seams: Default::default(),
        features: Features { instances: true, load: how.starts_with("load") },
        lacks: Vec::new(),
        clock: Default::default(),
        form: Default::default(),
    };
    match how {
        "start-another-major" => started.protocol = "2.0.0".to_owned(),
        "start-a-newer-minor" => started.protocol = "1.99.0".to_owned(),
        "start-no-version" => started.protocol = "newest".to_owned(),
        "start-no-name" => started.name.clear(),
        "start-no-package" => started.packages.clear(),
        "start-many-packages" => {
            started.packages = (0..200_000).map(|n| format!("wasi:p{n}@1.0.0")).collect();
        }
        "start-long-version" => started.version = "1".repeat(10 << 20),
        "start-many-seams" => {
            started.seams = (0..200_000).map(|n| (format!("p{n}"), "messages".to_owned())).collect();
        }
        "start-long-seam" => drop(started.seams.insert("i2c".to_owned(), "m".repeat(10 << 20))),
        "start-many-lacks" => started.lacks = (0..200_000).map(|n| Lack::Name(format!("c{n}"))).collect(),
        "start-long-homepage" => started.homepage = Some("h".repeat(10 << 20)),
        "start-with-controls" => started.packages.push("wasi:\u{1b}]0;x\u{7}@1.0.0".to_owned()),
        "start-two-variants" => started.packages.push("wasi:i2c@0.3.0".to_owned()),
        "leaves-a-device-open" | "leaves-a-device-open-and-goes" => {
            started.packages.push("wasi:usb@0.2.1".to_owned())
        }
        "speaks-of-usb" => {
            started.packages = vec!["wasi:usb@0.2.1".to_owned()];
            started.clock = Clock::Own;
            started.lacks = vec![Lack::Name("streams".to_owned())];
        }
        "start-exits" => {
            eprintln!("no such module");
            exit(1);
        }
        "start-garbage" => return raw("Welcome to node\n"),
        "start-hangs" => for_ever(),
        "start-done" => return send(board, done(0, How::Returned)),
        "another-after-restart" if !first => started.version = "1.0.1".to_owned(),
        "never-starts-again" if !first => exit(7),
        _ => {}
    }
    send(board, FromAdapter::Started(started));
}

/// What it does when it is to make a component ready.
fn loaded(board: &Board, load: &Load, how: &str) {
    let sha256 = match how {
        "loads-slowly" => {
            sleep(Duration::from_secs(3));
            load.component.sha256.clone()
        }
        "loads-for-ever" => for_ever(),
        "loads-and-dies" => exit(4),
        "loads-another" => "0".repeat(64),
        "loads-twice" => {
            send(board, FromAdapter::Loaded(Loaded { sha256: load.component.sha256.clone() }));
            load.component.sha256.clone()
        }
        "loads-nothing" => return send(board, done(1, How::Returned)),
        _ => load.component.sha256.clone(),
    };
    send(board, FromAdapter::Loaded(Loaded { sha256 }));
}

fn case(board: &Board, run: &Run<HostConfig>, how: &str) {
    if !BAD_TESTS.contains(&run.tests[0].as_str()) {
        let _ = behave(board, run);
        return send(board, done(run.run, How::Returned));
    }
    misbehave(board, run, how);
    if !["tells-its-secret", "says-too-much"].contains(&how) {
        send(board, done(run.run, How::Returned));
    }
}

/// What a host does in a test that it means to pass.
fn behave(board: &Board, run: &Run<HostConfig>) -> Result<(), Failure> {
    let bus = run.host.i2c.keys().next().cloned().unwrap_or_default();
    let Handle { handle } = board.ask(0, Op::I2cOpen(i2c::Open { bus }))?;
    let write =
        i2c::Message::Write(i2c::Write { address: 0x48, flags: Flags::NONE, bytes: Bytes(vec![0x0f]) });
    let read = i2c::Message::Read(i2c::Read { address: 0x48, flags: Flags::NONE, len: Count(2) });
    let answer =
        board.ask::<i2c::Reads>(0, Op::I2cTransfer(i2c::Transfer { handle, messages: vec![write, read] }));
    saw(board, format!("{answer:?}"))?;
    board.ask::<Empty>(0, Op::I2cClose(Handle { handle }))?;
    Ok(())
}

fn misbehave(board: &Board, run: &Run<HostConfig>, how: &str) {
    let number = run.run;
    match how {
        "exits" | "another-after-restart" | "never-starts-again" => exit(0),
        "exits-with-an-error" => exit(3),
        "panics" => panic!("something is wrong with the host"),
        "aborts" => std::process::abort(),
        "exits-within-a-line" => {
            raw("{\"done\":{\"run\":");
            exit(0);
        }
        "leaves-a-child-behind" => {
            // It has the same output, which therefore does not end when this process does.
            let again = super::started(&[super::BAD, "sleeps"]);
            let _ = std::process::Command::new(&again.words[0]).args(&again.words[1..]).spawn();
            exit(0);
        }
        "garbage" => raw("hello, world\n"),
        "an-empty-line" => raw("\n"),
        "no-text" => raw(b"{\"done\":\xff\xfe}\n"),
        "another-message" => raw("{\"finished\":{\"run\":1}}\n"),
        "another-operation" => raw("{\"ask\":{\"op\":{\"can-send\":{\"id\":1}}}}\n"),
        "an-unknown-field" => raw("{\"ask\":{\"op\":{\"i2c-open\":{\"bus\":\"sensors\",\"speed\":100}}}}\n"),
        "a-wrong-type" => raw("{\"ask\":{\"op\":{\"i2c-close\":{\"handle\":\"one\"}}}}\n"),
        "two-messages-in-a-line" => raw("{\"done\":{\"run\":1,\"how\":\"returned\"}}{}\n"),
        "deep-nesting" => raw("[".repeat(1 << 20) + "\n"),
        "a-line-of-100-mb" => {
            for _ in 0..100 {
                raw("x".repeat(1_000_000));
            }
            raw("\n");
        }
        "done-of-another-run" => send(board, done(number + 1, How::Returned)),
        "done-twice" => send(board, done(number, How::Returned)),
        "asks-after-done" => {
            send(board, done(number, How::Returned));
            let _ = saw(board, "late");
        }
        "synced-before-done" => send(board, FromAdapter::Synced(Sync { run: number })),
        "synced-of-another-run" => {
            send(board, done(number, How::Returned));
            send(board, FromAdapter::Synced(Sync { run: number + 1 }));
        }
        "exits-after-done" => {
            send(board, done(number, How::Returned));
            exit(0);
        }
        "started-twice" => start(board, "", true),
        "another-guest" => raw("{\"ask\":{\"guest\":1,\"op\":{\"saw\":{\"line\":\"me too\"}}}}\n"),
        "a-guest-that-nobody-is" => {
            raw("{\"ask\":{\"guest\":4294967295,\"op\":{\"saw\":{\"line\":\"me too\"}}}}\n");
            for_ever();
        }
        "done-of-a-guest-that-nobody-is" => {
            raw(format!("{{\"done\":{{\"run\":{number},\"guest\":4294967295,\"how\":\"returned\"}}}}\n"));
            for_ever();
        }
        "asks-twice-at-once" => {
            raw("{\"ask\":{\"op\":{\"saw\":{\"line\":\"first\"}}}}\n");
            // The answer to the first is there when this one is asked, or is not.
            let _ = saw(board, "second");
            send_and_sync(board, done(number, How::Returned));
        }
        "two-messages-of-one-guest" => {
            // Guest 1 was not told to go. Its messages wait until it is, and there is room for one.
            raw("{\"ask\":{\"guest\":1,\"op\":{\"saw\":{\"line\":\"a\"}}}}\n".repeat(2));
            for_ever();
        }
        "hangs" => for_ever(),
        "burns" => loop {
            black_box(how);
        },
        "says-too-much" => {
            let _ = too_much(board, run);
            let why = Some("\u{2028}".repeat(100_000));
            send(board, FromAdapter::Done(Done { run: number, guest: 0, how: How::Trap, why, item: None }))
        }
        "loaded-in-a-run" => send(board, FromAdapter::Loaded(Loaded { sha256: String::new() })),
        "tells-its-secret" => {
            let socket = std::env::var(SOCKET).unwrap_or_default();
            let (_, secret) = address_and_secret(&socket).unwrap_or_default();
            eprintln!("{SOCKET}={socket}");
            let (half, other) = secret.split_at(secret.len() / 2);
            for line in [&socket, half, other] {
                let _ = saw(board, line);
            }
            let why = Some(format!("cannot connect to {socket}"));
            send(board, FromAdapter::Done(Done { run: number, guest: 0, how: How::Trap, why, item: None }))
        }
        "hangs-loudly" => loop {
            eprintln!("{}", "still here ".repeat(100));
        },
        "asks-for-ever" => loop {
            let _ = board.ask::<Woken>(0, Op::Wait(Wait { ns: Some(Count(1)), ..Wait::default() }));
        },
        "does-not-listen" => loop {
            raw("{\"ask\":{\"op\":{\"saw\":{\"line\":\"not listening\"}}}}\n");
        },
        "goes-on-after-the-end-of-time" => {
            for _ in 0..3 {
                let never = board.ask::<Woken>(0, Op::Wait(Wait::default()));
                let _ = saw(board, format!("{never:?}"));
            }
        }
        "claims-no-such-test" => send_and_sync(board, done(number, How::NoSuchTest)),
        "claims-that-its-machine-broke" => send_and_sync(board, done(number, How::HarnessError)),
        "claims-it-cannot" => send_and_sync(board, done(number, How::NotRun)),
        "asks-for-what-is-not-there" => {
            let _ = absurd(board);
        }
        "opens-without-end" => {
            let bus = run.host.i2c.keys().next().cloned().unwrap_or_default();
            let mut opened = 0;
            while board.ask::<Handle>(0, Op::I2cOpen(i2c::Open { bus: bus.clone() })).is_ok() {
                opened += 1;
            }
            let _ = saw(board, opened);
        }
        "leaves-a-device-open" | "leaves-a-device-open-and-goes" => {
            let _ = leave_open(board);
        }
        "talks-on-stderr" => eprintln!("a warning of the host's"),
        _ => {
            let _ = behave(board, run);
        }
    }
}

/// More than a record has room for, in each of its parts.
fn too_much(board: &Board, run: &Run<HostConfig>) -> Result<(), Failure> {
    let noise = "\u{1b}[31m\u{202e}\"".repeat(2_000);
    for _ in 0..200 {
        eprintln!("{noise}");
        saw(board, &noise)?;
    }
    let bus = run.host.i2c.keys().next().cloned().unwrap_or_default();
    let Handle { handle } = board.ask(0, Op::I2cOpen(i2c::Open { bus }))?;
    // No byte is like the one before it, nor one more: such runs are one line.
    let bytes: Vec<_> = (0..40_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let write = i2c::Message::Write(i2c::Write { address: 0x48, flags: Flags::NONE, bytes: Bytes(bytes) });
    for _ in 0..30 {
        let messages = vec![write.clone()];
        let _ = board.ask::<i2c::Reads>(0, Op::I2cTransfer(i2c::Transfer { handle, messages }));
    }
    Ok(())
}

fn leave_open(board: &Board) -> Result<(), Failure> {
    let usb::Devices { devices } = board.ask(0, Op::UsbDevices(Empty {}))?;
    let device = devices.first().map_or(0, |device| device.device);
    let Handle { handle } = board.ask(0, Op::UsbOpen(usb::Open { device }))?;
    let Empty {} = board.ask(0, Op::UsbClaim(usb::Interface { handle, interface: 0 }))?;
    Ok(())
}

/// Everything that a driver or the harness refuses, with the code that comes back.
fn absurd(board: &Board) -> Result<(), Failure> {
    let code = |answer: Result<(), Failure>| match answer {
        Ok(()) => "ok".to_owned(),
        Err(Failure::Refused(refused)) => {
            let code = serde_json::to_value(refused.code).unwrap_or_default();
            code.as_str().unwrap_or_default().to_owned()
        }
        Err(other) => format!("{other:?}"),
    };
    let wait_on = |on| board.ask::<Woken>(0, Op::Wait(Wait { on, ..Wait::default() })).map(|_| ());
    let open = |bus: &str| board.ask::<Handle>(0, Op::I2cOpen(i2c::Open { bus: bus.to_owned() })).map(|_| ());
    let transfer = |handle, messages| {
        board.ask::<i2c::Reads>(0, Op::I2cTransfer(i2c::Transfer { handle, messages })).map(|_| ())
    };
    let read =
        |address, flags, len| i2c::Message::Read(i2c::Read { address, flags: Flags(flags), len: Count(len) });
    let Handle { handle } = board.ask(0, Op::I2cOpen(i2c::Open { bus: "sensors".into() }))?;
    let lines = [
        ("no such bus", open("nowhere")),
        ("a bus without a name", open("")),
        ("no message", transfer(handle, vec![])),
        ("no such address", transfer(handle, vec![read(0x1_0048, 0, 1)])),
        ("no such flag", transfer(handle, vec![read(0x48, 0x0002, 1)])),
        ("more than there is", transfer(handle, vec![read(0x48, 0, u64::MAX)])),
        ("a long list of long messages", transfer(handle, vec![read(0x48, 0, u64::MAX); 1_000])),
        ("a long list", transfer(handle, vec![read(0x48, 0, 0); 10_000])),
        ("a handle of an earlier run", transfer(handle - 1, vec![read(0x48, 0, 1)])),
        ("a handle that never was", transfer(u32::MAX, vec![read(0x48, 0, 1)])),
        ("a handle of another kind", board.ask::<Empty>(0, Op::SpiClose(Handle { handle })).map(|_| ())),
        ("a cue that is not there", board.ask::<Empty>(0, Op::Cue(Cue { name: "x".into() })).map(|_| ())),
        ("a wait for no line", { wait_on(vec![Awaited { handle: handle + 1, until: Until::Event }]) }),
        ("a wait for more lines than can be", {
            wait_on(vec![Awaited { handle, until: Until::Event }; 5_000])
        }),
        ("a wait for no transfer", { wait_on(vec![Awaited { handle, until: Until::Over }]) }),
        ("a close", board.ask::<Empty>(0, Op::I2cClose(Handle { handle })).map(|_| ())),
        ("a second close", board.ask::<Empty>(0, Op::I2cClose(Handle { handle })).map(|_| ())),
    ];
    for (what, answer) in lines {
        saw(board, format!("{what}: {}", code(answer)))?;
    }
    Ok(())
}

fn saw(board: &Board, line: impl Display) -> Result<(), Failure> {
    board.ask::<Empty>(0, Op::Saw(Saw { line: line.to_string() }))?;
    Ok(())
}

fn done(run: u32, how: How) -> FromAdapter {
    FromAdapter::Done(Done { run, guest: 0, how, why: None, item: None })
}

fn send(board: &Board, message: FromAdapter) {
    // Where the harness is gone there is nobody to tell.
    let _ = board.send(&message);
}

/// The rest of an honest adapter's case; what would come after it is left out.
fn send_and_sync(board: &Board, message: FromAdapter) {
    send(board, message);
    if let Ok(ToAdapter::Sync(sync)) = board.next() {
        send(board, FromAdapter::Synced(sync));
    }
    exit(0);
}

fn raw(text: impl AsRef<[u8]>) {
    let mut out = stdout().lock();
    let _ = out.write_all(text.as_ref());
    let _ = out.flush();
}

fn for_ever() -> ! {
    loop {
        sleep(Duration::from_secs(3600));
    }
}
