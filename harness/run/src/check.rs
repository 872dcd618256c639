//! What a component imports, and what of it is there.

use crate::host::linker;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_harness::text::{MOST_LINE, line};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Says it, one line an import. Success if the component would be linked.
pub(crate) fn report(
    engine: &Engine,
    component: &Component,
    config: &HostConfig,
) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let mut missing = 0;
    for (name, _) in component.component_type().imports(engine) {
        let granted = granted(name, config);
        let there = known(engine, name)?;
        missing += usize::from(!there);
        let name = line(name, MOST_LINE);
        match (there, granted) {
            (false, _) => writeln!(out, "missing  {name}")?,
            (true, None) => writeln!(out, "there    {name}")?,
            (true, Some(labels)) if labels.is_empty() => {
                writeln!(out, "there    {name}: nothing is granted, so that every device is refused")?;
            }
            (true, Some(labels)) => writeln!(out, "there    {name}: {}", labels.join(", "))?,
        }
    }
    // What is there may be of another shape than the component takes it to be.
    if missing == 0
        && let Err(error) = linker(engine)?.instantiate_pre(component)
    {
        writeln!(out, "it does not link: {}", line(&format!("{error:#}"), MOST_LINE))?;
        missing += 1;
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(missing > 0)))
}

/// Whether anything of this name can be imported.
fn known(engine: &Engine, name: &str) -> anyhow::Result<bool> {
    let mut linker = linker(engine)?;
    // An instance that is there cannot be defined a second time.
    linker.allow_shadowing(false);
    Ok(linker.instance(name).and_then(|mut instance| instance.func_wrap("", |_, (): ()| Ok(()))).is_err())
}

/// The labels of what is granted behind an interface, if it is one that grants are about.
fn granted(name: &str, config: &HostConfig) -> Option<Vec<String>> {
    fn labels<T>(map: &BTreeMap<String, T>) -> Option<Vec<String>> {
        Some(map.keys().map(|label| line(label, MOST_LINE)).collect())
    }
    let interface = name.split('@').next().unwrap_or(name);
    match interface {
        "wasi-hw:conformance/board-i2c" => labels(&config.i2c),
        "wasi:spi/spi" => labels(&config.spi),
        "wasi-hw:conformance/board-gpio" => labels(&config.gpio),
        _ => None,
    }
}
