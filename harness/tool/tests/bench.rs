//! `cargo hw bench`: what it says and refuses, and no figure.

use serde_json::Value;
use std::process::{Command, Output};

fn bench(arguments: &[&str]) -> Output {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
    tool.arg("bench").args(arguments).env_remove("WASI_HW_ROOT").output().unwrap()
}

/// These tests are built as the tool is.
#[test]
#[cfg(debug_assertions)]
fn an_unoptimised_build_measures_nothing_and_names_the_command() {
    let output = bench(&["calls"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cargo run --release --package wasi-hw-tool -- bench"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn each_call_is_measured_with_and_without_a_guest() {
    let output = bench(&["calls", "throughput", "--quick", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(figures["quick"], true);
    let list = |table: &str| figures[table].as_array().cloned().unwrap_or_default();
    let what = |row: &Value| format!("{} {}", row["proposal"], row["what"]).replace('"', "");
    let calls: Vec<_> = list("calls").iter().map(what).collect();
    assert_eq!(
        calls,
        [
            "i2c write-read of 2 B",
            "spi transfer of 64 B",
            "gpio set",
            "gpio get",
            "usb control of 64 B",
            "usb bulk-in of 64 B",
            "usb bulk-out of 64 B",
        ]
    );
    let sizes: Vec<_> = list("throughput").iter().filter_map(|row| row["size"].as_u64()).collect();
    assert_eq!((sizes.len(), sizes.first(), sizes.last()), (18, Some(&512), Some(&(1 << 20))));
    for row in list("calls").iter().chain(&list("throughput")) {
        // The guest did what the driver does, and both took time.
        let [this, that] = ["this", "that"].map(|side| row["cost"][side]["median"].as_f64().unwrap());
        assert!(this > 0.0 && that > 0.0, "{row}");
    }
}

#[test]
fn quick_says_that_its_figures_say_nothing() {
    let output = bench(&["footprint", "--quick"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("Everything runs. As little was done as shows it, so the figures say nothing."),
        "{said}"
    );
    assert!(said.contains("## Footprint") && said.contains("usb.wasm"), "{said}");
}
