//! Guest tests for `wasi:usb@0.2.1`, and, with the feature `component`, for `component:usb@0.2.1`.
//!
//! A test is a pattern of calls. Several cases may use one test, each with a board of its own: what an
//! endpoint answers is the fixture's.
//!
//! Endpoints mean the same nearly everywhere: on interface 0 the bulk endpoints 0x81 and 0x02, on interface 1
//! the interrupt endpoints 0x83 and 0x04, on interface 2 the isochronous endpoints 0x85 and 0x06; what goes
//! out comes back in. Vendor request 1 stores bytes in the device, and gives them back.

#![no_std]

mod claims;
mod configurations;
mod controls;
mod descriptors;
mod device;
mod drivers;
mod ends;
mod exchange;
mod gone;
mod isochronous;
mod limits;
mod listing;
mod log;
mod opening;
mod pipes;
mod plugging;
mod transfers;

#[cfg(not(feature = "component"))]
wasi_hw_guest::world!("wasi-hw:conformance/usb-guest", additional_derives: [PartialEq]);

#[cfg(feature = "component")]
wasi_hw_guest::world!("wasi-hw:conformance/usb-guest-component", additional_derives: [PartialEq]);

#[cfg(feature = "component")]
use component::usb as package;
#[cfg(not(feature = "component"))]
use wasi::usb as package;
use wasi_hw::conformance::board;

