//! USB: the board's devices in the kernel's `vhci_hcd`, under any adapter that stands on the machine's USB.

mod bus;
mod device;
mod port;
mod relay;
mod udev;
mod urb;

use bus::Bus;
use relay::Shared;
use std::ffi::OsString;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;
use wasi_hw_protocol::{Client, Harness};
use wasi_hw_seam::Board;

/// For how long the harness is asked to wait, while something is in flight.
const MOMENT: Duration = Duration::from_millis(1);

/// Runs an adapter on the board of the harness at the other end of this conversation.
pub(crate) fn relay(
    harness: Harness<serde_json::Value>,
    name: &str,
    command: &[OsString],
) -> anyhow::Result<ExitStatus> {
    port::hide_hubs()?;
    let client = Client::new(Arc::new(harness), 0);
    let idling = client.clone();
    // If the conversation is over, everything soon is.
    let idle = Box::new(move || _ = idling.idle_for(MOMENT));
    let bus = Bus::new(client.usb(), idle)?;
    relay::run(&Shared::new(bus)?, name, command)
}
