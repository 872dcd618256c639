//! Programs that know nothing of the suite, as Debian and PyPI have them, over the mock libusb.
//!
//! `.ci/run` installs them. Where one is not there, that is an error under CI and said aloud elsewhere. What they print is
//! compared by the lines that come from the device, because the others change with their versions.

use super::{library, not_checked, trace};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use wasi_hw_harness::runtime::adapter::Socket;
use wasi_hw_mock::Board;

/// What a program said, and what the wires saw.
struct Ran {
    said: String,
    saw: Vec<String>,
}

impl Ran {
    /// Whether all of these are among the lines that it wrote, in this order, white space at the ends aside.
    fn says(&self, lines: &[&str]) {
        let mut said = self.said.lines().map(str::trim);
        for line in lines {
            assert!(
                said.any(|other| other == *line),
                "`{line}` is not there, or not in order:\n{}",
                self.said
            );
        }
    }

    /// Whether all of these are in the trace, in this order.
    fn sees(&self, lines: &[&str]) {
        let mut saw = self.saw.iter();
        for line in lines {
            assert!(
                saw.any(|other| other == line),
                "`{line}` is not there, or not in order: {:#?}",
                self.saw
            );
        }
    }
}

/// Runs a program over a fixture. `None` if it is not there, which is said.
fn run(fixture: &Path, program: &Path, arguments: &[&str]) -> Option<Ran> {
    let name = program.file_name().expect("a name").to_string_lossy().into_owned();
    let library = library(&folder());
    let board = board(fixture);
    let socket = Socket::open().expect("a socket");
    socket.serve_board(&board);
    let ran = Command::new(program)
        .args(arguments)
        .env("LD_LIBRARY_PATH", library)
        .env("WASI_HW_SOCKET", socket.address())
        .env("LC_ALL", "C.UTF-8")
        .output();
    socket.end();
    match ran {
        Ok(Output { status, stdout, stderr }) => {
            let (said, errors) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
            assert!(status.success(), "{name}: {status}\n{said}\n{errors}");
            assert!(socket.was_used(), "{name} found another libusb\n{said}\n{errors}");
            Some(Ran { said: said.into_owned(), saw: trace(&board) })
        }
        Err(why) => {
            not_checked(&format!(
                "{} over the mock libusb, which cannot be started: {why}",
                program.display()
            ));
            None
        }
    }
}

/// The name of a folder of this test's own: others run at the same time.
fn folder() -> String {
    std::thread::current().name().unwrap_or("programs").replace("::", "-")
}

fn board(fixture: &Path) -> Board {
    super::board(&fixture.to_string_lossy())
}

/// The device with much to read.
fn many() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/many.toml")
}

#[test]
fn lsusb_reads_everything() {
    let Some(ran) = run(&many(), Path::new("lsusb"), &["-v", "-d", "1209:0001"]) else { return };
    ran.says(&[
        "wTotalLength       0x0034",
        "bEndpointAddress     0x81  EP 1 IN",
        "iInterface              4 Flash é",
        "Device Firmware Upgrade Interface Descriptor:",
        "Binary Object Store Descriptor:",
        "wTotalLength       0x0042",
        "bNumDeviceCaps          4",
    ]);
    ran.sees(&["OPEN", "SETUP 80 06 04 03 09 04 fe 00", "SETUP 80 06 00 0f 00 00 42 00", "CLOSE"]);
}

#[test]
fn lsusb_shows_what_belongs_to_a_configuration_and_nothing_behind_it() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/usb/beyond-total.toml");
    let Some(ran) = run(&fixture, Path::new("lsusb"), &["-v"]) else { return };
    ran.says(&["wTotalLength       0x0020", "bEndpointAddress     0x02  EP 2 OUT"]);
    assert!(!ran.said.contains("0x83"), "{}", ran.said);
}

#[test]
fn dfu_util_finds_the_interface_for_firmware() {
    let Some(ran) = run(&many(), Path::new("dfu-util"), &["-l"]) else { return };
    let found = ran.said.lines().find(|line| line.starts_with("Found DFU: [1209:0001]")).unwrap_or_default();
    for part in ["devnum=5", "cfg=1", "intf=1", "path=\"1-3\"", "alt=0", "name=\"Flash ", "serial=\"0001\""] {
        assert!(found.contains(part), "{part}: {}", ran.said);
    }
    ran.sees(&["OPEN", "SETUP 80 06 04 03 09 04 ff 00", "SETUP 80 06 03 03 09 04 ff 00", "CLOSE"]);
}

