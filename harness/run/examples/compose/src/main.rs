//! Plugs a component into another one: `compose GAME DRIVER COMPOSED`. What the first imports and the second exports is joined, and
//! what both import they share.

use anyhow::{Context, bail};
use std::fs;
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, plug};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [socket, plugged, composed] = &arguments[..] else { bail!("usage: compose GAME DRIVER COMPOSED") };
    let mut graph = CompositionGraph::new();
    let mut package = |name: &str, file: &str| {
        let bytes = fs::read(file).with_context(|| format!("{file} cannot be read"))?;
        let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
        anyhow::Ok(graph.register_package(package)?)
    };
    let socket = package("example:socket", socket)?;
    let plugged = package("example:plug", plugged)?;
    plug(&mut graph, vec![plugged], socket)?;
    let bytes = graph.encode(EncodeOptions { processor: None, ..EncodeOptions::default() })?;
    fs::write(composed, bytes).with_context(|| format!("{composed} cannot be written"))
}
