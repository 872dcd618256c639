//! A command line over the same published host: it runs a component of `wasi:cli` with USB, and knows nothing of the suite. What
//! a vendor of such a runtime has, as small as it can be.
//!
//! ```text
//! wasi-usb-cli COMPONENT [ARGUMENT…]
//! ```

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Cache, CacheConfig, Config, Engine, Store};
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_usb::{WasiUsbCtx, WasiUsbCtxView, WasiUsbView};

/// As a shell says that a program was aborted.
const TRAPPED: u8 = 134;

struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    usb: WasiUsbCtx,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiUsbView for State {
    fn usb(&mut self) -> WasiUsbCtxView<'_> {
        WasiUsbCtxView { ctx: &mut self.usb, table: &mut self.table }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first() else {
        eprintln!("usage: wasi-usb-cli COMPONENT [ARGUMENT…]");
        return ExitCode::from(2);
    };
    if path == "--version" {
        let written = writeln!(io::stdout(), "{}+wasmtime-wasi-usb-48.0.0", env!("CARGO_PKG_VERSION"));
        return ExitCode::from(u8::from(written.is_err()));
    }
    let ran = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(wasmtime::Error::from)
        .and_then(|executor| executor.block_on(run(Path::new(path), &arguments)));
    match ran {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(())) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why:?}");
            ExitCode::from(TRAPPED)
        }
    }
}

async fn run(path: &Path, arguments: &[String]) -> wasmtime::Result<Result<(), ()>> {
    let mut config = Config::new();
    let mut cache = CacheConfig::new();
    let program = std::env::current_exe()?;
    cache.with_directory(program.parent().unwrap_or(Path::new("/")).join("components"));
    config.cache(Some(Cache::new(cache)?));
    let engine = Engine::new(&config)?;
    let component = Component::from_file(&engine, path)?;
    let mut linker = Linker::<State>::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_usb::add_to_linker(&mut linker)?;
    let wasi = WasiCtx::builder().inherit_stdio().args(arguments).build();
    let mut store =
        Store::new(&engine, State { table: ResourceTable::new(), wasi, usb: WasiUsbCtx::new(true) });
    let command = Command::instantiate_async(&mut store, &component, &linker).await?;
    command.wasi_cli_run().call_run(&mut store).await
}
