//! `embedded-hal`'s digital and PWM traits. They know neither bias nor edges nor analog inputs.

use super::config::Level;
use super::line::Line;
use super::request::Refusal;
use embedded_hal::{digital, pwm};

impl digital::Error for Refusal {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

impl digital::ErrorType for Line {
    type Error = Refusal;
}

impl digital::InputPin for Line {
    fn is_high(&mut self) -> Result<bool, Refusal> {
        Ok(self.get()? == Level::High)
    }

    fn is_low(&mut self) -> Result<bool, Refusal> {
        Ok(self.get()? == Level::Low)
    }
}

impl digital::OutputPin for Line {
    fn set_low(&mut self) -> Result<(), Refusal> {
        self.set(Level::Low)
    }

    fn set_high(&mut self) -> Result<(), Refusal> {
        self.set(Level::High)
    }
}

impl digital::StatefulOutputPin for Line {
    fn is_set_high(&mut self) -> Result<bool, Refusal> {
        Ok(self.driven() == Some(Level::High))
    }

    fn is_set_low(&mut self) -> Result<bool, Refusal> {
        Ok(self.driven() != Some(Level::High))
    }
}

impl pwm::Error for Refusal {
    fn kind(&self) -> pwm::ErrorKind {
        pwm::ErrorKind::Other
    }
}

impl pwm::ErrorType for Line {
    type Error = Refusal;
}

impl pwm::SetDutyCycle for Line {
    fn max_duty_cycle(&self) -> u16 {
        u16::try_from(self.greatest()).unwrap_or(u16::MAX)
    }

    /// A channel with more than 65,535 steps is driven in as many.
    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), Refusal> {
        let (most, greatest) =
            (u64::from(pwm::SetDutyCycle::max_duty_cycle(self)), u64::from(self.greatest()));
        let value = u64::from(duty) * greatest / most.max(1);
        self.set_value(u32::try_from(value).map_err(|_| Refusal::Invalid)?)
    }
}
