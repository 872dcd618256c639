//! A context of libusb, and who handles its events: whoever asks whether a transfer is over, and a thread where somebody waits to be
//! woken.
//!
//! libusb has one handler of events at a time. The thread holds a lock while it is it, and lets go when it is asked to: so
//! whoever asks has seen all that the system had to tell by then.

use crate::failure::Report;
use crate::flight::Flight;
use libusb1_sys as ffi;
use std::collections::{BTreeMap, BTreeSet};
use std::ptr::{NonNull, null_mut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, TransferId};

/// How long closing a device waits for what was in flight on it and was cancelled.
pub const CLOSING: Duration = Duration::from_secs(2);

/// How long the thread handles events at a time, if nobody interrupts.
const SLICE: Duration = Duration::from_millis(500);

/// How often events are looked for at once, while there were some: a device may have no end of them.
const MOST_ROUNDS: usize = 1000;

/// A context. The last one who has it ends it.
pub(crate) struct Context {
    pub(crate) events: Arc<Events>,
    pub(crate) report: Report,
    thread: Mutex<Waking>,
}

/// Who wakes those who wait.
#[derive(Default)]
enum Waking {
    /// A thread, as soon as there is somebody.
    #[default]
    NotYet,
    Thread(JoinHandle<()>),
    /// The embedder.
    Others,
}

/// The context as its thread, and transfers in flight, know it.
pub(crate) struct Events {
    raw: NonNull<ffi::libusb_context>,
    /// Who has it handles events.
    handler: Mutex<()>,
    state: Mutex<State>,
    /// Rung for the thread.
    bell: Condvar,
}

// SAFETY: libusb's functions may be called from any thread.
unsafe impl Send for Events {}
// SAFETY: as above.
unsafe impl Sync for Events {}

#[derive(Default)]
struct State {
    last: u64,
    /// How many transfers were over.
    ended: u64,
    transfers: BTreeMap<TransferId, Slot>,
    /// Those whose end somebody waits for.
    waiting: BTreeSet<TransferId>,
    /// How many are about to handle events themselves.
    pausing: usize,
    /// Whether the thread handles events.
    handling: bool,
    over: bool,
    /// Why no end of a transfer is told any more.
    broken: Option<Refusal>,
}

/// A transfer that somebody may ask for.
struct Slot {
    /// The number of the handle.
    handle: u64,
    /// While it is in flight.
    flight: Option<Flight>,
    done: Option<Completion>,
    waker: Option<Waker>,
    /// Nobody will ask.
    forgotten: bool,
}

impl Context {
    pub(crate) fn new() -> Result<Arc<Context>, i32> {
        let mut raw = null_mut();
        // SAFETY: it is a place for a pointer.
        match unsafe { ffi::libusb_init(&mut raw) } {
            0 => {}
            code => return Err(code),
        }
        let raw = NonNull::new(raw).ok_or(ffi::constants::LIBUSB_ERROR_OTHER)?;
        let events = Events { raw, handler: Mutex::default(), state: Mutex::default(), bell: Condvar::new() };
        Ok(Arc::new(Context {
            events: Arc::new(events),
            report: Report::default(),
            thread: Mutex::default(),
        }))
    }

    pub(crate) fn raw(&self) -> *mut ffi::libusb_context {
        self.events.raw.as_ptr()
    }

    /// The end of a transfer, once; `None` if it is in flight, and then this one is woken when it is not.
    pub(crate) fn reap(
        &self,
        handle: u64,
        id: TransferId,
        waker: &Waker,
    ) -> Option<Result<Completion, Refusal>> {
        self.events.handle(Duration::ZERO, || false);
        let mut state = self.events.state();
        let broken = state.broken;
        let slot = match state.transfers.get_mut(&id) {
            Some(slot) if slot.handle == handle && !slot.forgotten => slot,
            _ => return Some(Err(Refusal::NotFound)),
        };
        if let Some(done) = slot.done.take() {
            state.transfers.remove(&id);
            return Some(Ok(done));
        }
        if let Some(why) = broken {
            return Some(Err(why));
        }
        slot.waker = Some(waker.clone());
        state.waiting.insert(id);
        drop(state);
        self.need_thread();
        self.events.bell.notify_all();
        None
    }

    /// The thread is there from the first one on who waits.
    fn need_thread(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Waking::NotYet = *thread {
            let events = Arc::clone(&self.events);
            match thread::Builder::new().name("events of libusb".to_owned()).spawn(move || events.run()) {
                Ok(started) => *thread = Waking::Thread(started),
                Err(_) => self.events.broke(Refusal::TooMuch),
            }
        }
    }

    /// A thread that there is already stays.
    pub(crate) fn need_no_thread(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Waking::NotYet = *thread {
            *thread = Waking::Others;
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        self.events.state().over = true;
        self.events.bell.notify_all();
        self.events.interrupt();
        let thread = std::mem::take(self.thread.get_mut().unwrap_or_else(PoisonError::into_inner));
        if let Waking::Thread(thread) = thread {
            let _ = thread.join();
        }
        // SAFETY: whoever has a device or a handle of it has this too, so there is none any more.
        unsafe { ffi::libusb_exit(self.raw()) };
    }
}

impl Events {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn interrupt(&self) {
        // SAFETY: the context is there as long as this.
        unsafe { ffi::libusb_interrupt_event_handler(self.raw.as_ptr()) };
    }

