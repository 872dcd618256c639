//! A message on the wires: whose chip select moves, what is clocked, what goes wrong, and the lines of it.

use super::chip::{Chip, build};
use super::config::{BusConfig, FaultConfig, FaultKind};
use super::{BusState, Place};
use crate::board::{Board, State};
use crate::notation::bytes;
use std::borrow::Cow;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::Settings;

/// One thing that a driver asks for within a frame.
pub(super) enum Step<'a> {
    /// Clock as many bytes as the longer of the two has.
    Clock { output: Cow<'a, [u8]>, input: &'a mut [u8] },
    /// Wait so many nanoseconds.
    Pause(u64),
    /// Chip select up, and down again.
    Pulse,
    /// From now on this clock rate; 0: the device's own.
    Speed(u32),
}

/// What goes out where a driver gives no bytes.
const FILL: u8 = 0x00;

/// What an undriven MISO reads as, unless the fixture says otherwise.
const IDLE: u8 = 0xff;

pub(super) struct Wire {
    devices: Vec<Placed>,
    faults: Vec<FaultConfig>,
    /// What the controller is set to; `None` before its first frame.
    in_force: Option<Settings>,
    frames: u32,
    idle: u8,
}

struct Placed {
    name: String,
    chip: Box<dyn Chip>,
    modes: Option<Vec<u8>>,
    most_hz: Option<u32>,
    low: bool,
}

impl Wire {
    pub(super) fn new(config: &BusConfig) -> Result<Wire, String> {
        let placed = |device: &super::DeviceConfig| {
            let chip = build(&device.model).map_err(|why| format!("device `{}`: {why}", device.name))?;
            let (name, modes, most_hz) = (device.name.clone(), device.modes.clone(), device.most_hz);
            Ok(Placed { name, chip, modes, most_hz, low: false })
        };
        let devices = config.device.iter().map(placed).collect::<Result<_, String>>()?;
        let faults = config.fault.clone();
        Ok(Wire { devices, faults, in_force: None, frames: 0, idle: config.idle.unwrap_or(IDLE) })
    }

    pub(super) fn unused(&self) -> usize {
        self.devices.iter().map(|placed| placed.chip.unused()).sum()
    }
}

/// The most bytes of a message in each direction, where neither fixture nor driver has a limit: who asks for more would
/// hold the board for minutes. An adapter's operations have the same.
const CEILING: usize = 4 << 20;

