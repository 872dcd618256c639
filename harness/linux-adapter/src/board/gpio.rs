//! GPIO: what gpiolib asks of a chip, as requests of the seam.
//!
//! One request of a process is several calls of a chip: drive, direction, bias, edges, in this order. The board's line is
//! requested when the direction is known, and configured again when more is.

use super::device::{self, ChipLine};
use super::forward::Answer;
use super::message::{Request, kind};
use std::io;
use std::path::PathBuf;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::gpio::{self, Direction, Edges, Level, Line, Pull, Sample};
use wasi_hw_seam::{Board, Refusal};

/// `WHB_CHIP_BIAS` and `WHB_CHIP_DRIVE`.
const CHIP: u32 = 1 | 2;

/// `WHB_LINE_EDGES`.
const EDGES: u32 = 1;

/// The lines of a chip, by the names that the board has for them.
pub(super) struct Chip(Vec<(String, State)>);

struct State {
    line: Option<Box<dyn Line>>,
    asked: gpio::Request,
}

/// A chip with these lines.
pub(super) fn description(label: &str, lines: &[String]) -> io::Result<device::Chip> {
    let mut chip =
        device::Chip { label: device::name(label), flags: CHIP, count: 0, lines: [ChipLine::default(); 64] };
    if lines.len() > chip.lines.len() {
        return Err(io::Error::other(format!("{} lines; a chip has 64 at most", lines.len())));
    }
    chip.count = lines.len() as u32;
    for (to, name) in chip.lines.iter_mut().zip(lines) {
        *to = ChipLine { name: device::name(name), flags: EDGES };
    }
    Ok(chip)
}

/// The node of the chip with this label, which no other has.
pub(super) fn find(label: &str) -> io::Result<PathBuf> {
    let chips = gpiocdev::chip::chips().map_err(io::Error::other)?;
    let labelled = |node: &PathBuf| {
        let info = gpiocdev::Chip::from_path(node).and_then(|chip| chip.info());
        info.is_ok_and(|info| info.label == label)
    };
    let found = chips.into_iter().find(labelled);
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("no chip is labelled {label}")))
}

impl Chip {
    pub(super) fn new(lines: Vec<String>) -> Chip {
        let state = || State { line: None, asked: gpio::Request::digital(Direction::In) };
        Chip(lines.into_iter().map(|name| (name, state())).collect())
    }

    pub(super) fn answer(&mut self, board: &dyn Board, request: &Request) -> Answer {
        let (name, state) = self.0.get_mut(request.line as usize).ok_or(Refusal::Other)?;
        let level = if request.value == 0 { Level::Low } else { Level::High };
        match request.kind {
            kind::GPIO_REQUEST => state.asked = gpio::Request::digital(Direction::In),
            kind::GPIO_FREE => state.line = None,
            kind::GPIO_INPUT => {
                state.asked.direction = Direction::In;
                state.asked.drive = None;
                state.ask(board, name)?;
            }
            // As the error of it is told and that of a set is not, hosts before Linux 6.17 set by asking for the direction again.
            kind::GPIO_OUTPUT if state.line.is_some() && state.asked.drives() => state.set(level)?,
            kind::GPIO_OUTPUT => {
                state.asked.direction = Direction::Out;
                state.asked.drive = Some(Sample::Level(level));
                state.asked.edges = Edges::None;
                state.ask(board, name)?;
            }
            kind::GPIO_GET => match state.line()?.get()? {
                Sample::Level(level) => return Ok((u32::from(level == Level::High), Vec::new())),
                Sample::Value(_) => return Err(Refusal::Other),
            },
            kind::GPIO_SET => state.set(level)?,
            kind::GPIO_CONFIG => {
                // The kernel says again what it has said before.
                let before = state.asked;
                match request.value {
                    1 => state.asked.pull = None,
                    2 => state.asked.pull = Some(Pull::Up),
                    3 => state.asked.pull = Some(Pull::Down),
                    4 => state.asked.open_drain = false,
                    5 => state.asked.open_drain = true,
                    _ => return Err(Refusal::Unsupported),
                }
                if state.asked != before {
                    state.ask_again()?;
                }
            }
            kind::GPIO_WATCH => {
                state.asked.edges = match request.value {
                    0 => Edges::None,
                    1 => Edges::Rising,
                    2 => Edges::Falling,
                    _ => Edges::Both,
                };
                state.ask_again()?;
            }
            _ => return Err(Refusal::Other),
        }
        Ok((0, Vec::new()))
    }

    /// The edges that the board has had since: lines, and the level after each.
    pub(super) fn edges(&mut self) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for (number, (_, state)) in (0..).zip(&mut self.0) {
            let Some(line) = state.line.as_mut().filter(|_| state.asked.edges != Edges::None) else {
                continue;
            };
            // When there are no more, the next one is awaited.
            while let Poll::Ready(Ok(event)) = line.poll_event(&mut Context::from_waker(Waker::noop())) {
                edges.push((number, u32::from(event.now == Sample::Level(Level::High))));
            }
        }
        edges
    }
}

impl State {
    fn line(&mut self) -> Result<&mut Box<dyn Line>, Refusal> {
        self.line.as_mut().ok_or(Refusal::NotReady)
    }

    /// Drives a level. What failed has changed nothing, for what is asked for later.
    fn set(&mut self, level: Level) -> Result<(), Refusal> {
        self.line()?.set(Sample::Level(level))?;
        self.asked.drive = Some(Sample::Level(level));
        Ok(())
    }

    fn ask(&mut self, board: &dyn Board, name: &str) -> Result<(), Refusal> {
        if self.line.is_some() {
            return self.ask_again();
        }
        self.line = Some(board.gpio(name, &self.asked)?);
        Ok(())
    }

    /// Where the line is not requested yet, all is asked for at once later.
    fn ask_again(&mut self) -> Result<(), Refusal> {
        match &mut self.line {
            Some(line) => line.configure(&self.asked),
            None => Ok(()),
        }
    }
}
