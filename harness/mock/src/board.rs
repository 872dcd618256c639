//! The board: devices, trace and clock under one lock, and the drivers that it hands out.

use crate::config::{Action, BoardConfig, Cue};
use crate::now::Now;
use crate::part::Part;
use crate::trace::Trace;
use crate::turns::{Idle, Turns};
use crate::{gpio, i2c, spi, usb};
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};
use wasi_hw_seam::{self as seam, Refusal};

/// A board. Clones are handles to the same board.
#[derive(Clone)]
pub struct Board(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) turn: Condvar,
}

pub(crate) struct State {
    pub(crate) now: Now,
    operation_ns: u64,
    cues: BTreeMap<String, VecDeque<Vec<Action>>>,
    pub(crate) turns: Turns,
    pub(crate) i2c: i2c::Buses,
    pub(crate) spi: spi::Buses,
    pub(crate) usb: usb::Devices,
    pub(crate) gpio: gpio::Lines,
}

impl Board {
    /// Builds the board that `config` describes. An error says which part of it is wrong.
    pub fn new(config: &BoardConfig) -> Result<Board, String> {
        let mut cues = BTreeMap::<String, VecDeque<_>>::new();
        for Cue { name, action } in &config.cue {
            cues.entry(name.clone()).or_default().push_back(action.clone());
        }
        let mut state = State {
            now: Now::default(),
            operation_ns: config.operation_ns.map_or(1_000, NonZeroU64::get),
            cues,
            turns: Turns::default(),
            i2c: i2c::Buses::new(&config.i2c)?,
            spi: spi::Buses::new(&config.spi)?,
            usb: usb::Devices::new(&config.usb, config.usb_system)?,
            gpio: gpio::Lines::new(&config.gpio)?,
        };
        let actions =
            config.cue.iter().flat_map(|c| &c.action).chain(config.event.iter().flat_map(|e| &e.action));
        for action in actions {
            state.check(action)?;
        }
        for event in &config.event {
            state.now.schedule(event.at_ns, event.action.clone());
        }
        Ok(Board(Arc::new(Shared { state: Mutex::new(state), turn: Condvar::new() })))
    }

    /// The board's time, in nanoseconds since it was built.
    pub fn now(&self) -> u64 {
        self.lock().now.ns
    }

    /// A copy of what the wires saw until now.
    pub fn trace(&self) -> Trace {
        self.lock().now.trace.clone()
    }

    /// What the wires saw since this was last called: a board that stays for long forgets what was taken.
    pub fn take_trace(&self) -> Trace {
        std::mem::take(&mut self.lock().now.trace)
    }

    /// Makes the next thing of this name happen. An error names the cues that are left.
    pub fn cue(&self, name: &str) -> Result<(), String> {
        let mut state = self.lock();
        let Some(actions) = state.cues.get_mut(name).and_then(VecDeque::pop_front) else {
            let left = state.cues.iter().filter(|(_, left)| !left.is_empty());
            let left: Vec<_> = left.map(|(name, _)| name.as_str()).collect();
            return Err(format!("no cue `{name}` is left; left are: [{}]", left.join(", ")));
        };
        for action in &actions {
            state.act(action);
        }
        Ok(())
    }

    /// Whoever used the drivers is done, or was ended. What is closed from now on, and what follows from that on the wires, was left
    /// open by them: each line of it is marked as such in the trace.
    pub fn mark_left_open(&self) {
        self.lock().now.left_open = true;
    }

    /// Says in the trace what the board was told to expect and did not see, such as the rest of a
    /// script. Called once, when the last driver is done.
    pub fn finish(&self) {
        self.lock().finish();
    }

