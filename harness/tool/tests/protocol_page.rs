//! PROTOCOL.md leaves nothing to be looked up in schemas or code: every operation with its fields, every key of `[host]` with
//! whose it is, every world.

use crate::copy::repository;
use serde_json::Value;
use std::fs;
use wasi_hw_harness::suite::Suite;

/// Where a word stands in the page for itself, or at the end of a dotted one.
fn names(page: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    page.match_indices(word)
        .any(|(at, _)| !page[..at].ends_with(part) && !page[at + word.len()..].starts_with(part))
}

/// The properties of a definition, those of its variants too.
fn properties(of: &Value) -> Vec<String> {
    let variants = of["oneOf"].as_array().into_iter().flatten();
    let own = of["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    own.chain(variants.flat_map(properties)).collect()
}

#[test]
fn the_page_of_the_protocol_names_everything() {
    let folder = repository().join("harness");
    let page = fs::read_to_string(folder.join("PROTOCOL.md")).unwrap();
    let schema = |file: &str| -> Value {
        let text = fs::read_to_string(folder.join("protocol/schema").join(file)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let mut missing = Vec::new();
    let mut seen = 0;
    for (file, which) in [
        (
            "to-adapter.json",
            &[
                "I2cBusHost",
                "I2cAllow",
                "SpiDeviceHost",
                "GpioPinHost",
                "UsbHost",
                "UsbAllow",
                "Run",
                "Limits",
            ][..],
        ),
        (
            "from-adapter.json",
            &["Op", "Started", "Wait", "UsbSubmit", "SpiTransfer", "SpiConfigure", "GpioRequest", "Done"][..],
        ),
    ] {
        let schema = schema(file);
        for name in which {
            let of = &schema["$defs"][*name];
            assert!(of.is_object(), "{file} has no {name}");
            for word in properties(of) {
                seen += 1;
                if !names(&page, &word) {
                    missing.push(format!("{name}: {word}"));
                }
            }
        }
    }
    // What is put around a guest to make a command of it is no adapter's affair.
    for component in Suite::discover(repository()).components.into_iter().filter(|c| !c.tests.is_empty()) {
        let world = component.world.split(['/', '@']).nth(1).unwrap_or_default().to_owned();
        if !names(&page, &world) {
            missing.push(component.world);
        }
    }
    assert!(seen > 60, "{seen}");
    assert!(missing.is_empty(), "PROTOCOL.md does not name: {missing:#?}");
}
