//! What a guest may have a pin as.

use wasi_hw_seam::gpio::Direction;

/// A kind of pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Digital, read.
    DigitalIn,
    /// Digital, driven.
    DigitalOut,
    /// Digital, both.
    DigitalInOut,
    /// Analog, read.
    AnalogIn,
    /// Analog, driven.
    AnalogOut,
    /// Analog, both.
    AnalogInOut,
}

impl Mode {
    /// Every kind.
    pub const ALL: [Mode; 6] = [
        Mode::DigitalIn,
        Mode::DigitalOut,
        Mode::DigitalInOut,
        Mode::AnalogIn,
        Mode::AnalogOut,
        Mode::AnalogInOut,
    ];

    /// Whether the line is requested as an analog one.
    pub fn is_analog(self) -> bool {
        matches!(self, Mode::AnalogIn | Mode::AnalogOut | Mode::AnalogInOut)
    }

    /// What the line is requested for.
    pub fn direction(self) -> Direction {
        match self {
            Mode::DigitalIn | Mode::AnalogIn => Direction::In,
            Mode::DigitalOut | Mode::AnalogOut => Direction::Out,
            Mode::DigitalInOut | Mode::AnalogInOut => Direction::InOut,
        }
    }
}
