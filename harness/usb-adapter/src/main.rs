//! The reference host over `wasi-hw-usb`, as an adapter: on whichever libusb the loader finds.
//!
//! ```text
//! guest ─ reference host ─ wasi-hw-usb ─ libusb's C interface ─► the mock libusb ─ socket ─► harness
//!                                                              or the system's ─► kernel
//! ```
//!
//! `--mock` says that it is to be the mock, and without it it must not be: a run on the one would say nothing of the
//! other.

use anyhow::{Context, bail, ensure};
use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use wasi_hw_harness::runtime::adapter::child::{Behind, Devices, serve_over};
use wasi_hw_harness::runtime::{About, Clock};
use wasi_hw_harness::say;
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_mock::Idle;
use wasi_hw_protocol::Client;
use wasi_hw_seam::{self as seam, Board, Delay, Refusal};
use wasi_hw_usb::Libusb;

/// How often a guest that waits is asked again, whoever should have woken it.
const LOOK: Duration = Duration::from_millis(1);

/// For how long it is not asked, by the board's clock, if nothing happens.
const LONG: Duration = Duration::from_secs(600);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say::error(format_args!("{why:#}"));
            ExitCode::from(2)
        }
    }
}

fn run() -> anyhow::Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let mock = match &arguments[..] {
        [] => false,
        [one] if one == "--mock" => true,
        _ => bail!("usage: wasi-hw-usb-adapter [--mock]"),
    };
    // The kernel says which files a process has in its memory, links resolved.
    let maps = fs::read_to_string("/proc/self/maps").context("this adapter runs on Linux only")?;
    let files = || maps.lines().filter_map(|line| Some(&line[line.find('/')?..]));
    let loaded = files().find(|file| file.contains("libusb"));
    let loaded = loaded.context("libusb is not a shared library here; run `cargo hw setup libusb`")?;
    ensure!(
        loaded.ends_with("/libwasi_hw_mock_libusb.so") == mock,
        "{loaded} was loaded; {}",
        if mock { "it is to be the mock libusb" } else { "it is to be the system's libusb" }
    );
    serve_over(&Machines { mock })
}

/// Starts libusb anew for each case.
struct Machines {
    mock: bool,
}

impl Devices for Machines {
    fn about(&self, reference: About) -> About {
        About {
            name: if self.mock { "libusb" } else { "linux" }.to_owned(),
            version: format!("{} (libusb {})", reference.version, Libusb::version()),
            packages: reference.packages.into_iter().filter(|package| package.contains(":usb@")).collect(),
            seams: Default::default(),
            lacks: Vec::new(),
            // The mock has neither timers nor threads: time passes where somebody handles its events.
            clock: if self.mock { Clock::Board } else { Clock::Own },
            ..reference
        }
    }

    fn case(&self, _: &HostConfig) -> Result<Box<dyn Behind>, String> {
        let libusb = Libusb::new().map_err(|failure| failure.to_string())?;
        // Beside the case's record, for who asks why.
        let libusb = libusb.on_failure(|failure| say::note(format_args!("{failure}")));
        Ok(Box::new(Case {
            libusb: if self.mock { libusb.without_thread() } else { libusb },
            mock: self.mock,
        }))
    }
}

struct Case {
    libusb: Libusb,
    mock: bool,
}

impl Behind for Case {
    fn board(&self, guest: &Client) -> Arc<dyn Board> {
        Arc::new(Machine { libusb: self.libusb.clone(), clock: guest.clone() })
    }

    fn changed(&self) {}

    fn idle(&self, guest: &Client) -> Idle {
        if self.mock {
            self.libusb.handle_events(LONG);
            return Idle::Moved;
        }
        guest.idle_for(LOOK).map_or(Idle::Dead, |()| Idle::Moved)
    }

    fn fault(&self) -> Option<String> {
        None
    }
}

/// A machine that has nothing but USB.
struct Machine {
    libusb: Libusb,
    clock: Client,
}

impl Board for Machine {
    fn i2c(&self, _: &str) -> Result<Box<dyn seam::i2c::Bus>, Refusal> {
        Err(Refusal::Missing)
    }

    fn spi(&self, _: &str) -> Result<Box<dyn seam::spi::Device>, Refusal> {
        Err(Refusal::Missing)
    }

    fn gpio(&self, _: &str, _: &seam::gpio::Request) -> Result<Box<dyn seam::gpio::Line>, Refusal> {
        Err(Refusal::Missing)
    }

    fn usb(&self) -> Box<dyn seam::usb::Usb> {
        Box::new(self.libusb.clone())
    }

    fn delay(&self) -> Box<dyn Delay> {
        self.clock.delay()
    }
}
