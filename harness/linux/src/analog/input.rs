//! Analog inputs: a voltage of an IIO device. Documentation/ABI/testing/sysfs-bus-iio.

use super::attribute::{Attribute, exists};
use super::{IioChannel, IioScale};
use crate::failure::Report;
use std::path::PathBuf;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Line, Request, Sample};

/// A channel that is read.
pub(crate) struct Input {
    raw: Attribute,
    /// The reading that is 0.
    zero: i64,
    greatest: u32,
}

impl Input {
    pub(crate) fn request(channel: &IioChannel, report: &Report) -> Result<Input, Refusal> {
        let IioChannel { device, channel, scale } = channel;
        let raw = Attribute::to_read(device.join(format!("in_voltage{channel}_raw")), report)?;
        raw.lock()?;
        let (zero, greatest) = match *scale {
            IioScale::Greatest(greatest) => (0, greatest),
            IioScale::Millivolts(most) => {
                // One of the channel, or one of all channels.
                let named = |what: &str| {
                    let of_channel = device.join(format!("in_voltage{channel}_{what}"));
                    let of_all = device.join(format!("in_voltage_{what}"));
                    if exists(&of_channel) { of_channel } else { of_all }
                };
                millivolts(most, named("scale"), named("offset"), report)?
            }
        };
        if greatest == 0 {
            let why = "its scale has no step".to_owned();
            return Err(report.wrong(&raw.path, "scale", why, Refusal::Invalid));
        }
        Ok(Input { raw, zero, greatest })
    }
}

/// Which reading is 0 V, and how many steps above it so many millivolts are. A voltage is (reading + offset) · scale.
fn millivolts(most: u32, scale: PathBuf, offset: PathBuf, report: &Report) -> Result<(i64, u32), Refusal> {
    let scale = Attribute::to_read(scale, report)?;
    let step = scale.number()?;
    if step <= 0.0 {
        return Err(scale.nonsense(format!("{step} mV are no step")));
    }
    // Beyond either the cast is the nearer end.
    let greatest = (f64::from(most) / step).round() as u32;
    let zero =
        if exists(&offset) { -Attribute::to_read(offset, report)?.number()?.round() as i64 } else { 0 };
    Ok((zero, greatest))
}

impl Line for Input {
    /// Blocks for as long as a conversion takes.
    fn get(&mut self) -> Result<Sample, Refusal> {
        let above = self.raw.whole()?.saturating_sub(self.zero);
        let value = u32::try_from(above.max(0)).unwrap_or(u32::MAX);
        Ok(Sample::Value(value.min(self.greatest)))
    }

    fn set(&mut self, _: Sample) -> Result<(), Refusal> {
        Err(Refusal::Invalid)
    }

    fn greatest(&self) -> u32 {
        self.greatest
    }

    fn configure(&mut self, _: &Request) -> Result<(), Refusal> {
        Err(Refusal::Unsupported)
    }
}
