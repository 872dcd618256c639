//! SCL and SDA as levels: a START, bits, acknowledges and a STOP are read from what a driver does with the two lines, and the
//! targets answer on them bit by bit.
//!
//! A line is low if anybody pulls it low. The driver is one, the targets and another controller are the others. A bit counts when
//! SCL falls, since SDA may still move while SCL is high: that is a START or a STOP.

use super::config::{FaultConfig, FaultKind};
use super::target::IDLE;
use super::wire::{Frame, Progress, Transfer, Wire};
use std::mem;

/// When, after SCL has gone high, a START appears that does not belong there: late enough for a driver to have looked at SDA, and
/// before the shortest high time of standard mode (4 µs, UM10204, table 10) is over.
const MIDDLE_NS: u64 = 3_000;

/// How long another controller that won goes on after this one has let go of both lines: two bits of standard mode, which
/// no clock of it is high for.
const ITS_END_NS: u64 = 20_000;

/// The lines of a bus, with what a driver does to them, and the transfer that comes of it.
#[derive(Default)]
pub(super) struct Bits {
    /// Whether the driver pulls a line low.
    driver: Low,
    /// Whether anybody else pulls SDA low.
    sda_held: bool,
    /// Until when a target holds SCL low.
    scl_held: Option<u64>,
    /// Which lines were low when this was last looked at.
    seen: Low,
    phase: Phase,
    /// What SDA was when SCL went high; nothing after a START or a STOP.
    bit: Option<bool>,
    /// What goes wrong as soon as the lines allow it.
    trouble: Option<FaultConfig>,
    /// When a START appears that does not belong there.
    misplaced_at: Option<u64>,
    /// Since when the driver lets go of both lines, while another controller has the bus.
    lets_go_since: Option<u64>,
    progress: Progress,
    frame: Frame,
    transfers: u32,
}

/// The two lines: whether each is low.
#[derive(Clone, Copy, Default)]
struct Low {
    scl: bool,
    sda: bool,
}

/// One of the two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Scl,
    Sda,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Nobody listens: before a START, or because something went wrong that only a START or a STOP ends.
    #[default]
    Deaf,
    /// A byte, of which `clocked` bits have passed.
    Byte { what: What, bits: u8, clocked: u8 },
    /// What follows it.
    Acknowledge { what: What },
    /// Another controller has the bus, until the driver has let go of both lines for a while.
    Lost,
}

/// What a byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Address { reads: bool },
    Written,
    Read(u8),
}

/// What a driver finds when it looks at a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Low,
    High,
    /// It looked too late to get a bit.
    TooLate,
}

/// What the lines do themselves, and the wire that they belong to.
pub(super) struct At<'a> {
    pub(super) wire: &'a mut Wire,
    pub(super) now: u64,
    /// Set if the adapter disappears.
    pub(super) gone: &'a mut bool,
}

