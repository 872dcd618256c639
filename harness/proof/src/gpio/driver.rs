//! Wrong drivers: the mock's line, decorated. Each does only what a host at this seam could ask for.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::task::{Context, Poll};
use wasi_hw_harness::runtime::reference::gpio::request;
use wasi_hw_mock::Board;
use wasi_hw_wasmtime::gpio::{Level, Line, LineError, Request, Sample};

/// What a wrong driver does instead of what it is asked for.
pub(super) trait Twist: Send + 'static {
    /// Asks for a line.
    fn request(board: &Board, name: &str, wanted: &Request) -> Result<Box<dyn Line>, LineError> {
        request(board, name, wanted)
    }

    fn get(state: &mut State, line: &mut dyn Line) -> Result<Level, LineError> {
        let _ = state;
        line.get()
    }

    fn set(state: &mut State, level: Level, line: &mut dyn Line) -> Result<(), LineError> {
        let _ = state;
        line.set(level)
    }

    fn value(state: &mut State, line: &mut dyn Line) -> Result<u32, LineError> {
        let _ = state;
        line.value()
    }

    fn set_value(state: &mut State, value: u32, line: &mut dyn Line) -> Result<(), LineError> {
        let _ = state;
        line.set_value(value)
    }

    fn poll_event(state: &mut State, context: &mut Context<'_>, line: &mut dyn Line) -> Event {
        let _ = state;
        line.poll_event(context)
    }

    fn poll_ready(state: &mut State, context: &mut Context<'_>, line: &mut dyn Line) -> Poll<()> {
        let _ = state;
        line.poll_ready(context)
    }
}

pub(super) type Event = Poll<Result<Sample, LineError>>;

/// What a wrong driver remembers of a line between calls.
pub(super) struct State {
    /// What the line was requested with.
    pub(super) request: Request,
    /// A level that was read or set.
    pub(super) level: Option<Level>,
    /// Events that it still has for the host.
    pub(super) events: VecDeque<Sample>,
    /// Events that the host had.
    pub(super) taken: VecDeque<Sample>,
    /// Whether the line was found to be settling.
    pub(super) settling: bool,
}

/// Puts a twisted driver under the reference host.
pub(super) fn under<T: Twist>(
    board: &Board,
    name: &str,
    request: &Request,
) -> Result<Box<dyn Line>, LineError> {
    let line = T::request(board, name, request)?;
    let state = State {
        request: *request,
        level: None,
        events: VecDeque::new(),
        taken: VecDeque::new(),
        settling: false,
    };
    Ok(Box::new(Twisted::<T> { state, line, twist: PhantomData }))
}

struct Twisted<T> {
    state: State,
    line: Box<dyn Line>,
    twist: PhantomData<T>,
}

impl<T: Twist> Line for Twisted<T> {
    fn get(&mut self) -> Result<Level, LineError> {
        T::get(&mut self.state, &mut *self.line)
    }

    fn set(&mut self, level: Level) -> Result<(), LineError> {
        T::set(&mut self.state, level, &mut *self.line)
    }

    fn greatest(&self) -> u32 {
        self.line.greatest()
    }

    fn value(&mut self) -> Result<u32, LineError> {
        T::value(&mut self.state, &mut *self.line)
    }

    fn set_value(&mut self, value: u32) -> Result<(), LineError> {
        T::set_value(&mut self.state, value, &mut *self.line)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Event {
        T::poll_event(&mut self.state, context, &mut *self.line)
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        T::poll_ready(&mut self.state, context, &mut *self.line)
    }
}
