//! `embedded-hal`'s digital and PWM traits on a line. They know neither bias nor edges nor analog inputs.

use super::{Level, Line, Sample};
use crate::Refusal;
use embedded_hal::{digital, pwm};

impl digital::Error for Refusal {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

impl digital::ErrorType for Box<dyn Line> {
    type Error = Refusal;
}

impl digital::InputPin for Box<dyn Line> {
    fn is_high(&mut self) -> Result<bool, Refusal> {
        match self.get()? {
            Sample::Level(level) => Ok(level == Level::High),
            Sample::Value(_) => Err(Refusal::Invalid),
        }
    }

    fn is_low(&mut self) -> Result<bool, Refusal> {
        self.is_high().map(|high| !high)
    }
}

impl digital::OutputPin for Box<dyn Line> {
    fn set_low(&mut self) -> Result<(), Refusal> {
        self.set(Sample::Level(Level::Low))
    }

    fn set_high(&mut self) -> Result<(), Refusal> {
        self.set(Sample::Level(Level::High))
    }
}

impl pwm::Error for Refusal {
    fn kind(&self) -> pwm::ErrorKind {
        pwm::ErrorKind::Other
    }
}

impl pwm::ErrorType for Box<dyn Line> {
    type Error = Refusal;
}

impl pwm::SetDutyCycle for Box<dyn Line> {
    fn max_duty_cycle(&self) -> u16 {
        u16::try_from(self.greatest()).unwrap_or(u16::MAX)
    }

    /// A channel with more than 65,535 steps is driven in as many.
    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), Refusal> {
        let (most, greatest) = (u64::from(self.max_duty_cycle()), u64::from(self.greatest()));
        let value = u64::from(duty) * greatest / most.max(1);
        self.set(Sample::Value(u32::try_from(value).map_err(|_| Refusal::Invalid)?))
    }
}
