//! What a guest takes: bytes of code, memory, and time until it can be called.

use anyhow::Context;
use serde::Serialize;
use std::fs;
use std::time::Instant;
use wasi_hw_harness::suite::Suite;
use wasmparser::{Parser, Payload};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

/// A component of the suite.
#[derive(Debug, Serialize)]
pub struct Footprint {
    /// Its file.
    pub file: String,
    /// Bytes of the component.
    pub component_bytes: usize,
    /// Bytes of the core modules in it: what an engine without components is given.
    pub core_bytes: usize,
    /// Pages of 64 KiB that its memory begins with.
    pub pages: u64,
    /// Microseconds from the compiled component to an instance, in wasmtime.
    pub instantiate_us: f64,
    /// KiB of the host's memory that an instance takes, its own memory as far as it was touched included, in wasmtime.
    pub host_kib: f64,
}

/// How many instances are made to say what one takes.
const INSTANCES: usize = 200;

/// Measures every component.
pub fn measure(suite: &Suite) -> anyhow::Result<Vec<Footprint>> {
    let engine = Engine::default();
    let mut all = Vec::new();
    for component in &suite.manifest.component {
        let path = suite.root.join(&component.folder).join(&component.file);
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let (mut core_bytes, mut pages) = (0, 0);
        for payload in Parser::new(0).parse_all(&bytes) {
            match payload? {
                Payload::ModuleSection { unchecked_range, .. } => core_bytes += unchecked_range.len(),
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        pages += memory?.initial;
                    }
                }
                _ => {}
            }
        }
        let made = Component::new(&engine, &bytes)?;
        let mut linker = Linker::<()>::new(&engine);
        linker.define_unknown_imports_as_traps(&made)?;
        let ready = linker.instantiate_pre(&made)?;
        let (before, begun) = (resident_kib()?, Instant::now());
        let mut kept = Vec::with_capacity(INSTANCES);
        for _ in 0..INSTANCES {
            let mut store = Store::new(&engine, ());
            let instance = ready.instantiate(&mut store)?;
            kept.push((store, instance));
        }
        let seconds = begun.elapsed().as_secs_f64();
        let host_kib = (resident_kib()? - before) / INSTANCES as f64;
        drop(kept);
        all.push(Footprint {
            file: component.file.clone(),
            component_bytes: bytes.len(),
            core_bytes,
            pages,
            instantiate_us: seconds * 1e6 / INSTANCES as f64,
            host_kib,
        });
    }
    Ok(all)
}

/// What this process has in memory.
fn resident_kib() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/self/statm").context("this system does not say what a process has")?;
    let pages: f64 = text.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(pages * 4.0)
}
