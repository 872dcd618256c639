//! Guest tests for `wasi:i2c@0.2.0-draft`.
//!
//! A test is a pattern of calls. Several cases may use one test, each with a board of its own: what a
//! fault does to a write is one test, and which fault it is stands in the fixture.
//!
//! Two addresses mean the same everywhere: 0x48 is a target that is there, 0x51 is nobody's.

#![no_std]

mod addresses;
mod delays;
mod empty;
mod errors;
mod frames;
mod gone;
mod handles;
mod lengths;
mod log;
mod policy;
mod sharing;

wasi_hw_guest::world!("wasi-hw:conformance/i2c-guest", additional_derives: [PartialEq]);

use wasi_hw::conformance::board;

wasi_hw_guest::tests! {
    saw: board::saw,

    "read" => frames::read,
    "write" => frames::write,
    "write-read" => frames::write_read,
    "transaction-write-read" => frames::transaction_write_read,
    "transaction-alternating" => frames::transaction_alternating,
    "transaction-read-first" => frames::transaction_read_first,
    "transaction-one-operation" => frames::transaction_one_operation,
    "transaction-neighbours" => frames::transaction_neighbours,
    "transaction-page-write" => frames::transaction_page_write,
    "return-after-stop" => frames::return_after_stop,

    "seven-bit" => addresses::seven_bit,
    "wide-address" => addresses::wide_address,
    "ten-bit" => addresses::ten_bit,
    "address-out-of-range" => addresses::out_of_range,
    "reserved-address" => addresses::reserved,

    "read-nothing" => empty::read_nothing,
    "write-nothing" => empty::write_nothing,
    "transaction-nothing" => empty::transaction_nothing,
    "transaction-empty-read" => empty::transaction_empty_read,
    "transaction-empty-write" => empty::transaction_empty_write,
    "nothing-alone" => empty::nothing_alone,
    "nothing-together" => empty::nothing_together,
    "write-read-empty-half" => empty::write_read_empty_half,

    "read-long" => lengths::read_long,
    "transaction-long" => lengths::transaction_long,
    "round-trip" => lengths::round_trip,
    "round-trip-longer" => lengths::round_trip_longer,
    "round-trip-longest" => lengths::round_trip_longest,
    "write-long" => lengths::write_long,
    "length-between" => lengths::length_between,
    "limit-exactly" => lengths::limit_exactly,
    "many-operations" => lengths::many_operations,
    "round-trip-joined" => lengths::round_trip_joined,
    "over-limit" => lengths::over_limit,
    "over-limit-part" => lengths::over_limit_part,
    "too-many-operations" => lengths::too_many_operations,
    "length-wraps" => lengths::length_wraps,
    "absurd-length" => lengths::absurd_length,
    "absurd-sum" => lengths::absurd_sum,
    "bystander" => lengths::bystander,

    "absent" => errors::absent,
    "write-fault" => errors::write_fault,
    "read-fault" => errors::read_fault,
    "write-read-fault" => errors::write_read_fault,
    "transaction-fault" => errors::transaction_fault,
    "write-twice" => errors::write_twice,
    "restart-refused" => errors::restart_refused,
    "errors-apart" => errors::errors_apart,
    "as-transaction" => errors::as_transaction,
    "busy-target" => errors::busy_target,

    "drop-and-reopen" => handles::drop_and_reopen,
    "reopen-often" => handles::reopen_often,
    "drop-silent" => handles::drop_silent,
    "drop-one-of-two" => handles::drop_one_of_two,
    "drop-other-bus" => handles::drop_other_bus,
    "two-handles" => handles::two_handles,
    "leave-open" => handles::leave_open,
    "trap-while-open" => handles::trap_while_open,
    "open-later" => handles::open_later,

    "publish" => sharing::publish,
    "collect" => sharing::collect,
    "take-turns-first" => sharing::take_turns_first,
    "take-turns-second" => sharing::take_turns_second,

    "denied-address" => policy::denied_address,
    "two-policies" => policy::two_policies,
    "denied-direction" => policy::denied_direction,

    "unplug" => gone::unplug,
    "unplug-during" => gone::unplug_during,

    "delay" => delays::delay,
    "delay-longest" => delays::longest,
    "delay-zero" => delays::zero,
    "delay-silent" => delays::silent,
    "delay-alone" => delays::alone,
    "delay-two" => delays::two,
    "delay-overshoot" => delays::overshoot,
}
