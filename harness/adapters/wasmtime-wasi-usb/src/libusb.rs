//! Which libusb was loaded.

use anyhow::{Context, bail};
use std::fs;

/// Makes sure that the libusb of this process is the mock: with any other the host would look for real devices, and
/// the crate that binds libusb builds one of its own without a word where pkg-config finds none.
pub fn is_the_mock() -> anyhow::Result<()> {
    // The kernel says which files a process has in its memory, links resolved.
    let maps = fs::read_to_string("/proc/self/maps").context("this adapter runs on Linux only")?;
    let files = || maps.lines().filter_map(|line| Some(&line[line.find('/')?..]));
    if files().any(|file| file.ends_with("/libwasi_hw_mock_libusb.so")) {
        return Ok(());
    }
    match files().find(|file| file.contains("libusb")) {
        Some(other) => bail!("{other} was loaded in place of the mock libusb; is LD_LIBRARY_PATH set?"),
        None => bail!(
            "this adapter was built with a libusb of its own, because pkg-config was missing; install pkg-config, \
             remove harness/adapters/wasmtime-wasi-usb/target, and run `cargo hw setup wasmtime-wasi-usb`"
        ),
    }
}
