//! Analog pins on trees of files that look like sysfs, and on some that do not. What the kernel does by itself when a file is
//! written, such as to make the folder of an exported channel, has been done before.

use super::{IioChannel, IioScale, PwmChannel};
use crate::{Failure, Machine};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use wasi_hw_seam::gpio::{Direction, Edges, Level, Line, Pull, Request, Sample};
use wasi_hw_seam::{Board, Refusal};

/// A folder of this test's own, gone with it.
pub(crate) struct Tree {
    pub(crate) root: PathBuf,
}

impl Tree {
    /// `name` is that of the test: no two may have the same.
    pub(crate) fn new(name: &str) -> Tree {
        let root = std::env::temp_dir().join(format!("wasi-hw-linux-{}-{name}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder can be made");
        Tree { root }
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().expect("it is below the root")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// What was written last: the kernel takes each write for the whole, and a file keeps what is behind it.
    fn line(&self, file: &str) -> String {
        let text = fs::read_to_string(self.root.join(file)).expect("it can be read");
        text.lines().next().unwrap_or_default().to_owned()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A chip whose channel 1 was left running by somebody else, at 3 of 4 µs and inversed.
fn chip(name: &str) -> Tree {
    let tree = Tree::new(name);
    for (file, text) in [
        ("export", ""),
        ("unexport", ""),
        ("npwm", "2\n"),
        ("pwm1/enable", "1\n"),
        ("pwm1/duty_cycle", "3000\n"),
        ("pwm1/period", "4000\n"),
        ("pwm1/polarity", "inversed\n"),
    ] {
        tree.write(file, text);
    }
    tree
}

/// A converter of 12 bits with a sign, of which a step is 2 mV.
fn converter(name: &str) -> Tree {
    let tree = Tree::new(name);
    for (file, text) in [
        ("name", "adc\n"),
        ("in_voltage0_raw", "500\n"),
        ("in_voltage_scale", "2.000000000\n"),
        ("in_voltage3_raw", "-2048\n"),
        ("in_voltage3_scale", "0.805664062\n"),
        ("in_voltage3_offset", "2048\n"),
    ] {
        tree.write(file, text);
    }
    tree
}

/// What was told, too.
type Told = Arc<Mutex<Vec<String>>>;

fn board(machine: Machine) -> (Box<dyn Board>, Told) {
    let told = Told::default();
    let tell = Arc::clone(&told);
    let tell = move |failure: &Failure| tell.lock().unwrap().push(failure.to_string());
    (Box::new(machine.on_failure(tell)), told)
}

fn pwm(chip: &Path, period_ns: u32) -> (Box<dyn Board>, Told) {
    board(Machine::new().pwm("fan", PwmChannel { chip: chip.to_owned(), channel: 1, period_ns }))
}

fn iio(device: &Path, channel: u32, scale: IioScale) -> (Box<dyn Board>, Told) {
    board(Machine::new().iio("dial", IioChannel { device: device.to_owned(), channel, scale }))
}

fn output(drive: Option<Sample>) -> Request {
    Request { drive, ..Request::analog(Direction::Out) }
}

fn refused(line: Result<Box<dyn Line>, Refusal>) -> Refusal {
    line.err().expect("it is refused")
}

#[test]
fn an_output_drives_so_many_nanoseconds_of_its_period() {
    let tree = chip("drives");
    let (board, told) = pwm(&tree.root, 1_000_000);
    let mut fan = board.gpio("fan", &output(Some(Sample::Level(Level::High)))).expect("it is there");
    let files = ["export", "pwm1/period", "pwm1/duty_cycle", "pwm1/polarity", "pwm1/enable"];
    assert_eq!(files.map(|file| tree.line(file)), ["1", "1000000", "1000000", "normal", "1"]);
    assert_eq!(fan.greatest(), 1_000_000);
    assert_eq!(fan.set(Sample::Value(250_000)), Ok(()));
    assert_eq!(tree.line("pwm1/duty_cycle"), "250000");
    // What cannot be driven leaves what is.
    assert_eq!(fan.set(Sample::Value(1_000_001)), Err(Refusal::Invalid));
    assert_eq!(fan.set(Sample::Level(Level::Low)), Err(Refusal::Invalid));
    assert_eq!(fan.get(), Err(Refusal::Invalid));
    assert_eq!(tree.line("pwm1/duty_cycle"), "250000");
    assert_eq!(tree.line("unexport"), "");
    drop(fan);
    assert_eq!(["pwm1/enable", "unexport"].map(|file| tree.line(file)), ["0", "1"]);
    assert_eq!(told.lock().unwrap()[..], [""; 0]);
}

#[test]
fn an_output_is_off_until_it_is_to_drive() {
    let tree = chip("off");
    let (board, _) = pwm(&tree.root, 2000);
    let mut fan = board.gpio("fan", &output(None)).expect("it is there");
    // Its high time was longer than this period is.
    let files = ["pwm1/enable", "pwm1/duty_cycle", "pwm1/period"];
    assert_eq!(files.map(|file| tree.line(file)), ["0", "0", "2000"]);
    assert_eq!(fan.set(Sample::Value(2000)), Ok(()));
    assert_eq!(files.map(|file| tree.line(file)), ["1", "2000", "2000"]);
}

#[test]
fn a_fresh_channel_has_a_period_of_0() {
    let tree = chip("fresh");
    for (file, text) in [("pwm1/enable", "0\n"), ("pwm1/duty_cycle", "0\n"), ("pwm1/period", "0\n")] {
        tree.write(file, text);
    }
    let (board, _) = pwm(&tree.root, 5000);
    let fan = board.gpio("fan", &output(Some(Sample::Value(7)))).expect("it is there");
    let files = ["pwm1/enable", "pwm1/duty_cycle", "pwm1/period"];
    assert_eq!(files.map(|file| tree.line(file)), ["1", "7", "5000"]);
    drop(fan);
}

#[test]
fn an_input_is_read_in_steps_from_0_volts() {
    let tree = converter("reads");
    // 1000 mV of 3300: 500 steps of 1650.
    let (board, told) = iio(&tree.root, 0, IioScale::Millivolts(3300));
    let mut dial = board.gpio("dial", &Request::analog(Direction::In)).expect("it is there");
    assert_eq!((dial.greatest(), dial.get()), (1650, Ok(Sample::Value(500))));
    for (text, value) in [("0", 0), ("-3", 0), ("1650", 1650), ("1651", 1650), ("9223372036854775807", 1650)]
    {
        tree.write("in_voltage0_raw", format!("{text}\n"));
        assert_eq!(dial.get(), Ok(Sample::Value(value)), "{text}");
    }
    assert_eq!(dial.set(Sample::Value(1)), Err(Refusal::Invalid));
    drop(dial);
    // 3300 / 0.805664062 is 4096, and 0 V the reading of -2048.
    let (board, _) = iio(&tree.root, 3, IioScale::Millivolts(3300));
    let mut dial = board.gpio("dial", &Request::analog(Direction::In)).expect("it is there");
    assert_eq!((dial.greatest(), dial.get()), (4096, Ok(Sample::Value(0))));
    tree.write("in_voltage3_raw", "1\n");
    assert_eq!(dial.get(), Ok(Sample::Value(2049)));
    drop(dial);
    // Of raw readings no scale is asked for.
    fs::remove_file(tree.root.join("in_voltage_scale")).unwrap();
    let (board, _) = iio(&tree.root, 0, IioScale::Greatest(1000));
    let mut dial = board.gpio("dial", &Request::analog(Direction::In)).expect("it is there");
    assert_eq!((dial.greatest(), dial.get()), (1000, Ok(Sample::Value(1000))));
    assert_eq!(told.lock().unwrap()[..], [""; 0]);
}

#[test]
fn an_input_belongs_to_one_pin() {
    let tree = converter("one");
    let (board, told) = iio(&tree.root, 0, IioScale::Greatest(4095));
    let held = board.gpio("dial", &Request::analog(Direction::In)).expect("it is there");
    assert_eq!(refused(board.gpio("dial", &Request::analog(Direction::In))), Refusal::Busy);
    assert!(told.lock().unwrap()[0].ends_with("in_voltage0_raw: flock: another pin has it"), "{told:?}");
    drop(held);
    assert!(board.gpio("dial", &Request::analog(Direction::In)).is_ok());
}

#[test]
fn what_no_channel_has_is_not_asked_of_it() {
    let (out, adc) = (chip("not-asked"), converter("not-asked-either"));
    let (fan, told) = pwm(&out.root, 1000);
    let (dial, _) = iio(&adc.root, 0, IioScale::Greatest(4095));
    let (drives, reads) = (output(None), Request::analog(Direction::In));
    let ask = |board: &dyn Board, name, request| refused(board.gpio(name, &request));
    for (request, why) in [
        (Request::digital(Direction::Out), Refusal::Unsupported),
        (Request::analog(Direction::InOut), Refusal::Unsupported),
        (reads, Refusal::Unsupported),
        (Request { pull: Some(Pull::Up), ..drives }, Refusal::Unsupported),
        (Request { open_drain: true, ..drives }, Refusal::Invalid),
        (output(Some(Sample::Value(1001))), Refusal::Invalid),
    ] {
        assert_eq!(ask(&*fan, "fan", request), why, "{request:?}");
    }
    for (request, why) in [
        (Request::digital(Direction::In), Refusal::Unsupported),
        (drives, Refusal::Unsupported),
        (Request { edges: Edges::Both, ..reads }, Refusal::Unsupported),
        (Request { drive: Some(Sample::Value(0)), ..reads }, Refusal::Invalid),
    ] {
        assert_eq!(ask(&*dial, "dial", request), why, "{request:?}");
    }
    assert_eq!(ask(&*fan, "dial", reads), Refusal::Missing);
    assert_eq!((out.line("export"), told.lock().unwrap().len()), (String::new(), 0));
}

/// The refusal of an output on a chip after this was done to it, and what was told. Whatever it was, the channel was given back.
fn output_on(name: &str, period_ns: u32, damage: impl Fn(&Tree)) -> (Refusal, String) {
    let tree = chip(name);
    damage(&tree);
    let (board, told) = pwm(&tree.root, period_ns);
    let why = refused(board.gpio("fan", &output(Some(Sample::Level(Level::Low)))));
    if tree.root.join("export").is_file() {
        assert_eq!(tree.line("export"), tree.line("unexport"), "{name}");
    }
    let told = told.lock().unwrap().join("\n");
    (why, told)
}

#[test]
fn a_chip_that_is_none_is_refused_with_the_file() {
    let without = |file: &'static str| move |tree: &Tree| fs::remove_file(tree.root.join(file)).unwrap();
    let with = |file: &'static str, text: &'static [u8]| move |tree: &Tree| tree.write(file, text);
    for (name, (why, told), refusal, words) in [
        ("no-period", output_on("no-period", 0, |_| ()), Refusal::Invalid, ": period: a period of 0"),
        (
            "no-export",
            output_on("no-export", 9, without("export")),
            Refusal::Missing,
            "export: open: No such",
        ),
        (
            "no-duty",
            output_on("no-duty", 9, without("pwm1/duty_cycle")),
            Refusal::Missing,
            "duty_cycle: open:",
        ),
        (
            "no-number",
            output_on("no-number", 9, with("pwm1/duty_cycle", b"a lot\n")),
            Refusal::Io,
            "no whole",
        ),
        (
            "empty",
            output_on("empty", 9, with("pwm1/enable", b"")),
            Refusal::Io,
            "enable: read: `` is no whole",
        ),
        ("no-text", output_on("no-text", 9, with("pwm1/polarity", b"\xff\n")), Refusal::Io, "it is not text"),
        ("huge", output_on("huge", 9, with("pwm1/enable", &[b'1'; 70_000])), Refusal::Io, "more than 128"),
    ] {
        assert_eq!(why, refusal, "{name}: {told}");
        assert!(told.contains(words) && told.lines().count() == 1, "{name}: {told}");
    }
}

#[test]
fn a_converter_that_is_none_is_refused_with_the_file() {
    let scale = "in_voltage_scale";
    for (name, file, text, refusal, words) in [
        ("no-scale", scale, None, Refusal::Missing, "in_voltage_scale: open: No such file"),
        ("negative", scale, Some("-1.0\n"), Refusal::Io, "in_voltage_scale: read: -1 mV are no step"),
        ("zero", scale, Some("0.000000\n"), Refusal::Io, "0 mV are no step"),
        ("infinite", scale, Some("inf\n"), Refusal::Io, "`inf` is no number"),
        ("words", scale, Some("1 mV\u{7}\n"), Refusal::Io, "`1 mV\\u{7}` is no number"),
        ("coarse", scale, Some("10000\n"), Refusal::Invalid, "scale: its scale has no step"),
        ("offset", "in_voltage_offset", Some("some\n"), Refusal::Io, "in_voltage_offset: read: `some` is"),
        ("channel", "in_voltage0_raw", None, Refusal::Missing, "in_voltage0_raw: open: No such file"),
    ] {
        let tree = converter(name);
        match text {
            Some(text) => tree.write(file, text),
            None => fs::remove_file(tree.root.join(file)).unwrap(),
        }
        let (board, told) = iio(&tree.root, 0, IioScale::Millivolts(3300));
        let why = refused(board.gpio("dial", &Request::analog(Direction::In)));
        let told = told.lock().unwrap().join("\n");
        assert_eq!(why, refusal, "{name}: {told}");
        assert!(told.contains(words), "{name}: {told}");
    }
}

#[test]
fn a_reading_that_is_none_is_an_error_of_that_reading() {
    let tree = converter("reading");
    let (board, told) = iio(&tree.root, 0, IioScale::Greatest(4095));
    let mut dial = board.gpio("dial", &Request::analog(Direction::In)).expect("it is there");
    for text in ["", "12.5\n", "0x10\n", "99999999999999999999\n"] {
        tree.write("in_voltage0_raw", text);
        assert_eq!(dial.get(), Err(Refusal::Io), "{text:?}");
    }
    tree.write("in_voltage0_raw", vec![b'7'; 1 << 20]);
    assert_eq!(dial.get(), Err(Refusal::Io));
    assert_eq!(told.lock().unwrap().len(), 5);
    tree.write("in_voltage0_raw", "17\n");
    assert_eq!(dial.get(), Ok(Sample::Value(17)));
}
