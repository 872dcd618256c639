//! The reference host `wasi-hw-wasmtime`, embedded over the drivers of any board: the mock in this process, or one behind
//! the adapter protocol.

pub mod gpio;
pub mod i2c;
pub mod spi;
pub mod usb;

use crate::runtime::About;
use crate::runtime::engine::{BoardI2c, Embedding, Guest};
use crate::suite::fixture::HostConfig;
use std::any::Any;
use std::sync::Arc;
use wasi_hw_seam::{self as seam, Board};
use wasi_hw_wasmtime as host;
use wasi_hw_wasmtime::gpio::GpioCtx;
use wasi_hw_wasmtime::i2c::{Bus, I2cCtx, I2cView};
use wasi_hw_wasmtime::spi::{Device, SpiCtx};
use wasi_hw_wasmtime::usb::UsbCtx;
use wasmtime::component::{Linker, ResourceTable};

/// The embedding of the reference host. Its parts can be exchanged, to put it over other seams or to
/// make a wrong host of it.
pub struct Reference {
    /// The name, and the seam of each proposal.
    pub about: About,
    /// Changes what the embedder configured.
    pub config: fn(&mut HostConfig),
    /// Puts something between the host and a board's drivers.
    pub board: fn(Arc<dyn Board>) -> Arc<dyn Board>,
    /// Adds `wasi:i2c` to a linker.
    pub link_i2c: Link,
    /// Puts a driver of an I²C bus under the host.
    pub i2c_bus: fn(Box<dyn seam::i2c::Bus>) -> Bus,
    /// Adds `wasi:spi` to a linker, under both of its names.
    pub link_spi: Link,
    /// Puts a driver of an SPI device under the host.
    pub spi_device: fn(Box<dyn seam::spi::Device>) -> Device,
    /// Adds `wasi:gpio` and `wasi:io/poll` to a linker.
    pub link_gpio: Link,
    /// Requests a GPIO line for the host.
    pub gpio_line: gpio::Open,
    /// Adds `wasi:usb` to a linker, under both of its names.
    pub link_usb: Link,
    /// What functions that are linked in the place of the host's find in the store.
    pub instead: Instead,
}

/// The functions of a wrong host, which who links them knows the type of. They are found in the store and not linked
/// as functions of their own, because a linked function costs a compiler much and a pointer nothing.
pub type Instead = Option<&'static (dyn Any + Send + Sync)>;

/// How the functions of a package are added to a linker.
pub type Link = fn(&mut Linker<State>) -> wasmtime::Result<()>;

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
            config: |_| {},
            board: |board| board,
            link_i2c: host::i2c::add_to_linker,
            i2c_bus: Bus::new,
            link_spi: spi::link,
            spi_device: Device::new,
            link_gpio: gpio::link,
            gpio_line: gpio::request,
            link_usb: usb::link,
            instead: None,
        }
    }
}

impl Reference {
    /// Over interfaces such as a kernel's, where the host itself makes messages of operations.
    pub fn kernel() -> Reference {
        let mut host = Reference::default();
        host.about.name = "wasmtime-kernel".to_owned();
        // Where the adapter protocol stands, too.
        host.about.seams.clear();
        Reference { i2c_bus: Bus::over_messages, spi_device: Device::over_transfers, ..host }
    }

    /// The same, to be run in processes of its own.
    pub fn child() -> Reference {
        let mut host = Reference::kernel();
        host.about.name = "wasmtime-child".to_owned();
        host
    }

    /// Speaking of each proposal the variant, where it has one.
    pub fn variants() -> Reference {
        let mut host = Reference::default();
        host.about.name = "wasmtime-variants".to_owned();
        let (spi, usb) = (host::spi::unversioned::PACKAGE, host::usb::COMPONENT_PACKAGE);
        host.about.packages = [host::i2c::PACKAGE, spi, host::gpio::PACKAGE, usb].map(str::to_owned).into();
        host
    }
}

/// What it keeps in a store.
pub struct State {
    table: ResourceTable,
    i2c: I2cCtx,
    spi: SpiCtx,
    spi_named: spi::Named,
    usb: UsbCtx,
    gpio: GpioCtx,
    instead: Instead,
    guest: Guest,
}

impl State {
    /// The functions that stand in the place of the host's, if they are of this type.
    pub fn instead<T: 'static>(&self) -> Option<&'static T> {
        self.instead?.downcast_ref()
    }
}

impl Embedding for Reference {
    type Data = State;

    fn about(&self) -> About {
        self.about.clone()
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        (self.link_i2c)(linker)?;
        (self.link_spi)(linker)?;
        (self.link_gpio)(linker)?;
        (self.link_usb)(linker)?;
        let mut board = BoardI2c::new(linker)?;
        board.open_bus(|state, label| state.i2c().open(label))?;
        board.open_delay(|state| Ok(state.i2c().open_delay()?))?;
        gpio::board(linker)
    }

    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> State {
        let mut host = host.clone();
        (self.config)(&mut host);
        let board = (self.board)(Arc::clone(board));
        State {
            table: ResourceTable::new(),
            i2c: i2c::context(&host.i2c, &board, self.i2c_bus),
            spi: spi::context(&host.spi, &board, self.spi_device),
            spi_named: spi::named(&host.spi, &board, self.spi_device),
            gpio: gpio::context(&host.gpio, &board, self.gpio_line),
            usb: usb::context(&host.usb, &*board),
            instead: self.instead,
            guest,
        }
    }

    fn guest(state: &mut State) -> &mut Guest {
        &mut state.guest
    }
}
