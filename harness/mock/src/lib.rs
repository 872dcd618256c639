//! Mock boards for testing drivers and host implementations.
//!
//! A [`Board`] is built from data ([`BoardConfig`], serde) and offers the seams that a driver sees:
//! the `embedded-hal` 1.0 traits, and, where those say too little, an interface shaped like the
//! kernel's. Under each seam the bus is modelled at wire level: every operation leaves lines in a
//! [`Trace`](trace), each with the board's time, and devices can be told to fail at a chosen point.
//!
//! Time is virtual. It belongs to the board, moves only when something on the board takes time or
//! when everybody waits, and so costs nothing ([`Board::wait`], [`Board::idle`]).
//!
//! ```
//! use embedded_hal::i2c::I2c;
//! use wasi_hw_seam::Board as _;
//!
//! let config: wasi_hw_mock::BoardConfig = toml::from_str(r#"
//!     [[i2c.sensors.target]]
//!     address = 0x48
//!     model = "register-file"
//!     registers = { 0x0f = 0xd3 }
//! "#).unwrap();
//! let board = wasi_hw_mock::Board::new(&config).unwrap();
//! let mut bus = board.i2c("sensors").unwrap();
//! let mut id = [0];
//! bus.write_read(0x48_u8, &[0x0f], &mut id).unwrap();
//! assert_eq!(id, [0xd3]);
//! let lines: Vec<_> = board.trace().channel("sensors").map(|e| e.text.clone()).collect();
//! assert_eq!(lines, ["START 0x48 W ACK", "0f ACK", "RESTART 0x48 R ACK", "d3 NACK", "STOP"]);
//! ```

extern crate alloc;

mod board;
mod config;
pub mod gpio;
pub mod i2c;
mod keys;
#[doc = include_str!("../NOTATION.md")]
pub mod notation;
mod now;
mod part;
pub mod spi;
pub mod trace;
mod turns;
pub mod usb;

pub use board::Board;
pub use config::{Action, BoardConfig, Cue, ScheduledAction};
pub use now::LEFT_OPEN;
pub use turns::{Idle, Turn};
