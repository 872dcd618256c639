//! Looks for inputs that a target does not stand: libFuzzer over one target, which `WASI_HW_FUZZ` names.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use wasi_hw_fuzz::TARGETS;

static FEED: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("WASI_HW_FUZZ").unwrap_or_default();
    let target = TARGETS.iter().find(|target| target.name == name);
    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    target.unwrap_or_else(|| panic!("WASI_HW_FUZZ names no target; one of {}", names.join(", "))).feed
});

fuzz_target!(|input: &[u8]| FEED(input));
