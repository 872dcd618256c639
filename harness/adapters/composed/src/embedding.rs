//! What the component is embedded in: the reference host of `wasi:gpio`, with two pins for each bus of a fixture.

use crate::compose::compose;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::{BoardGpio, Embedding, Guest};
use wasi_hw_harness::runtime::reference::gpio::{context, request};
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_harness::suite::fixture::{GpioMode, GpioPinHost, HostConfig, I2cAccess, I2cBusHost};
use wasi_hw_seam::Board;
use wasi_hw_wasmtime::gpio::{self, DigitalInOut, GpioCtx, GpioCtxView, GpioView};
use wasmtime::component::{ComponentType, Linker, Lower, ResourceTable};
use wasmtime_wasi_io::IoView;

/// The reference host, with the component between it and the guest.
pub(crate) struct Composed;

/// What it keeps in a store.
pub(crate) struct State {
    table: ResourceTable,
    gpio: GpioCtx,
    buses: BTreeMap<String, I2cBusHost>,
    guest: Guest,
}

impl GpioView for State {
    fn gpio(&mut self) -> GpioCtxView<'_> {
        GpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
    }
}

impl IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

/// The pins of a bus: their labels, and the board's names for the lines behind them.
fn pins(bus: &str) -> [String; 2] {
    ["scl", "sda"].map(|line| format!("{bus}.{line}"))
}

impl Embedding for Composed {
    type Data = State;

    fn about(&self) -> About {
        About {
            name: "i2c-over-gpio".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            packages: vec!["wasi:i2c@0.2.0-draft".to_owned()],
            seams: [("i2c".to_owned(), "wire".to_owned())].into(),
            lacks: vec![
                // Each instance has a controller of its own in it, and the pins can be had once.
                Bound { capability: "instances".to_owned(), number: None },
                // What the component moves in one call.
                Bound { capability: "call-bytes".to_owned(), number: Some(1024) },
                Bound { capability: "ten-bit".to_owned(), number: None },
            ],
            ..About::default()
        }
    }

    fn component<'a>(&self, guest: &'a [u8]) -> anyhow::Result<Cow<'a, [u8]>> {
        compose(guest).map(Cow::Owned)
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        gpio::add_to_linker(linker)?;
        wasmtime_wasi_io::add_to_linker_async(linker)?;
        let mut board = BoardGpio::new(linker)?;
        board.open("open-digital-in-out", |state: &mut State, label| {
            state.gpio().open::<DigitalInOut>(label)
        })?;
        let mut buses = linker.instance("wasi-hw:i2c-over-gpio/buses@0.1.0")?;
        buses.func_wrap("find", |store, (label,): (String,)| {
            Ok((store.data().buses.get(&label).map(|host| Bus::new(&label, host)),))
        })
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        let pin = GpioPinHost {
            open_drain: true,
            allow: Some(vec![GpioMode::DigitalInOut]),
            ..GpioPinHost::default()
        };
        let pins = host.i2c.keys().flat_map(|bus| pins(bus)).map(|label| (label, pin.clone())).collect();
        State {
            table: ResourceTable::new(),
            gpio: context(&pins, board, request),
            buses: host.i2c.clone(),
            guest,
        }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}

/// `buses.bus`.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Bus {
    scl: String,
    sda: String,
    allow: Option<Vec<Rule>>,
    #[component(name = "most-bytes")]
    most_bytes: Option<u32>,
}

/// `buses.rule`.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Rule {
    address: u16,
    access: Access,
}

/// `buses.access`.
#[derive(Clone, Copy, ComponentType, Lower)]
#[component(enum)]
#[repr(u8)]
enum Access {
    #[component(name = "read")]
    Read,
    #[component(name = "write")]
    Write,
    #[component(name = "read-write")]
    ReadWrite,
}

impl Bus {
    fn new(label: &str, host: &I2cBusHost) -> Bus {
        let [scl, sda] = pins(label);
        let rules = host.allow.as_ref().map(|rules| {
            let rule = rules.iter().map(|rule| Rule {
                address: rule.address,
                access: match rule.access {
                    I2cAccess::Read => Access::Read,
                    I2cAccess::Write => Access::Write,
                    I2cAccess::ReadWrite => Access::ReadWrite,
                },
            });
            rule.collect()
        });
        Bus { scl, sda, allow: rules, most_bytes: host.most_bytes }
    }
}
