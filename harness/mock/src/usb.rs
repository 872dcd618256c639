//! USB devices at the level of transfers: descriptors as raw bytes, endpoints with scripted replies,
//! and the operating system between them and a driver.
//!
//! A device's channel in the trace is its name in the fixture. Endpoints are written as addresses with
//! two hex digits (`0x81`), byte lists in brackets (see [`notation`](crate::notation)). Only what took
//! effect leaves a line: what the system refuses (a claim that is busy, an unknown setting, a device
//! that is gone) leaves none, so it makes no difference whether a host asks or knows better.
//!
//! What the system does for a driver:
//!
//! ```text
//! OPEN · CLOSE                a handle; the second handle of a device since the start of the case and
//!                             those after it have a number: `OPEN #2`, `CLAIM 0 #2`, `CLOSE #2`
//! CLAIM 0 · RELEASE 0         an interface, by number; a second claim of one handle leaves no line.
//!                             Before RELEASE of an interface whose alternate setting is not 0 the
//!                             system puts it back: `SET_INTERFACE 1 0`
//! DETACH 0 · ATTACH 0         the kernel driver of an interface was taken away or given back
//! SET_CONFIGURATION 1         the configuration with this value; 0 is unconfigured
//! SET_INTERFACE 1 2           interface 1, alternate setting 2
//! CLEAR_HALT 0x81             the halt and both data toggles of an endpoint
//! RESET                       the port; afterwards the system restores what was in force, and so
//!                             `SET_CONFIGURATION` follows (unless unconfigured), and `SET_INTERFACE`
//!                             for each alternate setting that was not 0
//! ALLOC_STREAMS 4 0x81 0x02   so many streams were granted (which may be fewer than asked for)
//! FREE_STREAMS 0x81 0x02
//! ```
//!
//! CLOSE first ends what is left: `CANCEL` for each transfer in flight, in the order of submission, and
//! `RELEASE` for each interface, by number. All of it also happens when a driver forgets to close and
//! the process ends, so each `OPEN` of a case has its `CLOSE`, at the latest at the end.
//!
//! What the bus sees:
//!
//! ```text
//! SETUP 80 06 00 01 00 00 12 00     a control transfer begins: its eight bytes, as on the wire
//! IN 0x00 [12 01]                   its data stage; a data stage of no bytes is `[]`
//! OUT 0x00 [80 25]                  the same from the host to the device
//! STATUS                            it ended well
//! IN 0x81 [00+1*64]                 data of a bulk or interrupt endpoint. The packets that one transfer
//!                                   gets in a row are one line; an empty packet has a line of its own,
//!                                   `IN 0x81 []`
//! OUT 0x02 [0f d3]                  the same from the host to the device
//! IN 0x81 #3 [0f]                   the same on stream 3
//! ISO 0x82 [0f d3] [] ERROR [d3]    an isochronous transfer, when it is over: its packets in order. IN:
//!                                   what came, `ERROR` and `BABBLE` for one that failed; OUT: what went
//! NAK 0x81                          a transfer starts to wait for the device, which is not ready; one
//!                                   line a wait
//! STALL 0x81                        a transfer met a halted endpoint; on 0x00 the request was refused
//! BABBLE 0x81 [..]                  a packet was longer than the room left; the packet
//! ERROR 0x81                        a transaction failed (bad CRC, no handshake)
//! DISCARD 0x81 [..]                 a packet was lost because the data toggles of the two sides differ
//! CANCEL 0x81                       a transfer in flight was taken back: by the driver, at its time
//!                                   limit, by closing or by a reset. A transfer that waits behind
//!                                   another one on its endpoint leaves this line too
//! ```
//!
//! A transfer in flight when its device goes leaves no line of its own: it ends by `GONE`.
//!
//! What happens to the device, and what the fixture says:
//!
//! ```text
//! ARRIVED · GONE              plugged in (again, or late), or unplugged
//! NOTE name                   a cue that does nothing else
//! UNUSED 0x81 2               at the end: so many scripted replies of an endpoint were not begun;
//!                             `nak` and `nak-ns` are not counted, nor is what a loopback holds
//! ```
//!
//! The device answers the standard requests of USB 2.0 §9.4 itself, from its descriptors and state
//! (GET_DESCRIPTOR of device, configurations and strings, GET_CONFIGURATION, SET_CONFIGURATION,
//! GET_INTERFACE, SET_INTERFACE, GET_STATUS, SET_FEATURE and CLEAR_FEATURE; the rest of the list and all
//! that it does not know it refuses with STALL), unless the fixture scripts an answer.
//!
//! Time: each call of a driver costs one operation; data moves in no time; an isochronous packet takes one
//! frame, which is 1 ms, and 125 µs from high speed up.
//!
//! One seam: [`Usb`], [`Handle`]: devices and hotplug, claims and settings, transfers that are submitted
//! and reaped.

mod bytes;
mod calls;
mod config;
mod control;
mod device;
mod flow;
mod isochronous;
mod layout;
mod pipe;
mod seam;
mod settings;
mod shorthand;
mod system;

pub use bytes::Bytes;
pub use config::{
    ActionConfig, ControlConfig, DeviceConfig, DeviceDescriptor, EndpointConfig, Event, MoreReplies, Pattern,
    Reply, ResetKind, Speed, SystemConfig,
};
pub use seam::{
    Attached, Change, Completion, Handle, Kind, Packet, Refusal, Reset, Status, Submission, Usb, Watch,
};
pub(crate) use system::Devices;