wasi_hw_guest::tests! {
    saw: board::saw,

    "init-twice" => listing::init_twice,
    "list-before-init" => listing::before_init,
    "lists" => listing::lists,
    "place" => listing::place,
    "allowed-only" => listing::allowed_only,
    "list-after-unplug" => listing::after_unplug,

    "device-descriptor" => descriptors::device_descriptor,
    "location" => descriptors::location,
    "configuration-by-index" => descriptors::by_index,
    "configuration-by-value" => descriptors::by_value,
    "active-configuration" => descriptors::active,
    "configuration-in-full" => descriptors::configuration,
    "descriptors-silent" => descriptors::silent,
    "descriptors-broken" => descriptors::broken,
    "descriptors-of-the-gone" => descriptors::of_the_gone,

    "open-silent" => opening::silent,
    "open-denied" => opening::denied,
    "open-gone" => opening::gone,
    "open-twice" => opening::twice,
    "outlives-device" => opening::outlives_device,
    "drop-open" => opening::drop_open,
    "close-claimed" => opening::close_claimed,
    "close-in-flight" => opening::close_in_flight,
    "close-complete" => opening::close_complete,
    "drop-handle-in-flight" => opening::drop_in_flight,
    "after-close" => opening::after_close,
    "after-close-unplug" => gone::after_close,
    "submit-after-close" => opening::submit_after_close,
    "close-twice" => opening::close_twice,
    "trap-in-flight" => opening::trap_in_flight,
    "open-later" => opening::open_later,
    "bystander" => opening::bystander,

    "get-configuration" => configurations::get,
    "set-configuration" => configurations::set,
    "set-configuration-while-claimed" => configurations::set_while_claimed,
    "set-configuration-while-other-claims" => configurations::set_while_other_claims,
    "set-configuration-again" => configurations::set_again,
    "set-configuration-again-halted" => configurations::set_again_halted,
    "unconfigure" => configurations::unconfigure,
    "set-configuration-zero" => configurations::set_zero,
    "set-configuration-refused" => configurations::set_refused,
    "raw-requests" => configurations::raw_requests,
    "raw-clear-halt" => configurations::raw_clear_halt,
    "configuration-as-found" => configurations::as_found,

    "claim-missing" => claims::missing,
    "claim-of-other-configuration" => claims::of_other_configuration,
    "claim-beyond" => claims::beyond,
    "claim-by-number" => claims::by_number,
    "claim-above-31" => claims::above_31,
    "claim-twice" => claims::twice,
    "claim-after-release" => claims::after_release,
    "release-one" => claims::release_one,
    "driver-at-release" => claims::driver_at_release,
    "driver-at-close" => claims::driver_at_close,
    "claim-contended" => claims::contended,
    "claim-hold" => claims::hold,
    "claim-held" => claims::held,
    "claim-unconfigured" => claims::unconfigured,
    "claim-kernel-driver" => claims::kernel_driver,
    "release" => claims::release,
    "release-alternate" => claims::release_alternate,
    "alternate" => claims::alternate,
    "alternate-unclaimed" => claims::alternate_unclaimed,
    "alternate-missing" => claims::alternate_missing,
    "alternate-halted" => claims::alternate_halted,
    "unclaimed-transfer" => claims::unclaimed_transfer,

    "control-round-trip" => controls::round_trip,
    "control-types" => controls::types,
    "control-no-data" => controls::no_data,
    "control-direction" => controls::direction,
    "control-unclaimed" => controls::unclaimed,
    "control-stall" => controls::stall,
    "control-recipients" => controls::recipients,
    "control-too-long" => controls::too_long,
    "control-large" => controls::large,
    "descriptor-raw" => controls::raw_descriptor,
    "control-long" => controls::long,
    "descriptor-room" => controls::descriptor_room,
    "serial-line" => controls::serial_line,

    "bulk-loopback" => pipes::bulk_loopback,
    "bulk-long" => pipes::bulk_long,
    "interrupt-loopback" => pipes::interrupt_loopback,
    "receive-early-short" => pipes::receive_early_short,
    "bulk-limits" => pipes::limits,
    "errors-apart" => pipes::errors_apart,
    "receive-four" => pipes::receive_four,
    "receive-in-parts" => pipes::receive_in_parts,
    "receive-babble" => pipes::receive_babble,
    "receive-interrupts" => pipes::receive_interrupts,
    "receive-with-data" => pipes::receive_with_data,
    "send-whole-packets" => pipes::send_whole_packets,
    "send-nothing" => pipes::send_nothing,
    "send-result" => pipes::send_result,
    "send-wrong-length" => pipes::send_wrong_length,
    "stall-bulk" => pipes::stall_bulk,
    "stall-sending" => pipes::stall_sending,
    "stall-interrupt" => pipes::stall_interrupt,
    "stall-beside" => pipes::stall_beside,
    "stall-while-waiting" => pipes::stall_while_waiting,
    "clear-unhalted" => pipes::clear_unhalted,
    "clear-missing" => pipes::clear_missing,
    "bad-endpoint" => pipes::bad_endpoint,
    "packets-ignored" => pipes::packets_ignored,
    "gamepad" => pipes::gamepad,

    "iso-receive" => isochronous::receive,
    "iso-receive-unevenly" => isochronous::receive_unevenly,
    "iso-send" => isochronous::send,
    "iso-no-packets" => isochronous::no_packets,
    "iso-queue" => isochronous::queue,
    "streams" => isochronous::streams,
    "streams-apart" => isochronous::apart,
    "streams-unclaimed" => isochronous::unclaimed,
    "no-stream" => isochronous::no_stream,
    "stream-not-allocated" => isochronous::stream_not_allocated,

    "made-and-dropped" => transfers::made_and_dropped,
    "submit-in-flight" => transfers::submit_in_flight,
    "submit-sending-in-flight" => transfers::submit_sending_in_flight,
    "submit-complete" => transfers::submit_complete,
    "submit-ended" => transfers::submit_ended,
    "await-unsubmitted" => transfers::await_unsubmitted,
    "await-any-order" => transfers::await_any_order,
    "queue-receiving" => transfers::queue_receiving,
    "queue-sending" => transfers::queue_sending,
    "over-when-awaited" => transfers::over_when_awaited,
    "cancel" => transfers::cancel,
    "over-when-cancelled" => transfers::over_when_cancelled,
    "cancel-one-of-three" => transfers::cancel_one_of_three,
    "cancel-unsubmitted" => transfers::cancel_unsubmitted,
    "cancel-complete" => transfers::cancel_complete,
    "drop-in-flight" => transfers::drop_in_flight,
    "drop-several" => transfers::drop_several,
    "drop-then-unplug" => transfers::drop_then_unplug,
    "no-limit" => transfers::no_limit,
    "limit" => transfers::limit,
    "limit-from-submit" => transfers::limit_from_submit,
    "limit-in-the-middle" => transfers::limit_in_the_middle,
    "limit-sending" => transfers::limit_sending,
    "limit-greatest" => transfers::limit_greatest,
    "two-handles" => transfers::two_handles,

    "absurd-buf-size" => limits::buf_size,
    "greatest-buf-size" => limits::greatest_buf_size,
    "absurd-arguments" => limits::arguments,
    "absurd-iso-packets" => limits::iso_packets,
    "wrapping-iso-packets" => limits::wrapping_packets,

    "unplug-methods" => gone::methods,
    "unplug-close" => gone::close,
    "unplug-in-flight" => gone::in_flight,
    "unplug-in-the-middle" => gone::in_the_middle,
    "unplug-submit" => gone::submit,
    "replug" => gone::replug,
    "reset" => gone::reset,
    "reset-works" => gone::reset_works,
    "reset-refused" => gone::reset_refused,
    "reset-changes" => gone::reset_changes,

    "release-in-flight" => ends::at_release,
    "alternate-in-flight" => ends::at_alternate,
    "reset-in-flight" => ends::at_reset,
    "clear-halt-in-flight" => ends::at_clear_halt,

    "hotplug-order" => plugging::order,
    "hotplug-one-by-one" => plugging::one_by_one,
    "hotplug-beside-list" => plugging::beside_list,
    "hotplug-twice" => plugging::twice,
    "hotplug-not-enabled" => plugging::not_enabled,
    "hotplug-nothing-happens" => plugging::nothing_happens,
    "hotplug-unavailable" => plugging::unavailable,
    "hotplug-scheduled" => plugging::scheduled,
    "hotplug-polls-first" => plugging::polls_first,
    "hotplug-polls-later" => plugging::polls_later,
    "hotplug-alone" => plugging::polls_alone,

    "kernel-driver" => drivers::detach_and_attach,
    "no-kernel-driver" => drivers::no_driver,
    "attach-claimed" => drivers::attach_claimed,
    "kernel-driver-by-number" => drivers::by_number,
    "kernel-drivers-unavailable" => drivers::unavailable,
    "error-codes" => drivers::error_codes,
    "bus-error" => drivers::bus_error,
}
