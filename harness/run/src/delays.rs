//! Delays that end where the component does.
//!
//! A function that delays cannot fail, and a driver that sleeps does not hear that a limit is over. So where there is one a delay is
//! slept in slices, each of them a little late, and one that may not go on unwinds through the component, which never gets to act
//! on a pause that was too short.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasi_hw_seam::{Board, Delay, Over};

/// How late the end of the component's time is noticed, at most.
const SLICE_NS: u64 = 20_000_000;

/// What unwinds: why the component was ended.
pub(crate) struct Ended(pub(crate) String);

/// A board whose delays have limits.
pub(crate) struct Delays {
    under: Arc<dyn Board>,
    limits: DelayLimits,
}

/// What a delay may be.
#[derive(Clone, Copy)]
pub(crate) struct DelayLimits {
    /// The longest that a component may ask for.
    pub(crate) longest: Duration,
    /// When the component's time is over, and how many seconds it had.
    pub(crate) until: Option<(Instant, u64)>,
}

impl Delays {
    pub(crate) fn new(under: Arc<dyn Board>, limits: DelayLimits) -> Delays {
        Delays { under, limits }
    }
}

impl Over for Delays {
    fn below(&self) -> &dyn Board {
        &*self.under
    }

    fn delay(&self) -> Box<dyn Delay> {
        Box::new(Slept { under: self.under.delay(), limits: self.limits })
    }
}

struct Slept {
    under: Box<dyn Delay>,
    limits: DelayLimits,
}

impl Delay for Slept {
    fn wait_ns(&mut self, ns: u64) {
        let DelayLimits { longest, until } = self.limits;
        if Duration::from_nanos(ns) > longest {
            end(format!(
                "it asked for a delay of {} s, and --longest-delay allows {} s",
                ns.div_ceil(1_000_000_000),
                longest.as_secs()
            ));
        }
        let mut left = ns;
        while left > 0 {
            if let Some((end_of_time, seconds)) = until
                && Instant::now() >= end_of_time
            {
                end(over(seconds));
            }
            let slice = if until.is_some() { left.min(SLICE_NS) } else { left };
            self.under.wait_ns(slice);
            left -= slice;
        }
    }
}

/// What is said of a component whose time is over.
pub(crate) fn over(seconds: u64) -> String {
    format!("it had {seconds} s (--limit)")
}

/// Not `panic!`: nothing is wrong here, so nobody is to be told of a place in the sources.
fn end(why: String) -> ! {
    resume_unwind(Box::new(Ended(why)))
}
