//! C programs over the mock libusb, against a board of the suite.
//!
//! They are compiled with `cc`. Where there is none, that is an error under CI and said aloud elsewhere.

#![expect(clippy::print_stderr, reason = "what was not checked is said")]
#![cfg(target_os = "linux")]

mod configurations;
mod programs;

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use wasi_hw_harness::runtime::adapter::Socket;
use wasi_hw_mock::{Board, BoardConfig};

/// A program that was compiled, and the folder with the library that it finds.
struct Program {
    path: PathBuf,
    library: PathBuf,
}

impl Program {
    /// Compiles a program; `None` if nobody can. `test` names a folder of its own.
    fn compile(test: &str, source: &str) -> Option<Program> {
        let library = library(test);
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = library.join(test);
        let built = Command::new("cc")
            .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&path)
            .arg(crate_folder.join("tests").join(source))
            .arg("-I")
            .arg(crate_folder.join("include"))
            .arg("-L")
            .arg(&library)
            .arg("-lusb-1.0")
            .status();
        match built {
            Ok(status) => assert!(status.success(), "{source} does not compile"),
            Err(why) => {
                not_checked(&format!("C programs over the mock libusb, because cc cannot be started: {why}"));
                return None;
            }
        }
        Some(Program { path, library })
    }

    fn command(&self, socket: Option<&Socket>) -> Command {
        let mut command = Command::new(&self.path);
        command.env("LD_LIBRARY_PATH", &self.library).env_remove("WASI_HW_SOCKET");
        if let Some(socket) = socket {
            command.env("WASI_HW_SOCKET", socket.address());
        }
        command
    }

    fn run(&self, socket: Option<&Socket>) -> Output {
        self.command(socket).output().expect("the program starts")
    }
}

/// Says what was not checked; under CI that is an error.
fn not_checked(what: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "NOT CHECKED: {what}");
    eprintln!("NOT CHECKED: {what}");
}

/// A folder with the library that was built for this test, under the names that programs look for.
fn library(test: &str) -> PathBuf {
    let this = std::env::current_exe().expect("this test knows where it lies");
    let built = this.parent().expect("it lies in a folder").join("libwasi_hw_mock_libusb.so");
    assert!(built.exists(), "{} was not built", built.display());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&folder).expect("a folder for the links");
    for name in ["libusb-1.0.so", "libusb-1.0.so.0"] {
        let _ = std::fs::remove_file(folder.join(name));
        std::os::unix::fs::symlink(&built, folder.join(name)).expect("a link");
    }
    folder
}

/// A board of the suite, behind a socket.
fn served(fixture: &str) -> (Board, Socket) {
    let board = board(fixture);
    let socket = Socket::open().expect("a socket");
    socket.serve_board(&board);
    (board, socket)
}

fn board(fixture: &str) -> Board {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/usb").join(fixture);
    let text = std::fs::read_to_string(path).expect("the fixture");
    let table: toml::Table = text.parse().expect("TOML");
    let device: BoardConfig = table["device"].clone().try_into().expect("a board");
    Board::new(&device).expect("a board")
}

fn trace(board: &Board) -> Vec<String> {
    board.finish();
    board.trace().entries().iter().map(|entry| entry.text.clone()).collect()
}

#[test]
fn a_program_lists_claims_and_transfers() {
    let Some(program) = Program::compile("transfers", "program.c") else { return };
    let (board, socket) = served("loopback.toml");
    let Output { status, stdout, stderr } = program.run(Some(&socket));
    let said = String::from_utf8_lossy(&stdout);
    let expected = "\
1-5 1209:0001, interface 0 0x81 0x02, interface 1 0x83 0x04, interface 2 0x85 0x06
not claimed: LIBUSB_ERROR_NOT_FOUND
sent 2
received 2: 0f d3
nothing more: LIBUSB_ERROR_TIMEOUT
no such request: LIBUSB_ERROR_PIPE
again: LIBUSB_ERROR_BUSY
over 0: 1: 5e
over 3
done
";
    assert!(status.success(), "{status}\n{said}\n{}", String::from_utf8_lossy(&stderr));
    assert_eq!(said, expected);
    let expected = [
        "OPEN",
        "CLAIM 0",
        "OUT 0x02 [0f d3]",
        "IN 0x81 [0f d3]",
        "NAK 0x81",
        "CANCEL 0x81",
        "SETUP c0 7f 00 00 00 00 08 00",
        "STALL 0x00",
        "NAK 0x81",
        "OUT 0x02 [5e]",
        "IN 0x81 [5e]",
        "NAK 0x81",
        "CANCEL 0x81",
        "RELEASE 0",
        "CLOSE",
    ];
    assert_eq!(trace(&board), expected);
}

#[test]
fn without_a_harness_nothing_works_and_the_reason_is_said() {
    let Some(program) = Program::compile("alone", "program.c") else { return };
    let Output { status, stdout, stderr } = program.run(None);
    assert!(!status.success());
    assert_eq!(String::from_utf8_lossy(&stdout), "init: LIBUSB_ERROR_OTHER\n");
    let said = String::from_utf8_lossy(&stderr);
    assert!(said.contains("WASI_HW_SOCKET does not name the harness's socket"), "{said}");
}