/// Does one message and charges it to the clock. `keep`: chip select stays asserted afterwards.
/// `most_bytes`: the limit in each direction where the fixture names none.
pub(super) fn run(
    board: &Board,
    place: &Place,
    settings: Settings,
    steps: &mut [Step<'_>],
    keep: bool,
    most_bytes: Option<u32>,
) -> Result<(), Refusal> {
    let mut state = board.lock();
    state.operation();
    let State { now, spi, .. } = &mut *state;
    let bus = spi.0.get_mut(&place.bus).ok_or(Refusal::Io)?;
    bus.admit(settings, steps, most_bytes)?;
    bus.messages += 1;
    let mut frame = Frame::new(&mut bus.wire, place.device, settings, bus.config.ignores_transfer_speed);
    let result = frame.message(steps, keep);
    frame.flush();
    let Frame { lines, elapsed, .. } = frame;
    for (after, line) in lines {
        now.line_after(after, &bus.channel, line);
    }
    let hold = bus.config.hold_after_message == Some(bus.messages);
    state.pass_time(elapsed);
    if hold {
        drop(board.offer_turn(state));
    }
    result
}

impl BusState {
    fn admit(&self, settings: Settings, steps: &[Step<'_>], most_bytes: Option<u32>) -> Result<(), Refusal> {
        let most = self.config.most_bytes.or(most_bytes).map_or(CEILING, |most| most as usize);
        let (mut out, mut into) = (0_usize, 0_usize);
        for step in steps {
            if let Step::Clock { output, input } = step {
                if !output.len().max(input.len()).is_multiple_of(usize::from(settings.bits / 8)) {
                    return Err(Refusal::Invalid);
                }
                out = out.saturating_add(output.len());
                into = into.saturating_add(input.len());
            }
        }
        if out > most || into > most { Err(Refusal::TooLong) } else { Ok(()) }
    }
}

/// A message while it runs: lines with the time since its start, and the bytes that are not yet a line.
struct Frame<'a> {
    wire: &'a mut Wire,
    device: usize,
    settings: Settings,
    ignores_speed: bool,
    lines: Vec<(u64, String)>,
    elapsed: u64,
    output: Vec<u8>,
    input: Vec<u8>,
    /// Bytes clocked until now in this frame.
    bytes: u32,
}

impl<'a> Frame<'a> {
    fn new(wire: &'a mut Wire, device: usize, settings: Settings, ignores_speed: bool) -> Frame<'a> {
        let (lines, output, input) = (Vec::new(), Vec::new(), Vec::new());
        Frame { wire, device, settings, ignores_speed, lines, elapsed: 0, output, input, bytes: 0 }
    }

    fn message(&mut self, steps: &mut [Step<'_>], keep: bool) -> Result<(), Refusal> {
        self.configure(self.settings);
        self.assert()?;
        let result = steps.iter_mut().try_for_each(|step| self.step(step));
        match (result, keep) {
            (Ok(()), true) => Ok(()),
            // An error on the bus comes before one of chip select.
            (result, _) => result.and(self.release()),
        }
    }

    fn step(&mut self, step: &mut Step<'_>) -> Result<(), Refusal> {
        match step {
            Step::Clock { output, input } => return self.clock(output, input),
            Step::Pause(0) => {}
            Step::Pause(ns) => {
                self.flush();
                self.elapsed = self.elapsed.saturating_add(*ns);
            }
            Step::Pulse => {
                self.release()?;
                return self.assert();
            }
            Step::Speed(hz) if self.ignores_speed || *hz == 0 => self.configure(self.settings),
            Step::Speed(hz) => self.configure(Settings { hz: *hz, ..self.settings }),
        }
        Ok(())
    }

    fn configure(&mut self, settings: Settings) {
        if self.wire.in_force != Some(settings) {
            self.wire.in_force = Some(settings);
            self.line(format!("CONFIG {settings}"));
        }
    }

    fn assert(&mut self) -> Result<(), Refusal> {
        self.wire.frames = self.wire.frames.saturating_add(1);
        self.bytes = 0;
        if self.wire.devices[self.device].low {
            return Ok(());
        }
        let name = self.wire.devices[self.device].name.clone();
        if self.fault(|kind| kind == FaultKind::StuckHigh).is_some() {
            self.line(format!("CS {name} STUCK HIGH"));
            return Err(Refusal::ChipSelect);
        }
        self.line(format!("CS {name} LOW"));
        self.wire.devices[self.device].low = true;
        self.wire.devices[self.device].chip.select();
        Ok(())
    }

    fn release(&mut self) -> Result<(), Refusal> {
        let name = self.wire.devices[self.device].name.clone();
        if self.fault(|kind| kind == FaultKind::StuckLow).is_some() {
            self.line(format!("CS {name} STUCK LOW"));
            return Err(Refusal::ChipSelect);
        }
        self.line(format!("CS {name} HIGH"));
        self.wire.devices[self.device].low = false;
        self.wire.devices[self.device].chip.release();
        Ok(())
    }

    fn clock(&mut self, output: &[u8], input: &mut [u8]) -> Result<(), Refusal> {
        let word = usize::from(self.settings.bits / 8);
        for n in 0..output.len().max(input.len()) {
            self.bytes = self.bytes.saturating_add(1);
            let strikes = |kind| !matches!(kind, FaultKind::StuckHigh | FaultKind::StuckLow);
            if let Some(fault) = self.fault(strikes) {
                return Err(self.go_wrong(fault));
            }
            // The place in memory of the n-th byte on the wire: words are little-endian in memory.
            let at = if self.settings.lsb_first { n } else { n - n % word + word - 1 - n % word };
            let out = self.bits(output.get(at).copied().unwrap_or(FILL));
            let into = self.exchange(out);
            if let Some(cell) = input.get_mut(at) {
                *cell = self.bits(into);
            }
            self.output.push(out);
            self.input.push(into);
        }
        Ok(())
    }

    /// A byte of memory as it stands on the wire, first bit highest; and back.
    fn bits(&self, byte: u8) -> u8 {
        if self.settings.lsb_first { byte.reverse_bits() } else { byte }
    }

    /// Every device whose chip select is low hears, and says; where two say different bits, a zero wins.
    fn exchange(&mut self, out: u8) -> u8 {
        let Settings { mode, hz, .. } = self.wire.in_force.unwrap_or(self.settings);
        let mut said = None;
        for placed in self.wire.devices.iter_mut().filter(|placed| placed.low) {
            let fits = placed.modes.as_ref().is_none_or(|modes| modes.contains(&mode))
                && placed.most_hz.is_none_or(|most| hz <= most);
            let shift = u32::from(!fits);
            if let Some(says) = placed.chip.exchange(out.rotate_left(shift)) {
                said = Some(said.unwrap_or(0xff) & says.rotate_left(shift));
            }
        }
        said.unwrap_or(self.wire.idle)
    }

    /// The fault of such a kind that is due now.
    fn fault(&self, wanted: impl Fn(FaultKind) -> bool) -> Option<FaultKind> {
        let due = |fault: &&FaultConfig| {
            let chip_select = matches!(fault.kind, FaultKind::StuckHigh | FaultKind::StuckLow);
            wanted(fault.kind)
                && fault.frame.is_none_or(|frame| frame == self.wire.frames)
                && (chip_select || fault.byte.unwrap_or(1) == self.bytes)
        };
        self.wire.faults.iter().find(due).map(|fault| fault.kind)
    }

    fn go_wrong(&mut self, fault: FaultKind) -> Refusal {
        let (line, why) = match fault {
            FaultKind::Overrun => ("OVERRUN", Refusal::Overrun),
            FaultKind::ModeFault => ("MODE FAULT", Refusal::ModeFault),
            FaultKind::FrameFormat => ("FRAME FORMAT", Refusal::FrameFormat),
            FaultKind::Failure => ("FAILURE", Refusal::Io),
            FaultKind::StuckHigh | FaultKind::StuckLow => ("FAILURE", Refusal::ChipSelect),
        };
        self.line(line);
        why
    }

    fn line(&mut self, text: impl Into<String>) {
        self.flush();
        self.lines.push((self.elapsed, text.into()));
    }

    fn flush(&mut self) {
        if !self.output.is_empty() {
            let line = format!("OUT [{}] IN [{}]", bytes(&self.output), bytes(&self.input));
            self.lines.push((self.elapsed, line));
            self.output.clear();
            self.input.clear();
        }
    }
}
