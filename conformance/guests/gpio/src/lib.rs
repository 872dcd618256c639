//! Guest tests for `wasi:gpio@0.2.0`.
//!
//! A test is a pattern of calls. Several cases may use one test, each with a board of its own: a press is a
//! press, and whether it pulls the line down or up, and which of the two is active, stands in the fixture.
//!
//! Labels mean the same everywhere: `lamp` and `spare` are digital outputs, `button` and `bell` digital
//! inputs, `line` is digital in-out; `dimmer` is an analog output, `sensor` an analog input, `channel`
//! analog in-out.

#![no_std]

mod acquisition;
mod analog_in;
mod analog_out;
mod delays;
mod gone;
mod handles;
mod input;
mod log;
mod output;
mod watch_analog;
mod watch_edge;
mod watch_level;
mod watch_life;
mod watch_poll;

wasi_hw_guest::world!("wasi-hw:conformance/gpio-guest");

use wasi_hw::conformance::board;

wasi_hw_guest::tests! {
    saw: board::saw,

    "each-kind" => acquisition::each_kind,
    "two-of-a-kind" => acquisition::two_of_a_kind,
    "similar-labels" => acquisition::similar_labels,
    "long-labels" => acquisition::long_labels,
    "refused" => acquisition::refused,
    "refused-twice-over" => acquisition::refused_twice_over,
    "open-and-drive" => acquisition::open_and_drive,
    "config-digital" => acquisition::config_digital,
    "config-analog" => acquisition::config_analog,
    "open-twice" => acquisition::open_twice,
    "open-input-twice" => acquisition::open_input_twice,
    "open-analog-twice" => acquisition::open_analog_twice,
    "open-taken" => acquisition::open_taken,
    "hold" => acquisition::hold,
    "contend" => acquisition::contend,

    "drive" => output::drive,
    "drive-in-out" => output::drive_in_out,
    "set-state" => output::set_state,
    "set-state-in-out" => output::set_state_in_out,
    "toggle" => output::toggle,
    "toggle-held" => output::toggle_held,
    "toggle-held-in-out" => output::toggle_held_in_out,
    "toggle-first" => output::toggle_first,
    "untouched" => output::untouched,
    "set-held" => output::set_held,
    "loop-back" => output::loop_back,

    "read" => input::read,
    "read-over-time" => input::read_over_time,
    "read-after-changes" => input::read_after_changes,
    "read-floating" => input::read_floating,
    "complements" => input::complements,
    "complements-in-out" => input::complements_in_out,
    "drive-and-read" => input::drive_and_read,
    "read-held" => input::read_held,
    "direction" => input::direction,
    "observe" => input::observe,

    "set-raw" => analog_out::set_raw,
    "saturate" => analog_out::saturate,
    "saturate-in-out" => analog_out::saturate_in_out,
    "set-value" => analog_out::set_value,
    "set-value-outside" => analog_out::set_value_outside,
    "set-value-outside-in-out" => analog_out::set_value_outside_in_out,
    "set-value-nan" => analog_out::set_value_nan,
    "analog-drive-and-read" => analog_out::drive_and_read,

    "read-levels" => analog_in::read_levels,
    "read-raw-levels" => analog_in::read_raw_levels,
    "read-both" => analog_in::read_both,
    "read-ramp" => analog_in::read_ramp,
    "read-driven" => analog_in::read_driven,

    "delay-ns" => delays::nanoseconds,
    "delay-us" => delays::microseconds,
    "delay-ms" => delays::milliseconds,
    "delay-longest" => delays::longest,
    "delay-zero" => delays::zero,

    "drop-output" => handles::drop_output,
    "drop-analog-output" => handles::drop_analog_output,
    "drop-analog-others" => handles::drop_analog_others,
    "toggle-anew" => handles::toggle_anew,
    "reopen-output" => handles::reopen_output,
    "reopen-otherwise" => handles::reopen_otherwise,
    "after-drop" => handles::after_drop,

    "unplug" => gone::unplug,
    "unplug-analog" => gone::unplug_analog,
    "faults" => gone::faults,
    "faults-in-out" => gone::faults_in_out,
    "faults-analog" => gone::faults_analog,
    "faults-analog-in-out" => gone::faults_analog_in_out,

    "watch-level-there" => watch_level::level_there,
    "watch-level-later" => watch_level::level_later,
    "watch-level-in-out" => watch_level::level_in_out,
    "watch-level-leaves" => watch_level::level_leaves,
    "watch-level-leaves-unseen" => watch_level::level_leaves_unseen,

    "watch-rising" => watch_edge::rising,
    "watch-falling" => watch_edge::falling,
    "watch-rising-when-active" => watch_edge::rising_when_active,
    "watch-falling-when-inactive" => watch_edge::falling_when_inactive,
    "watch-opposite-edges" => watch_edge::opposite_edges,
    "watch-edge-before" => watch_edge::edge_before,
    "watch-falling-before" => watch_edge::falling_before,
    "watch-edge-between" => watch_edge::edge_between,
    "watch-pulse" => watch_edge::pulse,
    "watch-pulse-in-delay" => watch_edge::pulse_in_delay,
    "watch-one-shot" => watch_edge::one_shot,
    "watch-bounce" => watch_edge::bounce,
    "watch-several" => watch_edge::several,
    "watch-several-less-one" => watch_edge::several_less_one,
    "watch-several-after-one" => watch_edge::several_after_one,
    "watch-edge-in-out" => watch_edge::edge_in_out,

    "block-edge" => watch_poll::block_edge,
    "block-level" => watch_poll::block_level,
    "block-bell" => watch_poll::block_bell,
    "poll-two" => watch_poll::poll_two,
    "poll-ready" => watch_poll::poll_ready,
    "poll-together" => watch_poll::poll_together,
    "poll-empty" => watch_poll::poll_empty,
    "poll-mixed" => watch_poll::poll_mixed,

    "watch-drop-pending" => watch_life::drop_pending,
    "watch-drop-pending-analog" => watch_life::drop_pending_analog,
    "watch-drop-pin-first" => watch_life::drop_pin_first,
    "watch-bystander" => watch_life::bystander,
    "watch-ready-each" => watch_life::ready_each,
    "watch-use-before-ready" => watch_life::use_before_ready,
    "watch-unplug-pending" => watch_life::unplug_pending,
    "watch-each" => watch_life::each_watch,
    "watch-each-in-out" => watch_life::each_watch_in_out,

    "watch-threshold-there" => watch_analog::threshold_there,
    "watch-threshold-later" => watch_analog::threshold_later,
    "watch-threshold-in-out" => watch_analog::threshold_in_out,
    "watch-threshold-greatest" => watch_analog::threshold_greatest,
    "watch-threshold-equal" => watch_analog::threshold_equal,
    "watch-threshold-invalid" => watch_analog::threshold_invalid,
    "watch-threshold-ends-in-out" => watch_analog::threshold_ends_in_out,
    "watch-threshold-block" => watch_analog::block,
}
