//! Whose turn it is: several drivers on one board, one of them running at a time.
//!
//! Each driver has a thread of its own, because a driver may block in the middle of a call; but only
//! the one whose turn it is runs, and the turn passes at points that the board chooses. So the
//! order of events is the same in every run.

use crate::board::{Board, State};
use std::cell::Cell;
use std::sync::MutexGuard;
use std::time::Duration;

thread_local! {
    /// The place of this thread's driver in [`Turns`].
    static ME: Cell<Option<usize>> = const { Cell::new(None) };
}

/// How long a driver that was passed the turn may take to reach the board. A driver that waits for
/// a lock of its host, held by the one that passed the turn, never does: then the turn goes back.
/// It is far longer than anything but such a lock takes, on a busy machine too: half a second was not,
/// and let the order of two drivers depend on the machine's load.
const STUCK_AFTER: Duration = Duration::from_secs(10);

/// What a driver that gave up its turn waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waits {
    /// Nothing: it goes on at its next turn.
    ForTurn,
    /// A time on the board's clock.
    Until(u64),
    /// Anything that happens on the board.
    ForEvent,
    /// The same, or a time on its clock.
    ForEventUntil(u64),
    /// It was passed the turn and did not reach the board (see [`STUCK_AFTER`]).
    ForHost,
    /// It is done.
    ForNothing,
}

#[derive(Default)]
pub(crate) struct Turns {
    drivers: Vec<Waits>,
    current: usize,
}

/// How a wait for anything to happen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Something happened, or time passed.
    Moved,
    /// Nothing can happen any more: everybody waits, and no event is left.
    Dead,
}

impl Turns {
    /// Lets those go on that wait for anything to happen.
    pub(crate) fn something_happened(&mut self) {
        for waits in &mut self.drivers {
            if matches!(waits, Waits::ForEvent | Waits::ForEventUntil(_)) {
                *waits = Waits::ForTurn;
            }
        }
    }
}

/// A place among the drivers of a board, held by the thread that drives; leaving is dropping it.
pub struct Turn {
    board: Board,
    place: usize,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        state.turns.drivers[self.place] = Waits::ForNothing;
        pass(&mut state);
        drop(state);
        self.board.0.turn.notify_all();
        ME.set(None);
    }
}

impl Board {
    /// Makes `drivers` places on the board, in the order in which they first get the turn.
    /// Threads take them with [`Board::take_turn`]. A board that nobody shares needs none.
    pub fn make_places(&self, drivers: usize) {
        let mut state = self.lock();
        state.turns = Turns { drivers: vec![Waits::ForTurn; drivers], current: 0 };
    }

    /// Takes the place for this thread, and blocks until its turn comes.
    pub fn take_turn(&self, place: usize) -> Turn {
        ME.set(Some(place));
        drop(self.lock());
        Turn { board: self.clone(), place }
    }

    /// Lets `ns` nanoseconds of board time pass, for the caller; others may act meanwhile.
    pub fn wait(&self, ns: u64) {
        let until = self.lock().now.ns.saturating_add(ns);
        self.wait_until(until);
    }

    /// The same, until the board's clock is not before this time.
    pub fn wait_until(&self, until: u64) {
        let mut state = self.lock();
        while state.now.ns < until {
            state = self.give_up(state, Waits::Until(until)).0;
        }
    }

    /// Waits until anything happens: the next event of the board, or what another driver does.
    pub fn idle(&self) -> Idle {
        self.give_up(self.lock(), Waits::ForEvent).1
    }

    /// The same, but not for longer than to this time on the board's clock.
    pub fn idle_until(&self, until: u64) -> Idle {
        self.give_up(self.lock(), Waits::ForEventUntil(until)).1
    }

    /// Offers the turn to the others, who go on until they wait or offer it back.
    pub(crate) fn offer_turn<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.give_up(state, Waits::ForTurn).0
    }

    /// Waits for the mutex, and for this thread's turn.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.0.raw_lock();
        if let Some(me) = ME.get().filter(|me| *me < state.turns.drivers.len()) {
            if state.turns.drivers[me] == Waits::ForHost {
                state.turns.drivers[me] = Waits::ForTurn;
            }
            while state.turns.current != me {
                state = self.0.wait_turn(state);
            }
        }
        state
    }

    fn give_up<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        waits: Waits,
    ) -> (MutexGuard<'a, State>, Idle) {
        let Some(me) = ME.get().filter(|me| *me < state.turns.drivers.len()) else {
            // Nobody shares this board: what is waited for is the next thing that happens.
            let idle = match waits {
                Waits::Until(until) | Waits::ForEventUntil(until) => state.step(Some(until)),
                Waits::ForEvent => state.step(None),
                _ => Idle::Moved,
            };
            return (state, idle);
        };
        state.turns.drivers[me] = waits;
        let idle = pass(&mut state);
        self.0.turn.notify_all();
        while state.turns.current != me {
            let other = state.turns.current;
            let (again, timed_out) = self.0.wait_turn_for(state, STUCK_AFTER);
            state = again;
            // Only one that merely offered its turn may take it back.
            let mine = state.turns.drivers[me] == Waits::ForTurn && waits == Waits::ForTurn;
            if timed_out && mine && state.turns.current == other {
                state.turns.drivers[other] = Waits::ForHost;
                state.turns.current = me;
            }
        }
        (state, idle)
    }
}

/// Passes the turn to the next driver that can go on, moving the clock if none can.
fn pass(state: &mut State) -> Idle {
    while state.turns.drivers.iter().any(|w| *w != Waits::ForNothing) {
        let drivers = state.turns.drivers.len();
        let after = |n: usize| (state.turns.current + n) % drivers;
        let next = |wanted: Waits| (1..=drivers).map(after).find(|at| state.turns.drivers[*at] == wanted);
        if let Some(at) = next(Waits::ForTurn).or_else(|| next(Waits::ForHost)) {
            state.turns.current = at;
            return Idle::Moved;
        }
        let until = state.turns.drivers.iter().filter_map(|w| match w {
            Waits::Until(at) | Waits::ForEventUntil(at) => Some(*at),
            _ => None,
        });
        let until = until.min();
        let moved = state.step(until);
        let now = state.now.ns;
        for waits in &mut state.turns.drivers {
            if matches!(*waits, Waits::Until(at) if at <= now) {
                *waits = Waits::ForTurn;
            }
        }
        state.turns.something_happened();
        if moved == Idle::Dead && until.is_none() {
            // Those that waited for an event go on, to learn that none will come.
            if let Some(at) = state.turns.drivers.iter().position(|w| *w == Waits::ForTurn) {
                state.turns.current = at;
                return Idle::Dead;
            }
        }
    }
    Idle::Dead
}

#[cfg(test)]
mod tests;
