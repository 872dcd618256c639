//! Several devices, and several instances. An instance that waits lets the others run.

use crate::exchanges::UNEVEN;
use crate::log::{open_as, r, w, wait, x};

/// Two devices on one bus, by turns.
pub fn take_turns() {
    let Some(flash) = open_as("flash", "flash") else { return };
    let Some(display) = open_as("display", "display") else { return };
    flash.transfer(&[0x21, 0x22]);
    display.transfer(&[0x81, 0x82]);
    display.transaction(&[w(&[0x83]), x(&[0x84])]);
    flash.transaction(&[w(&[0x23]), x(&[0x24])]);
    display.transfer(&[0x85]);
    flash.transfer(&[0x25]);
}

/// Two devices on two buses, by turns.
pub fn two_buses() {
    let Some(flash) = open_as("flash", "flash") else { return };
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    flash.read(1);
    sensor.read(2);
    flash.read(2);
    sensor.read(1);
}

/// Has the bus first; the boards for this let the other run when the controller is done with a message.
pub fn first_of_two() {
    let Some(flash) = open_as("flash", "flash") else { return };
    flash.transaction(&[w(&[0x9f]), r(2), w(&[0xa1]), r(1)]);
    wait(2_000_000);
    flash.read(1);
}

/// Wants it meanwhile.
pub fn second_of_two() {
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    sensor.read(2);
    wait(1_000_000);
    sensor.read(1);
}

/// Frames with pauses inside and waits between.
pub fn alternate_first() {
    let Some(flash) = open_as("flash", "flash") else { return };
    flash.transaction(&[w(&[0xa1]), r(1)]);
    wait(2_000_000);
    flash.transaction(&[w(&[0xa2]), r(1)]);
}

/// The other, half a step later.
pub fn alternate_second() {
    let Some(sensor) = open_as("sensor", "sensor") else { return };
    wait(1_000_000);
    sensor.transaction(&[w(&[0xb1]), r(1)]);
    wait(2_000_000);
    sensor.transaction(&[w(&[0xb2]), r(1)]);
}

/// Sends bytes that nobody else should see.
pub fn writer() {
    let Some(flash) = open_as("device", "flash") else { return };
    flash.write(&UNEVEN);
    wait(2_000_000);
    flash.transfer(&UNEVEN);
}

/// Reads as many bytes of another device, after each of those.
pub fn reader() {
    let Some(sensor) = open_as("device", "sensor") else { return };
    wait(1_000_000);
    sensor.read(20);
    wait(2_000_000);
    sensor.transaction(&[r(20)]);
}

/// Has a device for two milliseconds, and runs on when it has dropped it.
pub fn open_for_a_while() {
    let Some(flash) = open_as("flash", "flash") else { return };
    flash.read(1);
    wait(2_000_000);
    flash.drop();
    wait(2_000_000);
}

/// Asks for it while the other has it, and after that.
pub fn open_meanwhile() {
    wait(1_000_000);
    drop(open_as("early", "flash"));
    wait(2_000_000);
    let Some(flash) = open_as("flash", "flash") else { return };
    flash.read(1);
}
