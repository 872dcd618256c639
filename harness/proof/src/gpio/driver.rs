//! Wrong drivers: the mock's line, decorated. Each does only what a host at this seam could ask for.

use crate::Wrong;
use std::collections::{BTreeSet, VecDeque};
use std::marker::PhantomData;
use std::sync::Mutex;
use std::task::{Context, Poll};
use wasi_hw_seam::gpio::{Event, Line, Request, Sample};
use wasi_hw_seam::{Board, Over, Refusal};

pub(super) type Done<T> = Result<T, Refusal>;

/// Names of lines.
pub(super) type Given = Mutex<BTreeSet<String>>;

/// What a wrong driver does instead of what it is asked for.
pub(super) trait Twist: Send + 'static {
    /// Asks for a line. `given` has the names of lines, for whoever remembers them.
    fn request(given: &Given, board: &dyn Board, name: &str, wanted: &Request) -> Done<Box<dyn Line>> {
        let _ = given;
        board.gpio(name, wanted)
    }

    fn get(memory: &mut Memory, line: &mut dyn Line) -> Done<Sample> {
        let _ = memory;
        line.get()
    }

    fn set(memory: &mut Memory, to: Sample, line: &mut dyn Line) -> Done<()> {
        let _ = memory;
        line.set(to)
    }

    fn poll_event(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Polled {
        let _ = memory;
        line.poll_event(context)
    }

    fn poll_ready(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Poll<Done<()>> {
        let _ = memory;
        line.poll_ready(context)
    }
}

pub(super) type Polled = Poll<Done<Event>>;

/// What a wrong driver remembers of a line between calls.
pub(super) struct Memory {
    /// What the line was requested with.
    pub(super) request: Request,
    /// What was read or set.
    pub(super) sample: Option<Sample>,
    /// Events that it still has for the host.
    pub(super) events: VecDeque<Event>,
    /// Events that the host had.
    pub(super) taken: VecDeque<Event>,
    /// Whether the line was found to be settling.
    pub(super) settling: bool,
}

/// Lines whose drivers have a twist.
pub(super) type Lines<T> = Wrong<LinesOf<T>, Given>;

pub(super) struct LinesOf<T>(PhantomData<T>);

impl<T: Twist> Over for Lines<T> {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn gpio(&self, name: &str, request: &Request) -> Done<Box<dyn Line>> {
        let line = T::request(&self.memory, &*self.real, name, request)?;
        let memory = Memory {
            request: *request,
            sample: None,
            events: VecDeque::new(),
            taken: VecDeque::new(),
            settling: false,
        };
        Ok(Box::new(Twisted::<T> { memory, line, twist: PhantomData }))
    }
}

/// A driver with a twist.
struct Twisted<T> {
    memory: Memory,
    line: Box<dyn Line>,
    twist: PhantomData<T>,
}

impl<T: Twist> Line for Twisted<T> {
    fn get(&mut self) -> Done<Sample> {
        T::get(&mut self.memory, &mut *self.line)
    }

    fn set(&mut self, to: Sample) -> Done<()> {
        T::set(&mut self.memory, to, &mut *self.line)
    }

    fn greatest(&self) -> u32 {
        self.line.greatest()
    }

    fn configure(&mut self, request: &Request) -> Done<()> {
        self.line.configure(request)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Polled {
        T::poll_event(&mut self.memory, context, &mut *self.line)
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Done<()>> {
        T::poll_ready(&mut self.memory, context, &mut *self.line)
    }

    fn has_event(&mut self) -> bool {
        !self.memory.events.is_empty() || self.line.has_event()
    }

    fn has_settled(&mut self) -> bool {
        self.line.has_settled()
    }
}
