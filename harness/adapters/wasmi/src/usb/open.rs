//! An open device, as its handle and its transfers share it.

use super::Error;
use super::descriptors::Configuration;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::usb::{Completion, Device, Handle, Kind, Reset, Speed, Status, Submission, TransferId};

/// An open device.
pub struct Open {
    /// Until it is closed.
    driver: Option<Box<dyn Handle>>,
    configurations: Vec<Configuration>,
    speed: Speed,
    keep_kernel_drivers: bool,
    /// After a reset from which it came back as another device, or not at all.
    lost: bool,
    claimed: BTreeSet<u8>,
    /// Interfaces that a claim has taken from a kernel driver.
    taken: BTreeSet<u8>,
    /// How many streams an endpoint has.
    streams: BTreeMap<u8, u32>,
    flights: Vec<Rc<Flight>>,
}

/// A transfer that was submitted.
pub struct Flight {
    id: TransferId,
    /// What it came to, once that is known.
    end: RefCell<Option<Completion>>,
}

/// A device has thirty endpoints at most.
const MOST_ENDPOINTS: usize = 30;

impl Open {
    /// Of what the driver has opened.
    pub fn new(driver: Box<dyn Handle>, device: &Device, keep_kernel_drivers: bool) -> Open {
        let configurations = device.configurations.iter();
        Open {
            driver: Some(driver),
            configurations: configurations.filter_map(|bytes| Configuration::read(bytes)).collect(),
            speed: device.speed,
            keep_kernel_drivers,
            lost: false,
            claimed: BTreeSet::new(),
            taken: BTreeSet::new(),
            streams: BTreeMap::new(),
            flights: Vec::new(),
        }
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.driver.is_none()
    }

    /// The driver of a device that is neither closed nor lost.
    fn driver(&mut self) -> Result<&mut dyn Handle, Error> {
        match &mut self.driver {
            Some(driver) if !self.lost => Ok(&mut **driver),
            _ => Err(Error::NoDevice),
        }
    }

    /// Which configuration is in force, of a device that is there.
    pub fn configuration(&mut self) -> Result<u8, Error> {
        Ok(self.driver()?.configuration()?)
    }

    /// Puts one in force.
    pub fn set_configuration(&mut self, value: Option<u8>) -> Result<(), Error> {
        self.driver()?.set_configuration(value)?;
        self.streams.clear();
        Ok(())
    }

    /// Claims an interface, also from its kernel driver where the embedder allows that.
    pub fn claim(&mut self, interface: u8) -> Result<(), Error> {
        let (keep, held) = (self.keep_kernel_drivers, self.claimed.contains(&interface));
        let driver = self.driver()?;
        let mut outcome = driver.claim(interface).map_err(Error::from);
        // A handle that has it cannot be told that it is busy; what else has it may be a kernel driver.
        if outcome == Err(Error::Busy)
            && !held
            && !keep
            && driver.kernel_driver(interface) == Ok(true)
            && driver.detach(interface).is_ok()
        {
            outcome = driver.claim(interface).map_err(Error::from);
            if outcome.is_ok() {
                self.taken.insert(interface);
            } else {
                // Another handle was faster; the driver gets it back if it can.
                let _ = driver.attach(interface);
            }
        }
        outcome?;
        self.claimed.insert(interface);
        Ok(())
    }

    /// That this handle has an interface; else there is no such claim, or no device any more.
    fn has_claimed(&mut self, interface: u8) -> Result<(), Error> {
        self.driver()?;
        if self.claimed.contains(&interface) {
            return Ok(());
        }
        self.configuration()?;
        Err(Error::NotFound)
    }

    /// Gives an interface back, also to the kernel driver that it was taken from.
    pub fn release(&mut self, interface: u8) -> Result<(), Error> {
        self.has_claimed(interface)?;
        self.driver()?.release(interface)?;
        self.claimed.remove(&interface);
        if self.taken.remove(&interface) {
            // The release was well; a driver that does not come back is no error of it.
            let _ = self.driver()?.attach(interface);
        }
        Ok(())
    }

    /// Selects an alternate setting.
    pub fn set_alternate(&mut self, interface: u8, alternate: u8) -> Result<(), Error> {
        self.has_claimed(interface)?;
        Ok(self.driver()?.set_alternate(interface, alternate)?)
    }

    /// Ends the halt of an endpoint.
    pub fn clear_halt(&mut self, endpoint: u8) -> Result<(), Error> {
        Ok(self.driver()?.clear_halt(endpoint)?)
    }

    /// Resets the device.
    pub fn reset(&mut self) -> Result<(), Error> {
        let reset = self.driver()?.reset()?;
        self.streams.clear();
        if reset == Reset::Lost {
            self.lost = true;
            return Err(Error::NotFound);
        }
        Ok(())
    }

    /// Allocates streams, all of them or none: the result has no room for how many they are.
    pub fn alloc_streams(&mut self, streams: u32, endpoints: &[u8]) -> Result<(), Error> {
        self.can_have_streams(endpoints)?;
        let driver = self.driver()?;
        let granted = driver.alloc_streams(streams, endpoints)?;
        if granted < streams {
            // What is not wanted was there a moment ago, so nothing is to be done if it is not.
            let _ = driver.free_streams(endpoints);
            return Err(Error::NoMem);
        }
        self.streams.extend(endpoints.iter().map(|endpoint| (*endpoint, granted)));
        Ok(())
    }

