//! What all conformance guests share.
//!
//! A guest test asserts nothing. It calls the interface under test and writes down each call with
//! its result at once, so that the transcript survives a trap of the guest or the death of its host.
//! What is expected stands in the case files, outside the component.

#![no_std]

pub extern crate alloc;

mod heap;
mod log;
#[path = "../../../../harness/mock/src/notation.rs"]
mod notation;

include!(concat!(env!("OUT_DIR"), "/packages.rs"));

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub use heap::Heap;
pub use log::{call_line, decimal, in_whole_units, line, list, push_decimal};

/// Bytes in the notation of transcripts, in brackets.
pub fn hex(bytes: &[u8]) -> String {
    format!("[{}]", notation::bytes(bytes))
}

/// `len` bytes that count up from `first` and wrap.
pub fn counting(first: u8, len: usize) -> Vec<u8> {
    (0..len).map(|n| first.wrapping_add(n as u8)).collect()
}

/// Makes the bindings of a guest: those of its world, with further options of `wit_bindgen::generate!` if it needs
/// some. A world that is not of `wit/` stands in a folder of the guest's.
///
/// ```text
/// world!("wasi-hw:conformance/i2c-guest", additional_derives: [PartialEq]);
/// world!("wasi-hw:spi-named/spi-named" in "wit");
/// ```
#[macro_export]
macro_rules! world {
    ($world:literal in $folder:literal) => {
        $crate::generate_over_packages! { and $folder, world: $world, std_feature, generate_all }
    };
    ($world:literal $(, $($option:tt)+)?) => {
        $crate::generate_over_packages! { world: $world, std_feature, generate_all, $($($option)+)? }
    };
}

/// Makes a component of test functions: the export `run`, the list of tests as a custom section
/// (so that a tool can list them without running the component), the allocator, and a panic handler that
/// sends the message to the transcript before it traps.
///
/// ```text
/// tests! { saw: board::saw,
///     "write-read" => write_read,
/// }
/// ```
#[macro_export]
macro_rules! tests {
    (saw: $saw:path, $($name:literal => $test:path,)+) => {
        #[global_allocator]
        static ALLOCATOR: $crate::Heap = $crate::Heap::new();

        struct Component;

        impl Guest for Component {
            fn run(test: $crate::alloc::string::String) -> Result<(), $crate::alloc::string::String> {
                match test.as_str() {
                    $($name => $test(),)+
                    _ => return Err($crate::alloc::format!("no test `{test}` in this component")),
                }
                Ok(())
            }
        }

        export!(Component);

        const TESTS: &str = concat!($($name, "\n",)+);

        #[cfg(target_arch = "wasm32")]
        #[unsafe(link_section = "wasi-hw-tests")]
        #[used]
        static TESTS_SECTION: [u8; TESTS.len()] = {
            let mut bytes = [0; TESTS.len()];
            let mut at = 0;
            while at < bytes.len() {
                bytes[at] = TESTS.as_bytes()[at];
                at += 1;
            }
            bytes
        };

        #[cfg(target_arch = "wasm32")]
        #[panic_handler]
        fn last_words(panic: &core::panic::PanicInfo<'_>) -> ! {
            $saw(&$crate::alloc::format!("panic: {}", panic.message()));
            core::arch::wasm32::unreachable()
        }
    };
}
