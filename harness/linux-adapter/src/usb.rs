//! USB: the board's devices in the kernel's `vhci_hcd`, under any adapter that stands on the machine's USB.

mod broken;
mod bus;
mod device;
mod opened;
mod port;
mod relay;
mod udev;
mod urb;

use crate::board::Manner;
use bus::Bus;
use relay::Shared;
use std::ffi::OsString;
use std::process::ExitStatus;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use wasi_hw_mock::Board as Mock;
use wasi_hw_protocol::{Client, Harness};
use wasi_hw_seam::Board;

/// For how long the harness is asked to wait, while something is in flight.
const MOMENT: Duration = Duration::from_millis(1);

/// Runs an adapter on the board of the harness at the other end of this conversation. The devices of the first case break, if it is
/// said how.
pub(crate) fn relay(
    harness: Harness<serde_json::Value>,
    name: &str,
    command: &[OsString],
    broken: Option<Manner>,
) -> anyhow::Result<ExitStatus> {
    port::hide_hubs()?;
    let client = Client::new(Arc::new(harness), 0);
    let idling = client.clone();
    // If the conversation is over, everything soon is.
    let idle = Box::new(move || _ = idling.idle_for(MOMENT));
    let bus = Bus::new(client.usb(), Some(idle), broken)?;
    relay::run(&Shared::new(bus)?, name, command)
}

/// USB devices of a mock board, for any program.
pub(crate) struct Devices(Arc<Shared>);

/// Plugs in the USB devices of a board whose clock somebody lets follow the real one; none if it has none.
pub(crate) fn devices(board: &Mock) -> anyhow::Result<Option<Devices>> {
    if board.usb().devices()?.is_empty() {
        return Ok(None);
    }
    let bus = Bus::new(board.usb(), None, None)?;
    let shared = Shared::new(bus)?;
    shared.with(Bus::begin);
    let answering = Arc::clone(&shared);
    // Nobody tells when something comes or goes.
    thread::spawn(move || answering.answer(true));
    Ok(Some(Devices(shared)))
}

impl Devices {
    /// The device nodes, each with its vendor and product.
    pub(crate) fn places(&self) -> Vec<(String, String)> {
        self.0.bus().places()
    }

    /// The program has ended: the board has seen all of it then. What broke, if anything did.
    pub(crate) fn end(self) -> Option<String> {
        self.0.with(Bus::settle);
        self.0.bus().leave();
        self.0.with(Bus::end);
        self.0.fault().take()
    }
}
