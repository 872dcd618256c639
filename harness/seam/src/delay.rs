//! Delays.

/// A delay on the machine's clock.
pub trait Delay: Send {
    /// Blocks for at least so many nanoseconds; 0 returns at once.
    fn wait_ns(&mut self, ns: u64);
}

#[cfg(feature = "embedded-hal")]
impl embedded_hal::delay::DelayNs for Box<dyn Delay> {
    fn delay_ns(&mut self, ns: u32) {
        self.wait_ns(u64::from(ns));
    }

    // The trait's own versions wait in pieces that fit into 32 bits of nanoseconds.
    fn delay_us(&mut self, us: u32) {
        self.wait_ns(u64::from(us) * 1_000);
    }

    fn delay_ms(&mut self, ms: u32) {
        self.wait_ns(u64::from(ms) * 1_000_000);
    }
}
