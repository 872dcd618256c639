//! A transfer on the wire: who is addressed, what is clocked, what goes wrong, and the lines of it.

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
    fn line(&mut self, text: impl Into<String>) {
        self.flush();
        self.lines.push((self.elapsed, text.into()));
    }

    fn byte(&mut self, byte: u8, acknowledged: bool) {
        if self.acknowledged != acknowledged {
            self.flush();
        }
        self.acknowledged = acknowledged;
        self.run.push(byte);
    }

    fn flush(&mut self) {
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
        let faults = self.faults.iter().filter(|f| f.transfer.is_none_or(|n| n == number));
        let faults: Vec<_> = faults.cloned().collect();
        let mut transfer = Transfer {
            targets: &mut self.targets,
            faults,
            config,
            frame,
            now,
            bytes: 0,
            started: false,
            chosen: None,
        };
        let result = transfer.messages(messages);
        let aborted = matches!(result, Err(Refusal::ArbitrationLost | Refusal::Gone));
        if !aborted && transfer.started {
            transfer.stop();
        }
        transfer.frame.flush();
        result
    }
}

struct Transfer<'a> {
    targets: &'a mut [Placed],
    faults: Vec<FaultConfig>,
    config: &'a BusConfig,
    frame: &'a mut Frame,
    now: u64,
    /// Bytes clocked until now, addresses not counted.
    bytes: u32,
    started: bool,
    chosen: Option<usize>,
}

impl Transfer<'_> {
    fn messages(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        for at in 0..messages.len() {
            let (done, rest) = messages.split_at_mut(at + 1);
            let message = &mut done[at];
            // What follows without a START continues this message, if it has any bytes.
            let joined = rest.iter().take_while(|next| next.flags.has(Flags::NO_START));
            let continued = joined.into_iter().any(|next| !next.is_empty());
            let flags = message.flags;
            if !flags.has(Flags::NO_START) {
                self.address(message)?;
            }
            match &mut message.data {
                Data::Write(bytes) => self.write(bytes, flags)?,
                Data::Read(buffer) => self.read(buffer, flags, continued)?,
            }
            if flags.has(Flags::STOP) && !rest.is_empty() {
                self.stop();
            }
        }
        Ok(())
    }

    fn address(&mut self, message: &Message<'_>) -> Result<(), Refusal> {
        let ten = message.flags.has(Flags::TEN);
        let first = !self.started;
        let start = if first { "START" } else { "RESTART" };
        let (address, way) = (message.address, if message.reads() { "R" } else { "W" });
        let line = |ack: &str| match ten {
            true => format!("{start} {address:#05x}/10 {way}{ack}"),
            false => format!("{start} {address:#04x} {way}{ack}"),
        };
        self.started = true;
        let fault = if first { self.fault(0) } else { None };
        if let Some(fault) = fault.as_ref().filter(|f| f.kind != FaultKind::Nack) {
            self.frame.line(line(""));
            self.go_wrong(fault)?;
        }
        let answers = |placed: &Placed| placed.address == message.address && placed.ten_bit == ten;
        self.chosen = self.targets.iter().position(answers);
        let refused = !first && self.faults.iter().any(|f| f.kind == FaultKind::NackAtRestart);
        let present = !refused && fault.is_none_or(|f| f.kind != FaultKind::Nack);
        let ack =
            present && self.chosen.is_some_and(|at| self.targets[at].target.start(message.reads(), self.now));
        self.frame.line(line(if ack { " ACK" } else { " NACK" }));
        if !ack {
            self.chosen = None;
        }
        if ack || message.flags.has(Flags::IGNORE_NACK) { Ok(()) } else { Err(Refusal::AddressNack) }
    }

    fn write(&mut self, bytes: &[u8], flags: Flags) -> Result<(), Refusal> {
        for byte in bytes {
            let fault = self.next_byte()?;
            let ack = fault.is_none() && self.chosen.is_some_and(|at| self.targets[at].target.write(*byte));
            self.frame.byte(*byte, ack);
            if !ack && !flags.has(Flags::IGNORE_NACK) {
                return Err(Refusal::DataNack);
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], flags: Flags, continued: bool) -> Result<(), Refusal> {
        let last = buffer.len().saturating_sub(1);
        for (n, slot) in buffer.iter_mut().enumerate() {
            self.next_byte()?;
            *slot = self.chosen.map_or(IDLE, |at| self.targets[at].target.read());
            let ack = (n < last || continued) && !flags.has(Flags::NO_READ_ACK);
            self.frame.byte(*slot, ack);
        }
        Ok(())
    }

    fn stop(&mut self) {
        self.frame.line("STOP");
        for placed in &mut *self.targets {
            placed.target.stop(self.now + self.frame.elapsed);
        }
        self.started = false;
        self.chosen = None;
    }

    /// Counts a byte; a `nack` that is due for it is handed back.
    fn next_byte(&mut self) -> Result<Option<FaultConfig>, Refusal> {
        self.bytes += 1;
        match self.fault(self.bytes) {
            Some(fault) if fault.kind == FaultKind::Nack => Ok(Some(fault)),
            Some(fault) => self.go_wrong(&fault).map(|()| None),
            None => Ok(None),
        }
    }

    fn fault(&mut self, byte: u32) -> Option<FaultConfig> {
        let at = self.faults.iter().position(|f| f.byte == byte && f.kind != FaultKind::NackAtRestart)?;
        Some(self.faults.remove(at))
    }

    fn go_wrong(&mut self, fault: &FaultConfig) -> Result<(), Refusal> {
        let (line, why) = match fault.kind {
            FaultKind::ArbitrationLost => ("ARBITRATION LOST", Refusal::ArbitrationLost),
            FaultKind::BusError => ("BUS ERROR", Refusal::BusError),
            FaultKind::Overrun => ("OVERRUN", Refusal::Overrun),
            FaultKind::Gone => ("GONE", Refusal::Gone),
            FaultKind::Nack | FaultKind::NackAtRestart => return Ok(()),
            FaultKind::Stretch => {
                let patience = self.config.timeout_ns.unwrap_or(TIMEOUT_NS);
                match fault.ns {
                    Some(ns) if ns <= patience => {
                        self.frame.line(format!("STRETCH {ns}ns"));
                        self.frame.elapsed += ns;
                        return Ok(());
                    }
                    _ => {
                        self.frame.line("STRETCH");
                        self.frame.elapsed += patience;
                        ("TIMEOUT", Refusal::Timeout)
                    }
                }
            }
        };
        self.frame.line(line);
        Err(why)
    }
}
