//! Wrong hosts of `wasi:gpio`.

mod driver;
mod in_out;
mod inputs;
mod kinds;
mod liars;
mod lie;
mod memory;
mod outputs;
mod tables;
mod waiting;

pub(super) use liars::liars;

use super::{Defect, config, over};
use driver::{Lines, Twist};
use lie::{Lie, instead, link};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::suite::fixture::{GpioActive, HostConfig};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        config("gpio/tells-labels-by-their-first-four-letters", &["GPIO-01"], |host| cut_labels(host, 4)),
        config("gpio/tells-labels-by-their-first-31-bytes", &["GPIO-01"], |host| cut_labels(host, 31)),
        config("gpio/takes-the-label-for-the-line", &["GPIO-01"], |host| {
            let lines: Vec<_> = host
                .gpio
                .iter()
                .map(|(label, pin)| pin.line.clone().unwrap_or_else(|| label.clone()))
                .collect();
            for (label, pin) in &mut host.gpio {
                pin.line = pin.line.take().filter(|_| !lines.contains(label));
            }
        }),
        lie::<waiting::PollableOfItsOwn>("gpio/hands-out-a-pollable-of-its-own", &["GPIO-03"]),
        lie::<inputs::ReadsHighAsActive>(
            "gpio/reads-high-as-active-on-an-in-out-pin",
            &["GPIO-04", "GPIO-11"],
        ),
        lie::<outputs::DrivesHighForActive>("gpio/drives-high-for-active-on-an-output", &["GPIO-04"]),
        lie::<inputs::InvertsTwice>("gpio/inverts-twice-in-is-active", &["GPIO-04", "GPIO-10"]),
        lie::<outputs::TellsShortLabels>("gpio/tells-31-bytes-of-a-label", &["GPIO-05"]),
        lie::<outputs::TellsNoPull>("gpio/tells-of-no-pull-resistor", &["GPIO-05"]),
        lie::<outputs::StateIsActive>("gpio/set-state-drives-active-whatever-the-state", &["GPIO-06"]),
        lie::<outputs::ForgetsInactive>("gpio/set-state-of-an-in-out-pin-forgets-inactive", &["GPIO-06"]),
        lie::<outputs::TogglesTheLine>("gpio/toggles-what-the-line-shows", &["GPIO-07"]),
        lie::<outputs::TogglesOn>("gpio/toggle-drives-active-only", &["GPIO-07"]),
        lie::<outputs::RemembersFailures>("gpio/takes-a-failed-toggle-for-one", &["GPIO-07"]),
        twist::<inputs::FirstSample>("gpio/keeps-the-first-sample-of-an-input", &["GPIO-09"]),
        lie::<inputs::ReadsLate>("gpio/returns-the-sample-of-the-call-before", &["GPIO-09"]),
        twist::<inputs::LastWhenFailing>("gpio/reads-the-last-sample-when-the-line-fails", &["GPIO-09"]),
        lie::<inputs::InactiveIsActive>("gpio/is-inactive-answers-as-is-active", &["GPIO-10"]),
        lie::<inputs::DrivenIsInactive>("gpio/an-in-out-pin-reads-inactive", &["GPIO-11"]),
        lie::<waiting::LevelNeedsEdge>("gpio/waits-for-a-change-to-the-level", &["GPIO-13"]),
        lie::<waiting::EdgeIsLevel>("gpio/takes-a-level-for-an-edge", &["GPIO-15"]),
        lie::<waiting::PhysicalEdges>("gpio/edges-are-physical", &["GPIO-16"]),
        twist::<waiting::KeepsTheLastEvent>("gpio/keeps-the-last-edge-for-the-next-watch", &["GPIO-17"]),
        twist::<waiting::TakesOneEvent>("gpio/takes-one-waiting-edge-for-each-watch", &["GPIO-17"]),
        twist::<waiting::LooksWhenAsked>("gpio/sees-an-edge-only-while-it-looks", &["GPIO-18"]),
        lie::<waiting::FiresOnce>("gpio/an-edge-can-be-seen-once", &["GPIO-19"]),
        lie::<waiting::OneWatch>("gpio/a-watch-replaces-the-one-before", &["GPIO-20"]),
        lie::<waiting::CountsWatches>("gpio/numbers-its-watches-by-how-many-there-are", &["GPIO-20"]),
        twist::<waiting::AnyEdge>("gpio/takes-any-edge", &["GPIO-21"]),
        lie::<waiting::PanicsOnOrphan>("gpio/panics-when-a-pin-goes-before-its-pollable", &["GPIO-22"]),
        lie::<waiting::PanicsOnPending>("gpio/panics-when-a-pending-pollable-goes", &["GPIO-22"]),
        lie::<waiting::BlocksShortly>("gpio/block-returns-at-once", &["GPIO-23"]),
        lie::<waiting::PollsTheFirst>("gpio/poll-waits-for-the-first-of-its-list", &["GPIO-23"]),
        lie::<waiting::PollNamesOne>("gpio/poll-names-one-of-those-that-are-ready", &["GPIO-23"]),
        lie::<waiting::PollOfNothing>("gpio/poll-of-nothing-is-nothing", &["GPIO-24"]),
        twist::<waiting::NeverReady>("gpio/is-never-ready-while-it-settles", &["GPIO-25"]),
        lie::<waiting::ReadyOnce>("gpio/tells-once-that-a-pin-is-ready", &["GPIO-25"]),
        twist::<inputs::SettlesLow>("gpio/reads-low-while-it-settles", &["GPIO-25"]),
        twist::<inputs::NoPull>("gpio/switches-no-resistor-on", &["GPIO-32"]),
        twist::<inputs::OtherPull>("gpio/pulls-the-other-way", &["GPIO-32"]),
        lie::<outputs::SwallowsFailures>("gpio/a-toggle-that-failed-is-ok", &["GPIO-49"]),
        lie::<in_out::OverlooksToggle>("gpio/a-toggle-of-an-in-out-pin-that-failed-is-ok", &["GPIO-49"]),
        lie::<in_out::OverlooksValues>("gpio/a-value-that-could-not-be-set-is-ok", &["GPIO-49"]),
        twist::<in_out::ReadsWhatItDrove>("gpio/reads-what-it-drove-when-the-line-fails", &["GPIO-49"]),
        lie::<outputs::RawIsHalved>("gpio/counts-raw-values-in-steps-of-two", &["GPIO-50"]),
        config("gpio/drives-an-open-drain-line-high", &["GPIO-52"], |host| {
            host.gpio.values_mut().for_each(|pin| pin.open_drain = false);
        }),
        lie::<outputs::EightBitRaw>("gpio/takes-eight-bits-of-a-raw-value", &["GPIO-33"]),
        lie::<outputs::RefusesRaw>("gpio/refuses-a-raw-value-above-the-greatest", &["GPIO-33"]),
        lie::<outputs::CoarseValues>("gpio/sets-a-value-in-ten-steps", &["GPIO-34"]),
        lie::<outputs::NeverFull>("gpio/falls-short-of-fully-active", &["GPIO-34"]),
        lie::<outputs::WrapsFractions>("gpio/a-value-outside-the-scale-wraps", &["GPIO-34b"]),
        lie::<in_out::WrapsFractions>("gpio/a-value-outside-the-scale-of-an-in-out-pin-wraps", &["GPIO-34b"]),
        lie::<outputs::NanIsZero>("gpio/a-nan-is-zero", &["GPIO-34c"]),
        config("gpio/ignores-the-polarity-of-an-analog-output", &["GPIO-35"], |host| {
            active_high(host, "dimmer")
        }),
        config("gpio/ignores-the-polarity-of-an-analog-input", &["GPIO-38"], |host| {
            active_high(host, "sensor")
        }),
        lie::<inputs::BeyondOne>("gpio/reads-beyond-one", &["GPIO-37"]),
        lie::<in_out::BeyondOne>("gpio/reads-beyond-one-on-an-in-out-pin", &["GPIO-37"]),
        lie::<inputs::FullIsZero>("gpio/reads-fully-active-as-zero", &["GPIO-37"]),
        lie::<inputs::CoarseReads>("gpio/reads-a-value-in-ten-steps", &["GPIO-37b"]),
        lie::<waiting::StrictAtTheEnd>("gpio/nothing-is-above-fully-active", &["GPIO-39"]),
        lie::<waiting::ThresholdNeedsTime>("gpio/a-threshold-is-never-passed-at-once", &["GPIO-40"]),
        lie::<waiting::Hysteresis>("gpio/wants-two-steps-beyond-a-threshold", &["GPIO-40"]),
        lie::<in_out::FractionHysteresis>("gpio/is-not-below-one-until-two-steps-below", &["GPIO-40"]),
        lie::<in_out::ClampsThresholds>("gpio/clamps-a-threshold-of-an-in-out-pin", &["GPIO-41"]),
        lie::<waiting::AnyThreshold>("gpio/takes-any-threshold", &["GPIO-41"]),
        lie::<outputs::KeepsTheLine>("gpio/keeps-the-line-of-a-dropped-analog-output", &["GPIO-42"]),
        lie::<outputs::KeepsInOut>("gpio/keeps-the-line-of-a-dropped-in-out-pin", &["GPIO-42", "GPIO-43"]),
        lie::<in_out::KeepsInputs>("gpio/keeps-the-line-of-a-dropped-analog-input", &["GPIO-43"]),
        lie::<in_out::KeepsAnalogBoth>(
            "gpio/keeps-the-line-of-a-dropped-analog-in-out-pin",
            &["GPIO-42", "GPIO-43"],
        ),
        twist::<outputs::OnceOnly>("gpio/gives-a-line-out-once", &["GPIO-43"]),
        lie::<outputs::DelaysInMicroseconds>("gpio/delays-whole-microseconds-rounded-down", &["GPIO-45"]),
        lie::<outputs::DelaysOverflow>("gpio/counts-a-delay-in-32-bits-of-nanoseconds", &["GPIO-45"]),
        lie::<outputs::NoDelay>("gpio/does-not-wait-for-milliseconds", &["GPIO-45"]),
        lie::<in_out::WaitsForInputs>("gpio/refuses-in-words-to-wait-for-an-in-out-pin", &["GPIO-46"]),
        lie::<in_out::Overlooks>("gpio/overlooks-errors-of-an-in-out-pin", &["GPIO-47"]),
        twist::<inputs::GoneIsLow>("gpio/reads-low-when-the-chip-is-gone", &["GPIO-47"]),
        twist::<waiting::DeafToUnplugging>("gpio/waits-on-when-the-chip-is-gone", &["GPIO-47b"]),
        twist::<outputs::Glitches>("gpio/drives-the-other-level-before-its-first", &["GPIO-04", "GPIO-07"]),
        twist::<outputs::HeldIsAnError>("gpio/a-set-fails-if-the-level-does-not-come", &["GPIO-48"]),
    ]
}

fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        link_gpio: link,
        instead: instead::<L>(),
        ..Reference::default()
    })
}

fn twist<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Lines<T>>(id, violates)
}

/// Takes labels that begin with the same bytes for one.
fn cut_labels(host: &mut HostConfig, most: usize) {
    let pins = host.gpio.clone();
    for (label, pin) in &mut host.gpio {
        let first =
            pins.iter().find(|(other, _)| other.get(..most).is_some_and(|start| label.starts_with(start)));
        *pin = first.map_or(pin.clone(), |(_, first)| first.clone());
    }
}

/// Makes a pin active-high that was not.
fn active_high(host: &mut HostConfig, label: &str) {
    if let Some(pin) = host.gpio.get_mut(label) {
        pin.active = GpioActive::High;
    }
}