#[test]
fn a_program_is_told_of_devices_that_come_and_go() {
    let Some(program) = Program::compile("hotplug", "hotplug.c") else { return };
    let (board, socket) = served("plugging.toml");
    let mut child =
        program.command(Some(&socket)).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut next = || lines.next().expect("a line").expect("text");
    assert_eq!(next(), "arrived 1209:0001");
    board.cue("plug-other").expect("a cue of the fixture");
    assert_eq!(next(), "arrived 1209:0002");
    board.cue("unplug-other").expect("a cue of the fixture");
    assert_eq!(next(), "left 1209:0002");
    assert!(child.wait().expect("an end").success());
}

#[test]
fn a_stale_handle_ends_the_process() {
    const SIGABRT: i32 = 6;
    let Some(program) = Program::compile("stale", "stale.c") else { return };
    let (board, socket) = served("loopback.toml");
    let Output { status, stdout, stderr } = program.run(Some(&socket));
    assert_eq!(String::from_utf8_lossy(&stdout), "closed\n");
    assert_eq!(status.signal(), Some(SIGABRT));
    let said = String::from_utf8_lossy(&stderr);
    assert!(said.contains("libusb_get_configuration: the device handle is closed"), "{said}");
    assert_eq!(trace(&board), ["OPEN", "CLOSE"]);
}

#[test]
fn what_a_program_leaves_open_is_marked_in_the_trace() {
    let Some(program) = Program::compile("leaves", "leaves.c") else { return };
    let (board, socket) = served("loopback.toml");
    let Output { status, .. } = program.run(Some(&socket));
    assert!(status.success(), "{status}");
    socket.end();
    let expected = [
        "OPEN",
        "CLAIM 0",
        "NAK 0x81",
        "LEFT OPEN (CANCEL 0x81)",
        "LEFT OPEN (RELEASE 0)",
        "LEFT OPEN (CLOSE)",
    ];
    assert_eq!(trace(&board), expected);
}

#[test]
fn a_program_gets_what_it_asks_of_a_device() {
    let Some(program) = Program::compile("getters", "getters.c") else { return };
    let (_, socket) = served("../../harness/mock-libusb/tests/programs/many.toml");
    let Output { status, stdout, stderr } =
        program.command(Some(&socket)).arg("all").output().expect("it starts");
    let said = String::from_utf8_lossy(&stdout);
    let expected = "\
usbdk: LIBUSB_ERROR_NOT_SUPPORTED
ports: 1: 3
no room: LIBUSB_ERROR_INVALID_PARAM
text: 7 Flash ?
cut: 3 Fla
none: LIBUSB_ERROR_PIPE
packet: 8 8
alternate: 8
absent: LIBUSB_ERROR_NOT_FOUND
companion: LIBUSB_ERROR_NOT_FOUND
bos 66: 4 capabilities
usb 2.0: 6
superspeed: e 1 10 7ff
container: 0 15
platform: 10 dd
lock: 0 1
lock: 0
poll: 1 0
done
";
    assert!(status.success(), "{status}\n{said}\n{}", String::from_utf8_lossy(&stderr));
    assert_eq!(said, expected);
}

#[test]
fn a_full_packet_is_followed_by_an_empty_one_where_that_is_asked_for() {
    let Some(program) = Program::compile("zero", "getters.c") else { return };
    let (board, socket) = served("loopback.toml");
    let Output { status, stdout, .. } =
        program.command(Some(&socket)).arg("zero").output().expect("it starts");
    assert!(status.success(), "{status}\n{}", String::from_utf8_lossy(&stdout));
    let expected = ["OUT 0x02 [00*128]", "OUT 0x02 []", "OUT 0x02 [00 00 00]", "OUT 0x02 []"];
    let saw = trace(&board);
    assert_eq!(saw.iter().filter(|line| line.starts_with("OUT")).collect::<Vec<_>>(), expected);
}

#[test]
fn every_function_of_libusb_is_there() {
    let Some(program) = Program::compile("exports", "exports.c") else { return };
    let Output { status, stderr, .. } =
        program.command(None).env("LD_BIND_NOW", "1").output().expect("it starts");
    assert!(status.success(), "{status}: {}", String::from_utf8_lossy(&stderr));
}

#[test]
fn the_companion_of_a_superspeed_endpoint_is_taken_apart() {
    let Some(program) = Program::compile("companion", "companion.c") else { return };
    let (_, socket) = served("companions.toml");
    let Output { status, stdout, .. } = program.run(Some(&socket));
    assert!(status.success(), "{status}\n{}", String::from_utf8_lossy(&stdout));
    assert_eq!(
        String::from_utf8_lossy(&stdout),
        "\
0x81 takes 0, burst 15, attributes 0, 0 bytes an interval
0x02 takes 0, burst 15, attributes 0, 0 bytes an interval
"
    );
}
