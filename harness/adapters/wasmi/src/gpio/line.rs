//! A line, and what a guest waits for on it.
//!
//! The pollables outlive the pin if the guest drops it first: then they are ready. What happened stays with the watch that
//! waited for it, so one that became ready stays so.

use crate::handles::Kind;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Line as Driver, Sample};

/// A line that a pin and its watches share.
pub struct Line(Rc<RefCell<Held>>);

struct Held {
    /// Until the pin is dropped.
    driver: Option<Box<dyn Driver>>,
    watches: Vec<(Fits, Weak<Cell<bool>>)>,
}

/// Whether what a line has is what is waited for.
type Fits = Box<dyn Fn(Sample) -> bool>;

/// What a guest waits for.
pub enum Wanted {
    /// The line can be used after its request.
    Settled,
    /// It is so, or becomes so.
    Being(Fits),
    /// It becomes so.
    Change(Fits),
}

/// The most watches on a line at a time.
const MOST_WATCHES: usize = 1 << 10;

impl Line {
    /// A line that nobody waits for.
    pub fn new(driver: Box<dyn Driver>) -> Line {
        Line(Rc::new(RefCell::new(Held { driver: Some(driver), watches: Vec::new() })))
    }

    /// Does something with it.
    pub fn with<T>(&self, run: impl FnOnce(&mut dyn Driver) -> Result<T, Refusal>) -> Result<T, Refusal> {
        match &mut self.0.borrow_mut().driver {
            Some(driver) => run(&mut **driver),
            None => Err(Refusal::Gone),
        }
    }

    /// Gives it back.
    pub fn release(&self) {
        self.0.borrow_mut().driver = None;
    }

    /// Begins to wait. What happened on the line before does not count for this watch.
    pub fn watch(&self, wanted: Wanted) -> Result<Watch, Refusal> {
        let mut held = self.0.borrow_mut();
        held.watches.retain(|(_, fired)| fired.strong_count() > 0);
        if held.watches.len() >= MOST_WATCHES {
            return Err(Refusal::TooMuch);
        }
        let fired = Rc::new(Cell::new(false));
        let settles = matches!(wanted, Wanted::Settled);
        let (fits, now_counts): (Fits, bool) = match wanted {
            Wanted::Settled => (Box::new(|_| false), false),
            Wanted::Being(fits) => (fits, true),
            Wanted::Change(fits) => (fits, false),
        };
        if !settles {
            held.take_events()?;
        }
        if now_counts {
            let driver = held.driver.as_mut().ok_or(Refusal::Gone)?;
            fired.set(fits(driver.get()?));
        }
        held.watches.push((fits, Rc::downgrade(&fired)));
        Ok(Watch { line: Rc::clone(&self.0), fired, settles })
    }
}

impl Held {
    /// Tells every watch what happened on the line since this was last done. What has not happened yet is awaited.
    fn take_events(&mut self) -> Result<(), Refusal> {
        let driver = self.driver.as_mut().ok_or(Refusal::Gone)?;
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(event) = driver.poll_event(&mut context) {
            for (fits, fired) in &self.watches {
                // A line that is lost is an error to come, and an error counts as ready.
                if let (Some(fired), true) =
                    (fired.upgrade(), event.as_ref().map_or(true, |event| fits(event.now)))
                {
                    fired.set(true);
                }
            }
            event?;
        }
        Ok(())
    }
}

/// What a guest waits for: a `pollable`.
pub struct Watch {
    line: Rc<RefCell<Held>>,
    fired: Rc<Cell<bool>>,
    settles: bool,
}

impl Kind for Watch {
    const NAME: &'static str = "pollable";
}

impl Watch {
    /// Whether it has happened. If not, it is awaited from now on.
    pub fn is_ready(&self) -> bool {
        let mut held = self.line.borrow_mut();
        if !self.fired.get() {
            // If the line is lost, every watch has been told.
            let lost = held.take_events().is_err();
            let mut context = Context::from_waker(Waker::noop());
            let mut settled = |driver: &mut Box<dyn Driver>| driver.poll_ready(&mut context).is_ready();
            let ready = match &mut held.driver {
                Some(driver) => self.settles && (lost || settled(driver)),
                None => true,
            };
            self.fired.set(self.fired.get() || ready);
        }
        self.fired.get()
    }
}
