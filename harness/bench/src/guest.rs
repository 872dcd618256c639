//! Guests that do nothing but call, on the reference host over a board that does nothing.

use crate::board::{Latch, Loopback, OneDevice, QuietBus};
use anyhow::Context;
use std::pin::pin;
use std::task::{Poll, Waker};
use wasi_hw_harness::suite::Suite;
use wasi_hw_seam::gpio::Level;
use wasi_hw_wasmtime::gpio::{DigitalIn, DigitalOut, GpioCtx, GpioCtxView, GpioView, PinConfig};
use wasi_hw_wasmtime::i2c::{Bus, BusPolicy, I2cCtx, I2cCtxView, I2cView};
use wasi_hw_wasmtime::spi::{Device, DevicePolicy, SpiCtx, SpiCtxView, SpiView};
use wasi_hw_wasmtime::usb::{UsbCtx, UsbCtxView, UsbPolicy, UsbView};
use wasi_hw_wasmtime::{gpio, i2c, spi, usb};
use wasmtime::component::{Component, Instance, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi_io::IoView;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The most that a call may move here.
pub(crate) const MOST: usize = 16 << 20;

const USB: &str = include_str!("guests/usb.wat");

struct State {
    table: ResourceTable,
    i2c: I2cCtx,
    spi: SpiCtx,
    gpio: GpioCtx,
    usb: UsbCtx,
}

impl I2cView for State {
    fn i2c(&mut self) -> I2cCtxView<'_> {
        I2cCtxView { ctx: &mut self.i2c, table: &mut self.table }
    }
}

impl SpiView for State {
    fn spi(&mut self) -> SpiCtxView<'_> {
        SpiCtxView { ctx: &mut self.spi, table: &mut self.table }
    }
}

impl GpioView for State {
    fn gpio(&mut self) -> GpioCtxView<'_> {
        GpioCtxView { ctx: &mut self.gpio, table: &mut self.table }
    }
}

impl UsbView for State {
    fn usb(&mut self) -> UsbCtxView<'_> {
        UsbCtxView { ctx: &mut self.usb, table: &mut self.table }
    }
}

impl IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

struct NoDelay;

impl wasi_hw_seam::embedded_hal::delay::DelayNs for NoDelay {
    fn delay_ns(&mut self, _: u32) {}
}

impl State {
    fn new() -> State {
        let mut i2c = I2cCtx::new(|| Box::new(NoDelay));
        let policy = BusPolicy::allow_all().most_bytes(MOST);
        i2c.bus("bus", policy, || Ok(Bus::over_messages(QuietBus)));
        let mut spi = SpiCtx::new();
        let policy = DevicePolicy::allow_all().most_bytes(MOST);
        spi.device("device", policy, || Ok(Device::over_transfers(Loopback)));
        let mut gpio = GpioCtx::new(NoDelay);
        for label in ["output", "input"] {
            gpio.pin(label, PinConfig::new().allow_all(), |_| Ok(Box::new(Latch(Level::High))));
        }
        let policy = UsbPolicy::allow_all().most_bytes(MOST as u32).most_in_flight(2 * MOST as u64);
        State { table: ResourceTable::new(), i2c, spi, gpio, usb: UsbCtx::new(OneDevice, policy) }
    }
}

fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    i2c::add_to_linker(linker)?;
    spi::add_to_linker(linker)?;
    gpio::add_to_linker(linker)?;
    wasmtime_wasi_io::add_to_linker_async(linker)?;
    usb::add_to_linker(linker)
}

/// The engine's error, of which only what it says is wanted.
fn told(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}

/// Makes guests.
pub(crate) struct Guests {
    engine: Engine,
    linker: Linker<State>,
    resolve: Resolve,
}

impl Guests {
    /// An engine as an embedder would have it, with the reference host linked.
    pub(crate) fn new() -> anyhow::Result<Guests> {
        let engine = Engine::default();
        let mut linker = Linker::new(&engine);
        link(&mut linker).map_err(told)?;
        let mut resolve = Resolve::default();
        for folder in ["i2c/0.2.0-draft", "spi/0.2.0-draft", "gpio/0.2.0", "usb/0.2.1", "usb/component-0.2.1"]
        {
            let folder = Suite::default_root().join("wit").join(folder);
            resolve.push_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
        }
        resolve.push_str("bench.wit", include_str!("guests/bench.wit"))?;
        Ok(Guests { engine, linker, resolve })
    }

    /// The guest of a proposal, started.
    pub(crate) fn start(&self, proposal: &str) -> anyhow::Result<Guest> {
        let text = match proposal {
            "i2c" => include_str!("guests/i2c.wat"),
            "spi" => include_str!("guests/spi.wat"),
            "gpio" => include_str!("guests/gpio.wat"),
            _ => USB,
        };
        let bytes = self.component(proposal, text)?;
        let component = Component::new(&self.engine, bytes).map_err(told)?;
        let mut store = Store::new(&self.engine, State::new());
        let instance = at_once(self.linker.instantiate_async(&mut store, &component)).map_err(told)?;
        let mut guest = Guest { store, instance };
        match proposal {
            "i2c" => {
                let bus = guest.store.data_mut().i2c().open("bus").map_err(anyhow::Error::msg)?;
                guest.enter("start", (bus,))?;
            }
            "gpio" => {
                let mut pins = guest.store.data_mut().gpio();
                let output = pins.open::<DigitalOut>("output");
                let input = pins.open::<DigitalIn>("input");
                match (output, input) {
                    (Ok(output), Ok(input)) => guest.enter("start", (output, input))?,
                    _ => anyhow::bail!("a pin of the board that does nothing cannot be opened"),
                }
            }
            _ => guest.enter("start", ())?,
        }
        Ok(guest)
    }

    /// The guest of usb as adapters call it, which imports this package. It moves 64 bytes at a time, and has memory for that.
    pub(crate) fn for_adapters(&self, package: &str) -> anyhow::Result<Vec<u8>> {
        let small =
            USB.replace("(export \"memory\") 600", "(export \"memory\") 4").replace("0x1010000", "0x20000");
        match package.starts_with("component:") {
            true => self.component("usb-run-component", &small.replace("wasi:usb/", "component:usb/")),
            false => self.component("usb-run", &small),
        }
    }

    fn component(&self, world: &str, text: &str) -> anyhow::Result<Vec<u8>> {
        let mut module = wat::parse_str(text)?;
        let package = self.resolve.packages.iter().find(|(_, package)| package.name.namespace == "wasi-hw");
        let (package, _) = package.context("bench.wit has no package")?;
        let world = self.resolve.select_world(&[package], Some(world))?;
        embed_component_metadata(&mut module, &self.resolve, world, StringEncoding::UTF8)?;
        ComponentEncoder::default().module(&module)?.encode()
    }
}

/// A guest, ready to call.
pub(crate) struct Guest {
    store: Store<State>,
    instance: Instance,
}

impl Guest {
    /// Lets it make `times` calls with `size` bytes each.
    pub(crate) fn calls(&mut self, function: &str, times: u32, size: u32) -> anyhow::Result<()> {
        self.enter(function, (times, size))
    }

    fn enter<P>(&mut self, function: &str, parameters: P) -> anyhow::Result<()>
    where
        P: wasmtime::component::ComponentNamedList + wasmtime::component::Lower + Send + Sync + 'static,
    {
        let function = self.instance.get_typed_func::<P, ()>(&mut self.store, function).map_err(told)?;
        at_once(function.call_async(&mut self.store, parameters)).map_err(told)
    }
}

/// Nothing waits for a board that does nothing.
fn at_once<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a board that does nothing has nothing to wait for"),
    }
}