impl Bits {
    /// The lines that the trace got until now.
    pub(super) fn lines(&mut self) -> impl Iterator<Item = String> + '_ {
        self.frame.lines.drain(..).map(|(_, line)| line)
    }

    /// The same with the bytes that would have shared a line with later ones.
    pub(super) fn all_lines(&mut self) -> impl Iterator<Item = String> + '_ {
        self.frame.flush();
        self.lines()
    }

    /// Lets happen what is due by now.
    pub(super) fn pass(&mut self, at: &mut At<'_>) {
        if self.scl_held.is_some_and(|until| until <= at.now) {
            self.scl_held = None;
            self.settle(at);
        }
        if self.lets_go_since.is_some_and(|since| at.now - since >= ITS_END_NS) {
            (self.lets_go_since, self.sda_held) = (None, false);
            self.phase = Phase::Deaf;
            self.progress = Progress::default();
            self.seen = self.low();
        }
        if self.misplaced_at.is_some_and(|due| due <= at.now) && !self.seen.sda {
            (self.misplaced_at, self.trouble) = (None, None);
            (self.sda_held, self.seen.sda) = (true, true);
            self.break_off("BUS ERROR");
        }
    }

    /// Looks at a line.
    pub(super) fn look(&mut self, line: Line) -> Look {
        let overrun = self.trouble.as_ref().is_some_and(|fault| fault.kind == FaultKind::Overrun);
        if line == Line::Sda && !self.seen.scl && overrun {
            self.trouble = None;
            self.sda_held = false;
            self.break_off("OVERRUN");
            return Look::TooLate;
        }
        let low = match line {
            Line::Scl => self.seen.scl,
            Line::Sda => self.seen.sda,
        };
        if low { Look::Low } else { Look::High }
    }

    /// The driver pulls a line low, or lets go of it.
    pub(super) fn drive(&mut self, line: Line, low: bool, at: &mut At<'_>) {
        let before = match line {
            Line::Scl => mem::replace(&mut self.driver.scl, low),
            Line::Sda => mem::replace(&mut self.driver.sda, low),
        };
        // Who waits for SCL has let go of it: this one waits no more.
        if line == Line::Scl && low && !before && self.scl_held.is_some() {
            if self.scl_held == Some(u64::MAX) {
                self.scl_held = None;
            }
            self.sda_held = false;
            self.break_off("TIMEOUT");
        }
        self.settle(at);
        let lets_go = self.phase == Phase::Lost && !self.driver.scl && !self.driver.sda;
        self.lets_go_since = lets_go.then(|| self.lets_go_since.unwrap_or(at.now));
    }

    fn low(&self) -> Low {
        Low { scl: self.driver.scl || self.scl_held.is_some(), sda: self.driver.sda || self.sda_held }
    }

    /// Finds out what changed on the lines, and what that means.
    fn settle(&mut self, at: &mut At<'_>) {
        let before = self.seen;
        self.seen = self.low();
        match (before.scl, self.seen.scl) {
            (true, false) => self.rose(at),
            (false, true) => self.fell(at),
            (false, false) if before.sda != self.seen.sda => {
                self.bit = None;
                self.misplaced_at = None;
                if self.phase != Phase::Lost {
                    if self.seen.sda { self.start(at) } else { self.stop(at) }
                }
            }
            _ => {}
        }
        // What those who listen do now they do while SCL is low, which is neither a START nor a STOP.
        self.seen = self.low();
    }

    fn start(&mut self, at: &mut At<'_>) {
        self.cut();
        self.sda_held = false;
        if !self.progress.started {
            self.transfers = self.transfers.saturating_add(1);
            self.progress = at.wire.begin(self.transfers);
        }
        self.trouble = self.transfer(at).start();
        let what = What::Address { reads: false };
        self.phase = Phase::Byte { what, bits: 0, clocked: 0 };
    }

    fn stop(&mut self, at: &mut At<'_>) {
        self.cut();
        self.phase = Phase::Deaf;
        if self.progress.started {
            self.transfer(at).stop();
        }
        self.trouble = None;
    }

    /// A byte that a START or a STOP ends has not been: no controller does that of its own accord.
    fn cut(&mut self) {
        let clocked = match self.phase {
            Phase::Byte { clocked, .. } => clocked,
            Phase::Acknowledge { .. } => 8,
            Phase::Deaf | Phase::Lost => 0,
        };
        if clocked > 0 {
            self.frame.line(format!("CUT after {clocked} bits"));
        }
    }

    fn rose(&mut self, at: &At<'_>) {
        let sends = !self.driver.sda && self.phase != Phase::Lost;
        let trouble = self.trouble.as_ref().map(|fault| fault.kind).filter(|_| sends);
        match (trouble, self.phase) {
            (Some(FaultKind::ArbitrationLost), Phase::Byte { what: What::Written, .. }) => self.lose(),
            (Some(FaultKind::BusError), Phase::Byte { clocked: 1.., .. }) => {
                self.misplaced_at = at.now.checked_add(MIDDLE_NS);
            }
            _ => {}
        }
        self.bit = Some(!self.low().sda);
    }

    fn fell(&mut self, at: &mut At<'_>) {
        self.misplaced_at = None;
        let bit = self.bit.take();
        match (self.phase, bit) {
            (Phase::Deaf, _) => self.sda_held = false,
            (Phase::Byte { what, bits, clocked }, Some(bit)) => {
                self.clocked(what, bits << 1 | u8::from(bit), clocked + 1, at);
            }
            (Phase::Acknowledge { what }, Some(bit)) => self.acknowledged(what, !bit, at),
            (Phase::Byte { .. } | Phase::Acknowledge { .. }, None) | (Phase::Lost, _) => {}
        }
    }

    /// A bit of a byte has passed.
    fn clocked(&mut self, what: What, bits: u8, clocked: u8, at: &mut At<'_>) {
        if clocked == 1 && what == What::Written {
            self.expect(at);
        }
        if clocked == 1 && self.strikes(what, at) {
            return;
        }
        if clocked < 8 {
            self.phase = Phase::Byte { what, bits, clocked };
            if let What::Read(byte) = what {
                self.sda_held = byte << clocked & 0x80 == 0;
            }
            return;
        }
        let nack = self.trouble.take_if(|fault| fault.kind == FaultKind::Nack).is_some();
        (self.sda_held, self.phase) = match what {
            What::Address { .. } => {
                let (address, reads) = (u16::from(bits >> 1), bits & 1 == 1);
                let acknowledges = self.address(address, reads, nack, at);
                (acknowledges && !*at.gone, Phase::Acknowledge { what: What::Address { reads } })
            }
            What::Written => (self.transfer(at).take(bits, nack), Phase::Acknowledge { what }),
            What::Read(_) => (false, Phase::Acknowledge { what }),
        };
    }

    /// Whether somebody acknowledges an address. One to which something else happens is acknowledged by whoever does it.
    fn address(&mut self, address: u16, reads: bool, nack: bool, at: &mut At<'_>) -> bool {
        if self.trouble.is_some() {
            self.transfer(at).address_line(address, false, reads, "");
            if self.strikes(What::Address { reads }, at) || self.trouble.is_some() {
                return true;
            }
        }
        self.transfer(at).choose(address, false, reads, nack)
    }

    /// The acknowledge of a byte has passed.
    fn acknowledged(&mut self, what: What, acknowledged: bool, at: &mut At<'_>) {
        self.sda_held = false;
        let next = match what {
            What::Address { reads: false } | What::Written => What::Written,
            What::Address { reads: true } if !acknowledged => What::Read(IDLE),
            What::Address { reads: true } => self.sends(at),
            What::Read(byte) => {
                self.frame.byte(byte, acknowledged);
                // The controller says that this was the last.
                if acknowledged { self.sends(at) } else { What::Read(IDLE) }
            }
        };
        if let What::Read(byte) = next {
            self.sda_held = byte & 0x80 == 0;
        }
        self.phase = Phase::Byte { what: next, bits: 0, clocked: 0 };
    }

    /// What a target sends next. Of a byte in which something goes wrong the first bit is not a target's.
    fn sends(&mut self, at: &mut At<'_>) -> What {
        self.expect(at);
        let sends = |fault: &FaultConfig| matches!(fault.kind, FaultKind::Stretch | FaultKind::Nack);
        let byte = match self.trouble.as_ref().is_none_or(sends) {
            true => self.transfer(at).give(),
            false => IDLE,
        };
        What::Read(byte)
    }

    /// Counts a byte. What is still to go wrong in an earlier one does so here.
    fn expect(&mut self, at: &mut At<'_>) {
        let next = self.transfer(at).count();
        self.trouble = self.trouble.take().or(next);
    }

    /// What goes wrong after the first bit of a byte, because then it is one. Whether that was the end of it.
    fn strikes(&mut self, what: What, at: &mut At<'_>) -> bool {
        match (self.trouble.as_ref().map(|fault| fault.kind), what) {
            (Some(FaultKind::Stretch), _) => {
                let ns = self.trouble.take().and_then(|fault| fault.ns);
                self.frame.line(ns.map_or("STRETCH".to_owned(), |ns| format!("STRETCH {ns}ns")));
                self.scl_held = Some(ns.map_or(u64::MAX, |ns| at.now.saturating_add(ns)));
                false
            }
            (Some(FaultKind::Gone), _) => {
                self.trouble = None;
                self.sda_held = false;
                *at.gone = true;
                self.break_off("GONE");
                true
            }
            // The other controller sends while this one listens.
            (Some(FaultKind::ArbitrationLost), What::Read(_)) => {
                self.lose();
                true
            }
            _ => false,
        }
    }

    fn lose(&mut self) {
        self.trouble = None;
        self.sda_held = true;
        self.frame.line("ARBITRATION LOST");
        self.phase = Phase::Lost;
    }

    fn break_off(&mut self, line: &str) {
        self.frame.line(line);
        self.phase = Phase::Deaf;
    }

    fn transfer<'a>(&'a mut self, at: &'a mut At<'_>) -> Transfer<'a> {
        at.wire.go_on(&mut self.progress, at.now, &mut self.frame)
    }
}
