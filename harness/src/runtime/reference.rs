//! The reference host `wasi-hw-wasmtime`, embedded over a board's drivers.

pub mod gpio;
mod i2c;
pub(crate) mod remote;
mod spi;
pub mod usb;

use crate::runtime::About;
use crate::runtime::engine::{BoardI2c, Embedding, Guest};
use crate::suite::fixture::HostConfig;
use std::collections::BTreeMap;
use wasi_hw_mock::Board;
use wasi_hw_seam as seam;
use wasi_hw_wasmtime as host;
use wasi_hw_wasmtime::gpio::GpioCtx;
use wasi_hw_wasmtime::i2c::{Bus, I2cCtx, I2cView};
use wasi_hw_wasmtime::spi::{Device, SpiCtx};
use wasi_hw_wasmtime::usb::{Backend, UsbCtx, UsbCtxView, UsbView};
use wasmtime::component::{Linker, ResourceTable};

/// The embedding of the reference host. Its parts can be exchanged, to put it over other seams or to
/// make a wrong host of it.
pub struct Reference {
    /// The name, and the seam of each proposal.
    pub about: About,
    /// Adds `wasi:i2c` to a linker.
    pub link_i2c: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Changes what the embedder configured.
    pub config: fn(&mut HostConfig),
    /// Puts a driver of an I²C bus under the host.
    pub i2c_bus: fn(Box<dyn seam::i2c::Bus>) -> Bus,
    /// Puts something between the host and the board's delay.
    pub delay: fn(Box<dyn seam::Delay>) -> Box<dyn seam::Delay>,
    /// Adds `wasi:spi` to a linker, under both of its names.
    pub link_spi: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Puts a driver of an SPI device under the host.
    pub spi_device: fn(Box<dyn seam::spi::Device>) -> Device,
    /// Adds `wasi:usb` to a linker, under both of its names.
    pub link_usb: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Puts something between the host and the mock's USB devices.
    pub usb_backend: fn(Box<dyn Backend>) -> Box<dyn Backend>,
    /// Adds `wasi:gpio` and `wasi:io/poll` to a linker.
    pub link_gpio: fn(&mut Linker<Guest<State>>) -> wasmtime::Result<()>,
    /// Requests a line of the mock for the host.
    pub gpio_line: gpio::Open,
}

impl Default for Reference {
    /// Over the `embedded-hal` traits, where they reach.
    fn default() -> Reference {
        Reference {
            about: About {
                name: "wasmtime".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                packages: [host::i2c::PACKAGE, host::spi::PACKAGE, host::gpio::PACKAGE, host::usb::PACKAGE]
                    .map(str::to_owned)
                    .into(),
                seams: ["i2c", "spi"].map(|proposal| (proposal.to_owned(), "hal".to_owned())).into(),
                ..About::default()
            },
            link_i2c: wasi_hw_wasmtime::i2c::add_to_linker,
            config: |_| {},
            i2c_bus: Bus::new,
            delay: |delay| delay,
            link_spi: spi::link,
            spi_device: Device::new,
            link_usb: usb::link,
            usb_backend: |backend| backend,
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
            // Where the adapter protocol stands, too.
            seams: BTreeMap::new(),
            ..reference.about.clone()
        };
        Reference { about, i2c_bus: Bus::over_messages, spi_device: Device::over_transfers, ..reference }
    }

    /// Speaking of each proposal the variant, where it has one.
    pub fn variants() -> Reference {
        let reference = Reference::default();
        let about = About {
            name: "wasmtime-variants".to_owned(),
            packages: [
                host::i2c::PACKAGE,
                host::spi::unversioned::PACKAGE,
                host::gpio::PACKAGE,
                host::usb::COMPONENT_PACKAGE,
            ]
            .map(str::to_owned)
            .into(),
            ..reference.about.clone()
        };
        Reference { about, ..reference }
    }
}

/// What it keeps in a store.
pub struct State {
    table: ResourceTable,
    i2c: I2cCtx,
    spi: SpiCtx,
    usb: UsbCtx,
    gpio: GpioCtx,
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
        (self.link_i2c)(linker)?;
        (self.link_spi)(linker)?;
        (self.link_gpio)(linker)?;
        (self.link_usb)(linker)?;
        let mut board = BoardI2c::new(linker)?;
        board.open_bus(|state, label| state.i2c().open(label))?;
        board.open_delay(|state| Ok(state.i2c().open_delay()?))?;
        gpio::board(linker)
    }

    fn data(&self, host: &HostConfig, board: &Board) -> State {
        let mut host = host.clone();
        (self.config)(&mut host);
        let (clock, delay) = (board.clone(), self.delay);
        let mut i2c = I2cCtx::new(move || Box::new(delay(Box::new(clock.delay()))));
        for (label, bus) in &host.i2c {
            let (name, board, under) = (label.clone(), board.clone(), self.i2c_bus);
            i2c.bus(label, i2c::policy(bus), move || board.i2c(&name).map(under));
        }
        let mut spi = SpiCtx::new();
        for (name, device) in &host.spi {
            let (place, board, under) = (name.clone(), board.clone(), self.spi_device);
            let settings = spi::settings(device);
            spi.device(name, spi::policy(device), move || {
                let mut device = board.spi(&place)?;
                device.configure(settings)?;
                Ok(under(device))
            });
        }
        let gpio = gpio::context(&host, board, self.gpio_line, (self.delay)(Box::new(board.delay())));
        let usb = usb::context(&host.usb, board, self.usb_backend);
        State { table: ResourceTable::new(), i2c, spi, gpio, usb }
    }
}
