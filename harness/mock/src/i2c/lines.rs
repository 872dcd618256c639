//! The two lines of a bus, for a driver that has no controller: it requests `NAME.scl` and `NAME.sda` as GPIO lines, and makes
//! START, bits and STOP of their levels by itself. They are pulled up; a level that is not low is let go of.

use super::bits::{At, Line as Which, Look};
use super::{BusState, Buses};
use crate::board::{Board, State};
use crate::now::Now;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Edges, Level, Line, Request, Sample};

/// A driver's hold on one of the two. Nobody else can request it until it is dropped.
pub(crate) struct Wired {
    board: Board,
    bus: String,
    which: Which,
}

/// Who has the two lines.
#[derive(Default)]
pub(super) struct Requests {
    scl: Option<Request>,
    sda: Option<Request>,
}

impl Requests {
    fn of(&mut self, which: Which) -> &mut Option<Request> {
        match which {
            Which::Scl => &mut self.scl,
            Which::Sda => &mut self.sda,
        }
    }
}

impl Buses {
    /// Whether a bus has a line of this name.
    pub(crate) fn has_line(&self, name: &str) -> bool {
        self.line(name).is_some()
    }

    /// The bus and the line of this name, if there is one.
    fn line(&self, name: &str) -> Option<(String, Which)> {
        let (bus, line) = name.rsplit_once('.')?;
        let which = match line {
            "scl" => Which::Scl,
            "sda" => Which::Sda,
            _ => return None,
        };
        self.0.contains_key(bus).then(|| (bus.to_owned(), which))
    }
}

/// What one of the lines can do. They tell of no edges, and are not analog.
fn admit(request: &Request) -> Result<(), Refusal> {
    if request.analog || request.edges != Edges::None {
        return Err(Refusal::Unsupported);
    }
    let drives = |sample| matches!(sample, Sample::Level(_)) && request.drives();
    if request.drive.is_none_or(drives) { Ok(()) } else { Err(Refusal::Invalid) }
}

impl Wired {
    /// A bus with one of its lines requested has a driver.
    pub(crate) fn request(board: &Board, line: &str, request: &Request) -> Result<Wired, Refusal> {
        let mut state = board.lock();
        let State { now, i2c, .. } = &mut *state;
        let (name, which) = i2c.line(line).ok_or(Refusal::Missing)?;
        let bus = i2c.0.get_mut(&name).ok_or(Refusal::Missing)?;
        if bus.gone {
            return Err(Refusal::Gone);
        }
        admit(request)?;
        if bus.requests.of(which).is_some() {
            return Err(Refusal::Busy);
        }
        if bus.requests.scl.is_none() && bus.requests.sda.is_none() {
            bus.attach(now)?;
        }
        *bus.requests.of(which) = Some(*request);
        bus.drive(which, request.drive == Some(Sample::Level(Level::Low)), now);
        drop(state);
        Ok(Wired { board: board.clone(), bus: name, which })
    }

    /// Takes the time of an operation, and does it.
    fn operate<T>(
        &self,
        operation: impl FnOnce(&mut BusState, &mut Now) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut state = self.board.lock();
        state.operation();
        let State { now, i2c, .. } = &mut *state;
        let bus = i2c.0.get_mut(&self.bus).filter(|bus| !bus.gone).ok_or(Refusal::Gone)?;
        operation(bus, now)
    }
}

impl BusState {
    /// What the lines did since they were last looked at.
    fn pass(&mut self, now: &mut Now) {
        let BusState { bits, wire, gone, .. } = self;
        bits.pass(&mut At { wire, now: now.ns, gone });
    }

    fn drive(&mut self, which: Which, low: bool, now: &mut Now) {
        self.pass(now);
        let BusState { bits, wire, gone, channel, .. } = self;
        bits.drive(which, low, &mut At { wire, now: now.ns, gone });
        bits.lines().for_each(|line| now.line(channel, line));
    }
}

impl Line for Wired {
    fn get(&mut self) -> Result<Sample, Refusal> {
        self.operate(|bus, now| {
            bus.pass(now);
            let look = bus.bits.look(self.which);
            bus.bits.lines().for_each(|line| now.line(&bus.channel, line));
            match look {
                Look::Low => Ok(Sample::Level(Level::Low)),
                Look::High => Ok(Sample::Level(Level::High)),
                Look::TooLate => Err(Refusal::Overrun),
            }
        })
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        self.operate(|bus, now| {
            let drives = bus.requests.of(self.which).is_some_and(|request| request.drives());
            let Sample::Level(level) = to else { return Err(Refusal::Invalid) };
            if !drives {
                return Err(Refusal::Invalid);
            }
            bus.drive(self.which, level == Level::Low, now);
            Ok(())
        })
    }

    fn greatest(&self) -> u32 {
        1
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        admit(request)?;
        self.operate(|bus, now| {
            *bus.requests.of(self.which) = Some(*request);
            bus.drive(self.which, request.drive == Some(Sample::Level(Level::Low)), now);
            Ok(())
        })
    }
}

impl Drop for Wired {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        let State { now, i2c, .. } = &mut *state;
        let Some(bus) = i2c.0.get_mut(&self.bus) else { return };
        *bus.requests.of(self.which) = None;
        bus.drive(self.which, false, now);
        if bus.requests.scl.is_none() && bus.requests.sda.is_none() {
            bus.bits.all_lines().for_each(|line| now.line(&bus.channel, line));
            bus.detach(now);
        }
    }
}
