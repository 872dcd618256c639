//! A host whose calls get in each other's way.

use crate::Defect;
use std::sync::Arc;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_seam::i2c::{Bus, Message};
use wasi_hw_seam::{Board, Delay, Refusal, gpio, i2c, spi, usb};

pub(super) fn defects() -> Vec<Defect> {
    let id = "i2c/fails-while-another-call-is-under-way";
    vec![Defect::new(id, &["I2C-30b"], || Reference {
        board: |real| Arc::new(OpensForEachCall(real)),
        ..Reference::default()
    })]
}

/// A board whose buses are opened once more for each call, and not waited for.
struct OpensForEachCall(Arc<dyn Board>);

impl Board for OpensForEachCall {
    fn i2c(&self, bus: &str) -> Result<Box<dyn i2c::Bus>, Refusal> {
        let held = self.0.i2c(bus)?;
        Ok(Box::new(Opened { board: Arc::clone(&self.0), name: bus.to_owned(), held }))
    }

    fn spi(&self, device: &str) -> Result<Box<dyn spi::Device>, Refusal> {
        self.0.spi(device)
    }

    fn gpio(&self, line: &str, request: &gpio::Request) -> Result<Box<dyn gpio::Line>, Refusal> {
        self.0.gpio(line, request)
    }

    fn usb(&self) -> Box<dyn usb::Usb> {
        self.0.usb()
    }

    fn delay(&self) -> Box<dyn Delay> {
        self.0.delay()
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
