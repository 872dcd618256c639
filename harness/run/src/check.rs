//! What a component imports, and what of it is there.

use crate::host::link;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_harness::text::{MOST_LINE, block, line};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Says it, one line an import, and what does not fit. Success if the component would be linked.
pub(crate) fn report(
    engine: &Engine,
    component: &Component,
    bytes: &[u8],
    config: &HostConfig,
) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for (name, _) in component.component_type().imports(engine) {
        let granted = match granted(name, config) {
            None => String::new(),
            Some(labels) if labels.is_empty() => {
                ": nothing is granted, so that every device is refused".to_owned()
            }
            Some(labels) => format!(": {}", labels.join(", ")),
        };
        writeln!(out, "imports {}{granted}", line(name, MOST_LINE))?;
    }
    let linked = link(engine, component, bytes);
    match &linked {
        Ok(_) => writeln!(out, "all of it is there")?,
        Err(why) => writeln!(out, "cannot be linked: {}", block(&format!("{why:#}"), usize::MAX))?,
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(linked.is_err())))
}

/// The labels of what is granted behind an interface, if it is one that grants are about.
fn granted(name: &str, config: &HostConfig) -> Option<Vec<String>> {
    fn labels<T>(map: &BTreeMap<String, T>) -> Option<Vec<String>> {
        Some(map.keys().map(|label| line(label, MOST_LINE)).collect())
    }
    match name.split('@').next().unwrap_or(name) {
        "wasi-hw:conformance/board-i2c" => labels(&config.i2c),
        "wasi:spi/spi" => labels(&config.spi),
        "wasi-hw:conformance/board-gpio" => labels(&config.gpio),
        _ => None,
    }
}
