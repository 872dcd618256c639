//! How many bytes a second pass, and what is lost to the component on the way.

use crate::calls::{beside, pairs};
use crate::guest::Guests;
use crate::measure::{Compared, Effort};
use serde::Serialize;

/// What a bus of USB 2.0 moves: 480 Mbit/s.
const BUS_BYTES_A_SECOND: f64 = 60e6;

/// Bytes that pass.
#[derive(Debug, Serialize)]
pub struct Flow {
    /// Of which proposal.
    pub proposal: &'static str,
    /// What was called.
    pub what: &'static str,
    /// Bytes of a call.
    pub size: u32,
    /// By a guest, and without one; nanoseconds a call.
    pub cost: Compared,
    /// Bytes a nanosecond, that is GB/s, by a guest.
    pub guest_gb_s: f64,
    /// The same without one.
    pub bare_gb_s: f64,
    /// What a guest loses of a bus of 480 Mbit/s, in percent, if nothing else is in flight meanwhile.
    pub loss_percent: f64,
}

/// Measures from 512 B to 1 MiB.
pub fn measure(effort: Effort) -> anyhow::Result<Vec<Flow>> {
    let guests = Guests::new()?;
    let mut flows = Vec::new();
    for mut pair in pairs()? {
        if !matches!(pair.function, "transfer" | "bulk-in" | "bulk-out") {
            continue;
        }
        let mut guest = guests.start(pair.proposal)?;
        for size in [512, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20] {
            let cost = beside(effort, &mut guest, &mut pair, size)?;
            let bytes = f64::from(size);
            flows.push(Flow {
                proposal: pair.proposal,
                what: pair.function,
                size,
                cost,
                guest_gb_s: bytes / cost.this.median,
                bare_gb_s: bytes / cost.that.median,
                loss_percent: 100.0 * cost.more.median
                    / (bytes / BUS_BYTES_A_SECOND * 1e9 + cost.more.median),
            });
        }
    }
    Ok(flows)
}