    /// Handles the events that there are, and those that come until it is `enough`, for so long at most.
    pub(crate) fn handle(&self, time: Duration, mut enough: impl FnMut() -> bool) {
        let interrupt = {
            let mut state = self.state();
            state.pausing += 1;
            state.handling
        };
        if interrupt {
            self.interrupt();
        }
        let handler = self.handler.lock().unwrap_or_else(PoisonError::into_inner);
        if interrupt {
            // Where it came late it is one of them.
            self.handle_for(Duration::ZERO);
        }
        self.drain();
        let began = Instant::now();
        while let left = time.saturating_sub(began.elapsed())
            && !left.is_zero()
            && !enough()
        {
            self.handle_for(left);
            self.drain();
        }
        drop(handler);
        self.state().pausing -= 1;
        self.bell.notify_all();
    }

    /// Handles those that there are, and waits once for more, for so long at most, if no transfer was over.
    pub(crate) fn handle_some(&self, time: Duration) {
        let before = self.state().ended;
        let mut rounds = 0..;
        self.handle(time, || rounds.next() != Some(0) || self.state().ended != before);
    }

    fn drain(&self) {
        for _ in 0..MOST_ROUNDS {
            let before = self.state().ended;
            self.handle_for(Duration::ZERO);
            if self.state().ended == before {
                break;
            }
        }
    }

    /// By whoever has the lock.
    fn handle_for(&self, time: Duration) {
        let time = libc::timeval {
            tv_sec: time.as_secs() as libc::time_t,
            tv_usec: time.subsec_micros() as libc::suseconds_t,
        };
        // SAFETY: the context is there as long as this, and the time until the call is over.
        let code =
            unsafe { ffi::libusb_handle_events_timeout_completed(self.raw.as_ptr(), &time, null_mut()) };
        if code < 0 && code != ffi::constants::LIBUSB_ERROR_INTERRUPTED {
            self.broke(crate::code::refusal(code));
        }
    }

    fn run(&self) {
        let mut state = self.state();
        while !state.over {
            if state.waiting.is_empty() || state.pausing > 0 {
                state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.handling = true;
            drop(state);
            let handler = self.handler.lock().unwrap_or_else(PoisonError::into_inner);
            self.handle_for(SLICE);
            drop(handler);
            state = self.state();
            state.handling = false;
        }
    }

    /// No end of a transfer is told any more: whoever waits is to hear of that.
    fn broke(&self, why: Refusal) {
        let mut state = self.state();
        state.broken.get_or_insert(why);
        state.waiting.clear();
        let wakers: Vec<_> = state.transfers.values_mut().filter_map(|slot| slot.waker.take()).collect();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The number of a transfer that is about to be submitted.
    pub(crate) fn begin(&self, handle: u64, flight: impl FnOnce(TransferId) -> Flight) -> TransferId {
        let mut state = self.state();
        state.last += 1;
        let id = TransferId(state.last);
        let flight = Some(flight(id));
        let slot = Slot { handle, flight, done: None, waker: None, forgotten: false };
        state.transfers.insert(id, slot);
        id
    }

    /// It was not submitted.
    pub(crate) fn abort(&self, id: TransferId) {
        self.state().transfers.remove(&id);
    }

    /// A transfer is over. Called by libusb, within the handling of events.
    pub(crate) fn ended(&self, id: TransferId, how: Completion) {
        let mut state = self.state();
        state.ended += 1;
        state.waiting.remove(&id);
        let Some(slot) = state.transfers.get_mut(&id) else { return };
        let flight = slot.flight.take();
        let waker = slot.waker.take();
        slot.done = Some(how);
        if slot.forgotten {
            state.transfers.remove(&id);
        }
        drop(state);
        drop(flight);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Asks for the end of a transfer that may be in flight. The lock keeps it from being freed meanwhile.
    pub(crate) fn cancel(&self, handle: u64, id: TransferId) -> Result<(), Refusal> {
        let state = self.state();
        let slot = state.transfers.get(&id).filter(|slot| slot.handle == handle && !slot.forgotten);
        let slot = slot.ok_or(Refusal::NotFound)?;
        slot.flight.iter().for_each(Flight::cancel);
        Ok(())
    }

    /// Whether a transfer is over, or unknown.
    pub(crate) fn is_over(&self, handle: u64, id: TransferId) -> bool {
        self.handle(Duration::ZERO, || false);
        let state = self.state();
        let slot = state.transfers.get(&id).filter(|slot| slot.handle == handle);
        slot.is_none_or(|slot| slot.done.is_some()) || state.broken.is_some()
    }

    /// Nobody will reap it.
    pub(crate) fn forget(&self, handle: u64, id: TransferId) {
        let mut state = self.state();
        state.waiting.remove(&id);
        let Some(slot) = state.transfers.get_mut(&id).filter(|slot| slot.handle == handle) else { return };
        match &slot.flight {
            Some(flight) => {
                flight.cancel();
                slot.forgotten = true;
            }
            None => _ = state.transfers.remove(&id),
        }
    }

    /// Ends what is in flight on a handle that is about to be closed. What does not end in time is left to the system, with its
    /// memory.
    pub(crate) fn leave(&self, handle: u64) {
        let ids: Vec<_> = {
            let state = self.state();
            let of_it = state.transfers.iter().filter(|(_, slot)| slot.handle == handle);
            of_it.map(|(id, _)| *id).collect()
        };
        ids.iter().for_each(|id| self.forget(handle, *id));
        let ended = || !self.state().transfers.values().any(|slot| slot.handle == handle);
        if !ended() {
            self.handle(CLOSING, ended);
        }
        let mut state = self.state();
        for id in ids {
            if let Some(flight) = state.transfers.remove(&id).and_then(|slot| slot.flight) {
                std::mem::forget(flight);
            }
        }
    }
}
