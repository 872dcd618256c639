//! Wrong drivers: a device, decorated. Each does only what a host at this seam could ask for.

use crate::Wrong;
use std::marker::PhantomData;
use wasi_hw_seam::spi::{Device, Settings, Transfer};
use wasi_hw_seam::{Board, Over, Refusal};

pub(super) use embedded_hal::spi::Operation;

pub(super) type Done = Result<(), Refusal>;

/// What a wrong driver does instead of what it is asked for. It may ask the real device for several messages, or none.
pub(super) trait Twist: Send + 'static {
    /// The settings that it sets for the device.
    fn settings(right: Settings) -> Settings {
        right
    }

    /// Does a message as `embedded-hal` asks for it.
    fn frame(memory: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        let _ = memory;
        real.frame(list)
    }

    /// Does a list of transfers.
    fn message(list: &mut [Transfer<'_>], real: &mut dyn Device) -> Done {
        real.message(list)
    }

    /// What it does when the guest's handle is dropped.
    fn dropped(memory: &mut Memory, real: &mut dyn Device) {
        let _ = (memory, real);
    }
}

/// What a wrong driver remembers between frames.
#[derive(Default)]
pub(super) struct Memory {
    /// Frames until now.
    pub(super) frames: u32,
    /// Bytes that came in, or that are to go out.
    pub(super) bytes: Vec<u8>,
    /// How the last one ended.
    pub(super) failed: bool,
}

/// Devices whose drivers have a twist.
pub(super) type Devices<T> = Wrong<DevicesOf<T>>;

pub(super) struct DevicesOf<T>(PhantomData<T>);

impl<T: Twist> Over for Devices<T> {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn spi(&self, device: &str) -> Result<Box<dyn Device>, Refusal> {
        let (memory, real) = (Memory::default(), self.real.spi(device)?);
        Ok(Box::new(Twisted::<T> { memory, real, twist: PhantomData }))
    }
}

/// A driver with a twist.
struct Twisted<T: Twist> {
    memory: Memory,
    real: Box<dyn Device>,
    twist: PhantomData<T>,
}

impl<T: Twist> Drop for Twisted<T> {
    fn drop(&mut self) {
        T::dropped(&mut self.memory, &mut *self.real);
    }
}

impl<T: Twist> Device for Twisted<T> {
    fn configure(&mut self, settings: Settings) -> Done {
        self.real.configure(T::settings(settings))
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Done {
        T::message(transfers, &mut *self.real)
    }

    fn frame(&mut self, operations: &mut [Operation<'_, u8>]) -> Done {
        let result = T::frame(&mut self.memory, operations, &mut *self.real);
        self.memory.frames += 1;
        self.memory.failed = result.is_err();
        result
    }
}
