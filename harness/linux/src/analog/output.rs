//! Analog outputs: a channel of a PWM chip. Documentation/ABI/testing/sysfs-class-pwm, drivers/pwm/sysfs.c.
//!
//! The kernel lets one at a time export a channel. What is written into a file is taken together with what the others have, so
//! the order counts: a period of 0, or below the high time, is refused whatever is set.

use super::attribute::Attribute;
use super::{PwmChannel, initial};
use crate::failure::Report;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Line, Request, Sample};

/// How often, and after what pause each time, the files of a fresh channel are tried: they are root's until udev, which is told of
/// them when they are there, has given them to whom its rules say.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// A channel that is driven, while `enabled`. Dropping it disables it and gives it back, in this order.
pub(crate) struct Output {
    channel: Channel,
    period: u32,
    enabled: bool,
    _exported: Exported,
}

/// The files of an exported channel.
struct Channel {
    enable: Attribute,
    duty: Attribute,
    period: Attribute,
    polarity: Attribute,
}

/// A channel that this process has exported.
struct Exported {
    /// Opened before: who may export may not be able to give back otherwise.
    unexport: Attribute,
    number: u32,
}

impl Drop for Exported {
    fn drop(&mut self) {
        // If the chip is gone the channel is, too.
        let _ = self.unexport.set(&self.number.to_string());
    }
}

impl Output {
    pub(crate) fn request(
        place: &PwmChannel,
        drive: Option<Sample>,
        report: &Report,
    ) -> Result<Output, Refusal> {
        let PwmChannel { ref chip, channel: number, period_ns: period } = *place;
        if period == 0 {
            let why = "a period of 0 is none".to_owned();
            return Err(report.wrong(chip, "period", why, Refusal::Invalid));
        }
        let drive = drive.map(|drive| initial(drive, period)).transpose()?;
        let unexport = Attribute::to_write(chip.join("unexport"), report)?;
        let export = Attribute::to_write(chip.join("export"), report)?;
        export.set(&number.to_string()).map_err(|why| match why {
            // It has fewer channels.
            Refusal::Gone if chip.exists() => Refusal::Missing,
            why => why,
        })?;
        let exported = Exported { unexport, number };
        let channel = Channel::open(&chip.join(format!("pwm{number}")), report)?;
        channel.prepare(period)?;
        let mut output = Output { channel, period, enabled: false, _exported: exported };
        match drive {
            Some(value) => output.drive(value).map(|()| output),
            None => Ok(output),
        }
    }

    fn drive(&mut self, high_ns: u32) -> Result<(), Refusal> {
        self.channel.duty.set(&high_ns.to_string())?;
        if !self.enabled {
            self.channel.enable.set("1")?;
            self.enabled = true;
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if self.enabled {
            let _ = self.channel.enable.set("0");
        }
    }
}

impl Channel {
    fn open(folder: &std::path::Path, report: &Report) -> Result<Channel, Refusal> {
        let files = |report: &Report| {
            let open = |name: &str| Attribute::to_read_and_write(PathBuf::from(folder).join(name), report);
            Ok(Channel {
                enable: open("enable")?,
                duty: open("duty_cycle")?,
                period: open("period")?,
                polarity: open("polarity")?,
            })
        };
        let quiet = Report::default();
        for _ in 1..TRIES {
            match files(&quiet) {
                Err(Refusal::Denied) => thread::sleep(PAUSE),
                _ => break,
            }
        }
        files(report)
    }

    /// Whatever it did before, it stands still now, with this period, and high is high.
    fn prepare(&self, period: u32) -> Result<(), Refusal> {
        if self.enable.whole()? != 0 {
            self.enable.set("0")?;
        }
        if self.duty.whole()? > i64::from(period) {
            self.duty.set("0")?;
        }
        self.period.set(&period.to_string())?;
        if self.polarity.text()? != "normal" {
            self.polarity.set("normal")?;
        }
        Ok(())
    }
}

impl Line for Output {
    /// Nobody measures what is driven.
    fn get(&mut self) -> Result<Sample, Refusal> {
        Err(Refusal::Invalid)
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        match to {
            Sample::Value(value) if value <= self.period => self.drive(value),
            _ => Err(Refusal::Invalid),
        }
    }

    fn greatest(&self) -> u32 {
        self.period
    }

    fn configure(&mut self, _: &Request) -> Result<(), Refusal> {
        Err(Refusal::Unsupported)
    }
}