#[test]
fn usbhid_dump_reads_the_report_descriptor() {
    let Some(ran) = run(&many(), Path::new("usbhid-dump"), &["-e", "descriptor"]) else { return };
    ran.says(&["05 01 09 05 A1 01 09 30 09 31 15 81 25 7F 75 08", "95 02 81 02 C0 C0"]);
    ran.sees(&["OPEN", "CLAIM 0", "SETUP 81 06 00 22 00 00 16 00", "RELEASE 0", "CLOSE"]);
}

#[test]
fn usbhid_dump_takes_a_device_from_its_kernel_driver_and_gives_it_back() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/usb/gamepad.toml");
    let Some(ran) = run(&fixture, Path::new("usbhid-dump"), &["-e", "descriptor"]) else { return };
    ran.sees(&["DETACH 0", "CLAIM 0", "RELEASE 0", "ATTACH 0", "CLOSE"]);
}

/// An example of libusb's own sources, compiled as it is with the header beside it.
fn example(name: &str) -> Option<PathBuf> {
    let Some(sources) = std::env::var_os("LIBUSB_SOURCES").filter(|sources| !sources.is_empty()) else {
        not_checked(&format!(
            "libusb's example {name}: LIBUSB_SOURCES does not name the folder of libusb's sources"
        ));
        return None;
    };
    let (sources, folder) = (PathBuf::from(sources), library(&folder()));
    let program = folder.join(name);
    let built = Command::new("cc")
        .arg("-o")
        .arg(&program)
        .arg(sources.join("examples").join(format!("{name}.c")))
        .arg("-I")
        .arg(sources.join("libusb"))
        .arg("-L")
        .arg(&folder)
        .args(["-lusb-1.0", "-pthread"])
        .status()
        .expect("cc starts");
    assert!(built.success(), "{name} does not build");
    Some(program)
}

#[test]
fn the_example_listdevs_lists() {
    let Some(program) = example("listdevs") else { return };
    let Some(ran) = run(&many(), &program, &[]) else { return };
    ran.says(&["1209:0001 (bus 1, device 5) path: 3"]);
}

#[test]
fn the_example_testlibusb_reads_text_and_capabilities() {
    let Some(program) = example("testlibusb") else { return };
    let Some(ran) = run(&many(), &program, &["-v"]) else { return };
    ran.says(&[
        "Manufacturer:              Example",
        "bNumDeviceCaps:          4",
        "wSpeedSupported:       14",
    ]);
}

#[test]
fn the_example_xusb_claims_and_reads() {
    let Some(program) = example("xusb") else { return };
    let Some(ran) = run(&many(), &program, &["-i", "1209:0001"]) else { return };
    ran.says(&[
        "speed: 12 Mbit/s (USB FullSpeed)",
        "{00010203-0405-0607-0809-0a0b0c0d0e0f}",
        "Claiming interface 1...",
        "String (0x03): \"0001\"",
    ]);
    ran.sees(&["OPEN", "CLAIM 0", "CLAIM 1", "RELEASE 0", "RELEASE 1", "CLOSE"]);
}

#[test]
fn pyusb_sends_and_receives() {
    let python = std::env::var_os("PYUSB_PYTHON").filter(|python| !python.is_empty());
    let Some(python) = python.map(PathBuf::from) else {
        return not_checked("pyusb over the mock libusb: PYUSB_PYTHON does not name a Python that has it");
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/loopback.py");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/usb/loopback.toml");
    let Some(ran) = run(&fixture, &python, &[&script.to_string_lossy()]) else { return };
    let expected = "\
1-5 port (1,) speed 2
endpoints ['0x81', '0x2']
sent 2
received 0f d3
nothing more
no such request: -9
status 00 00
";
    assert_eq!(ran.said, expected);
    ran.sees(&[
        "CLAIM 0",
        "OUT 0x02 [0f d3]",
        "IN 0x81 [0f d3]",
        "NAK 0x81",
        "CANCEL 0x81",
        "RELEASE 0",
        "CLOSE",
    ]);
}
