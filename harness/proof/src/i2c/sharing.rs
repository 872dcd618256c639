//! A host whose calls get in each other's way.

use crate::Defect;
use std::sync::Arc;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_seam::i2c::{Bus, Message};
use wasi_hw_seam::{Board, Over, Refusal};

pub(super) fn defects() -> Vec<Defect> {
    let id = "i2c/fails-while-another-call-is-under-way";
    vec![Defect::new(id, &["I2C-30b"], || Reference {
        board: |real| Arc::new(OpensForEachCall(real)),
        ..Reference::default()
    })]
}

/// A board whose buses are opened once more for each call, and not waited for.
struct OpensForEachCall(Arc<dyn Board>);

impl Over for OpensForEachCall {
    fn below(&self) -> &dyn Board {
        &*self.0
    }

    fn i2c(&self, bus: &str) -> Result<Box<dyn Bus>, Refusal> {
        let held = self.0.i2c(bus)?;
        Ok(Box::new(Opened { board: Arc::clone(&self.0), name: bus.to_owned(), held }))
    }
}

struct Opened {
    board: Arc<dyn Board>,
    name: String,
    held: Box<dyn Bus>,
}

impl Bus for Opened {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        self.board.i2c(&self.name)?.transfer(messages)
    }

    fn no_start(&self) -> bool {
        self.held.no_start()
    }
}
