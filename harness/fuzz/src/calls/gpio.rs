//! Calls of `wasi:gpio`: a pin that is read and driven, one with values, and what is watched of both.

use crate::choices::Choices;
use std::sync::Arc;
use wasi_hw_harness::runtime::Transcript;
use wasi_hw_harness::runtime::engine::AtBoard;
use wasi_hw_harness::runtime::engine::executor::block_on;
use wasi_hw_harness::runtime::reference::gpio as over;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_mock::Board;
use wasi_hw_seam as seam;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::analog::HostAnalogInOutPin;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::{HostDigitalInOutPin, PinState};
use wasi_hw_wasmtime::gpio::{AnalogInOut, DigitalInOut, GpioCtxView};
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi_io::bindings::wasi::io::poll::HostPollable;

/// Values that a guest may set: the ends of the scale, what is beyond them, and what is no number.
const VALUES: [f32; 8] = [0.0, 0.5, 1.0, -0.0, -1.0, 2.0, f32::INFINITY, f32::NAN];
const RAW: [u32; 4] = [0, 1, 4095, u32::MAX];
const STATES: [PinState; 2] = [PinState::Active, PinState::Inactive];

fn again<T: 'static>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_own(handle.rep())
}

pub(super) fn feed(choices: &mut Choices<'_>) {
    let Fixture { host, device, .. } = toml::from_str(include_str!("gpio.toml")).expect("the board is one");
    let board = Board::new(&device).expect("it was built before");
    let seam: Arc<dyn seam::Board> = Arc::new(board.clone());
    let open = choices.of(&[over::request as over::Open, over::request_hal]);
    let mut ctx = over::context(&host.gpio, &seam, open);
    let mut table = ResourceTable::new();
    let (mut digital, mut analog, mut watches) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(call) = choices.next() {
        let mut host = GpioCtxView { ctx: &mut ctx, table: &mut table };
        let place = usize::from(choices.next().unwrap_or(0));
        let pin = digital.get(place % digital.len().max(1)).map(again);
        let scale = analog.get(place % analog.len().max(1)).map(again);
        match (call % 16, pin, scale) {
            (0, ..) => digital.extend(host.open::<DigitalInOut>(choices.of(&["button", "lamp", "knob", ""]))),
            (1, ..) => analog.extend(host.open::<AnalogInOut>(choices.of(&["knob", "lamp", ""]))),
            (2, Some(pin), _) => {
                let _ = HostDigitalInOutPin::set_state(&mut host, pin, choices.of(&STATES)).expect("no trap");
            }
            (3, Some(pin), _) => drop(HostDigitalInOutPin::read(&mut host, pin).expect("no trap")),
            (4, Some(pin), _) => {
                let _ = HostDigitalInOutPin::toggle(&mut host, pin).expect("no trap");
            }
            (5, Some(pin), _) => watches.extend(host.watch_state(pin, choices.of(&STATES)).expect("no trap")),
            (6, Some(pin), _) => watches.extend(host.watch_rising_edge(pin).expect("no trap")),
            (7, _, Some(pin)) => {
                let _ = host.set_value(pin, choices.of(&VALUES)).expect("no trap");
            }
            (8, _, Some(pin)) => {
                let _ = host.set_value_raw(pin, choices.of(&RAW)).expect("no trap");
            }
            (9, _, Some(pin)) => drop(host.read_raw(pin).expect("no trap")),
            (10, _, Some(pin)) => {
                watches.extend(host.watch_above(pin, choices.of(&VALUES)).expect("no trap"))
            }
            (11, ..) => {
                if let Some(watch) = watches.get(place % watches.len().max(1)).map(again) {
                    let seat = AtBoard(board.clone(), Transcript::default());
                    // What never happens is no fault of the host.
                    if let Ok(ready) = block_on(&seat, table.ready(watch)) {
                        ready.expect("no trap");
                    }
                }
            }
            (12, ..) if !watches.is_empty() => {
                let watch = watches.swap_remove(place % watches.len());
                HostPollable::drop(&mut table, watch).expect("no trap");
            }
            (13, ..) if !digital.is_empty() && watches.is_empty() => {
                let pin = digital.swap_remove(place % digital.len());
                HostDigitalInOutPin::drop(&mut host, pin).expect("no trap");
            }
            (14, ..) => board.wait(u64::from(choices.of(&[0, 1, 1_000, u32::MAX]))),
            (15, ..) => drop(board.cue("press")),
            _ => {}
        }
    }
    watches.into_iter().for_each(|watch| HostPollable::drop(&mut table, watch).expect("no trap"));
    let mut host = GpioCtxView { ctx: &mut ctx, table: &mut table };
    digital.into_iter().for_each(|pin| HostDigitalInOutPin::drop(&mut host, pin).expect("no trap"));
    analog.into_iter().for_each(|pin| HostAnalogInOutPin::drop(&mut host, pin).expect("no trap"));
    assert!(table.is_empty());
    board.finish();
}
