//! What the embedder of `wasi:gpio` relies on and no guest can judge: policy, and what the host asks of a driver.

use crate::bindings::gpio::wasi::gpio::digital::HostDigitalInPin;
use crate::gpio::{
    AnalogOut, DigitalIn, DigitalInOut, DigitalOut, GpioCtx, GpioCtxView, GpioError, Mode, PinConfig,
};
use embedded_hal::delay::DelayNs;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Direction, Edges, Event, Level, Line, Pull, Request, Sample};
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi_io::bindings::wasi::io::poll::HostPollable;

struct NoDelay;

impl DelayNs for NoDelay {
    fn delay_ns(&mut self, _: u32) {}
}

/// A line that is low, and on which nothing happens.
struct Quiet;

impl Line for Quiet {
    fn get(&mut self) -> Result<Sample, Refusal> {
        Ok(Sample::Level(Level::Low))
    }

    fn set(&mut self, _: Sample) -> Result<(), Refusal> {
        Ok(())
    }

    fn greatest(&self) -> u32 {
        1
    }

    fn configure(&mut self, _: &Request) -> Result<(), Refusal> {
        Ok(())
    }

    fn poll_event(&mut self, _: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        Poll::Pending
    }

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        Poll::Ready(Ok(()))
    }

    fn has_event(&mut self) -> bool {
        false
    }

    fn has_settled(&mut self) -> bool {
        true
    }
}

/// A context with one pin, and what was asked of its driver, which answers with `answer`.
fn context(
    config: PinConfig,
    answer: fn(&Request) -> Result<(), Refusal>,
) -> (GpioCtx, Arc<Mutex<Vec<Request>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut ctx = GpioCtx::new(NoDelay);
    let asking = Arc::clone(&asked);
    ctx.pin("pin", config, move |request| {
        asking.lock().unwrap().push(*request);
        answer(request).map(|()| Box::new(Quiet) as Box<dyn Line>)
    });
    (ctx, asked)
}

fn refusal<T>(opened: Result<Resource<T>, GpioError>) -> String {
    opened.map_or_else(|error| format!("{error:?}"), |_| "opened".to_owned())
}

#[test]
fn refusals_come_in_their_order_and_the_driver_is_asked_last() {
    let (mut ctx, asked) = context(PinConfig::new(), |_| Ok(()));
    let mut table = ResourceTable::new();
    let mut view = GpioCtxView { ctx: &mut ctx, table: &mut table };
    assert_eq!(refusal(view.open::<DigitalOut>("pi")), format!("{:?}", GpioError::UndefinedPinLabel));
    assert_eq!(refusal(view.open::<DigitalOut>("pin")), format!("{:?}", GpioError::PinNotAllowed));
    let (mut ctx, asked_too) = context(PinConfig::new().allow([Mode::DigitalIn]), |_| Err(Refusal::Busy));
    let mut view = GpioCtxView { ctx: &mut ctx, table: &mut table };
    assert_eq!(refusal(view.open::<DigitalOut>("pin")), format!("{:?}", GpioError::PinModeNotAllowed));
    assert!(asked.lock().unwrap().is_empty() && asked_too.lock().unwrap().is_empty());
    assert_eq!(refusal(view.open::<DigitalIn>("pin")), format!("{:?}", GpioError::AlreadyInUse));
}

#[test]
fn an_output_is_asked_for_inactive_and_an_in_out_pin_undriven() {
    let config = PinConfig::new().active_low().pull(Pull::Up).open_drain().allow_all();
    let (mut ctx, asked) = context(config, |_| Ok(()));
    let mut table = ResourceTable::new();
    let mut view = GpioCtxView { ctx: &mut ctx, table: &mut table };
    view.open::<DigitalOut>("pin").unwrap();
    view.open::<DigitalInOut>("pin").unwrap();
    view.open::<AnalogOut>("pin").unwrap();
    let asked_for = |request| Request { pull: Some(Pull::Up), open_drain: true, ..request };
    let inactive = Some(Sample::Level(Level::High));
    let expected = [
        asked_for(Request { drive: inactive, ..Request::digital(Direction::Out) }),
        asked_for(Request { edges: Edges::Both, ..Request::digital(Direction::InOut) }),
        asked_for(Request { drive: inactive, ..Request::analog(Direction::Out) }),
    ];
    assert_eq!(*asked.lock().unwrap(), expected);
}

#[test]
fn hardware_without_events_is_asked_again_without_them() {
    let without = |request: &Request| match request.edges {
        Edges::None => Ok(()),
        _ => Err(Refusal::Unsupported),
    };
    let (mut ctx, asked) = context(PinConfig::new().allow_all(), without);
    let mut table = ResourceTable::new();
    let mut view = GpioCtxView { ctx: &mut ctx, table: &mut table };
    let pin = view.open::<DigitalIn>("pin").unwrap();
    assert_eq!(asked.lock().unwrap().len(), 2);
    let watch = view.watch_rising_edge(pin).unwrap();
    assert!(matches!(watch, Err(GpioError::OperationNotSupported)));
    let (mut ctx, _) = context(PinConfig::new().allow_all(), |_| Err(Refusal::Unsupported));
    let mut view = GpioCtxView { ctx: &mut ctx, table: &mut table };
    assert_eq!(refusal(view.open::<DigitalIn>("pin")), format!("{:?}", GpioError::PinModeNotAvailable));
}

#[test]
fn a_watch_that_was_dropped_leaves_nothing_and_too_many_are_refused() {
    let (mut ctx, _) = context(PinConfig::new().allow_all(), |_| Ok(()));
    let mut table = ResourceTable::new();
    let mut view = GpioCtxView { ctx: &mut ctx, table: &mut table };
    let pin = view.open::<DigitalIn>("pin").unwrap();
    let handle = || Resource::new_borrow(pin.rep());
    for _ in 0..3_000 {
        let pollable = view.watch_rising_edge(handle()).unwrap().unwrap();
        HostPollable::drop(view.table, pollable).unwrap();
    }
    let refused = (0..3_000).find_map(|made| match view.watch_rising_edge(handle()).unwrap() {
        Ok(_) => None,
        Err(error) => Some((made, error)),
    });
    assert!(matches!(refused, Some((1_000, GpioError::Other(_)))), "{refused:?}");
}
