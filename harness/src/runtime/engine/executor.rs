//! An executor whose time is the board's: a pending future means that the clock moves.

use crate::runtime::engine::Seat;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use wasi_hw_mock::Idle;

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Everybody waits, and nothing can happen any more.
pub struct Deadlock;

/// Drives a future to its end. When it is pending and nobody woke it, the board goes on to the next
/// thing that happens; if there is none, the future would never end. One that was given up is not polled again.
pub fn block_on<F: Future>(seat: &dyn Seat, future: F) -> Result<F::Output, Deadlock> {
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
        if seat.is_given_up() {
            return Err(Deadlock);
        }
        // Another guest may have woken it while it idled.
        let dead = !woken.0.swap(false, Ordering::Relaxed) && seat.idle() == Idle::Dead;
        if dead && !woken.0.load(Ordering::Relaxed) {
            // Before the future is dropped, and with it what the guest waits for.
            seat.guest_is_ended();
            return Err(Deadlock);
        }
    }
}
