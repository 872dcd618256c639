//! A board that does nothing: what a driver has to do for an answer, and no bus.

use std::collections::VecDeque;
use std::hint::black_box;
use std::task::{Context, Poll};
use wasi_hw_seam::gpio::{Level, Line, Request, Sample};
use wasi_hw_seam::i2c::{Bus, Data, Message};
use wasi_hw_seam::spi::{Settings, Transfer};
use wasi_hw_seam::usb::{
    Completion, Device, DeviceId, Handle, Reset, Speed, Submission, TransferId, Usb, Watch,
};
use wasi_hw_seam::{Refusal, spi};

/// A bus on which every target answers.
pub(crate) struct QuietBus;

impl Bus for QuietBus {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        for message in messages {
            match &mut message.data {
                Data::Write(bytes) => _ = black_box(bytes),
                Data::Read(buffer) => buffer.fill(0xd3),
            }
        }
        Ok(())
    }

    fn no_start(&self) -> bool {
        false
    }
}

/// A device whose input is wired to its output.
pub(crate) struct Loopback;

impl spi::Device for Loopback {
    fn configure(&mut self, _: Settings) -> Result<(), Refusal> {
        Ok(())
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        for transfer in transfers {
            if transfer.output.len() == transfer.input.len() {
                transfer.input.copy_from_slice(transfer.output);
            } else {
                transfer.input.fill(0);
            }
        }
        Ok(())
    }
}

/// A line that remembers its level.
pub(crate) struct Latch(pub(crate) Level);

impl Line for Latch {
    fn get(&mut self) -> Result<Sample, Refusal> {
        Ok(Sample::Level(black_box(self.0)))
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        if let Sample::Level(level) = black_box(to) {
            self.0 = level;
        }
        Ok(())
    }

    fn greatest(&self) -> u32 {
        1
    }

    fn configure(&mut self, _: &Request) -> Result<(), Refusal> {
        Ok(())
    }
}

/// USB with one device, which takes everything and gives as many bytes as there is room for.
pub(crate) struct OneDevice;

const DESCRIPTOR: [u8; 18] = [18, 1, 0, 2, 0xff, 0, 0, 64, 0x09, 0x12, 1, 0, 0, 1, 0, 0, 0, 1];
#[rustfmt::skip]
const CONFIGURATION: [u8; 32] = [
    9, 2, 32, 0, 1, 1, 0, 0x80, 50,
    9, 4, 0, 0, 2, 0xff, 0, 0, 0,
    7, 5, 0x81, 2, 0, 2, 0,
    7, 5, 0x02, 2, 0, 2, 0,
];

impl Usb for OneDevice {
    fn devices(&mut self) -> Result<Vec<Device>, Refusal> {
        Ok(vec![Device {
            id: DeviceId(1),
            bus: 1,
            address: 1,
            port: 1,
            speed: Speed::High,
            descriptor: DESCRIPTOR.into(),
            configurations: vec![CONFIGURATION.into()],
            active: 1,
        }])
    }

    fn configuration(&mut self, _: DeviceId) -> Result<u8, Refusal> {
        Ok(1)
    }

    fn open(&mut self, _: DeviceId) -> Result<Box<dyn Handle>, Refusal> {
        Ok(Box::new(Done::default()))
    }

    fn watch(&mut self) -> Result<Box<dyn Watch>, Refusal> {
        Err(Refusal::Unsupported)
    }
}

/// An open device whose transfers are over when they have been submitted.
#[derive(Default)]
pub(crate) struct Done {
    transfers: u64,
    over: VecDeque<(TransferId, Completion)>,
}

impl Handle for Done {
    fn configuration(&mut self) -> Result<u8, Refusal> {
        Ok(1)
    }

    fn set_configuration(&mut self, _: Option<u8>) -> Result<(), Refusal> {
        Ok(())
    }

    fn claim(&mut self, _: u8) -> Result<(), Refusal> {
        Ok(())
    }

    fn release(&mut self, _: u8) -> Result<(), Refusal> {
        Ok(())
    }

    fn set_alternate(&mut self, _: u8, _: u8) -> Result<(), Refusal> {
        Ok(())
    }

    fn clear_halt(&mut self, _: u8) -> Result<(), Refusal> {
        Ok(())
    }

    fn reset(&mut self) -> Result<Reset, Refusal> {
        Ok(Reset::Same)
    }

    fn alloc_streams(&mut self, _: u32, _: &[u8]) -> Result<u32, Refusal> {
        Err(Refusal::Unsupported)
    }

    fn free_streams(&mut self, _: &[u8]) -> Result<(), Refusal> {
        Err(Refusal::Unsupported)
    }

    fn kernel_driver(&mut self, _: u8) -> Result<bool, Refusal> {
        Ok(false)
    }

    fn detach(&mut self, _: u8) -> Result<(), Refusal> {
        Err(Refusal::NotFound)
    }

    fn attach(&mut self, _: u8) -> Result<(), Refusal> {
        Err(Refusal::NotFound)
    }

    fn submit(&mut self, transfer: Submission) -> Result<TransferId, Refusal> {
        self.transfers += 1;
        let id = TransferId(self.transfers);
        let completion = if transfer.is_in() {
            Completion { data: vec![0x5a; transfer.room as usize], ..Completion::default() }
        } else {
            Completion { sent: black_box(&transfer.data).len(), ..Completion::default() }
        };
        self.over.push_back((id, completion));
        Ok(id)
    }

    fn cancel(&mut self, _: TransferId) -> Result<(), Refusal> {
        Ok(())
    }

    fn poll_reap(&mut self, transfer: TransferId, _: &mut Context<'_>) -> Poll<Result<Completion, Refusal>> {
        let place = self.over.iter().position(|(id, _)| *id == transfer);
        let over = place.and_then(|place| self.over.remove(place));
        Poll::Ready(over.map(|(_, completion)| completion).ok_or(Refusal::NotFound))
    }

    fn is_over(&mut self, _: TransferId) -> bool {
        true
    }

    fn discard(&mut self, transfer: TransferId) {
        self.over.retain(|(id, _)| *id != transfer);
    }
}
