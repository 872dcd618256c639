//! Puts the component under a guest: its exports are what the guest imports.

use anyhow::Context;
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions};

/// Its source is in `conformance/guests/i2c-over-gpio`.
const HOST: &[u8] = include_bytes!("../../../../conformance/components/i2c-over-gpio.wasm");

/// What it exports.
const EXPORTS: [&str; 3] =
    ["wasi:i2c/i2c@0.2.0-draft", "wasi:i2c/delay@0.2.0-draft", "wasi-hw:conformance/board-i2c@0.1.0"];

/// What a guest exports, and what is made of it.
const RUN: &str = "run";

/// A guest with the host inside. What either imports beside that, the whole imports.
pub(crate) fn compose(guest: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let mut register = |name: &str, bytes: &[u8]| -> anyhow::Result<_> {
        let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
        let world = package.ty();
        Ok((graph.register_package(package)?, world))
    };
    let (host, _) = register("wasi-hw:i2c-over-gpio", HOST)?;
    let (guest, world) = register("wasi-hw:guest", guest)?;
    let imports = graph.types()[world].imports.clone();
    let host = graph.instantiate(host);
    let guest = graph.instantiate(guest);
    for name in EXPORTS.into_iter().filter(|name| imports.contains_key(*name)) {
        let export = graph.alias_instance_export(host, name)?;
        graph
            .set_instantiation_argument(guest, name, export)
            .with_context(|| format!("{name} does not fit"))?;
    }
    let run = graph.alias_instance_export(guest, RUN)?;
    graph.export(run, RUN)?;
    Ok(graph.encode(EncodeOptions::default())?)
}