    /// The same where the last driver may never be done: what the wires saw, and the board's time. `None` if a driver
    /// holds the board for as long as that, in real time.
    pub fn conclude(&self, patience: Duration) -> Option<(Trace, u64)> {
        let start = Instant::now();
        let mut state = loop {
            match self.0.state.try_lock() {
                Ok(state) => break state,
                Err(TryLockError::Poisoned(left)) => break left.into_inner(),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => return None,
                // No lock of the standard library can be waited for with a limit.
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        state.finish();
        Some((state.now.trace.clone(), state.now.ns))
    }
}

/// What the board hands out: the drivers of [`wasi_hw_seam`].
impl seam::Board for Board {
    fn i2c(&self, bus: &str) -> Result<Box<dyn seam::i2c::Bus>, Refusal> {
        Ok(Box::new(i2c::Bus::attach(self, bus)?))
    }

    fn spi(&self, device: &str) -> Result<Box<dyn seam::spi::Device>, Refusal> {
        Ok(Box::new(spi::Device::attach(self, device)?))
    }

    /// As `GPIO_V2_GET_LINE_IOCTL` does on Linux. The two lines of an I²C bus can be requested, too.
    fn gpio(&self, line: &str, request: &seam::gpio::Request) -> Result<Box<dyn seam::gpio::Line>, Refusal> {
        let state = self.lock();
        let wired = !state.gpio.has(line) && state.i2c.has_line(line);
        drop(state);
        if wired {
            return Ok(Box::new(i2c::Wired::request(self, line, request)?));
        }
        Ok(Box::new(gpio::Line::request(self, line, request)?))
    }

    fn usb(&self) -> Box<dyn seam::usb::Usb> {
        Box::new(usb::Usb { board: self.clone() })
    }

    fn delay(&self) -> Box<dyn seam::Delay> {
        Box::new(self.clone())
    }
}

/// A delay takes no time but the board's.
impl seam::Delay for Board {
    fn wait_ns(&mut self, ns: u64) {
        self.wait(ns);
    }
}

impl State {
    fn finish(&mut self) {
        // That nobody came for it is not of something left open.
        self.now.left_open = false;
        let (parts, now) = self.parts();
        parts.into_iter().for_each(|part| part.finish(now));
    }

    /// Charges one bus operation to the clock.
    pub(crate) fn operation(&mut self) {
        self.pass_time(self.operation_ns);
    }

    /// The parts of the board, one a proposal, and what they work on.
    fn parts(&mut self) -> ([&mut dyn Part; 4], &mut Now) {
        ([&mut self.i2c, &mut self.spi, &mut self.usb, &mut self.gpio], &mut self.now)
    }

    /// Lets time pass, and what is due happen.
    pub(crate) fn pass_time(&mut self, ns: u64) {
        let until = self.now.ns.saturating_add(ns);
        while self.now.ns < until {
            self.step(Some(until));
        }
    }

    /// Moves the clock to the next event, or to `until` if that comes first.
    pub(crate) fn step(&mut self, until: Option<u64>) -> Idle {
        let event = self.now.next();
        let (parts, now) = self.parts();
        let due = parts.iter().filter_map(|part| part.next()).min();
        // At one time, what parts do by themselves comes before what the fixture lets happen.
        if let Some(at) = due.filter(|at| event.into_iter().chain(until).all(|other| *at <= other)) {
            now.move_to(at);
            parts.into_iter().for_each(|part| part.advance(now));
            self.pass_on();
            return Idle::Moved;
        }
        match (event, until) {
            (Some(at), until) if until.is_none_or(|until| at <= until) => {
                for action in self.now.take_next() {
                    self.act(&action);
                }
                Idle::Moved
            }
            (_, Some(until)) => {
                self.now.move_to(until);
                Idle::Moved
            }
            (_, None) => Idle::Dead,
        }
    }

    fn act(&mut self, action: &Action) {
        let (parts, now) = self.parts();
        parts.into_iter().for_each(|part| part.act(action, now));
        self.pass_on();
    }

    /// Lets drivers that wait for anything to happen go on, if something happened on a part.
    pub(crate) fn pass_on(&mut self) {
        let (parts, _) = self.parts();
        if parts.into_iter().fold(false, |woke, part| woke | part.woke()) {
            self.turns.something_happened();
        }
    }

    fn check(&mut self, action: &Action) -> Result<(), String> {
        let (parts, _) = self.parts();
        parts.into_iter().find_map(|part| part.check(action)).unwrap_or(Ok(()))
    }
}

impl Shared {
    pub(crate) fn raw_lock(&self) -> MutexGuard<'_, State> {
        // A driver that panicked did so outside the board; what it left is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wait_turn<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.turn.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wait_turn_for<'a>(
        &self,
        state: MutexGuard<'a, State>,
        at_most: Duration,
    ) -> (MutexGuard<'a, State>, bool) {
        let (state, timeout) = self.turn.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner);
        (state, timeout.timed_out())
    }
}

#[cfg(test)]
mod tests {
    use super::Board;
    use crate::config::BoardConfig;
    use std::time::Duration;

    #[test]
    fn a_board_that_somebody_holds_is_not_waited_for() {
        let board = Board::new(&BoardConfig::default()).unwrap();
        let held = board.0.raw_lock();
        assert_eq!(board.conclude(Duration::from_millis(1)), None);
        drop(held);
        assert_eq!(board.conclude(Duration::ZERO).map(|(_, ns)| ns), Some(0));
    }
}
