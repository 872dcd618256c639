//! What makes a command of a guest: `desk` is its board, behind the standard streams, and `start` calls its test. Composed
//! with any guest they are a component that imports nothing of this project's. The dialogue is written in
//! `conformance/COMMAND.md`.

#![no_std]

#[cfg(feature = "desk")]
mod desk;
#[cfg(feature = "start")]
mod start;

/// What each line of the dialogue begins with, so that it is told from what the runtime says by itself.
#[cfg(any(feature = "desk", feature = "start"))]
const MARK: &str = "wasi-hw ";

#[global_allocator]
static ALLOCATOR: wasi_hw_guest::Heap = wasi_hw_guest::Heap::new();

/// Nothing here panics but for want of memory.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn last_words(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The most bytes that a stream takes at once.
#[cfg(any(feature = "desk", feature = "start"))]
const MOST: usize = 4096;
