//! A host of `wasi:i2c@0.2.0-draft` that is itself a component: a bus is two pins of `wasi:gpio@0.2.0`, and every bit of it is a
//! call of that. `controller` is the bus, `bus` what a guest has of it.
//!
//! It stands between a guest, which it gives buses, and a host, of which it wants pins. Which pins a bus has the embedder says
//! (`wit/`). Composed with a guest it leaves nothing open but that, the pins, and what else the guest imports.

#![no_std]

mod bus;
mod controller;

wasi_hw_guest::world!("wasi-hw:i2c-over-gpio/i2c-over-gpio" in "wit");

use bus::{Bus, Delay};
use exports::wasi::i2c::{delay, i2c};
use exports::wasi_hw::conformance::board_i2c;
use wasi_hw_guest::alloc::string::String;

struct Component;

export!(Component);

impl i2c::Guest for Component {
    type I2c = Bus;
}

impl delay::Guest for Component {
    type Delay = Delay;
}

impl board_i2c::Guest for Component {
    fn open_bus(label: String) -> Result<i2c::I2c, String> {
        Bus::open(&label).map(i2c::I2c::new)
    }

    fn open_delay() -> delay::Delay {
        delay::Delay::new(Delay)
    }
}

#[global_allocator]
static ALLOCATOR: wasi_hw_guest::Heap = wasi_hw_guest::Heap::new();

/// Nothing here panics but for want of memory.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn last_words(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
