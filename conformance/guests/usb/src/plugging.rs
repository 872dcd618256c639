//! Notice of devices that come and go.

use crate::device::{device, ids, init, list, open};
use crate::log::{call, cue, note, nothing, wait_ms};
use crate::package::device::UsbDevice;
#[cfg(not(feature = "component"))]
use crate::package::hotplug;
#[cfg(feature = "component")]
use crate::package::usb_hotplug as hotplug;
use hotplug::{Event, Info};
use wasi_hw_guest::alloc::{format, string::String, vec::Vec};
use wasi_hw_guest::line;

/// Calls `enable-hotplug`.
pub fn enable() -> bool {
    call("", "enable-hotplug", nothing(hotplug::enable_hotplug()))
}

type Events = Vec<(Event, Info, UsbDevice)>;

fn event_name(event: &Event) -> &'static str {
    let has = |flag: Event| event.bits() & flag.bits() != 0;
    match (has(Event::ARRIVED), has(Event::LEFT)) {
        (true, false) => "arrived",
        (false, true) => "left",
        (true, true) => "arrived+left",
        (false, false) => "none",
    }
}

fn poll_as(describe: fn(&(Event, Info, UsbDevice)) -> String) -> Events {
    let events = hotplug::poll_events();
    let described: Vec<_> = events.iter().map(describe).collect();
    call("", "poll-events", Ok(format!("[{}]", described.join(", "))));
    events
}

/// Calls `poll-events`, and writes the flags alone.
fn poll_flags() -> Events {
    poll_as(|(event, ..)| String::from(event_name(event)))
}

/// Calls `poll-events`, and writes flags and ids.
fn poll() -> Events {
    poll_as(|(event, info, _)| line(&[event_name(event), " ", &ids(info.vendor, info.product)]))
}

/// Calls `poll-events`, and writes flags, ids and places.
fn poll_places() -> Events {
    poll_as(|(event, info, _)| {
        let place = format!("at {}-{}", info.bus, info.address);
        format!("{} {} {place}", event_name(event), ids(info.vendor, info.product))
    })
}

fn open_each(events: &Events) {
    for (event, info, device) in events {
        let opened = device.open();
        let name = line(&["open ", event_name(event), " ", &ids(info.vendor, info.product)]);
        call("", &name, opened.map(|_| String::new()));
    }
}

/// Two arrivals and a departure, polled together, and then again.
pub fn order() {
    let Some(handle) = open() else { return };
    enable();
    poll_flags();
    cue("plug-other");
    cue("plug-third");
    cue("unplug-other");
    poll_flags();
    poll_flags();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// The same, one at a time, with the places and the devices that come with them.
pub fn one_by_one() {
    let Some(handle) = open() else { return };
    enable();
    cue("plug-other");
    let arrived = poll_places();
    open_each(&arrived);
    cue("unplug-other");
    let left = poll_places();
    open_each(&left);
    open_each(&arrived);
    poll_places();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Events beside what a list says of the same devices.
pub fn beside_list() {
    let Some(handle) = open() else { return };
    enable();
    cue("plug-other");
    poll_places();
    if let Some(other) = list().take(2) {
        other.saw_location();
        if let Some(other) = other.open() {
            other.remember(1, &[0x5e]);
        }
    }
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Enabled twice, the second time with an event waiting.
pub fn twice() {
    let Some(handle) = open() else { return };
    enable();
    cue("plug-other");
    enable();
    poll();
    cue("plug-third");
    poll();
    poll();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Events before `enable-hotplug`, and after it.
pub fn not_enabled() {
    let Some(handle) = open() else { return };
    poll();
    cue("plug-other");
    poll();
    enable();
    poll();
    cue("plug-third");
    poll();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Enabled while devices are there, and polled over and over while nothing happens.
pub fn nothing_happens() {
    let Some(handle) = open() else { return };
    enable();
    for _ in 0..3 {
        poll();
    }
    wait_ms(20);
    poll();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A host that may not be able to tell.
pub fn unavailable() {
    let Some(handle) = open() else { return };
    enable();
    cue("plug-other");
    poll();
    list();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A device that goes and comes by itself, on a schedule, while the guest waits.
pub fn scheduled() {
    let Some(device) = device() else { return };
    let Some(handle) = device.open() else { return };
    enable();
    for _ in 0..3 {
        wait_ms(10);
        poll();
    }
    list();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// Makes things happen and polls at once, before another instance does.
pub fn polls_first() {
    init();
    list();
    enable();
    wait_ms(100);
    cue("plug-other");
    poll();
    wait_ms(200);
    cue("unplug-other");
    poll();
}

/// Polls for the same events, later.
pub fn polls_later() {
    let Some(handle) = open() else { return };
    enable();
    wait_ms(200);
    poll();
    wait_ms(200);
    poll();
    handle.remember(1, &[0x0f, 0xd3]);
}

/// A guest without any device that it may see, and one that it may, comes.
pub fn polls_alone() {
    init();
    enable();
    cue("plug-third");
    cue("plug-other");
    cue("unplug-third");
    let events = poll();
    open_each(&events);
    list();
    note("", "done");
}
