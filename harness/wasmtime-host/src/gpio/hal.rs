//! Lines made of `embedded-hal` pins.
//!
//! Its traits have no bias, no edges and no analog inputs: the pull resistor is switched on by whoever
//! makes the pin, and a guest that waits gets `operation-not-supported`.

use super::line::{Level, Line, LineError, Request};
use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal::pwm::SetDutyCycle;
use std::fmt::Debug;

/// A digital input.
pub fn input(pin: impl InputPin + Send + 'static) -> Box<dyn Line> {
    Box::new(Input(pin))
}

/// A digital output; drives at once what `request` asks for.
pub fn output(pin: impl OutputPin + Send + 'static, request: &Request) -> Result<Box<dyn Line>, LineError> {
    driving(Output(pin), request)
}

/// A digital pin that can be read while it drives.
pub fn in_out(
    pin: impl InputPin + OutputPin + Send + 'static,
    request: &Request,
) -> Result<Box<dyn Line>, LineError> {
    driving(InOut(pin), request)
}

/// A PWM channel, as an analog output; drives at once what `request` asks for.
pub fn pwm(
    channel: impl SetDutyCycle + Send + 'static,
    request: &Request,
) -> Result<Box<dyn Line>, LineError> {
    let mut line = Pwm(channel);
    match request.drive {
        Some(Level::High) => line.set_value(line.greatest())?,
        Some(Level::Low) => line.set_value(0)?,
        None => {}
    }
    Ok(Box::new(line))
}

fn driving(mut line: impl Line + 'static, request: &Request) -> Result<Box<dyn Line>, LineError> {
    if let Some(level) = request.drive {
        line.set(level)?;
    }
    Ok(Box::new(line))
}

struct Input<P>(P);

impl<P: InputPin + Send> Line for Input<P> {
    fn get(&mut self) -> Result<Level, LineError> {
        level(&mut self.0)
    }
}

struct Output<P>(P);

impl<P: OutputPin + Send> Line for Output<P> {
    fn set(&mut self, level: Level) -> Result<(), LineError> {
        drive(&mut self.0, level)
    }
}

struct InOut<P>(P);

impl<P: InputPin + OutputPin + Send> Line for InOut<P> {
    fn get(&mut self) -> Result<Level, LineError> {
        level(&mut self.0)
    }

    fn set(&mut self, level: Level) -> Result<(), LineError> {
        drive(&mut self.0, level)
    }
}

struct Pwm<P>(P);

impl<P: SetDutyCycle + Send> Line for Pwm<P> {
    fn greatest(&self) -> u32 {
        self.0.max_duty_cycle().max(1).into()
    }

    fn set_value(&mut self, value: u32) -> Result<(), LineError> {
        let duty = u16::try_from(value).map_err(failed)?;
        self.0.set_duty_cycle(duty).map_err(failed)
    }
}

fn level(pin: &mut impl InputPin) -> Result<Level, LineError> {
    let high = pin.is_high().map_err(failed)?;
    Ok(if high { Level::High } else { Level::Low })
}

fn drive(pin: &mut impl OutputPin, level: Level) -> Result<(), LineError> {
    match level {
        Level::High => pin.set_high(),
        Level::Low => pin.set_low(),
    }
    .map_err(failed)
}

/// `embedded-hal` has one kind of error for pins, and it is called other.
fn failed(error: impl Debug) -> LineError {
    LineError::Other(format!("the pin failed: {error:?}"))
}
