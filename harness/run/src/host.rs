//! The reference host with `wasi:cli`, and a component in it.

use crate::delays::{DelayLimits, Delays, Ended, over};
use crate::limits::{Limits, Taken};
use anyhow::anyhow;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};
use wasi_hw_harness::runtime::engine::{BoardGpio, BoardI2c, link_failure};
use wasi_hw_harness::runtime::reference::{
    gpio as gpio_context, i2c as i2c_context, spi as spi_context, usb as usb_context,
};
use wasi_hw_harness::suite::fixture::HostConfig;
use wasi_hw_mock::{Board as Mock, Idle};
use wasi_hw_seam::Board;
use wasi_hw_wasmtime::gpio::{self, GpioCtx, GpioCtxView, GpioView};
use wasi_hw_wasmtime::i2c::{self, Bus, I2cCtx, I2cCtxView, I2cView};
use wasi_hw_wasmtime::spi::{self, Device, SpiCtx, SpiCtxView, SpiView};
use wasi_hw_wasmtime::usb::{self, UsbCtx, UsbCtxView, UsbView};
use wasmtime::component::{Component, InstancePre, Linker, ResourceTable, ResourceTableError};
use wasmtime::{Config, Engine, OptLevel, Store, Trap};
use wasmtime_wasi::p2::bindings::CommandPre;
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxView, WasiView};

/// How a component ended.
pub(crate) enum Outcome {
    /// It returned or exited.
    Exited(u8),
    /// It was ended.
    Limit(String),
    /// It trapped.
    Trapped(String),
}

/// What a store holds.
pub(crate) struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    i2c: I2cCtx,
    spi: SpiCtx,
    gpio: GpioCtx,
    usb: UsbCtx,
    taken: Taken,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
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

/// Compiles components whose guests can be ended.
pub(crate) fn engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.epoch_interruption(true);
    // A driver waits for its device most of the time; who started it waits for the compiler.
    config.cranelift_opt_level(OptLevel::None);
    Engine::new(&config)
}

/// A board without devices.
pub(crate) fn nothing() -> Arc<dyn Board> {
    Arc::new(Mock::new(&wasi_hw_mock::BoardConfig::default()).expect("a board without parts is well-formed"))
}

/// Everything that a component can import.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    i2c::add_to_linker(&mut linker)?;
    spi::add_to_linker(&mut linker)?;
    spi::unversioned::add_to_linker(&mut linker)?;
    gpio::add_to_linker(&mut linker)?;
    usb::add_to_linker(&mut linker)?;
    usb::add_component_to_linker(&mut linker)?;
    let mut board = BoardI2c::new(&mut linker)?;
    board.open_bus(|state: &mut State, label| state.i2c().open(label))?;
    board.open_delay(|state| Ok(state.i2c().open_delay()?))?;
    let mut board = BoardGpio::new(&mut linker)?;
    board
        .open("open-digital-out", |state: &mut State, label| state.gpio().open::<gpio::DigitalOut>(label))?;
    board.open("open-digital-in", |state, label| state.gpio().open::<gpio::DigitalIn>(label))?;
    board.open("open-digital-in-out", |state, label| state.gpio().open::<gpio::DigitalInOut>(label))?;
    board.open("open-analog-out", |state, label| state.gpio().open::<gpio::AnalogOut>(label))?;
    board.open("open-analog-in", |state, label| state.gpio().open::<gpio::AnalogIn>(label))?;
    board.open("open-analog-in-out", |state, label| state.gpio().open::<gpio::AnalogInOut>(label))?;
    Ok(linker)
}

/// A component with all that it imports; or everything that is missing or of another shape.
pub(crate) fn link(
    engine: &Engine,
    component: &Component,
    bytes: &[u8],
) -> anyhow::Result<InstancePre<State>> {
    let linker =
        linker(engine).map_err(|error| anyhow!("the host cannot be added to a linker: {error:#}"))?;
    linker
        .instantiate_pre(component)
        .map_err(|error| anyhow!(link_failure(&linker, component, bytes, format!("{error:#}"))))
}

