//! The board: devices, trace and clock under one lock.

use crate::config::{Action, BoardConfig, Cue};
use crate::gpio;
use crate::i2c;
use crate::spi;
use crate::trace::Trace;
use crate::turns::{Idle, Turns};
use crate::usb;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A board. Clones are handles to the same board.
#[derive(Clone)]
pub struct Board(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) turn: Condvar,
}

pub(crate) struct State {
    pub(crate) now: u64,
    operation_ns: u64,
    pub(crate) trace: Trace,
    /// What will happen, by time; at one time in the order in which it was scheduled.
    events: BTreeMap<(u64, u64), Vec<Action>>,
    scheduled: u64,
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
        let i2c = i2c::Buses::new(&config.i2c)?;
        let spi = spi::Buses::new(&config.spi)?;
        let usb = usb::Devices::new(&config.usb, config.usb_system)?;
        let gpio = gpio::Lines::new(&config.gpio)?;
        let mut cues = BTreeMap::<String, VecDeque<_>>::new();
        for Cue { name, action } in &config.cue {
            cues.entry(name.clone()).or_default().push_back(action.clone());
        }
        let mut state = State {
            now: 0,
            operation_ns: config.operation_ns.map_or(1_000, NonZeroU64::get),
            trace: Trace::default(),
            events: BTreeMap::new(),
            scheduled: 0,
            cues,
            turns: Turns::default(),
            i2c,
            spi,
            usb,
            gpio,
        };
        let actions =
            config.cue.iter().flat_map(|c| &c.action).chain(config.event.iter().flat_map(|e| &e.action));
        for action in actions {
            state.check(action)?;
        }
        for event in &config.event {
            state.schedule_all(event.at_ns, event.action.clone());
        }
        Ok(Board(Arc::new(Shared { state: Mutex::new(state), turn: Condvar::new() })))
    }

    /// The board's time, in nanoseconds since it was built.
    pub fn now(&self) -> u64 {
        self.lock().now
    }

    /// A copy of what the wires saw until now.
    pub fn trace(&self) -> Trace {
        self.lock().trace.clone()
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

    /// Says in the trace what the board was told to expect and did not see, such as the rest of a
    /// script. Called once, when the last driver is done.
    pub fn finish(&self) {
        let mut state = self.lock();
        let State { now, trace, i2c, spi, usb, .. } = &mut *state;
        i2c.finish(*now, trace);
        spi.finish(*now, trace);
        usb.finish(*now, trace);
    }
}

impl State {
    /// Charges one bus operation to the clock.
    pub(crate) fn operation(&mut self) {
        self.pass_time(self.operation_ns);
    }

    /// Lets time pass, and what is due happen.
    pub(crate) fn pass_time(&mut self, ns: u64) {
        let until = self.now.saturating_add(ns);
        while self.now < until {
            self.step(Some(until));
        }
    }

    /// Moves the clock to the next event, or to `until` if that comes first.
    pub(crate) fn step(&mut self, until: Option<u64>) -> Idle {
        let event = self.events.first_key_value().map(|(key, _)| key.0);
        if let Some(at) =
            self.usb.next().filter(|at| event.into_iter().chain(until).all(|other| *at <= other))
        {
            self.now = self.now.max(at);
            self.usb.advance(self.now, &mut self.trace);
            self.pass_on();
            return Idle::Moved;
        }
        match (self.events.first_entry(), until) {
            (Some(next), until) if until.is_none_or(|until| next.key().0 <= until) => {
                self.now = self.now.max(next.key().0);
                for action in next.remove() {
                    self.act(&action);
                }
                Idle::Moved
            }
            (_, Some(until)) => {
                self.now = self.now.max(until);
                Idle::Moved
            }
            (_, None) => Idle::Dead,
        }
    }

    /// Lets something happen at a time, after what is to happen then already.
    pub(crate) fn schedule(&mut self, at: u64, action: Action) {
        self.schedule_all(at, vec![action]);
    }

    fn schedule_all(&mut self, at: u64, actions: Vec<Action>) {
        self.events.insert((at, self.scheduled), actions);
        self.scheduled += 1;
    }

    fn act(&mut self, action: &Action) {
        let State { now, trace, i2c, spi, gpio, usb, .. } = self;
        match action {
            Action::I2c(action) => i2c.act(action, *now, trace),
            Action::Spi(action) => spi.act(action, *now, trace),
            Action::Gpio(action) => {
                for (at, later) in gpio.act(action, *now, trace) {
                    self.schedule(at, Action::Gpio(later));
                }
            }
            Action::Usb(action) => usb.act(action, *now, trace),
        }
        self.pass_on();
    }

    /// Lets drivers that wait for anything to happen go on, if a line has told one of something or a transfer has
    /// ended.
    pub(crate) fn pass_on(&mut self) {
        let (told, ended) = (self.gpio.woke(), self.usb.woke());
        if told || ended {
            self.turns.something_happened();
        }
    }

    fn check(&self, action: &Action) -> Result<(), String> {
        match action {
            Action::I2c(action) => self.i2c.check(action),
            Action::Spi(action) => self.spi.check(action),
            Action::Usb(action) => self.usb.check(action),
            Action::Gpio(action) => self.gpio.check(action),
        }
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
