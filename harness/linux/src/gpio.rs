//! GPIO: lines of `/dev/gpiochipN`. Documentation/userspace-api/gpio, include/uapi/linux/gpio.h.
//!
//! Levels are physical: no line is ever requested as active low.

mod wake;

use crate::errno;
use crate::failure::Report;
use gpiocdev::line::{Bias, Drive, EdgeDetection, EdgeKind, Offset, Value};
use gpiocdev::request::{Config, Request as Held};
use gpiocdev_uapi as uapi;
use rustix::system::uname;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::task::{Context, Poll};
use wake::Waking;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{self, Edges, Event, Level, Pull, Request, Sample};

/// What `gpioinfo` shows as the user of a line.
const CONSUMER: &str = "wasi-hw";

/// ENOTSUPP, which chips give and no process should see.
const ENOTSUPP: i32 = 524;

/// A requested line.
pub(crate) struct Line {
    /// Before `held`: it has a copy of the descriptor, with which the line would stay requested.
    waking: Option<Waking>,
    held: Held,
    offset: Offset,
    node: PathBuf,
    asked: Request,
    /// Whether its driver is on.
    drives: bool,
    report: Report,
}

impl Line {
    pub(crate) fn request(
        chip: &Path,
        offset: u32,
        asked: &Request,
        report: &Report,
    ) -> Result<Line, Refusal> {
        let config = config(chip, offset, asked, initial(asked)?)?;
        let held = Held::from_config(config).with_consumer(CONSUMER).request();
        let held = held.map_err(|error| refused(report, chip, "GPIO_V2_GET_LINE_IOCTL", &error))?;
        Ok(Line {
            waking: None,
            held,
            offset,
            node: chip.to_owned(),
            asked: *asked,
            drives: initial(asked)?.is_some(),
            report: report.clone(),
        })
    }

    fn refused(&self, call: &'static str, error: &gpiocdev::Error) -> Refusal {
        refused(&self.report, &self.node, call, error)
    }

    fn reconfigure(&mut self, asked: &Request, drive: Option<Value>) -> Result<(), Refusal> {
        let config = config(&self.node, self.offset, asked, drive)?;
        self.held
            .reconfigure(&config)
            .map_err(|error| self.refused("GPIO_V2_LINE_SET_CONFIG_IOCTL", &error))?;
        (self.asked, self.drives) = (*asked, drive.is_some());
        Ok(())
    }

    fn take(&mut self) -> Result<Event, Refusal> {
        // `read_edge_event` of gpiocdev 0.8 reads as many events as there are, up to 8, and loses all but the first.
        let mut bytes = vec![0; self.held.edge_event_u64_size()];
        let event = self.held.read_edge_events_into_slice(&mut bytes);
        let event = event.and_then(|length| self.held.edge_event_from_slice(&bytes[..length]));
        let event = event.map_err(|error| self.refused("read", &error))?;
        let now = match event.kind {
            EdgeKind::Rising => Level::High,
            EdgeKind::Falling => Level::Low,
        };
        Ok(Event { sequence: event.line_seqno, at_ns: event.timestamp_ns, now: Sample::Level(now) })
    }
}

/// What is driven from the start; none: the driver stays off.
fn initial(asked: &Request) -> Result<Option<Value>, Refusal> {
    match asked.drive {
        None => Ok(None),
        Some(_) if !asked.drives() => Err(Refusal::Invalid),
        Some(to) => value(to).map(Some),
    }
}

fn value(sample: Sample) -> Result<Value, Refusal> {
    match sample {
        Sample::Level(Level::Low) => Ok(Value::Inactive),
        Sample::Level(Level::High) => Ok(Value::Active),
        Sample::Value(_) => Err(Refusal::Invalid),
    }
}

/// Whether `GPIO_V2_LINE_SET_VALUES_IOCTL` says that a chip could not do it: since Linux 6.17 (`gpio_chip.set` returned nothing
/// before). `GPIO_V2_LINE_SET_CONFIG_IOCTL` always did, and drives as well, for a few more operations of the chip.
fn sets_fail() -> bool {
    static SINCE: OnceLock<bool> = OnceLock::new();
    *SINCE.get_or_init(|| is_since_6_17(&uname().release().to_string_lossy()))
}

/// Of a release such as `6.1.0-44-amd64`. One that cannot be read is taken for an old one.
fn is_since_6_17(release: &str) -> bool {
    let mut numbers =
        release.split(|c: char| !c.is_ascii_digit()).map_while(|number| number.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(6), Some(17))
}

