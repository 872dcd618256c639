//! What each crate around the driver seam is built from, and so what it can be built without: a host without the mock
//! and the protocol, the mock without WebAssembly and the protocol, a driver on the seam alone.

use std::collections::BTreeSet;
use std::path::Path;

/// A crate, and everything that a build of it may need.
const ALLOWED: [(&str, &[&str]); 6] = [
    ("seam", &[]),
    ("linux", &["gpiocdev", "gpiocdev-uapi", "rustix", "spidev", "wasi-hw-seam"]),
    ("mock", &["embedded-hal", "serde", "wasi-hw-seam"]),
    ("protocol", &["serde", "serde_json", "wasi-hw-seam"]),
    ("usb", &["libc", "libusb1-sys", "wasi-hw-seam"]),
    ("wasmtime-host", &["embedded-hal", "wasi-hw-seam", "wasmtime", "wasmtime-wasi-io"]),
];

/// The names of what a crate needs, features that nobody asked for left out. Tests may need more.
fn needs(folder: &str) -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("Cargo.toml");
    let manifest =
        std::fs::read_to_string(&manifest).unwrap_or_else(|why| panic!("{}: {why}", manifest.display()));
    let manifest: toml::Table = manifest.parse().unwrap();
    let tables = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    let tables = tables.filter_map(|(_, target)| target.as_table()).chain([&manifest]);
    let dependencies = tables.flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")]);
    let dependencies = dependencies.flatten().filter_map(toml::Value::as_table).flatten();
    let optional = |value: &toml::Value| value.get("optional").and_then(toml::Value::as_bool) == Some(true);
    let needed = dependencies.filter(|(_, value)| !optional(value));
    // A name of one's own for a dependency would hide whose it is.
    needed
        .inspect(|(name, value)| assert!(value.get("package").is_none(), "{folder}: {name}"))
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn what_stands_around_the_seam_is_built_from_no_more_than_it_needs() {
    for (folder, allowed) in ALLOWED {
        let allowed: BTreeSet<_> = allowed.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(needs(folder), allowed, "harness/{folder}/Cargo.toml");
    }
}

#[test]
fn the_harness_needs_what_the_others_are_built_without() {
    let harness = needs(".");
    for name in ["wasi-hw-mock", "wasi-hw-protocol", "wasi-hw-seam", "wasi-hw-wasmtime"] {
        assert!(harness.contains(name), "{name}");
    }
    assert!(!harness.contains("wasi-hw-proof"), "a vendor would compile the wrong hosts");
}
