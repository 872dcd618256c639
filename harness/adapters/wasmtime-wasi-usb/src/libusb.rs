//! Which libusb was loaded.

use anyhow::{Context, bail, ensure};
use std::fs;

/// Makes sure that the libusb of this process is the mock, or that it is not: a run on the one says nothing of the other, and the
/// crate that binds libusb builds one of its own without a word where pkg-config finds none.
pub fn is(mock: bool) -> anyhow::Result<()> {
    // The kernel says which files a process has in its memory, links resolved.
    let maps = fs::read_to_string("/proc/self/maps").context("this adapter runs on Linux only")?;
    let files = || maps.lines().filter_map(|line| Some(&line[line.find('/')?..]));
    let Some(loaded) = files().find(|file| file.contains("libusb")) else {
        bail!(
            "this adapter was built with a libusb of its own, because pkg-config was missing; install pkg-config, \
             remove harness/adapters/wasmtime-wasi-usb/target, and run `cargo hw setup wasmtime-wasi-usb`"
        )
    };
    ensure!(
        loaded.ends_with("/libwasi_hw_mock_libusb.so") == mock,
        "{loaded} was loaded; {}, is LD_LIBRARY_PATH set?",
        if mock { "it is to be the mock libusb" } else { "it is to be the system's libusb" }
    );
    Ok(())
}
