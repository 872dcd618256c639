//! A transfer on the wire: who is addressed, what is clocked, what goes wrong, and the lines of it.
//!
//! A message list is clocked at once ([`Wire::run`]). Who has the two lines clocks it bit by bit, and comes here with each
//! byte ([`Wire::go_on`]).

use super::config::{BusConfig, FaultConfig, FaultKind};
use super::target::{IDLE, Placed, build};
use crate::notation::{PLAIN, bytes};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Data, Flags, Message};

/// How long an adapter waits for a stretched clock unless the fixture says otherwise.
const TIMEOUT_NS: u64 = 1_000_000_000;

pub(super) struct Wire {
    targets: Vec<Placed>,
    faults: Vec<FaultConfig>,
}

/// What one transfer looked like: lines with the time since its start.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) lines: Vec<(u64, String)>,
    pub(super) elapsed: u64,
    /// Bytes with one acknowledgement, not yet written as a line.
    run: Vec<u8>,
    acknowledged: bool,
}

impl Frame {
    pub(super) fn line(&mut self, text: impl Into<String>) {
        self.flush();
        self.lines.push((self.elapsed, text.into()));
    }

    pub(super) fn byte(&mut self, byte: u8, acknowledged: bool) {
        if self.acknowledged != acknowledged {
            self.flush();
        }
        self.acknowledged = acknowledged;
        self.run.push(byte);
    }

    pub(super) fn flush(&mut self) {
        let ack = if self.acknowledged { "ACK" } else { "NACK" };
        let run = std::mem::take(&mut self.run);
        if run.len() > PLAIN {
            self.lines.push((self.elapsed, format!("{} {ack}", bytes(&run))));
        } else {
            self.lines.extend(run.iter().map(|byte| (self.elapsed, format!("{byte:02x} {ack}"))));
        }
    }
}

impl Wire {
    pub(super) fn new(config: &BusConfig) -> Result<Wire, String> {
        let targets = config.target.iter().map(build).collect::<Result<_, _>>()?;
        Ok(Wire { targets, faults: config.fault.clone() })
    }

    pub(super) fn unused(&self) -> usize {
        self.targets.iter().map(|placed| placed.target.unused()).sum()
    }

    /// Clocks the messages; `number` counts transfers from 1.
    pub(super) fn run(
        &mut self,
        messages: &mut [Message<'_>],
        number: u32,
        now: u64,
        config: &BusConfig,
        frame: &mut Frame,
    ) -> Result<(), Refusal> {
        let mut progress = self.begin(number);
        let mut transfer = self.go_on(&mut progress, now, frame);
        let result = transfer.messages(messages, config.timeout_ns.unwrap_or(TIMEOUT_NS));
        let aborted = matches!(result, Err(Refusal::ArbitrationLost | Refusal::Gone));
        if !aborted && transfer.progress.started {
            transfer.stop();
        }
        transfer.frame.flush();
        result
    }

    /// A transfer before its START; `number` counts transfers from 1.
    pub(super) fn begin(&self, number: u32) -> Progress {
        let faults = self.faults.iter().filter(|f| f.transfer.is_none_or(|n| n == number));
        Progress { faults: faults.cloned().collect(), ..Progress::default() }
    }

    /// A transfer that was begun, to clock more of it.
    pub(super) fn go_on<'a>(
        &'a mut self,
        progress: &'a mut Progress,
        now: u64,
        frame: &'a mut Frame,
    ) -> Transfer<'a> {
        Transfer { targets: &mut self.targets, progress, frame, now }
    }
}

/// How far a transfer has come.
#[derive(Default)]
pub(super) struct Progress {
    /// What will go wrong in it.
    faults: Vec<FaultConfig>,
    /// Bytes clocked until now, addresses not counted.
    bytes: u32,
    /// Whether its START has been.
    pub(super) started: bool,
    /// Whether the START of the address under way was a repeated one.
    again: bool,
    chosen: Option<usize>,
}

pub(super) struct Transfer<'a> {
    targets: &'a mut [Placed],
    progress: &'a mut Progress,
    frame: &'a mut Frame,
    now: u64,
}

