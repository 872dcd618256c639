//! What a driver asks of a line: whether it can have it, and how the trace says it.

use super::config::FaultKind;
use super::state::LineState;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Direction, Level, Pull, Request, Sample};

/// Whether the line can do what is asked for; the answer is that, with any level in the words of the line's kind.
pub(super) fn admit(line: &LineState, request: &Request) -> Result<Request, Refusal> {
    if line.gone {
        return Err(Refusal::Gone);
    }
    if !line.config.can(request) {
        return Err(Refusal::Unsupported);
    }
    let drive = request.drive.map(|drive| match drive {
        Sample::Level(level) if request.analog => {
            Sample::Value(if level == Level::High { line.greatest() } else { 0 })
        }
        drive => drive,
    });
    let fits = match drive {
        None => true,
        Some(Sample::Level(_)) => !request.analog && request.drives(),
        Some(Sample::Value(value)) => request.analog && request.drives() && value <= line.greatest(),
    };
    let fits = fits && !(request.analog && request.open_drain);
    if fits { Ok(Request { drive, ..*request }) } else { Err(Refusal::Invalid) }
}

/// In the words of the trace; `greatest` is the line's greatest raw value.
pub(super) fn words(request: &Request, greatest: u32) -> String {
    let mut words = String::from(if request.analog { "analog" } else { "digital" });
    words.push_str(match request.direction {
        Direction::In => " in",
        Direction::Out => " out",
        Direction::InOut => " in-out",
    });
    if request.open_drain {
        words.push_str(" open-drain");
    }
    words.push_str(match request.pull {
        Some(Pull::Up) => " pull-up",
        Some(Pull::Down) => " pull-down",
        None => "",
    });
    match request.drive {
        Some(Sample::Level(level)) => words.push_str(&format!(" {level}")),
        Some(Sample::Value(value)) => words.push_str(&format!(" {value}/{greatest}")),
        None => {}
    }
    words
}

impl From<FaultKind> for Refusal {
    fn from(kind: FaultKind) -> Refusal {
        match kind {
            FaultKind::Io => Refusal::Io,
            FaultKind::Timeout => Refusal::Timeout,
            FaultKind::Denied => Refusal::Denied,
            FaultKind::Gone => Refusal::Gone,
        }
    }
}
