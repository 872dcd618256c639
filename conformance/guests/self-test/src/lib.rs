//! Guests that misbehave, for the tests of the harness itself.

#![no_std]

use core::hint::black_box;
use wasi_hw_guest::alloc::vec::Vec;

wasi_hw_guest::world!("wasi-hw:conformance/i2c-guest");

use wasi_hw::conformance::{board, board_i2c};

/// Runs until its fuel is gone.
fn loop_for_ever() {
    board::saw("looping");
    let mut n = 0_u32;
    while black_box(n) != 1 {
        n = n.wrapping_add(2);
    }
}

/// Allocates until there is nothing left.
fn allocate_for_ever() {
    board::saw("allocating");
    let mut blocks = Vec::new();
    loop {
        blocks.push(black_box(Vec::<u8>::with_capacity(1 << 20)));
    }
}

/// Recurses until the stack is gone.
fn overflow_the_stack() {
    fn deeper(n: u64) -> u64 {
        let block = black_box([n; 64]);
        if black_box(n) == u64::MAX { 0 } else { deeper(n + 1) + block[(n % 64) as usize] }
    }
    board::saw("recursing");
    black_box(deeper(0));
}

/// Traps without a word.
fn trap() {
    board::saw("trapping");
    core::arch::wasm32::unreachable();
}

/// Panics; the message reaches the transcript.
fn panic() {
    panic!("the guest's last words");
}

/// Writes more lines than a transcript holds, one of them longer than a line may be.
fn talk_for_ever() {
    board::saw(&"x".repeat(100_000));
    for _ in 0..100_000 {
        board::saw("more\nthan one line");
    }
}

/// Asks for the next thing of a name that the fixture does not have.
fn cue_without_end() {
    for _ in 0..2 {
        let answer = board::cue("nothing").err().unwrap_or_default();
        board::saw(&answer);
    }
}

/// Asks for lengths that no host can allocate, and then for one that it can.
fn ask_for_too_much() {
    let Ok(bus) = board_i2c::open_bus("sensors") else {
        board::saw("no bus");
        return;
    };
    for len in [1 << 40, u64::MAX, 2] {
        let line = if bus.read(0x48, len).is_ok() { "ok" } else { "err" };
        board::saw(line);
    }
}

/// Lets more time pass than there is.
fn wait_for_ever() {
    board::wait(u64::MAX);
    board::wait(u64::MAX);
    board::saw("waited");
}

wasi_hw_guest::tests! {
    saw: board::saw,
    "loop-for-ever" => loop_for_ever,
    "allocate-for-ever" => allocate_for_ever,
    "overflow-the-stack" => overflow_the_stack,
    "trap" => trap,
    "panic" => panic,
    "talk-for-ever" => talk_for_ever,
    "cue-without-end" => cue_without_end,
    "ask-for-too-much" => ask_for_too_much,
    "wait-for-ever" => wait_for_ever,
}
