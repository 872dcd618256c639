//! Guest tests for `wasi:spi@0.2.0-draft`, and from the same source for the variant `wasi:spi`.
//!
//! A test is a pattern of calls. Several cases may use one test, each with a board of its own: what a fault
//! does to a read is one test, and which fault it is stands in the fixture. Most boards have one device,
//! `flash`, whatever it is that stands behind this name.

#![no_std]

mod delays;
mod empty;
mod errors;
mod exchanges;
mod handles;
mod lengths;
mod log;
mod names;
mod sharing;
mod transactions;

#[cfg(not(feature = "unversioned"))]
wasi_hw_guest::world!("wasi-hw:conformance/spi-guest");
#[cfg(not(feature = "unversioned"))]
use wasi::spi0_2_0_draft::spi as package;

#[cfg(feature = "unversioned")]
wasi_hw_guest::world!("wasi-hw:conformance/spi-guest-unversioned");
#[cfg(feature = "unversioned")]
use wasi::spi::spi as package;

use wasi_hw::conformance::board;

wasi_hw_guest::tests! {
    saw: board::saw,

    "open-each" => names::open_each,
    "open-unknown" => names::open_unknown,
    "open-denied" => names::open_denied,
    "open-other-names" => names::open_other_names,
    "open-empty-name" => names::open_empty_name,
    "open-non-ascii" => names::open_non_ascii,
    "open-long-names" => names::open_long_names,

    "open-silent" => handles::open_silent,
    "open-twice" => handles::open_twice,
    "open-refused" => handles::open_refused,
    "open-for-a-while" => sharing::open_for_a_while,
    "open-meanwhile" => sharing::open_meanwhile,
    "open-after-drop" => handles::open_after_drop,
    "drop-silent" => handles::drop_silent,
    "drop-one-of-two" => handles::drop_one_of_two,

    "read" => exchanges::read,
    "write" => exchanges::write,
    "transfer" => exchanges::transfer,
    "transfer-mixed" => exchanges::transfer_mixed,
    "write-then-read" => exchanges::write_then_read,
    "read-after-writes" => exchanges::read_after_writes,
    "single-and-transaction" => exchanges::single_and_transaction,
    "return-is-idle" => exchanges::return_is_idle,
    "absent" => exchanges::absent,

    "jedec-id" => transactions::jedec_id,
    "every-operation" => transactions::every_operation,
    "neighbours" => transactions::neighbours,
    "reads-between-writes" => transactions::reads_between_writes,
    "page-program" => transactions::page_program,
    "many-operations" => transactions::many_operations,
    "600-operations" => transactions::six_hundred_operations,

    "transaction-nothing" => empty::transaction_nothing,
    "exchange-nothing" => empty::exchange_nothing,
    "operations-nothing" => empty::operations_nothing,
    "nothing-after-a-failure" => empty::nothing_after_a_failure,

    "delays" => delays::delays,
    "delay-longest" => delays::longest,
    "delays-short" => delays::short,
    "delays-long" => delays::long,
    "delay-zero" => delays::zero,
    "delay-alone" => delays::alone,
    "delay-at-the-ends" => delays::at_the_ends,

    "read-thrice" => errors::read_thrice,
    "each-call-fails" => errors::each_call_fails,
    "transaction-fault" => errors::transaction_fault,
    "fault-then-delay" => errors::fault_then_delay,
    "fault-alone-and-in-list" => errors::fault_alone_and_in_list,
    "failure-of-another" => errors::failure_of_another,

    "lengths" => lengths::lengths,
    "lengths-of-4096" => lengths::lengths_of_4096,
    "beyond-4096" => lengths::beyond_4096,
    "embedder-limit" => lengths::embedder_limit,
    "transaction-lengths" => lengths::transaction_lengths,
    "over-limit" => lengths::over_limit,
    "over-limit-second" => lengths::over_limit_second,
    "over-limit-together" => lengths::over_limit_together,
    "over-limit-alone-and-in-list" => lengths::over_limit_alone_and_in_list,
    "length-wraps" => lengths::length_wraps,
    "absurd-length" => lengths::absurd_length,
    "absurd-sum" => lengths::absurd_sum,
    "bystander" => lengths::bystander,

    "take-turns" => sharing::take_turns,
    "two-buses" => sharing::two_buses,
    "first-of-two" => sharing::first_of_two,
    "second-of-two" => sharing::second_of_two,
    "alternate-first" => sharing::alternate_first,
    "alternate-second" => sharing::alternate_second,
    "writer" => sharing::writer,
    "reader" => sharing::reader,
}