impl Transfer<'_> {
    fn messages(&mut self, messages: &mut [Message<'_>], patience: u64) -> Result<(), Refusal> {
        for at in 0..messages.len() {
            let (done, rest) = messages.split_at_mut(at + 1);
            let message = &mut done[at];
            // What follows without a START continues this message, if it has any bytes.
            let joined = rest.iter().take_while(|next| next.flags.has(Flags::NO_START));
            let continued = joined.into_iter().any(|next| !next.is_empty());
            let flags = message.flags;
            if !flags.has(Flags::NO_START) {
                self.address(message, patience)?;
            }
            match &mut message.data {
                Data::Write(bytes) => self.write(bytes, flags, patience)?,
                Data::Read(buffer) => self.read(buffer, flags, continued, patience)?,
            }
            if flags.has(Flags::STOP) && !rest.is_empty() {
                self.stop();
            }
        }
        Ok(())
    }

    fn address(&mut self, message: &Message<'_>, patience: u64) -> Result<(), Refusal> {
        let ten = message.flags.has(Flags::TEN);
        let fault = self.start();
        if let Some(fault) = fault.as_ref().filter(|f| f.kind != FaultKind::Nack) {
            self.address_line(message.address, ten, message.reads(), "");
            self.go_wrong(fault, patience)?;
        }
        let nack = fault.is_some_and(|f| f.kind == FaultKind::Nack);
        let ack = self.choose(message.address, ten, message.reads(), nack);
        if ack || message.flags.has(Flags::IGNORE_NACK) { Ok(()) } else { Err(Refusal::AddressNack) }
    }

    /// A START or a repeated START; the answer is what goes wrong at the address after it.
    pub(super) fn start(&mut self) -> Option<FaultConfig> {
        self.progress.again = std::mem::replace(&mut self.progress.started, true);
        if self.progress.again { None } else { self.fault(0) }
    }

    /// The line of an address, and what followed it.
    pub(super) fn address_line(&mut self, address: u16, ten: bool, reads: bool, then: &str) {
        let start = if self.progress.again { "RESTART" } else { "START" };
        let way = if reads { "R" } else { "W" };
        self.frame.line(match ten {
            true => format!("{start} {address:#05x}/10 {way}{then}"),
            false => format!("{start} {address:#04x} {way}{then}"),
        });
    }

    /// An address was clocked; the answer says whether somebody acknowledges. `nack`: nobody does.
    pub(super) fn choose(&mut self, address: u16, ten: bool, reads: bool, nack: bool) -> bool {
        let answers = |placed: &Placed| placed.address == address && placed.ten_bit == ten;
        self.progress.chosen = self.targets.iter().position(answers);
        let at_restart = |f: &FaultConfig| f.kind == FaultKind::NackAtRestart;
        let refused = self.progress.again && self.progress.faults.iter().any(at_restart);
        let chosen = self.progress.chosen.filter(|_| !nack && !refused);
        let ack = chosen.is_some_and(|at| self.targets[at].target.start(reads, self.now));
        self.address_line(address, ten, reads, if ack { " ACK" } else { " NACK" });
        if !ack {
            self.progress.chosen = None;
        }
        ack
    }

    fn write(&mut self, bytes: &[u8], flags: Flags, patience: u64) -> Result<(), Refusal> {
        for byte in bytes {
            let nack = self.next_byte(patience)?;
            if !self.take(*byte, nack) && !flags.has(Flags::IGNORE_NACK) {
                return Err(Refusal::DataNack);
            }
        }
        Ok(())
    }

    /// A byte was clocked to the target; the answer says whether it acknowledges. `nack`: it does not, and has not taken it.
    pub(super) fn take(&mut self, byte: u8, nack: bool) -> bool {
        let chosen = self.progress.chosen.filter(|_| !nack);
        let ack = chosen.is_some_and(|at| self.targets[at].target.write(byte));
        self.frame.byte(byte, ack);
        ack
    }

    fn read(
        &mut self,
        buffer: &mut [u8],
        flags: Flags,
        continued: bool,
        patience: u64,
    ) -> Result<(), Refusal> {
        let last = buffer.len().saturating_sub(1);
        for (n, slot) in buffer.iter_mut().enumerate() {
            self.next_byte(patience)?;
            *slot = self.give();
            let ack = (n < last || continued) && !flags.has(Flags::NO_READ_ACK);
            self.frame.byte(*slot, ack);
        }
        Ok(())
    }

    /// What the target sends next.
    pub(super) fn give(&mut self) -> u8 {
        self.progress.chosen.map_or(IDLE, |at| self.targets[at].target.read())
    }

    pub(super) fn stop(&mut self) {
        self.frame.line("STOP");
        for placed in &mut *self.targets {
            placed.target.stop(self.now + self.frame.elapsed);
        }
        (self.progress.started, self.progress.again) = (false, false);
        self.progress.chosen = None;
    }

    /// Counts a byte; the answer says whether a `nack` is due for it.
    fn next_byte(&mut self, patience: u64) -> Result<bool, Refusal> {
        match self.count() {
            Some(fault) if fault.kind == FaultKind::Nack => Ok(true),
            Some(fault) => self.go_wrong(&fault, patience).map(|()| false),
            None => Ok(false),
        }
    }

    /// Counts a byte that begins; the answer is what goes wrong in it.
    pub(super) fn count(&mut self) -> Option<FaultConfig> {
        self.progress.bytes += 1;
        self.fault(self.progress.bytes)
    }

    fn fault(&mut self, byte: u32) -> Option<FaultConfig> {
        let due = |f: &FaultConfig| f.byte == byte && f.kind != FaultKind::NackAtRestart;
        let at = self.progress.faults.iter().position(due)?;
        Some(self.progress.faults.remove(at))
    }

    fn go_wrong(&mut self, fault: &FaultConfig, patience: u64) -> Result<(), Refusal> {
        let (line, why) = match fault.kind {
            FaultKind::ArbitrationLost => ("ARBITRATION LOST", Refusal::ArbitrationLost),
            FaultKind::BusError => ("BUS ERROR", Refusal::BusError),
            FaultKind::Overrun => ("OVERRUN", Refusal::Overrun),
            FaultKind::Gone => ("GONE", Refusal::Gone),
            FaultKind::Nack | FaultKind::NackAtRestart => return Ok(()),
            FaultKind::Stretch => match fault.ns.filter(|ns| *ns <= patience) {
                Some(ns) => {
                    self.frame.line(format!("STRETCH {ns}ns"));
                    self.frame.elapsed += ns;
                    return Ok(());
                }
                None => {
                    self.frame.line("STRETCH");
                    self.frame.elapsed += patience;
                    ("TIMEOUT", Refusal::Timeout)
                }
            },
        };
        self.frame.line(line);
        Err(why)
    }
}
