//! The published host crate `wasmtime-wasi-usb`, untouched, as an adapter of the conformance harness.
//!
//! The conversation with the harness goes over the standard streams. The host knows nothing of it: what it does with
//! libusb reaches the harness through the mock libusb that this program is linked with. With `--system` it is the system's libusb
//! in its place, and the harness's devices are the kernel's (`harness/linux-adapter/usb.sh`). Which of them it is the program makes
//! sure of before it says who it is.
//!
//! One process runs one case, because the host keeps what happened in a queue for the whole process and never ends
//! the thread that it handles events with.

mod guest;
mod libusb;

use guest::{Guests, Shared};
use std::io::{self, BufReader};
use std::process::ExitCode;
use std::sync::Arc;
use wasi_hw_protocol::{
    Clock, Features, Form, FromAdapter, Harness, Loaded, Over, Started, ToAdapter, VERSION,
};

/// As Cargo.toml asks for it, and for no other.
const HOST_VERSION: &str = "48.0.0";

/// The system's libusb, and not the mock.
const SYSTEM: &str = "--system";

/// For looking at what is hidden behind the defect of `WasiUsbCtx::new(true)`.
const WITHOUT_HOTPLUG: &str = "--without-hotplug";

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::from(2)
        }
    }
}

fn serve() -> anyhow::Result<()> {
    let has = |option: &str| std::env::args().any(|argument| argument == option);
    libusb::is(!has(SYSTEM))?;
    // The host's README: true for hotplug support.
    let hotplug = !has(WITHOUT_HOTPLUG);
    let harness: Shared =
        Arc::new(Harness::new(BufReader::with_capacity(64 << 10, io::stdin()), io::stdout()));
    let mut guests = None;
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => {
                harness.send(&FromAdapter::Started(started()))?;
                guests = Some(Guests::new(hotplug)?);
            }
            Ok(ToAdapter::Load(load)) => match &guests {
                Some(guests) => {
                    guests.load(&load.component.path);
                    harness.send(&FromAdapter::Loaded(Loaded { sha256: load.component.sha256 }))?;
                }
                None => anyhow::bail!("`load` before `start`"),
            },
            Ok(ToAdapter::Run(run)) => match &guests {
                Some(guests) => guests.run(&harness, &run)?,
                None => anyhow::bail!("`run` before `start`"),
            },
            Ok(ToAdapter::Sync(sync)) => {
                harness.send(&FromAdapter::Synced(sync))?;
                return Ok(());
            }
            Ok(ToAdapter::Stop(_)) | Err(Over::Gone(_)) => return Ok(()),
            Ok(other) => anyhow::bail!("{other:?} is for a guest, and none runs"),
            Err(why) => return Err(why.into()),
        }
    }
}

fn started() -> Started {
    Started {
        protocol: VERSION.to_owned(),
        name: "wasmtime-wasi-usb".to_owned(),
        version: HOST_VERSION.to_owned(),
        homepage: Some("https://github.com/idlab-discover/wasmtime-wasi-usb".to_owned()),
        issues: Some("https://github.com/idlab-discover/wasmtime-wasi-usb/issues".to_owned()),
        packages: vec!["wasi:usb@0.2.1".to_owned()],
        seams: Default::default(),
        features: Features { instances: true, load: true },
        lacks: Vec::new(),
        // It handles libusb's events in a thread of its own.
        clock: Clock::Own,
        form: Form::Component,
    }
}