    /// Frees them.
    pub fn free_streams(&mut self, endpoints: &[u8]) -> Result<(), Error> {
        self.can_have_streams(endpoints)?;
        self.driver()?.free_streams(endpoints)?;
        self.streams.retain(|endpoint, _| !endpoints.contains(endpoint));
        Ok(())
    }

    fn can_have_streams(&mut self, endpoints: &[u8]) -> Result<(), Error> {
        self.configuration()?;
        if self.speed < Speed::Super {
            return Err(Error::NotSupported);
        }
        if endpoints.len() > MOST_ENDPOINTS { Err(Error::InvalidParam) } else { Ok(()) }
    }

    /// Whether a kernel driver has an interface.
    pub fn kernel_driver(&mut self, interface: u8) -> Result<bool, Error> {
        Ok(self.driver()?.kernel_driver(interface)?)
    }

    /// Takes an interface from its kernel driver, where the embedder allows that.
    pub fn detach(&mut self, interface: u8) -> Result<(), Error> {
        if self.keep_kernel_drivers && self.kernel_driver(interface)? {
            return Err(Error::Access);
        }
        Ok(self.driver()?.detach(interface)?)
    }

    /// Gives it back.
    pub fn attach(&mut self, interface: u8) -> Result<(), Error> {
        Ok(self.driver()?.attach(interface)?)
    }

    /// Starts a transfer, after what the host itself has to say about it.
    pub fn submit(&mut self, transfer: Submission) -> Result<Rc<Flight>, Error> {
        let value = self.configuration()?;
        if transfer.kind == Kind::Control {
            // SET_CONFIGURATION and SET_INTERFACE would change behind the platform's back what it believes in.
            if matches!(transfer.setup, [0, 9, ..] | [1, 11, ..]) {
                return Err(Error::InvalidParam);
            }
        } else {
            let mut active = self.configurations.iter().filter(|it| value != 0 && it.value() == value);
            let claimed = |interface: u8| self.claimed.contains(&interface);
            if !active.any(|configuration| configuration.has(transfer.endpoint, claimed)) {
                return Err(Error::NotFound);
            }
            if transfer.stream > self.streams.get(&transfer.endpoint).copied().unwrap_or(0) {
                return Err(Error::InvalidParam);
            }
        }
        let id = self.driver()?.submit(transfer)?;
        let flight = Rc::new(Flight { id, end: RefCell::new(None) });
        self.flights.push(Rc::clone(&flight));
        Ok(flight)
    }

    /// Asks for the end of a transfer; of one that has ended there is nothing to ask.
    pub fn cancel(&mut self, flight: &Rc<Flight>) -> Result<(), Error> {
        match &mut self.driver {
            Some(driver) if flies(&self.flights, flight) => Ok(driver.cancel(flight.id)?),
            _ => Ok(()),
        }
    }

    /// What a transfer came to, if it is over.
    pub fn reap(&mut self, flight: &Rc<Flight>) -> Option<Completion> {
        if let (Some(driver), true) = (&mut self.driver, flies(&self.flights, flight)) {
            *flight.end.borrow_mut() = reaped(driver, flight.id);
            if flight.end.borrow().is_some() {
                self.flights.retain(|other| !Rc::ptr_eq(other, flight));
            }
        }
        flight.end.borrow_mut().take()
    }

    /// Nobody waits for a transfer any more.
    pub fn forget(&mut self, flight: &Rc<Flight>) {
        if let (Some(driver), true) = (&mut self.driver, flies(&self.flights, flight)) {
            driver.discard(flight.id);
            self.flights.retain(|other| !Rc::ptr_eq(other, flight));
        }
    }

    /// Closes the device. What is in flight ends; what was over before keeps its result.
    pub fn close(&mut self) {
        let Some(mut driver) = self.driver.take() else { return };
        for flight in self.flights.drain(..) {
            let end = reaped(&mut driver, flight.id).unwrap_or_else(|| {
                driver.discard(flight.id);
                ended(Status::Cancelled)
            });
            *flight.end.borrow_mut() = Some(end);
        }
        for interface in std::mem::take(&mut self.claimed) {
            // Nothing can fail here; the device may be gone.
            let _ = driver.release(interface);
            if self.taken.remove(&interface) {
                let _ = driver.attach(interface);
            }
        }
    }
}

fn flies(flights: &[Rc<Flight>], flight: &Rc<Flight>) -> bool {
    flights.iter().any(|other| Rc::ptr_eq(other, flight))
}

/// Asks a driver for the end of a transfer. One that it does not tell has failed; one that has not come is awaited.
fn reaped(driver: &mut Box<dyn Handle>, id: TransferId) -> Option<Completion> {
    match driver.poll_reap(id, &mut Context::from_waker(Waker::noop())) {
        Poll::Ready(told) => Some(told.unwrap_or_else(|_| ended(Status::Error))),
        Poll::Pending => None,
    }
}

fn ended(status: Status) -> Completion {
    Completion { status, ..Completion::default() }
}
