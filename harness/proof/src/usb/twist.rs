//! Wrong drivers: the one under the host, decorated. Each does only what a host at this seam could
//! ask for.

use crate::Wrong;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::task::{Context, Poll};
use wasi_hw_seam::usb::{
    Change, Completion, Device, DeviceId, Handle, Reset, Submission, TransferId, Usb, Watch,
};
use wasi_hw_seam::{Board, Over, Refusal};

pub(super) type Done<T> = Result<T, Refusal>;
pub(super) type Reaped = Poll<Done<Completion>>;
pub(super) type Wire<'a> = &'a mut dyn Handle;

/// What a wrong driver remembers of an open device.
#[derive(Default)]
pub(super) struct Memory {
    /// The transfers that nobody has reaped or discarded, as they were asked for.
    pub(super) submitted: BTreeMap<TransferId, Submission>,
    /// Interfaces that were claimed.
    pub(super) claimed: Vec<u8>,
    /// The place of a transfer that was submitted again.
    pub(super) instead: BTreeMap<TransferId, TransferId>,
    /// Transfers that are to be over already.
    pub(super) over: Vec<TransferId>,
    /// What transfers came to that are not reaped yet.
    pub(super) ended: BTreeMap<TransferId, Completion>,
    /// Something went wrong.
    pub(super) failed: bool,
    /// Transfers that were submitted along with one, behind it.
    pub(super) behind: BTreeMap<TransferId, Vec<TransferId>>,
    /// The device, of a driver that keeps what it lists.
    pub(super) device: Option<Device>,
}

impl Memory {
    /// The transfer that runs in the place of this one.
    pub(super) fn instead(&self, id: TransferId) -> TransferId {
        self.instead.get(&id).copied().unwrap_or(id)
    }
}

/// Writes a trait with the functions of a handle, each of which does what the driver does, and the
/// handle that asks the trait.
macro_rules! handle {
    ($($name:ident($($arg:ident: $kind:ty),*) -> $result:ty;)*) => {
        /// What a wrong driver does; what it does not say the driver below it does.
        pub(super) trait Twist: Send + 'static {
            $(
                fn $name(_: &mut Memory, real: Wire<'_>, $($arg: $kind),*) -> $result {
                    real.$name($($arg),*)
                }
            )*

            fn start(_: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
                real.submit(transfer)
            }

            fn poll(_: &mut Memory, real: Wire<'_>, id: TransferId, context: &mut Context<'_>) -> Reaped {
                real.poll_reap(id, context)
            }

            /// A transfer has ended so; what the host is told instead.
            fn completed(_: &mut Memory, _: Wire<'_>, _: &Submission, completion: Completion) -> Completion {
                completion
            }

            fn forget(_: &mut Memory, real: Wire<'_>, id: TransferId) {
                real.discard(id);
            }

            fn devices(_: &mut Seen, real: &mut dyn Usb) -> Done<Vec<Device>> {
                real.devices()
            }

            fn open(_: &mut Seen, real: &mut dyn Usb, device: DeviceId) -> Done<Box<dyn Handle>> {
                real.open(device)
            }

            fn next(_: &mut Told, real: &mut dyn Watch) -> Option<Change> {
                real.next()
            }
        }

        impl<T: Twist> Handle for TwistedHandle<T> {
            $(
                fn $name(&mut self, $($arg: $kind),*) -> $result {
                    T::$name(&mut self.memory, &mut *self.real, $($arg),*)
                }
            )*

            fn submit(&mut self, transfer: Submission) -> Done<TransferId> {
                let asked = transfer.clone();
                let id = T::start(&mut self.memory, &mut *self.real, transfer)?;
                self.memory.submitted.insert(id, asked);
                Ok(id)
            }

            fn poll_reap(&mut self, id: TransferId, context: &mut Context<'_>) -> Reaped {
                let polled = T::poll(&mut self.memory, &mut *self.real, id, context);
                polled.map_ok(|completion| match self.memory.submitted.remove(&id) {
                    Some(asked) => T::completed(&mut self.memory, &mut *self.real, &asked, completion),
                    None => completion,
                })
            }

            fn is_over(&mut self, id: TransferId) -> bool {
                self.real.is_over(id)
            }

            fn discard(&mut self, id: TransferId) {
                self.memory.submitted.remove(&id);
                T::forget(&mut self.memory, &mut *self.real, id);
            }
        }
    };
}

handle! {
    configuration() -> Done<u8>;
    set_configuration(value: Option<u8>) -> Done<()>;
    claim(interface: u8) -> Done<()>;
    release(interface: u8) -> Done<()>;
    set_alternate(interface: u8, alternate: u8) -> Done<()>;
    clear_halt(endpoint: u8) -> Done<()>;
    reset() -> Done<Reset>;
    alloc_streams(streams: u32, endpoints: &[u8]) -> Done<u32>;
    free_streams(endpoints: &[u8]) -> Done<()>;
    kernel_driver(interface: u8) -> Done<bool>;
    detach(interface: u8) -> Done<()>;
    attach(interface: u8) -> Done<()>;
    cancel(transfer: TransferId) -> Done<()>;
}

/// A handle with a twist.
struct TwistedHandle<T> {
    memory: Memory,
    real: Box<dyn Handle>,
    twist: PhantomData<T>,
}

/// What a wrong driver remembers of the machine.
#[derive(Default)]
pub(super) struct Seen {
    /// How often it was asked for devices.
    pub(super) lists: u8,
    /// Every device that it ever saw.
    pub(super) devices: Vec<Device>,
}

/// What a wrong driver remembers of what it told.
#[derive(Default)]
pub(super) struct Told {
    pub(super) changes: Vec<Change>,
    pub(super) again: usize,
}

/// Devices whose driver has a twist.
pub(super) type Devices<T> = Wrong<DevicesOf<T>>;

pub(super) struct DevicesOf<T>(PhantomData<T>);

impl<T: Twist> Over for Devices<T> {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn usb(&self) -> Box<dyn Usb> {
        Box::new(Twisted::<T> { seen: Seen::default(), real: self.real.usb(), twist: PhantomData })
    }
}

struct Twisted<T> {
    seen: Seen,
    real: Box<dyn Usb>,
    twist: PhantomData<T>,
}

impl<T: Twist> Usb for Twisted<T> {
    fn devices(&mut self) -> Done<Vec<Device>> {
        self.seen.lists = self.seen.lists.wrapping_add(1);
        T::devices(&mut self.seen, &mut *self.real)
    }

    fn configuration(&mut self, device: DeviceId) -> Done<u8> {
        self.real.configuration(device)
    }

    fn open(&mut self, device: DeviceId) -> Done<Box<dyn Handle>> {
        let real = T::open(&mut self.seen, &mut *self.real, device)?;
        let device = self.seen.devices.iter().find(|seen| seen.id == device).cloned();
        let memory = Memory { device, ..Memory::default() };
        Ok(Box::new(TwistedHandle::<T> { memory, real, twist: PhantomData }))
    }

    fn watch(&mut self) -> Done<Box<dyn Watch>> {
        let real = self.real.watch()?;
        Ok(Box::new(TwistedWatch::<T> { told: Told::default(), real, twist: PhantomData }))
    }
}

struct TwistedWatch<T> {
    told: Told,
    real: Box<dyn Watch>,
    twist: PhantomData<T>,
}

impl<T: Twist> Watch for TwistedWatch<T> {
    fn next(&mut self) -> Option<Change> {
        T::next(&mut self.told, &mut *self.real)
    }

    fn has_change(&mut self) -> bool {
        self.real.has_change()
    }
}
