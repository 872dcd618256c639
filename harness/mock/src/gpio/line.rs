//! A driver's hold on a line: the operations that a kernel offers on a request.

use super::config::{ActionConfig, AfterRelease, AnalogKind, Event, Later, Step};
use super::events::Queue;
use super::node;
use super::request::{admit, words};
use super::state::{LineState, Owner};
use crate::board::{Board, State};
use crate::config::Action;
use std::task::{Context, Poll};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{self as seam, Edges, Level, Request, Sample};

/// A driver's hold on a line. Nobody else can request the line until it is dropped.
pub(crate) struct Line {
    board: Board,
    at: usize,
    request: u64,
}

impl Line {
    pub(crate) fn request(board: &Board, name: &str, request: &Request) -> Result<Line, Refusal> {
        let mut state = board.lock();
        let State { now, gpio, .. } = &mut *state;
        let at = gpio.place(name).ok_or(Refusal::Missing)?;
        let request = &admit(&gpio.lines[at], request)?;
        if gpio.lines[at].owner != Owner::Nobody {
            return Err(Refusal::Busy);
        }
        if let Some(kind) = gpio.fault(at, true, now) {
            return Err(kind.into());
        }
        let number = gpio.next_request();
        let line = &mut gpio.lines[at];
        line.owner = Owner::Request(number);
        line.queue = Queue::default();
        line.settled = line.config.settle_ns == 0;
        line.take(request);
        let settle = (!line.settled).then_some(line.config.settle_ns);
        let words = format!("REQUEST {}", words(request, line.greatest()));
        gpio.settle(at, Some(words), now);
        if let Some(ns) = settle {
            let event = Event::Later(Step(Later::Settled { request: number }));
            state.now.after(ns, Action::Gpio(ActionConfig { gpio: name.to_owned(), event }));
        }
        state.pass_on();
        drop(state);
        Ok(Line { board: board.clone(), at, request: number })
    }
}

impl LineState {
    /// Puts the chip into the state that a request asks for.
    fn take(&mut self, request: &Request) {
        self.request = Some(*request);
        self.bias = request.pull;
        self.open_drain = request.open_drain;
        self.driver = request.drive;
    }
}

impl seam::Line for Line {
    fn get(&mut self) -> Result<Sample, Refusal> {
        let mut state = self.board.lock();
        let request = self.begin(&mut state)?;
        let line = &state.gpio.lines[self.at];
        match (request.analog, request.reads()) {
            (false, _) => Ok(Sample::Level(node::level(line.volts))),
            (true, true) => Ok(Sample::Value(node::value(line.volts, line.greatest()))),
            (true, false) => Err(Refusal::Invalid),
        }
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let mut state = self.board.lock();
        let request = self.begin(&mut state)?;
        let State { now, gpio, .. } = &mut *state;
        let line = &mut gpio.lines[self.at];
        let fits = match to {
            Sample::Level(_) => !request.analog,
            Sample::Value(value) => request.analog && value <= line.greatest(),
        };
        if !fits || !request.drives() {
            return Err(Refusal::Invalid);
        }
        if line.driver.replace(to) == Some(to) {
            return Ok(());
        }
        let pwm = line.config.analog.as_ref().is_some_and(|analog| analog.kind == AnalogKind::Pwm);
        let words = match to {
            Sample::Level(Level::High) if line.open_drain => "DRIVE float".to_owned(),
            Sample::Level(level) => format!("DRIVE {level}"),
            Sample::Value(value) if pwm => format!("DUTY {value}/{}", line.greatest()),
            Sample::Value(value) => format!("VALUE {value}/{}", line.greatest()),
        };
        gpio.settle(self.at, Some(words), now);
        state.pass_on();
        Ok(())
    }

    fn greatest(&self) -> u32 {
        self.board.lock().gpio.lines[self.at].greatest()
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let mut state = self.board.lock();
        let State { now, gpio, .. } = &mut *state;
        let line = &mut gpio.lines[self.at];
        self.owns(line)?;
        let request = &admit(line, request)?;
        let greatest = line.greatest();
        let before = line.request.replace(*request).map(|before| words(&before, greatest));
        line.take(request);
        let words = words(request, greatest);
        let words = (before.as_ref() != Some(&words)).then(|| format!("CONFIGURE {words}"));
        gpio.settle(self.at, words, now);
        state.pass_on();
        Ok(())
    }

    /// Takes no time.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<seam::Event, Refusal>> {
        let mut state = self.board.lock();
        let line = &mut state.gpio.lines[self.at];
        if let Err(why) = self.owns(line) {
            return Poll::Ready(Err(why));
        }
        match line.queue.pop() {
            Some(event) => Poll::Ready(Ok(event)),
            None => {
                line.queue.wait(context.waker());
                Poll::Pending
            }
        }
    }

    /// Takes no time.
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        let mut state = self.board.lock();
        let line = &mut state.gpio.lines[self.at];
        match self.owns(line) {
            Err(why) => Poll::Ready(Err(why)),
            Ok(()) if line.settled => Poll::Ready(Ok(())),
            Ok(()) => {
                line.queue.wait(context.waker());
                Poll::Pending
            }
        }
    }

    fn has_event(&mut self) -> bool {
        let state = self.board.lock();
        let line = &state.gpio.lines[self.at];
        self.owns(line).is_err() || !line.queue.is_empty()
    }

    fn has_settled(&mut self) -> bool {
        let state = self.board.lock();
        let line = &state.gpio.lines[self.at];
        self.owns(line).is_err() || line.settled
    }
}

impl Line {
    fn owns(&self, line: &LineState) -> Result<(), Refusal> {
        if line.gone || line.owner != Owner::Request(self.request) { Err(Refusal::Gone) } else { Ok(()) }
    }

    /// Charges an operation, and says what stands against it; otherwise what was requested.
    fn begin(&self, state: &mut State) -> Result<Request, Refusal> {
        state.operation();
        let State { now, gpio, .. } = &mut *state;
        self.owns(&gpio.lines[self.at])?;
        if let Some(kind) = gpio.fault(self.at, false, now) {
            state.pass_on();
            return Err(kind.into());
        }
        let line = &gpio.lines[self.at];
        if line.settled { line.request.ok_or(Refusal::Gone) } else { Err(Refusal::NotReady) }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        let State { now, gpio, .. } = &mut *state;
        let line = &mut gpio.lines[self.at];
        now.line(&line.channel, "RELEASE");
        if line.owner != Owner::Request(self.request) {
            return;
        }
        line.owner = Owner::Nobody;
        if line.config.after_release == AfterRelease::Floats {
            (line.driver, line.bias) = (None, None);
        }
        gpio.settle(self.at, None, now);
        // Nobody is told any more of what happens on the line.
        let line = &mut gpio.lines[self.at];
        line.queue = Queue::default();
        line.request = line.request.map(|request| Request { edges: Edges::None, ..request });
        state.pass_on();
    }
}
