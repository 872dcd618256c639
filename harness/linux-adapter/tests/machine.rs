//! The machine of `harness/kernel`, from outside: boards that break, and programs that others wrote. What it needs is made by
//! `cargo hw setup linux`; the feature `machine` says that it is there.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command as Program, Output, Stdio};
use std::sync::{Arc, OnceLock};
use wasi_hw_harness::report::{Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::adapter::{Adapters, Command};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_harness::suite::problem::Source;
use wasi_hw_mock::Board as Mock;
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::spi::Transfer;
use wasi_hw_seam::{Board, Refusal};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

const BOARD: &[&str] = &["harness/linux-adapter/run.sh"];
const DEVICES: &[&str] = &["harness/linux-adapter/usb.sh"];
const HOST: &[&str] = &["linux", "target/debug/wasi-hw-usb-adapter"];

/// The records of cases, of which the board of the first breaks in this manner.
fn broken(board: &[&str], manner: &str, host: &[&str], cases: &[&str]) -> Vec<Record> {
    let words = [board, &["--broken", manner], host].concat().into_iter().map(str::to_owned).collect();
    let runtime = Adapters::start(Command { words, folder: root() }).expect("the machine starts");
    static SUITE: OnceLock<Arc<Suite>> = OnceLock::new();
    let suite = SUITE.get_or_init(|| Arc::new(Suite::discover(&root())));
    let session = Arc::new(Session::new(Arc::clone(suite), Box::new(runtime)));
    let case = |id: &&str| suite.cases.iter().find(|case| case.id == *id).expect("a case of the suite");
    cases.iter().map(|id| session.run(case(id))).collect()
}

#[test]
fn a_board_that_breaks_is_an_error_of_the_harness_and_the_machine_goes_on() {
    for manner in ["dies", "late", "twice", "nonsense"] {
        for [first, second] in [
            ["i2c/read-one-frame", "i2c/write-one-frame"],
            ["spi/exact-lengths", "spi/drop-one-of-two"],
            ["gpio/toggle", "gpio/set-state"],
        ] {
            breaks(BOARD, manner, &[], first, second);
        }
    }
}

fn breaks(board: &[&str], manner: &str, host: &[&str], first: &str, second: &str) {
    let records = broken(board, manner, host, &[first, second]);
    let [of_first, of_second] = &records[..] else { panic!("two records") };
    assert_eq!(of_first.verdict, Verdict::HarnessError, "{manner}: {first}: {:?}", of_first.why);
    let why = of_first.why.as_deref().unwrap_or_default();
    assert!(why.starts_with("the board in the kernel: "), "{manner}: {first}: {why}");
    // In the same machine: with its board went everything that was wrong.
    assert!(of_second.verdict.passed(), "{manner}: {second}: {:?} {:?}", of_second.verdict, of_second.why);
}

#[test]
fn a_device_of_usb_that_breaks_is_one_too() {
    for (manner, first) in [
        ("dies", "usb/transfers/bulk-round-trip"),
        // It has a time limit, after which the host takes the transfer back.
        ("late", "usb/transfers/time-limit-partial"),
        ("twice", "usb/transfers/bulk-round-trip"),
        ("nonsense", "usb/transfers/bulk-round-trip"),
    ] {
        breaks(DEVICES, manner, HOST, first, "usb/transfers/control-round-trip");
    }
}

#[test]
fn the_machine_ends_when_nobody_speaks_to_it_any_more() {
    let (listener, mut machine) = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a socket");
        let address = format!("{}/0123", listener.local_addr().expect("an address"));
        let machine = Program::new("harness/linux-adapter/run.sh")
            .current_dir(root())
            .env("WASI_HW_SOCKET", address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        (listener, machine.expect("the machine starts"))
    };
    // It waits for the greeting, and gets none.
    let (connection, _) = listener.accept().expect("it connects");
    drop((connection, machine.stdin.take()));
    assert!(!machine.wait().expect("it ends").success(), "what it was to serve was never there");
}

fn board(arguments: &[&str]) -> Output {
    let board = Program::new("harness/linux-adapter/board.sh").args(arguments).current_dir(root()).output();
    board.expect("the machine starts")
}

/// What a program prints on the devices of a fixture, and what the wires saw.
fn on(fixture: &str, program: &str) -> (String, Vec<String>) {
    with(&[], fixture, program)
}

/// The same with options.
fn with(options: &[&str], fixture: &str, program: &str) -> (String, Vec<String>) {
    const END: &str = "-- end of the program --\n";
    let program = format!("{program}; printf '%s' '{END}'");
    let Output { status, stdout, stderr } = board(&[options, &[fixture, "sh", "-c", &program]].concat());
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    let (printed, trace) = out.split_once(END).unwrap_or_else(|| panic!("{status}: {out}\n{err}"));
    assert!(status.success(), "{status}: {out}\n{err}");
    (printed.to_owned(), trace.lines().map(|line| untimed(line).to_owned()).collect())
}

/// A line of a trace without its time, which depends on the machine.
fn untimed(line: &str) -> &str {
    line.split_once(" µs  ").map_or(line, |(_, saw)| saw)
}

/// The board of a fixture, as it is without a kernel.
fn mock(fixture: &str) -> Mock {
    let source = Source::read(&root(), format!("fixtures/{fixture}.toml")).expect("a fixture");
    let fixture: Fixture = source.parse_versioned().expect("a fixture");
    Mock::new(&fixture.device).expect("a board")
}

#[test]
fn i2c_tools_see_what_the_fixture_says() {
    let fixture = "i2c/addresses";
    let board = mock(fixture);
    let mut bus = board.i2c("sensors").expect("a bus");
    let mut expected = "     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n".to_owned();
    for row in (0..0x80_u16).step_by(16) {
        expected.push_str(&format!("{row:02x}: "));
        for address in row..row + 16 {
            let mut byte = [0];
            let asked = (0x08..=0x77).contains(&address);
            let cell =
                match asked.then(|| bus.transfer(&mut [Message::read(address, Flags::NONE, &mut byte)])) {
                    None => "   ".to_owned(),
                    Some(Ok(())) => format!("{address:02x} "),
                    Some(Err(Refusal::AddressNack)) => "-- ".to_owned(),
                    Some(Err(other)) => panic!("{address:#x}: {other:?}"),
                };
            expected.push_str(&cell);
        }
        expected.push('\n');
    }
    assert!(expected.contains("32 33 "), "the fixture has targets at 0x32 and 0x33:\n{expected}");
    let (printed, trace) = on(fixture, "i2cdetect -y -r 0");
    assert_eq!(printed, expected);
    assert!(trace.contains(&"sensors  START 0x32 R ACK".to_owned()), "{trace:?}");

    let (printed, trace) =
        on("i2c/register-file", "i2cdetect -l | cut -f 3; i2ctransfer -y 0 w1@0x48 0x0f r1");
    let mut id = [0];
    let board = mock("i2c/register-file");
    let mut bus = board.i2c("sensors").expect("a bus");
    bus.transfer(&mut [
        Message::write(0x48, Flags::NONE, &[0x0f]),
        Message::read(0x48, Flags::NONE, &mut id),
    ])
    .expect("the target answers");
    let lines: Vec<_> = printed.lines().map(str::trim).collect();
    assert_eq!(lines, ["sensors", &format!("{:#04x}", id[0])]);
    let expected: Vec<_> = board
        .trace()
        .channel("sensors")
        .filter(|entry| entry.text != "ATTACH")
        .map(|entry| entry.text.clone())
        .collect();
    let seen: Vec<_> = trace.iter().filter_map(|line| line.strip_prefix("sensors  ")).collect();
    let seen: Vec<_> = seen.into_iter().filter(|line| !line.contains("TACH")).collect();
    assert_eq!(seen, expected);
}

#[test]
fn spi_tools_see_what_the_fixture_says() {
    // The id of a flash: a command, and three bytes that the device answers.
    let command = [0x9f, 0, 0, 0];
    let mut answer = [0; 4];
    let board = mock("spi/flash");
    let mut device = board.spi("flash").expect("a device");
    device
        .message(&mut [Transfer { output: &command, input: &mut answer, ..Transfer::default() }])
        .expect("the device answers");
    let (printed, trace) = on(
        "spi/flash",
        r"printf '\237\0\0\0' | spi-pipe -d /dev/spidev0.0 -b 4 -n 1 | od -An -tx1; spi-config -d /dev/spidev0.0 -q",
    );
    let (bytes, settings) = printed.trim().split_once('\n').expect("two lines");
    let expected: Vec<_> = answer.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(bytes.trim(), expected.join(" "));
    assert!(settings.starts_with("/dev/spidev0.0: mode=0, lsb=0, bits=8"), "{settings}");
    assert!(trace.iter().any(|line| line.contains("9f")), "{trace:?}");
}

#[test]
fn gpio_tools_see_what_the_fixture_says() {
    // A wire joins the two lines, so what one drives the other reads.
    let program = "gpioinfo gpiochip0 | sed 's/ *unused.*//'; gpioset -m time -u 200000 gpiochip0 1=1 & \
                   until gpioinfo gpiochip0 | grep -q 'lamp.*output'; do :; done; gpioget gpiochip0 0; wait";
    let (printed, trace) = on("gpio/wire", program);
    let lines: Vec<_> = printed.lines().map(str::trim).collect();
    assert_eq!(lines, ["gpiochip0 - 2 lines:", "line   0:     \"button\"", "line   1:       \"lamp\"", "1"]);
    for line in ["lamp  REQUEST digital out high", "button  REQUEST digital in"] {
        assert!(trace.iter().any(|seen| seen == line), "no {line} in {trace:?}");
    }
}

#[test]
fn lsusb_sees_what_the_fixture_says() {
    let fixture = "usb/loopback";
    let (printed, trace) = on(fixture, "lsusb -v -d 1209:0001");
    let device = mock(fixture).usb().devices().expect("devices").remove(0);
    // Each endpoint of the descriptors, in their order.
    let (mut rest, mut endpoints) = (&device.configurations[0][..], Vec::new());
    while let [length, kind, ..] = *rest {
        if let (5, [_, _, address, ..]) = (kind, rest) {
            let (number, way) = (address & 0x0f, if address & 0x80 == 0 { "OUT" } else { "IN" });
            endpoints.push(format!("bEndpointAddress {address:#04x} EP {number} {way}"));
        }
        rest = &rest[usize::from(length)..];
    }
    assert_eq!(endpoints.len(), 8, "the fixture has eight");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let seen: Vec<_> = printed.lines().map(words).filter(|line| line.contains("bEndpointAddress")).collect();
    assert_eq!(seen, endpoints);
    for line in ["idVendor 0x1209", "idProduct 0x0001", "bNumConfigurations 1", "bConfigurationValue 1"] {
        assert!(printed.lines().any(|seen| words(seen).starts_with(line)), "no {line} in:\n{printed}");
    }
    let total = u16::from_le_bytes([device.configurations[0][2], device.configurations[0][3]]);
    assert!(printed.lines().any(|seen| words(seen) == format!("wTotalLength {total:#06x}")), "{printed}");
    for line in ["device  OPEN", "device  CLOSE"] {
        assert!(trace.iter().any(|seen| seen == line), "no {line} in {trace:?}");
    }
}

/// A file of cues for one test.
fn script(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path.to_str().expect("UTF-8").to_owned()
}

const PAD: &str = "harness/run/examples/pad.toml";

#[test]
fn cues_happen_when_their_script_says() {
    let cues = script("unplug.cues", "# between the two sleeps\n500 ms unplug\n");
    let virtually = ["--virtual-time", "--cues", &cues];
    for (fixture, look, there) in [
        ("i2c/unplug", "i2ctransfer -y 0 r1@0x48 2>&1", "0x"),
        (PAD, "lsusb -d 045e:028e", "Bus 001 Device 002: ID 045e:028e"),
    ] {
        let program = format!("sleep 0.4; {look}; echo then; sleep 0.2; {look} || echo it is gone");
        let (printed, trace) = with(&virtually, fixture, &program);
        let (before, after) = printed.split_once("then\n").expect("the second half");
        assert!(before.starts_with(there), "{fixture}: {printed}");
        assert!(after.ends_with("it is gone\n") && !after.starts_with(there), "{fixture}: {printed}");
        assert!(trace.iter().any(|line| line.ends_with("  GONE")), "{fixture}: {trace:?}");
    }
    // On a real clock it happens too, sooner or later.
    let (_, trace) = with(&["--cues", &cues], PAD, "while lsusb -d 045e:028e; do :; done");
    assert!(trace.contains(&"pad  GONE".to_owned()), "{trace:?}");
}

#[test]
fn without_a_program_the_devices_stay_and_the_wires_are_told_as_they_move() {
    let adapter =
        std::env::var("WASI_HW_LINUX_ADAPTER").unwrap_or("target/debug/wasi-hw-linux-adapter".to_owned());
    // What is typed comes by a pipe that stays open.
    let script = format!(
        "typed=$(mktemp -u); mkfifo $typed; exec 7<>$typed
         {adapter} --fixture fixtures/gpio/button.toml <&7 & shown=$!
         until gpiodetect | grep -q board-; do sleep 0.01; done
         gpiomon -n 1 gpiochip0 0 & monitor=$!
         until gpioinfo | grep -q gpiomon; do sleep 0.01; done
         echo plug >&7; echo press >&7; wait $monitor
         kill -INT $shown; wait $shown; echo ended with $?
         gpiodetect | grep board- || echo nothing is left"
    );
    let machine =
        Program::new("harness/kernel/run.sh").args(["sh", "-c", &script]).current_dir(root()).output();
    let Output { status, stdout, stderr } = machine.expect("the machine starts");
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{status}: {out}\n{err}");
    let lines: Vec<_> = out.lines().map(untimed).collect();
    let expected = [
        "gpio  button  /dev/gpiochip0 line 0",
        "button  REQUEST digital in",
        "button  LEVEL high by contact",
        "button  RELEASE",
        "ended with 0",
        "nothing is left",
    ];
    for line in expected {
        assert!(lines.contains(&line), "{line}: {out}\n{err}");
    }
    assert!(err.contains("no cue `plug` is left; left are: [press, release]"), "{err}");
}

#[test]
fn what_is_wrong_with_a_script_is_said_with_its_line() {
    let cues = script("wrong.cues", "500 ms unplug\n600 ms plug\n");
    for (arguments, why) in [
        (&["--cues", &cues, PAD, "true"][..], "wrong.cues:2: no cue `plug` is left; left are: ["),
        (&["--cues", "no/such.cues", PAD, "true"], "no/such.cues: cannot be read: "),
        (&["--cues", &cues, PAD], "usage: board.sh "),
        (&["--cuse", &cues, PAD, "true"], "--cuse: no such option"),
    ] {
        let Output { status, stderr, .. } = board(arguments);
        let err = String::from_utf8_lossy(&stderr);
        assert!(status.code() == Some(2) && err.contains(why), "{arguments:?}: {status}: {err}");
    }
}
