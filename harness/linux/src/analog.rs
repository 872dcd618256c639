//! Analog pins, which the GPIO character device has none of: channels of PWM, and of IIO, by sysfs.

mod attribute;
mod input;
mod output;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use input::Input;
pub(crate) use output::Output;

use crate::failure::Report;
use std::path::PathBuf;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Direction, Edges, Level, Line, Request, Sample};

/// A channel of a PWM chip, as an analog output. A step is a nanosecond of high time, and the greatest value is the period, always
/// high. What a chip's driver cannot make exactly it rounds down, to a step of its own that the kernel does not tell.
#[derive(Clone, Debug)]
pub struct PwmChannel {
    /// The chip, such as `/sys/class/pwm/pwmchip0`.
    pub chip: PathBuf,
    /// Its channel, from 0.
    pub channel: u32,
    /// The period in nanoseconds, from 1: up to 4.29 s, or as much as the chip can do.
    pub period_ns: u32,
}

/// A channel of an IIO device with a voltage, `in_voltageN_raw`, as an analog input. A step is one of the converter's.
#[derive(Clone, Debug)]
pub struct IioChannel {
    /// The device, such as `/sys/bus/iio/devices/iio:device0`.
    pub device: PathBuf,
    /// Its channel, from 0.
    pub channel: u32,
    /// What is 0, and what is the greatest value. Readings beyond are the nearer end.
    pub scale: IioScale,
}

/// The scale of an analog input: a converter measures what it measures, and where the supply of what stands before it lies
/// only its user knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IioScale {
    /// From 0 V up to so many millivolts. The kernel's `scale`, in millivolts a step, and `offset`, in steps, say which
    /// readings these are; each end is the nearest step.
    Millivolts(u32),
    /// From the reading 0 up to this one, whatever voltages these are.
    Greatest(u32),
}

/// Where an analog pin is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Pwm(PwmChannel),
    Iio(IioChannel),
}

/// Requests it. A digital pin, a resistor and both directions no such channel has.
pub(crate) fn request(place: &Place, asked: &Request, report: &Report) -> Result<Box<dyn Line>, Refusal> {
    let direction = match place {
        Place::Pwm(_) => Direction::Out,
        Place::Iio(_) => Direction::In,
    };
    if asked.analog && asked.open_drain || asked.drive.is_some() && !asked.drives() {
        return Err(Refusal::Invalid);
    }
    if !asked.analog || asked.direction != direction || asked.pull.is_some() || asked.edges != Edges::None {
        return Err(Refusal::Unsupported);
    }
    Ok(match place {
        Place::Pwm(channel) => Box::new(Output::request(channel, asked.drive, report)?),
        Place::Iio(channel) => Box::new(Input::request(channel, report)?),
    })
}

/// What a request drives, in steps.
fn initial(drive: Sample, greatest: u32) -> Result<u32, Refusal> {
    match drive {
        Sample::Level(Level::Low) => Ok(0),
        Sample::Level(Level::High) => Ok(greatest),
        Sample::Value(value) if value <= greatest => Ok(value),
        Sample::Value(_) => Err(Refusal::Invalid),
    }
}
