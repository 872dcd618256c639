//! A guest's pin: logical states and values over a physical line.

use super::line::{Line, Wanted, Watch};
use super::{error, other, refused};
use crate::abi::Fault;
use crate::config::{self, HostConfig, PinMode};
use crate::handles::Kind;
use std::marker::PhantomData;
use wasi_hw_protocol::Client;
use wasi_hw_seam::gpio::{Direction, Edges, Level, Request, Sample};
use wasi_hw_seam::{Board, Refusal};

/// Which of the six kinds of pins.
pub trait Mode: 'static {
    /// What the package calls such a pin.
    const NAME: &'static str;
    /// What the embedder calls it.
    const ALLOWED_AS: PinMode;
    /// Whether it has a scale, and not two states.
    const ANALOG: bool;
    /// What its line is requested for.
    const DIRECTION: Direction;
}

macro_rules! modes {
    ($($mode:ident $name:literal $analog:literal $direction:ident;)*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub enum $mode {}

            impl Mode for $mode {
                const NAME: &'static str = $name;
                const ALLOWED_AS: PinMode = PinMode::$mode;
                const ANALOG: bool = $analog;
                const DIRECTION: Direction = Direction::$direction;
            }
        )*
    };
}

modes! {
    DigitalOut "digital-out-pin" false Out;
    DigitalIn "digital-in-pin" false In;
    DigitalInOut "digital-in-out-pin" false InOut;
    AnalogOut "analog-out-pin" true Out;
    AnalogIn "analog-in-pin" true In;
    AnalogInOut "analog-in-out-pin" true InOut;
}

/// A pin.
pub struct Pin<M> {
    /// Its label.
    pub label: String,
    /// What the embedder says of it.
    pub config: config::Pin,
    line: Line,
    /// Whether the line tells of its changes.
    tells: bool,
    /// What it drove last, whatever the line really had.
    drives_active: bool,
    mode: PhantomData<M>,
}

impl<M: Mode> Kind for Pin<M> {
    const NAME: &'static str = M::NAME;
}

impl<M: Mode> Pin<M> {
    /// Opens the pin of a label. What is wrong is looked for in the order label, policy on the pin, policy on the mode,
    /// hardware, use.
    pub fn open(board: &Client, config: &HostConfig, label: &str) -> Result<Pin<M>, Fault> {
        let config = config.gpio.get(label).ok_or(Fault::named(error::UNDEFINED_PIN_LABEL))?.clone();
        match &config.allow {
            Some(modes) if modes.is_empty() => return Err(Fault::named(error::PIN_NOT_ALLOWED)),
            Some(modes) if !modes.contains(&M::ALLOWED_AS) => {
                return Err(Fault::named(error::PIN_MODE_NOT_ALLOWED));
            }
            _ => {}
        }
        let output = M::DIRECTION == Direction::Out;
        let mut request = Request {
            analog: M::ANALOG,
            direction: M::DIRECTION,
            pull: config.pull,
            open_drain: config.open_drain,
            // An output begins inactive, without a glitch. A pin for both is not driven before the guest says so.
            drive: output.then(|| Sample::Level(level(&config, false))),
            edges: if output { Edges::None } else { Edges::Both },
        };
        let name = config.line.as_deref().unwrap_or(label);
        let mut opened = board.gpio(name, &request);
        if !output && matches!(opened, Err(Refusal::Unsupported)) {
            // Perhaps it can do all but tell of changes.
            request.edges = Edges::None;
            opened = board.gpio(name, &request);
        }
        let line = opened.map_err(|why| match why {
            Refusal::Unsupported => Fault::named(error::PIN_MODE_NOT_AVAILABLE),
            Refusal::Denied => Fault::named(error::PIN_NOT_ALLOWED),
            why => refused(why),
        })?;
        let (label, line) = (label.to_owned(), Line::new(line));
        let tells = request.edges != Edges::None;
        Ok(Pin { label, config, line, tells, drives_active: false, mode: PhantomData })
    }

    /// Drives a state.
    pub fn drive(&mut self, active: bool) -> Result<(), Fault> {
        let level = level(&self.config, active);
        self.line.with(|line| line.set(Sample::Level(level))).map_err(refused)?;
        self.drives_active = active;
        Ok(())
    }

