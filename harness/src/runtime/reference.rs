//! The reference host `wasi-hw-wasmtime`, embedded over the mock's seams.

pub mod gpio;
mod kernel;
pub(crate) mod remote;
pub mod spi;
pub mod usb;

use self::kernel::KernelI2c;
use crate::runtime::About;
use crate::runtime::engine::{Embedding, Guest, board_i2c};
use crate::suite::fixture::{HostConfig, I2cAccess, I2cBusHost};
use embedded_hal::delay::DelayNs;
use std::collections::BTreeMap;
use wasi_hw_mock::Board;
use wasi_hw_mock::spi::Settings;
use wasi_hw_wasmtime::gpio::GpioCtx;
use wasi_hw_wasmtime::i2c::{self, Access, Bus, BusPolicy, I2cCtx, I2cCtxView, I2cView};
use wasi_hw_wasmtime::spi::{Device, SpiCtx};
use wasi_hw_wasmtime::usb::{UsbCtx, UsbCtxView, UsbView};
use wasmtime::component::{Linker, ResourceTable};

/// The embedding of the reference host. Its parts can be exchanged, to put it over other seams or to
/// make a wrong host of it.
pub struct Reference {
    /// The name, and the seam of each proposal.
    pub about: About,
    /// Adds the packages to a linker.
    pub link: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Changes what the embedder configured.
    pub config: fn(&mut HostConfig),
    /// Puts a driver of the mock under the host.
    pub i2c_bus: fn(wasi_hw_mock::i2c::Bus) -> Bus,
    /// The same for a delay.
    pub delay: fn(wasi_hw_mock::Delay) -> Box<dyn DelayNs + Send>,
    /// Adds `wasi:spi` to a linker, under both of its names.
    pub link_spi: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Puts a driver of the mock, with the settings of its device, under the host.
    pub spi_device: SpiDriver,
    /// Adds `wasi:usb` to a linker, under both of its names.
    pub link_usb: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Puts something between the host and the mock's USB devices.
    pub usb_driver: usb::Between,
    /// Adds `wasi:gpio` and `wasi:io/poll` to a linker.
    pub link_gpio: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Requests a line of the mock for the host.
    pub gpio_line: gpio::Open,
}

/// How a driver of an SPI device comes under the host; an error says why the guest cannot have the device.
pub type SpiDriver = fn(wasi_hw_mock::spi::Device, Settings) -> Result<Device, String>;

impl Default for Reference {
    /// Over the `embedded-hal` traits, where they reach.
    fn default() -> Reference {
        Reference {
            about: About {
                name: "wasmtime".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                packages: packages([
                    "wasi:i2c@0.2.0-draft",
                    "wasi:spi@0.2.0-draft",
                    "wasi:gpio@0.2.0",
                    "wasi:usb@0.2.1",
                ]),
                seams: seams([("i2c", "hal"), ("spi", "hal"), ("gpio", "lines"), ("usb", "transfers")]),
                ..About::default()
            },
            link: i2c::add_to_linker,
            config: |_| {},
            i2c_bus: Bus::new,
            delay: |delay| Box::new(delay),
            link_spi: spi::link,
            spi_device: spi::over_hal,
            link_usb: usb::link,
            usb_driver: |driver| driver,
            link_gpio: gpio::link,
            gpio_line: gpio::request,
        }
    }
}

impl Reference {
    /// Over interfaces such as a kernel's, where the host itself makes messages of operations.
    pub fn kernel() -> Reference {
        let reference = Reference::default();
        let about = About {
            name: "wasmtime-kernel".to_owned(),
            seams: seams([
                ("i2c", "messages"),
                ("spi", "transfers"),
                ("gpio", "lines"),
                ("usb", "transfers"),
            ]),
            ..reference.about.clone()
        };
        let i2c_bus = |bus| Bus::over_messages(KernelI2c(bus));
        Reference { about, i2c_bus, spi_device: spi::over_transfers, ..reference }
    }

    /// Speaking of each proposal the variant, where it has one.
    pub fn variants() -> Reference {
        let reference = Reference::default();
        let about = About {
            name: "wasmtime-variants".to_owned(),
            packages: packages([
                "wasi:i2c@0.2.0-draft",
                "wasi:spi",
                "wasi:gpio@0.2.0",
                "component:usb@0.2.1",
            ]),
            ..reference.about.clone()
        };
        Reference { about, ..reference }
    }
}

fn seams<const N: usize>(seams: [(&str, &str); N]) -> BTreeMap<String, String> {
    seams.map(|(proposal, seam)| (proposal.to_owned(), seam.to_owned())).into()
}

fn packages<const N: usize>(packages: [&str; N]) -> Vec<String> {
    packages.map(str::to_owned).into()
}

/// What it keeps in a store.
pub struct State {
    table: ResourceTable,
    i2c: I2cCtx,
    spi: SpiCtx,
    usb: UsbCtx,
    gpio: GpioCtx,
}

impl I2cView for Guest<State> {
    fn i2c(&mut self) -> I2cCtxView<'_> {
        self.data.i2c()
    }
}

impl I2cView for State {
    fn i2c(&mut self) -> I2cCtxView<'_> {
        I2cCtxView { ctx: &mut self.i2c, table: &mut self.table }
    }
}

impl UsbView for Guest<State> {
    fn usb(&mut self) -> UsbCtxView<'_> {
        UsbCtxView { ctx: &mut self.data.usb, table: &mut self.data.table }
    }
}

impl Embedding for Reference {
    type Data = State;

    fn about(&self) -> About {
        self.about.clone()
    }

    fn link(&self, linker: &mut Linker<Guest<State>>) -> wasmtime::Result<()> {
        (self.link)(linker)?;
        (self.link_spi)(linker)?;
        (self.link_gpio)(linker)?;
        (self.link_usb)(linker)?;
        board_i2c(linker, |state, label| state.i2c().open(label), |state| Ok(state.i2c().open_delay()?))?;
        gpio::board(linker)
    }

    fn data(&self, host: &HostConfig, board: &Board) -> State {
        let mut host = host.clone();
        (self.config)(&mut host);
        let (clock, delay) = (board.clone(), self.delay);
        let mut i2c = I2cCtx::new(move || delay(clock.delay()));
        for (label, bus) in &host.i2c {
            let (name, board, driver) = (label.clone(), board.clone(), self.i2c_bus);
            i2c.bus(label, i2c_policy(bus), move || {
                board.i2c(&name).map(driver).map_err(|why| why.to_string())
            });
        }
        let spi = spi::context(&host, board, self.spi_device);
        let gpio = gpio::context(&host, board, self.gpio_line, (self.delay)(board.delay()));
        let usb = usb::context(&host.usb, board, self.usb_driver);
        State { table: ResourceTable::new(), i2c, spi, gpio, usb }
    }
}

/// What the fixture says of a bus, as the reference host's policy.
pub(crate) fn i2c_policy(bus: &I2cBusHost) -> BusPolicy {
    let mut policy = if bus.allow.is_none() { BusPolicy::allow_all() } else { BusPolicy::new() };
    for allow in bus.allow.iter().flatten() {
        let access = match allow.access {
            I2cAccess::Read => Access::Read,
            I2cAccess::Write => Access::Write,
            I2cAccess::ReadWrite => Access::ReadWrite,
        };
        policy = policy.allow(allow.address, access);
    }
    match bus.most_bytes {
        Some(most) => policy.most_bytes(most as usize),
        None => policy,
    }
}
