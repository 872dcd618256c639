//! The report of the controller's state.

use crate::exports::wasi_hw::pad::pad::{Buttons, State};

/// The buttons by their bits, from the lowest; bit 11 stands for none.
const BUTTONS: [Buttons; 16] = [
    Buttons::UP,
    Buttons::DOWN,
    Buttons::LEFT,
    Buttons::RIGHT,
    Buttons::START,
    Buttons::BACK,
    Buttons::LEFT_STICK,
    Buttons::RIGHT_STICK,
    Buttons::LEFT_SHOULDER,
    Buttons::RIGHT_SHOULDER,
    Buttons::GUIDE,
    Buttons::empty(),
    Buttons::A,
    Buttons::B,
    Buttons::X,
    Buttons::Y,
];

/// What a report says; nothing, if it is of another kind or too short.
pub(crate) fn state(report: &[u8]) -> Option<State> {
    let [0x00, 0x14, low, high, left_trigger, right_trigger, axes @ ..] = report else { return None };
    let mut axes = axes.chunks_exact(2).map(|axis| i16::from_le_bytes([axis[0], axis[1]]));
    let held = u16::from_le_bytes([*low, *high]);
    let buttons = BUTTONS.iter().enumerate().filter(|(bit, _)| held >> bit & 1 != 0);
    Some(State {
        buttons: buttons.fold(Buttons::empty(), |all, (_, button)| all | *button),
        left_x: axes.next()?,
        left_y: axes.next()?,
        right_x: axes.next()?,
        right_y: axes.next()?,
        left_trigger: *left_trigger,
        right_trigger: *right_trigger,
    })
}
