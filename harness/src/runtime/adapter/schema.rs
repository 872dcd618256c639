//! The JSON Schemas of the messages, in `harness/protocol/schema/`: made from the types, so that they say the
//! same. `WASI_HW_UPDATE=1 cargo test -p wasi-hw-harness schema` writes them.

use crate::suite::fixture::HostConfig;
use schemars::{JsonSchema, schema_for};
use std::path::Path;
use wasi_hw_protocol::{FromAdapter, ToAdapter};

fn current<T: JsonSchema>(file: &str, title: &str) {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol/schema").join(file);
    if std::env::var_os("WASI_HW_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    // A checkout on Windows may have changed the line ends.
    let there = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        there == text,
        "{file} is not current; WASI_HW_UPDATE=1 cargo test -p wasi-hw-harness schema writes it"
    );
}

#[test]
fn the_schema_of_what_the_harness_sends_is_current() {
    current::<ToAdapter<HostConfig>>("to-adapter.json", "What the harness sends to an adapter");
}

#[test]
fn the_schema_of_what_adapters_send_is_current() {
    current::<FromAdapter>("from-adapter.json", "What an adapter sends to the harness");
}
