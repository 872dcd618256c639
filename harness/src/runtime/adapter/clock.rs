//! The board's clock beside a host that has one of its own: it follows the real one.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use wasi_hw_mock::{Board, Idle};

/// After so much time in which the host is idle and nobody asks for anything but to be woken, whoever waits does so for the
/// board, and the clock goes on to the next thing that happens there: an hour need not be waited for. A host that computes, or
/// that the machine does not let run, is not idle.
const QUIET: Duration = Duration::from_secs(1);

/// After so much of it, where nothing is left to happen on the board, nothing ever will.
const LOST: Duration = Duration::from_secs(5);

/// How long a host with threads of its own is given to hear of what came or went at a cue, before its guest goes on:
/// nobody expects an event at the moment at which a plug is pulled.
const HEARD: Duration = Duration::from_millis(20);

/// What such a host needs to pass on what it has heard.
const PASSED_ON: Duration = Duration::from_millis(2);

/// How often a wait looks again at what it waits for: drivers of other threads, and real time, change it.
const LOOK: Duration = Duration::from_millis(1);

/// The real clock, as the board follows it.
#[derive(Default)]
pub(super) struct RealClock {
    /// Absent until something is asked for: what comes before, such as compiling the guest, is nobody's time.
    state: Mutex<Option<State>>,
    /// It is absent until the guest itself asks: a command is started and compiled by what asks for devices already.
    awaits_guest: AtomicBool,
    /// Waits for time alone: while there is one, its guest is not waiting for the board.
    sleeping: AtomicU32,
    lost: AtomicBool,
}

struct State {
    began: Instant,
    /// How far the board's clock has gone beyond the real one.
    ahead: Duration,
    /// For how long the host was idle since something was last asked for.
    quiet: Duration,
}

impl RealClock {
    /// One that begins with the first question of the guest itself, if `so`, and not with that of a driver.
    pub(super) fn that_awaits_the_guest(so: bool) -> RealClock {
        RealClock { awaits_guest: so.into(), ..RealClock::default() }
    }

    /// The guest asks.
    pub(super) fn guest_is_there(&self) {
        self.awaits_guest.store(false, Ordering::Relaxed);
    }

    /// Something is asked for: the board's clock is set, and nobody is quiet.
    pub(super) fn busy(&self, board: &Board) {
        if self.awaits_guest.load(Ordering::Relaxed) {
            return;
        }
        let now = Instant::now();
        self.state()
            .get_or_insert(State { began: now, ahead: Duration::ZERO, quiet: Duration::ZERO })
            .quiet = Duration::ZERO;
        self.follow(board);
    }

    /// Sees to it that the board's clock is not behind.
    fn follow(&self, board: &Board) {
        let now = self.state().as_ref().map_or(Duration::ZERO, |state| state.began.elapsed() + state.ahead);
        board.wait_until(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Waits for time alone, in board time from the beginning.
    pub(super) fn sleep_until(&self, board: &Board, until: u64) {
        self.sleeping.fetch_add(1, Ordering::Relaxed);
        while board.now() < until {
            thread::sleep(Duration::from_nanos(until - board.now()));
            self.follow(board);
        }
        self.sleeping.fetch_sub(1, Ordering::Relaxed);
        self.busy(board);
    }

    /// Gives the host time to hear of something, if there is somebody who has not.
    pub(super) fn until_heard(&self, board: &Board, unheard: impl Fn() -> bool) {
        if !unheard() {
            return;
        }
        let start = Instant::now();
        while unheard() && start.elapsed() < HEARD {
            thread::sleep(LOOK);
            self.follow(board);
        }
        thread::sleep(PASSED_ON);
        self.busy(board);
    }

    /// Waits a moment for anything at all. Dead if nothing can happen any more.
    pub(super) fn idle(&self, board: &Board) -> Idle {
        thread::sleep(LOOK);
        self.follow(board);
        if self.is_lost() { Idle::Dead } else { Idle::Moved }
    }

    /// Looks whether everybody is quiet, which means that they wait for the board: its next thing then happens now. Asked
    /// from time to time by whoever watches over the run, who knows for how long the host was idle. False if there is nothing
    /// left to wait for.
    pub(super) fn look(&self, board: &Board, idle: Duration) -> bool {
        if self.sleeping.load(Ordering::Relaxed) > 0 {
            return true;
        }
        let quiet = self.state().as_mut().map_or(Duration::ZERO, |state| {
            state.quiet += idle;
            state.quiet
        });
        if quiet < QUIET {
            return true;
        }
        let before = board.now();
        match board.idle() {
            Idle::Moved => {
                if let Some(state) = &mut *self.state() {
                    state.ahead += Duration::from_nanos(board.now() - before);
                }
            }
            Idle::Dead => self.lost.store(quiet >= LOST, Ordering::Relaxed),
        }
        !self.is_lost()
    }

    /// Whether everybody waits for what can never happen.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