    /// Drives the opposite of what was driven last.
    pub fn toggle(&mut self) -> Result<(), Fault> {
        self.drive(!self.drives_active)
    }

    /// Whether the line is active now.
    pub fn is_active(&self) -> Result<bool, Fault> {
        match self.line.with(|line| line.get()).map_err(refused)? {
            Sample::Level(now) => Ok(now == self.config.active),
            Sample::Value(_) => Err(other("the driver has a value for a digital line")),
        }
    }

    /// The greatest number of steps from fully inactive.
    fn greatest(&self) -> Result<u32, Fault> {
        self.line.with(|line| Ok(line.greatest().max(1))).map_err(refused)
    }

    /// Steps from fully inactive as steps from ground, and the other way round. What is outside the scale is its end.
    fn turned(&self, steps: u32, greatest: u32) -> u32 {
        turned(&self.config, steps, greatest)
    }

    /// Drives so many steps from fully inactive.
    pub fn drive_steps(&mut self, steps: u32) -> Result<(), Fault> {
        let value = self.turned(steps, self.greatest()?);
        self.line.with(|line| line.set(Sample::Value(value))).map_err(refused)
    }

    /// Drives a part of the scale.
    pub fn drive_part(&mut self, part: f32) -> Result<(), Fault> {
        if part.is_nan() {
            return Err(other("a NaN is no value"));
        }
        let steps = f64::from(part.clamp(0.0, 1.0)) * f64::from(self.greatest()?);
        self.drive_steps(steps.round() as u32)
    }

    /// The steps from fully inactive that the line has now, and how many there are.
    pub fn steps(&self) -> Result<(u32, u32), Fault> {
        let greatest = self.greatest()?;
        match self.line.with(|line| line.get()).map_err(refused)? {
            Sample::Value(value) => Ok((self.turned(value, greatest), greatest)),
            Sample::Level(_) => Err(other("the driver has a level for an analog line")),
        }
    }

    /// Waits until the line can be used.
    pub fn watch_for_ready(&self) -> Option<Watch> {
        self.line.watch(Wanted::Settled).ok()
    }

    /// Waits for a state, or for a change to it.
    pub fn watch_state(&self, active: bool, change: bool) -> Result<Watch, Fault> {
        let level = level(&self.config, active);
        let fits = Box::new(move |now| now == Sample::Level(level));
        self.watch(if change { Wanted::Change(fits) } else { Wanted::Being(fits) })
    }

    /// Waits for more, or fewer, steps from fully inactive. Nothing is above the end of the scale, so there being there is
    /// what is meant.
    pub fn watch_steps(&self, above: bool, threshold: f64) -> Result<Watch, Fault> {
        let (config, greatest) = (self.config.clone(), self.greatest()?);
        let fits = move |now| {
            let Sample::Value(value) = now else { return false };
            let steps = turned(&config, value, greatest);
            match above {
                true => f64::from(steps) > threshold || steps >= greatest && threshold >= f64::from(greatest),
                false => f64::from(steps) < threshold,
            }
        };
        self.watch(Wanted::Being(Box::new(fits)))
    }

    /// The same of a part of the scale.
    pub fn watch_part(&self, above: bool, part: f32) -> Result<Watch, Fault> {
        if !(0.0..=1.0).contains(&part) {
            return Err(other(format!("a threshold lies from 0 to 1: {part}")));
        }
        self.watch_steps(above, f64::from(part) * f64::from(self.greatest()?))
    }

    fn watch(&self, wanted: Wanted) -> Result<Watch, Fault> {
        if !self.tells {
            return Err(Fault::named(error::OPERATION_NOT_SUPPORTED));
        }
        self.line.watch(wanted).map_err(refused)
    }
}

/// The guest's line is given back when its handle goes, whatever still waits for it.
impl<M> Drop for Pin<M> {
    fn drop(&mut self) {
        self.line.release();
    }
}

/// The level that stands for a state.
fn level(config: &config::Pin, active: bool) -> Level {
    match (config.active, active) {
        (Level::High, true) | (Level::Low, false) => Level::High,
        (Level::High, false) | (Level::Low, true) => Level::Low,
    }
}

fn turned(config: &config::Pin, steps: u32, greatest: u32) -> u32 {
    let inside = steps.min(greatest);
    if config.active == Level::High { inside } else { greatest - inside }
}
