//! The same component over the same fixture, once on the mock itself and once on devices of a Linux kernel that the fixture stands
//! behind: what it prints is the same. The feature `machine` says that `cargo hw setup linux` has been run.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output};

fn printed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{status}: {out}\n{err}");
    out.into_owned()
}

#[test]
fn a_component_sees_the_same_on_a_fixture_and_on_a_kernel_with_it() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (program, component) = (env!("CARGO_BIN_EXE_wasi-hw-run"), here.join("examples/i2cdetect.wasm"));
    let board = Path::new(env!("CARGO_TARGET_TMPDIR")).join("adapter.toml");
    let granted = "version = 1\n[i2c.sensors]\ndevice = \"/dev/i2c-0\"\nallow = [{ first = 0x08, last = 0x77, access = \"read\" }]\n";
    std::fs::write(&board, granted).expect("a file can be written");
    let on_fixture = printed(
        Command::new(program)
            .args(["--fixture", "i2c/addresses"])
            .arg(&component)
            .arg("sensors")
            .current_dir(here),
    );
    let on_kernel = printed(
        Command::new(here.join("../linux-adapter/board.sh"))
            .args(["i2c/addresses", program, "--board"])
            .args([&board, &component])
            .arg("sensors"),
    );
    // Behind it stands what the wires saw.
    let on_kernel: Vec<_> = on_kernel.lines().take(9).collect();
    assert_eq!(on_kernel, on_fixture.lines().collect::<Vec<_>>());
}
