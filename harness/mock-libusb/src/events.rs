//! The handling of events: whoever calls these functions waits for transfers and for devices that come and go, and
//! calls the host back.

use crate::abi::{libusb_context, timeval};
use crate::harness::ask;
use crate::registry::registry;
use crate::{hotplug, registry, transfer};
use std::cell::Cell;
use std::ffi::c_int;
use std::mem::take;
use std::ptr::null_mut;
use std::time::{Duration, Instant};
use wasi_hw_protocol::{Awaited, Count, Op, Until, Wait, Woken};

/// For how long the harness is asked to wait at a time: what is submitted meanwhile by another thread is looked at
/// when that is over. Longer each time where the harness's clock is not the real one, so that nobody is kept waiting: an hour there
/// is no million questions.
pub(crate) const SLICE: Duration = Duration::from_millis(5);

/// libusb's own patience, where a host says nothing.
const DEFAULT: Duration = Duration::from_secs(60);

thread_local! {
    /// Whether this thread is within a callback.
    static HANDLING: Cell<bool> = const { Cell::new(false) };
}

/// Whether the caller was called back by this library.
pub(crate) fn is_handling() -> bool {
    HANDLING.get()
}

/// As long as a C program says.
pub(crate) fn duration(time: &timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds)
        .saturating_add(Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or(0)))
}

/// Handles events until there was one, or `*completed` is not 0, or the time is over.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_handle_events_timeout_completed(
    context: *mut libusb_context,
    time: *const timeval,
    completed: *mut c_int,
) -> c_int {
    // SAFETY: the caller gives NULL or a time.
    let time = if time.is_null() { None } else { Some(unsafe { time.read() }) };
    let at_most = time.as_ref().map_or(DEFAULT, duration);
    let context = registry().context("libusb_handle_events_timeout_completed", context);
    // SAFETY: the caller gives NULL or a number, which callbacks may change while we are here.
    let is_completed = || !completed.is_null() && unsafe { completed.read_volatile() } != 0;
    handle(context, at_most, &is_completed);
    0
}

/// The same, without a number to look at.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_handle_events_timeout(
    context: *mut libusb_context,
    time: *const timeval,
) -> c_int {
    // SAFETY: the caller gives NULL or a time.
    unsafe { libusb_handle_events_timeout_completed(context, time, null_mut()) }
}

/// The same, for as long as libusb waits by itself.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_handle_events_completed(
    context: *mut libusb_context,
    completed: *mut c_int,
) -> c_int {
    // SAFETY: the caller gives NULL or a number.
    unsafe { libusb_handle_events_timeout_completed(context, std::ptr::null(), completed) }
}

/// The same, without a number to look at.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_handle_events(context: *mut libusb_context) -> c_int {
    // SAFETY: nothing is given.
    unsafe { libusb_handle_events_timeout_completed(context, std::ptr::null(), null_mut()) }
}

fn handle(context: usize, at_most: Duration, is_completed: &dyn Fn() -> bool) {
    let start = Instant::now();
    let mut slice = SLICE;
    loop {
        let left = at_most.saturating_sub(start.elapsed());
        let mut state = registry();
        let interrupted =
            state.contexts.get_mut(&context).is_some_and(|context| take(&mut context.interrupted));
        let flights = state.transfers.values().filter_map(|transfer| transfer.flight);
        let flights = flights.filter(|flight| flight.context == context);
        let on: Vec<_> =
            flights.map(|flight| Awaited { handle: flight.number, until: Until::Over }).collect();
        let hotplug = state.callbacks.values().any(|callback| callback.context == context);
        let now = left.min(slice);
        if interrupted || is_completed() {
            return;
        }
        if on.is_empty() && !hotplug {
            // Nothing that the harness could tell of.
            registry::wait(state, left);
            if start.elapsed() >= at_most {
                return;
            }
            continue;
        }
        drop(state);
        let ns = Some(Count(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)));
        let asked = Instant::now();
        let woken: Woken = match ask(Op::Wait(Wait { ns, on, hotplug })) {
            Ok(woken) => woken,
            // A transfer that was waited for has been closed meanwhile; or everything is over, and this process soon
            // is.
            Err(_) => {
                std::thread::sleep(Duration::from_millis(1));
                Woken::default()
            }
        };
        slice = if woken.time && asked.elapsed() < now / 2 { slice.saturating_mul(2) } else { SLICE };
        HANDLING.set(true);
        let over = woken.on.into_iter().map(|awaited| awaited.handle);
        let finished = over.map(transfer::finish).filter(|finished| *finished).count();
        let told = if hotplug { hotplug::tell(context) } else { 0 };
        HANDLING.set(false);
        if finished > 0 {
            registry::changed();
        }
        if finished + told > 0 || left.is_zero() {
            return;
        }
    }
}