/// A line whose driver is off is an input, for Linux too. Of a line that is driven the kernel reports no edges; so none are
/// promised of one that may be.
fn config(chip: &Path, offset: Offset, asked: &Request, drive: Option<Value>) -> Result<Config, Refusal> {
    if asked.analog {
        return Err(Refusal::Unsupported);
    }
    let edges = match asked.edges {
        Edges::None => None,
        _ if !asked.reads() => return Err(Refusal::Invalid),
        _ if asked.drives() => return Err(Refusal::Unsupported),
        Edges::Rising => Some(EdgeDetection::RisingEdge),
        Edges::Falling => Some(EdgeDetection::FallingEdge),
        Edges::Both => Some(EdgeDetection::BothEdges),
    };
    if asked.open_drain && !asked.drives() {
        return Err(Refusal::Invalid);
    }
    let mut config = Config::default();
    config.on_chip(chip).with_line(offset);
    match drive {
        Some(value) => config.as_output(value),
        None => config.as_input(),
    };
    if asked.open_drain && drive.is_some() {
        config.with_drive(Drive::OpenDrain);
    }
    config.with_bias(asked.pull.map(|pull| match pull {
        Pull::Up => Bias::PullUp,
        Pull::Down => Bias::PullDown,
    }));
    // Even to say that there are none makes an input of the line, in gpiocdev.
    if edges.is_some() {
        config.with_edge_detection(edges);
    }
    Ok(config)
}

fn refused(report: &Report, node: &Path, call: &'static str, error: &gpiocdev::Error) -> Refusal {
    match error {
        gpiocdev::Error::Os(errno) | gpiocdev::Error::Uapi(_, uapi::Error::Os(errno)) => match errno.0 {
            ENOTSUPP => report.tell(node, call, ENOTSUPP, Refusal::Unsupported),
            errno => report.refused(node, call, errno::GPIO, io::Error::from_raw_os_error(errno)),
        },
        gpiocdev::Error::GpioChip(..) => report.tell(node, call, 0, Refusal::Missing),
        gpiocdev::Error::InvalidArgument(_) => report.tell(node, call, 0, Refusal::Invalid),
        _ => report.tell(node, call, 0, Refusal::Other),
    }
}

impl gpio::Line for Line {
    fn get(&mut self) -> Result<Sample, Refusal> {
        let value = self.held.value(self.offset);
        let value = value.map_err(|error| self.refused("GPIO_V2_LINE_GET_VALUES_IOCTL", &error))?;
        Ok(Sample::Level(if value == Value::Active { Level::High } else { Level::Low }))
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let value = value(to)?;
        if !self.asked.drives() {
            return Err(Refusal::Invalid);
        }
        if !self.drives || !sets_fail() {
            let asked = self.asked;
            return self.reconfigure(&asked, Some(value));
        }
        let set = self.held.set_value(self.offset, value);
        set.map_err(|error| self.refused("GPIO_V2_LINE_SET_VALUES_IOCTL", &error))
    }

    fn greatest(&self) -> u32 {
        1
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let drive = initial(request)?;
        self.reconfigure(request, drive)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        match self.held.has_edge_event() {
            Ok(true) => return Poll::Ready(self.take()),
            Ok(false) => {}
            Err(error) => return Poll::Ready(Err(self.refused("poll", &error))),
        }
        let waking = match &mut self.waking {
            Some(waking) => waking,
            none => match Waking::new(&self.held) {
                Ok(waking) => none.insert(waking),
                Err(error) => {
                    return Poll::Ready(Err(self.report.refused(&self.node, "poll", errno::GPIO, error)));
                }
            },
        };
        waking.wake(context.waker());
        Poll::Pending
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        Poll::Ready(Ok(()))
    }

    fn has_event(&mut self) -> bool {
        // What cannot be asked any more is told when the event is taken.
        self.held.has_edge_event().unwrap_or(true)
    }

    fn has_settled(&mut self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::is_since_6_17;

    #[test]
    fn releases_are_compared_by_number() {
        for (release, since) in [
            ("6.1.0-44-amd64", false),
            ("6.16.9", false),
            ("5.17", false),
            ("6.17.0-rc1", true),
            ("6.100", true),
            ("7.0", true),
            ("nonsense", false),
        ] {
            assert_eq!(is_since_6_17(release), since, "{release}");
        }
    }
}
