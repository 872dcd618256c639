//! The lock on the handling of events, for programs that share the work among threads themselves, and descriptors to poll,
//! of which there are none.
//!
//! Any number of threads may handle events here at once, and none of them needs the lock. It is kept for programs that
//! take it, and holds up only those.

use crate::abi::{libusb_context, timeval};
use crate::events::{SLICE, duration, libusb_handle_events_timeout};
use crate::registry::{self, changed, registry};
use std::ffi::{c_int, c_void};
use std::ptr::null;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// Takes the lock if nobody has it: 0. 1 says that somebody has.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_try_lock_events(context: *mut libusb_context) -> c_int {
    let mut registry = registry();
    let context = registry.context("libusb_try_lock_events", context);
    let holder: &mut Option<(ThreadId, usize)> = match registry.contexts.get_mut(&context) {
        Some(context) => &mut context.lock,
        None => return 1,
    };
    let this = thread::current().id();
    match holder {
        // libusb's mutex is one that its owner may take again.
        Some((owner, times)) if *owner == this => *times += 1,
        Some(_) => return 1,
        none => *none = Some((this, 1)),
    }
    0
}

/// Takes the lock. Blocks until nobody has it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_lock_events(context: *mut libusb_context) {
    while libusb_try_lock_events(context) != 0 {
        registry::wait(registry(), SLICE);
    }
}

/// Gives the lock back.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_unlock_events(context: *mut libusb_context) {
    let mut registry = registry();
    let context = registry.context("libusb_unlock_events", context);
    if let Some(context) = registry.contexts.get_mut(&context) {
        context.lock =
            context.lock.take().filter(|(_, times)| *times > 1).map(|(owner, times)| (owner, times - 1));
    }
    drop(registry);
    changed();
}

/// Whether whoever has the lock may go on: always.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_event_handling_ok(context: *mut libusb_context) -> c_int {
    registry().context("libusb_event_handling_ok", context);
    1
}

/// Whether somebody has the lock.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_event_handler_active(context: *mut libusb_context) -> c_int {
    let registry = registry();
    let context = registry.context("libusb_event_handler_active", context);
    registry.contexts.get(&context).map_or(0, |context| c_int::from(context.lock.is_some()))
}

/// Begins to wait for what another thread handles. Nothing can be missed, because
/// [`libusb_wait_for_event`] never waits for long.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_lock_event_waiters(context: *mut libusb_context) {
    registry().context("libusb_lock_event_waiters", context);
}

/// Ends that.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_unlock_event_waiters(context: *mut libusb_context) {
    registry().context("libusb_unlock_event_waiters", context);
}

/// Waits until another thread may have handled an event: 0, also where it has not, so that the caller looks again. 1 says
/// that the time is over.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_wait_for_event(
    context: *mut libusb_context,
    time: *const timeval,
) -> c_int {
    let start = Instant::now();
    let registry = registry();
    registry.context("libusb_wait_for_event", context);
    // SAFETY: the caller gives NULL or a time.
    let at_most = if time.is_null() { Duration::MAX } else { duration(unsafe { &*time }) };
    registry::wait(registry, SLICE.min(at_most));
    c_int::from(start.elapsed() >= at_most)
}

/// Handles events, for whoever has the lock.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_handle_events_locked(
    context: *mut libusb_context,
    time: *const timeval,
) -> c_int {
    // SAFETY: the caller gives NULL or a time.
    unsafe { libusb_handle_events_timeout(context, time) }
}

/// Ends one waiting for events of another thread, or the next one if there is none.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_interrupt_event_handler(context: *mut libusb_context) {
    let mut registry = registry();
    let context = registry.context("libusb_interrupt_event_handler", context);
    if let Some(context) = registry.contexts.get_mut(&context) {
        context.interrupted = true;
    }
    drop(registry);
    changed();
}

/// Descriptors to poll. NULL: there are none, as on a platform without `poll`, and events are to be handled by
/// `libusb_handle_events_timeout`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_pollfds(_: *mut libusb_context) -> *const *const c_void {
    null()
}

/// Frees that list, which there never is.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_free_pollfds(_: *const *const c_void) {}

/// Who is told of descriptors to poll. Nobody ever is.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_set_pollfd_notifiers(
    _: *mut libusb_context,
    _: *const c_void,
    _: *const c_void,
    _: *mut c_void,
) {
}

/// Whether the limits of transfers are kept by themselves: 1, the board keeps them.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_pollfds_handle_timeouts(_: *mut libusb_context) -> c_int {
    1
}

/// When the caller must handle events because of a limit: 0, never.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_get_next_timeout(_: *mut libusb_context, _: *mut timeval) -> c_int {
    0
}
