//! Values and errors as text.

use super::saw;
use crate::wasi::gpio::digital::PinState;
use crate::wasi::gpio::general::{ActiveLevel, GpioError, PinMode, PullResistor};
use wasi_hw_guest::alloc::string::String;
use wasi_hw_guest::push_decimal;

/// Writes down how readings follow one another, since a case cannot compare numbers.
pub fn saw_order(readings: &[f32]) {
    let pairs = || readings.iter().zip(readings.iter().skip(1));
    let order = match (pairs().all(|(a, b)| a <= b), pairs().all(|(a, b)| a >= b)) {
        (true, true) => "equal",
        (true, false) => "rising",
        (false, true) => "falling",
        (false, false) => "mixed",
    };
    let within = readings.iter().all(|value| (0.0..=1.0).contains(value));
    saw(&["readings are ", order, if within { ", all from 0 to 1" } else { ", some not from 0 to 1" }]);
}

/// An analog value in thousandths.
#[inline(never)]
pub fn thousandths(value: f32) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    let size = value.abs();
    if size == f32::INFINITY {
        text.push_str("inf");
        return text;
    }
    let nearest = (size * 1000.0 + 0.5) as u32;
    let n = match value {
        ..0.0 => nearest.max(1),
        0.0..=1.0 => nearest,
        _ => nearest.max(1001),
    };
    push_decimal(&mut text, u64::from(n / 1000));
    text.push('.');
    for place in [100, 10, 1] {
        text.push(char::from(b'0' + (n / place % 10) as u8));
    }
    text
}

pub fn active(active: bool) -> PinState {
    if active { PinState::Active } else { PinState::Inactive }
}

pub fn state_name(state: PinState) -> &'static str {
    match state {
        PinState::Active => "active",
        PinState::Inactive => "inactive",
    }
}

pub fn flag_name(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

pub fn mode_name(mode: PinMode) -> &'static str {
    match mode {
        PinMode::In => "in",
        PinMode::Out => "out",
        PinMode::InOut => "in-out",
    }
}

pub fn level_name(level: ActiveLevel) -> &'static str {
    match level {
        ActiveLevel::ActiveHigh => "active-high",
        ActiveLevel::ActiveLow => "active-low",
    }
}

pub fn pull_name(pull: Option<PullResistor>) -> &'static str {
    match pull {
        None => "no-pull",
        Some(PullResistor::PullUp) => "pull-up",
        Some(PullResistor::PullDown) => "pull-down",
    }
}

pub fn error_name(error: &GpioError) -> &'static str {
    match error {
        GpioError::HardwareFault => "hardware-fault",
        GpioError::AlreadyInUse => "already-in-use",
        GpioError::PinNotAllowed => "pin-not-allowed",
        GpioError::PinModeNotAllowed => "pin-mode-not-allowed",
        GpioError::UndefinedPinLabel => "undefined-pin-label",
        GpioError::PinModeNotAvailable => "pin-mode-not-available",
        GpioError::WouldBlock => "would-block",
        GpioError::OperationNotSupported => "operation-not-supported",
        GpioError::Other(_) => "other",
    }
}