/// Runs a component to its end. When this returns nothing of it holds a driver any more.
pub(crate) fn run(
    linked: InstancePre<State>,
    command: &[String],
    config: &HostConfig,
    board: &Arc<dyn Board>,
    mock: Option<&Mock>,
    limits: Limits,
) -> wasmtime::Result<Outcome> {
    let engine = &linked.engine().clone();
    let limit = limits.seconds.map(Duration::from_secs);
    let until = limits.seconds.zip(limit.and_then(|limit| Instant::now().checked_add(limit)));
    let delays = DelayLimits {
        longest: Duration::from_secs(limits.longest_delay),
        until: until.map(|(seconds, until)| (until, seconds)),
    };
    let board: Arc<dyn Board> = Arc::new(Delays::new(Arc::clone(board), delays));
    let mut table = ResourceTable::new();
    table.set_max_capacity(limits.handles);
    let state = State {
        table,
        wasi: WasiCtx::builder().inherit_stdio().args(command).build(),
        i2c: i2c_context::context(&config.i2c, &board, Bus::over_messages),
        spi: spi_context::context(&config.spi, &board, Device::over_transfers),
        gpio: gpio_context::context(&config.gpio, &board, gpio_context::request),
        usb: usb_context::context(&config.usb, &*board),
        taken: Taken::new(limits.memory),
    };
    drop(board);
    let command = CommandPre::new(linked)?;
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.taken);
    store.set_epoch_deadline(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let clock = limit.map(|limit| Clock::start(engine, limit));
    let run = || {
        runtime.block_on(async {
            let call = async {
                let command = command.instantiate_async(&mut store).await?;
                command.wasi_cli_run().call_run(&mut store).await
            };
            let call = at_board(mock, call);
            match limit {
                Some(limit) => tokio::time::timeout(limit, call).await.map_err(|_| ()),
                None => Ok(call.await),
            }
        })
    };
    // The store is dropped whatever happened in it, and with it what the component held.
    let ended = catch_unwind(AssertUnwindSafe(run));
    let refused = store.data().taken.refused();
    drop((store, clock));
    let late = || Outcome::Limit(over(limits.seconds.unwrap_or_default()));
    let trapped = |why: String, full: bool| match (full, refused) {
        (true, _) => format!("it has all the handles that it may have (--handles): {why}"),
        (false, true) => format!("{why}; it had been refused more memory (--memory)"),
        (false, false) => why,
    };
    Ok(match ended {
        Err(payload) => match payload.downcast::<Ended>() {
            Ok(ended) => Outcome::Limit(ended.0),
            Err(other) => resume_unwind(other),
        },
        Ok(Err(())) => late(),
        Ok(Ok(Ok(Ok(())))) => Outcome::Exited(0),
        Ok(Ok(Ok(Err(())))) => Outcome::Exited(1),
        Ok(Ok(Err(error))) => match (error.downcast_ref::<I32Exit>(), error.downcast_ref::<Trap>()) {
            (Some(I32Exit(code)), _) => Outcome::Exited(u8::try_from(*code).unwrap_or(1)),
            (None, Some(Trap::Interrupt)) => late(),
            (None, Some(trap)) => Outcome::Trapped(trapped(trap.to_string(), false)),
            (None, None) => {
                let full = matches!(error.downcast_ref(), Some(ResourceTableError::Full));
                Outcome::Trapped(trapped(format!("{:#}", error.root_cause()), full))
            }
        },
    })
}

/// Drives a future. On a mock board time passes when everybody waits: there it goes on to the next thing that happens.
async fn at_board<F: Future>(mock: Option<&Mock>, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(output);
        }
        // After each step the outside has its turn: terminals, clocks, and the limit. Where nothing can happen on the board any
        // more, only the outside can wake it.
        if mock.is_some_and(|mock| mock.idle() != Idle::Dead) {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    })
    .await
}

/// Ends, after a while, a guest that computes and waits for nothing.
struct Clock(mpsc::Sender<()>);

impl Clock {
    fn start(engine: &Engine, limit: Duration) -> Clock {
        let (sender, stopped) = mpsc::channel::<()>();
        let engine = engine.clone();
        thread::spawn(move || {
            if stopped.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        });
        Clock(sender)
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.send(());
    }
}
