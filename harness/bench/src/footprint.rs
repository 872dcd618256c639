//! What a guest takes: bytes of code, memory, and time until it can be called.

use anyhow::anyhow;
use serde::Serialize;
use std::fs;
use std::time::Instant;
use wasi_hw_harness::suite::Suite;
use wasmparser::{Parser, Payload};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

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
    /// The most that its tests ask for, if the manifest says it.
    pub most_pages: Option<u64>,
    /// Microseconds from the compiled component to an instance, in wasmtime.
    pub instantiate_us: f64,
    /// KiB of the host's memory that an instance takes, its own memory as far as it was touched included, in wasmtime.
    pub host_kib: f64,
}

/// How many instances are made to say what one takes. As many are made before: they take the memory that the compiler
/// left behind.
const INSTANCES: usize = 500;

/// Measures every component.
pub fn measure(suite: &Suite) -> anyhow::Result<Vec<Footprint>> {
    // One interface may be imported under several names.
    let engine = Engine::new(Config::new().wasm_component_model_implements(true))
        .map_err(|error| anyhow!("{error:#}"))?;
    let mut all = Vec::new();
    for component in &suite.components {
        let bytes = suite.read_component(component).map_err(|problem| anyhow!("{problem}"))?;
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
        let (instantiate_us, host_kib) = instances(&engine, &bytes).map_err(|error| anyhow!("{error:#}"))?;
        all.push(Footprint {
            file: component.file.clone(),
            component_bytes: bytes.len(),
            core_bytes,
            pages,
            most_pages: component.pages.greatest,
            instantiate_us,
            host_kib,
        });
    }
    Ok(all)
}

/// Microseconds until there is an instance, and how many KiB it takes.
fn instances(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<(f64, f64)> {
    let component = Component::new(engine, bytes)?;
    let mut linker = Linker::<()>::new(engine);
    linker.define_unknown_imports_as_traps(&component)?;
    let ready = linker.instantiate_pre(&component)?;
    let mut kept = Vec::with_capacity(2 * INSTANCES);
    let mut more = || -> wasmtime::Result<()> {
        for _ in 0..INSTANCES {
            let mut store = Store::new(engine, ());
            let instance = ready.instantiate(&mut store)?;
            kept.push((store, instance));
        }
        Ok(())
    };
    more()?;
    let (before, begun) = (resident_kib(), Instant::now());
    more()?;
    let seconds = begun.elapsed().as_secs_f64();
    let host_kib = (resident_kib() - before) / INSTANCES as f64;
    Ok((seconds * 1e6 / INSTANCES as f64, host_kib))
}

/// What this process has in memory; not a number where the system does not tell.
fn resident_kib() -> f64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split_whitespace().nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.map_or(f64::NAN, |pages| pages * 4.0)
}
