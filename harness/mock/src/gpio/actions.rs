//! What happens to lines from outside: contacts, other chips, chips that go.

use super::config::{ActionConfig, Event, Later, LineConfig, Step};
use super::node;
use super::state::{Lines, MOST_STEPS, Owner};
use crate::config::Action;
use crate::now::Now;
use crate::part::Part;

impl Part for Lines {
    fn check(&self, action: &Action) -> Option<Result<(), String>> {
        let Action::Gpio(action) = action else { return None };
        Some(self.can(action))
    }

    fn act(&mut self, action: &Action, now: &mut Now) {
        let Action::Gpio(action) = action else { return };
        if let Some(at) = self.place(&action.gpio) {
            self.happen(at, action, now);
            self.settle(at, None, now);
        }
    }

    fn woke(&mut self) -> bool {
        std::mem::take(&mut self.woke)
    }
}

impl Lines {
    fn can(&self, action: &ActionConfig) -> Result<(), String> {
        let ActionConfig { gpio: name, event } = action;
        let Some(at) = self.place(name) else {
            let known: Vec<_> = self.places.keys().map(String::as_str).collect();
            return Err(format!("an action names the line `{name}`; lines are: [{}]", known.join(", ")));
        };
        let LineConfig { contact, analog, .. } = &self.lines[at].config;
        let value = match event {
            Event::Press | Event::Release if contact.is_none() => {
                return Err(format!("an action presses the line `{name}`, which has no contact"));
            }
            Event::Ramp { points, .. } if !(1..=MOST_STEPS).contains(points) => {
                return Err(format!(
                    "a ramp on `{name}` has {points} points; 1 to {MOST_STEPS} are possible"
                ));
            }
            Event::Value(value) | Event::Ramp { to: value, .. } => *value,
            _ => return Ok(()),
        };
        match analog.as_ref().map(|analog| analog.greatest.get()) {
            None => Err(format!("an action gives a value to the line `{name}`, which is not analog")),
            Some(greatest) if value > greatest => {
                Err(format!("`{name}` has no value above {greatest}: {value}"))
            }
            Some(_) => Ok(()),
        }
    }

    /// Does what an action says, before anybody looks at what the lines carry then.
    fn happen(&mut self, at: usize, action: &ActionConfig, now: &mut Now) {
        let line = &mut self.lines[at];
        let greatest = line.greatest();
        let after = |now: &mut Now, ns: u64, step: Later| {
            let event = Event::Later(Step(step));
            now.after(ns, Action::Gpio(ActionConfig { gpio: action.gpio.clone(), event }));
        };
        if !matches!(action.event, Event::Later(_)) {
            line.starts += 1;
        }
        let start = line.starts;
        match &action.event {
            Event::Press | Event::Release => {
                let closed = matches!(action.event, Event::Press);
                line.closed = closed;
                let bounces = line.config.contact.as_ref().map_or((0, 0), |c| (c.bounces, c.bounce_ns));
                for bounce in 0..u64::from(bounces.0) {
                    let ns = |half: u64| bounces.1.saturating_mul(2 * bounce + half);
                    after(now, ns(1), Later::Contact { closed: !closed, start });
                    after(now, ns(2), Later::Contact { closed, start });
                }
            }
            Event::Drive(level) => line.other = Some(node::rail(*level)),
            Event::LetGo => line.other = None,
            Event::Pulse { level, ns } => {
                after(now, *ns, Later::Other { volts: line.other, start });
                line.other = Some(node::rail(*level));
            }
            Event::Value(value) => line.other = Some(node::volts(*value, greatest)),
            Event::Ramp { to, ns, points } => {
                let (from, points) = (i64::from(node::value(line.volts, greatest)), i64::from(*points));
                for point in 1..=points {
                    let value = from + (i64::from(*to) - from) * point / points;
                    let volts = Some(node::volts(u32::try_from(value).unwrap_or(0), greatest));
                    after(
                        now,
                        ns / points.unsigned_abs() * point.unsigned_abs(),
                        Later::Other { volts, start },
                    );
                }
            }
            Event::Take if line.owner == Owner::Nobody => {
                line.owner = Owner::Somebody;
                now.line(&line.channel, "TAKEN");
            }
            Event::GiveBack if line.owner == Owner::Somebody => {
                line.owner = Owner::Nobody;
                now.line(&line.channel, "GIVEN BACK");
            }
            Event::Take | Event::GiveBack => {}
            Event::Gone => self.chip(at, true, now),
            Event::Back => self.chip(at, false, now),
            Event::Fails(kind) => line.failing = Some(*kind),
            Event::Works => line.failing = None,
            Event::Note(name) => now.line(&line.channel, format!("NOTE {name}")),
            Event::Later(Step(Later::Contact { closed, start })) if *start == line.starts => {
                line.closed = *closed
            }
            Event::Later(Step(Later::Other { volts, start })) if *start == line.starts => line.other = *volts,
            Event::Later(Step(Later::Settled { request })) if line.owner == Owner::Request(*request) => {
                line.settled = true;
                now.line(&line.channel, "READY");
                self.wake(at);
            }
            Event::Later(_) => {}
        }
    }

    /// A whole chip goes, or comes back.
    pub(super) fn chip(&mut self, at: usize, gone: bool, now: &mut Now) {
        let chip = self.lines[at].config.chip.clone();
        for at in 0..self.lines.len() {
            let line = &mut self.lines[at];
            if line.config.chip != chip || line.gone == gone {
                continue;
            }
            line.gone = gone;
            (line.driver, line.bias) = (None, None);
            if !gone && line.owner != Owner::Somebody {
                line.owner = Owner::Nobody;
            }
            now.line(&line.channel, if gone { "GONE" } else { "BACK" });
            self.wake(at);
            self.settle(at, None, now);
        }
    }
}
