//! A wrong driver that has one memory for all devices of a board.

use super::driver::{Done, Operation};
use crate::Wrong;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wasi_hw_seam::spi::{Device, Settings, Transfer};
use wasi_hw_seam::{Board, Over, Refusal};

/// Drivers that leave an error to whoever calls next.
pub(super) type Shared = Wrong<LeavesErrors, Arc<AtomicBool>>;

pub(super) struct LeavesErrors;

impl Over for Shared {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn spi(&self, device: &str) -> Result<Box<dyn Device>, Refusal> {
        let failed = Arc::clone(&self.memory);
        Ok(Box::new(Waiting { failed, mine: false, real: self.real.spi(device)? }))
    }
}

struct Waiting {
    /// A frame of some device failed, and no other device has been told.
    failed: Arc<AtomicBool>,
    /// It was one of this device.
    mine: bool,
    real: Box<dyn Device>,
}

impl Device for Waiting {
    fn configure(&mut self, settings: Settings) -> Done {
        self.real.configure(settings)
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Done {
        self.real.message(transfers)
    }

    fn frame(&mut self, operations: &mut [Operation<'_, u8>]) -> Done {
        if !self.mine && self.failed.swap(false, Ordering::Relaxed) {
            return Err(Refusal::Other);
        }
        let result = self.real.frame(operations);
        self.mine = result.is_err();
        self.failed.store(self.mine, Ordering::Relaxed);
        result
    }
}
