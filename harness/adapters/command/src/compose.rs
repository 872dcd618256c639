//! Makes commands of guests: a board behind the standard streams and a start are put around each.

use anyhow::Context;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};
use wasi_hw_protocol::Component;

/// The sources of both are in `conformance/guests/shell`.
const DESK: &[u8] = include_bytes!("../../../../conformance/components/command-desk.wasm");
const START: &[u8] = include_bytes!("../../../../conformance/components/command-start.wasm");

const BOARD: &str = "wasi-hw:conformance/board@0.1.0";
const RUN: &str = "wasi:cli/run@0.2.0";

/// The commands that were made, by the SHA-256 of their guests, in a folder that goes with this.
pub struct Composed {
    folder: TempDir,
    made: Mutex<BTreeMap<String, PathBuf>>,
}

impl Composed {
    /// None yet.
    pub fn new() -> anyhow::Result<Composed> {
        Ok(Composed {
            folder: tempfile::tempdir().context("no folder for commands")?,
            made: Mutex::default(),
        })
    }

    /// The command of a guest.
    pub fn command(&self, guest: &Component) -> anyhow::Result<PathBuf> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = made.get(&guest.sha256) {
            return Ok(path.clone());
        }
        let bytes = fs::read(&guest.path).with_context(|| format!("{} cannot be read", guest.path))?;
        let command = compose(bytes).with_context(|| format!("no command can be made of {}", guest.path))?;
        let path = self.folder.path().join(format!("{}.wasm", made.len()));
        fs::write(&path, command)?;
        made.insert(guest.sha256.clone(), path.clone());
        Ok(path)
    }
}

/// What the guest imports of the hardware the command imports, and with it the streams of `wasi:cli`.
fn compose(guest: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let mut instance = |name: &str, bytes: Vec<u8>, arguments: &[(&str, NodeId)]| -> anyhow::Result<_> {
        let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
        let package = graph.register_package(package)?;
        let instance = graph.instantiate(package);
        for (argument, node) in arguments {
            graph.set_instantiation_argument(instance, argument, *node)?;
        }
        let export = match name {
            "wasi-hw:desk" => BOARD,
            "wasi-hw:guest" => "run",
            _ => RUN,
        };
        Ok(graph.alias_instance_export(instance, export)?)
    };
    let board = instance("wasi-hw:desk", DESK.to_vec(), &[])?;
    let test = instance("wasi-hw:guest", guest, &[(BOARD, board)])?;
    let run = instance("wasi-hw:start", START.to_vec(), &[("run", test)])?;
    graph.export(run, RUN)?;
    Ok(graph.encode(EncodeOptions::default())?)
}
