//! A driver's hold on a line: the operations that a kernel offers on a request.

use super::config::{ActionConfig, AfterRelease, AnalogKind, Event, FaultKind, Later, Level, Step};
use super::events::{LineEvent, Queue, Sample};
use super::node;
use super::request::{Drive, Edges, Refusal, Request};
use super::state::{LineState, Owner};
use crate::board::{Board, State};
use crate::config::Action;
use std::task::{Context, Poll};

/// A driver's hold on a line. Nobody else can request the line until it is dropped.
pub struct Line {
    board: Board,
    at: usize,
    request: u64,
}

impl Board {
    /// Requests a GPIO line, as `GPIO_V2_GET_LINE_IOCTL` does on Linux.
    pub fn gpio(&self, name: &str, request: &Request) -> Result<Line, Refusal> {
        let mut state = self.lock();
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
        let words = format!("REQUEST {}", request.words(line.greatest()));
        gpio.settle(at, Some(words), now);
        if let Some(ns) = settle {
            let event = Event::Later(Step(Later::Settled { request: number }));
            state.now.after(ns, Action::Gpio(ActionConfig { gpio: name.to_owned(), event }));
        }
        state.pass_on();
        drop(state);
        Ok(Line { board: self.clone(), at, request: number })
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

/// Whether the line can do what is asked for; the answer is that, with any level in raw values.
fn admit(line: &LineState, request: &Request) -> Result<Request, Refusal> {
    if line.gone {
        return Err(Refusal::Gone);
    }
    if !line.config.can(request) {
        return Err(Refusal::Unsupported);
    }
    let drive = request.drive.map(|drive| match drive {
        Drive::Level(level) if request.analog => {
            Drive::Value(if level == Level::High { line.greatest() } else { 0 })
        }
        drive => drive,
    });
    let fits = match drive {
        None => true,
        Some(Drive::Level(_)) => !request.analog && request.drives(),
        Some(Drive::Value(value)) => request.analog && request.drives() && value <= line.greatest(),
    };
    let fits = fits && !(request.analog && request.open_drain);
    if fits { Ok(Request { drive, ..*request }) } else { Err(Refusal::Invalid) }
}

impl Line {
    /// The level of the line now (`GPIO_V2_LINE_GET_VALUES_IOCTL`), also of one that is driven.
    pub fn get(&self) -> Result<Level, Refusal> {
        match self.sample()? {
            Sample::Level(level) => Ok(level),
            Sample::Value(_) => Err(Refusal::Invalid),
        }
    }

    /// Drives a level (`GPIO_V2_LINE_SET_VALUES_IOCTL`), switching the driver on if it is off.
    pub fn set(&self, level: Level) -> Result<(), Refusal> {
        self.drive(Drive::Level(level))
    }

    /// The level that the line's driver was last told to give, if it is on. Asks no hardware.
    pub fn driven(&self) -> Option<Level> {
        match self.board.lock().gpio.lines[self.at].driver {
            Some(Drive::Level(level)) => Some(level),
            _ => None,
        }
    }

    /// The raw value of an analog line now.
    pub fn value(&self) -> Result<u32, Refusal> {
        match self.sample()? {
            Sample::Value(value) => Ok(value),
            Sample::Level(_) => Err(Refusal::Invalid),
        }
    }

    /// What the line has now, of the kind for which it was requested.
    pub fn sample(&self) -> Result<Sample, Refusal> {
        self.operate(|line, request| match (request.analog, request.reads()) {
            (false, _) => Ok(Sample::Level(node::level(line.volts))),
            (true, true) => Ok(Sample::Value(node::value(line.volts, line.greatest()))),
            (true, false) => Err(Refusal::Invalid),
        })
    }

    /// Drives a raw value, up to [`Line::greatest`].
    pub fn set_value(&self, value: u32) -> Result<(), Refusal> {
        self.drive(Drive::Value(value))
    }

    /// The greatest raw value; 1 of a line that is not analog.
    pub fn greatest(&self) -> u32 {
        self.board.lock().gpio.lines[self.at].greatest()
    }

    /// Asks for something else (`GPIO_V2_LINE_SET_CONFIG_IOCTL`) without giving the line back.
    pub fn configure(&self, request: &Request) -> Result<(), Refusal> {
        let mut state = self.board.lock();
        let State { now, gpio, .. } = &mut *state;
        let line = &mut gpio.lines[self.at];
        self.owns(line)?;
        let request = &admit(line, request)?;
        let greatest = line.greatest();
        let before = line.request.replace(*request).map(|before| before.words(greatest));
        line.take(request);
        let words = request.words(greatest);
        let words = (before.as_ref() != Some(&words)).then(|| format!("CONFIGURE {words}"));
        gpio.settle(self.at, words, now);
        state.pass_on();
        Ok(())
    }

    /// The next edge or new value that the request asked for, and that nobody took yet. Takes no time.
    /// An error that says that the line is gone is there for everyone who waits.
    pub fn poll_event(&self, context: &mut Context<'_>) -> Poll<Result<LineEvent, Refusal>> {
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

    /// Whether an event waits to be taken, or the line is gone. Takes nothing.
    pub fn has_event(&self) -> bool {
        let state = self.board.lock();
        let line = &state.gpio.lines[self.at];
        self.owns(line).is_err() || !line.queue.is_empty()
    }

    /// Whether the line has settled after its request, or is gone.
    pub fn has_settled(&self) -> bool {
        let state = self.board.lock();
        let line = &state.gpio.lines[self.at];
        self.owns(line).is_err() || line.settled
    }

    /// Waits until the line has settled after its request.
    pub fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
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

    fn owns(&self, line: &LineState) -> Result<(), Refusal> {
        if line.gone || line.owner != Owner::Request(self.request) { Err(Refusal::Gone) } else { Ok(()) }
    }

    /// Charges an operation that reads, and does it if nothing goes wrong.
    fn operate<T>(&self, run: impl FnOnce(&LineState, Request) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut state = self.board.lock();
        let request = self.begin(&mut state)?;
        run(&state.gpio.lines[self.at], request)
    }

    fn drive(&self, wanted: Drive) -> Result<(), Refusal> {
        let mut state = self.board.lock();
        let request = self.begin(&mut state)?;
        let State { now, gpio, .. } = &mut *state;
        let line = &mut gpio.lines[self.at];
        let fits = match wanted {
            Drive::Level(_) => !request.analog,
            Drive::Value(value) => request.analog && value <= line.greatest(),
        };
        if !fits || !request.drives() {
            return Err(Refusal::Invalid);
        }
        if line.driver.replace(wanted) == Some(wanted) {
            return Ok(());
        }
        let pwm = line.config.analog.as_ref().is_some_and(|analog| analog.kind == AnalogKind::Pwm);
        let words = match wanted {
            Drive::Level(Level::High) if line.open_drain => "DRIVE float".to_owned(),
            Drive::Level(level) => format!("DRIVE {level}"),
            Drive::Value(value) if pwm => format!("DUTY {value}/{}", line.greatest()),
            Drive::Value(value) => format!("VALUE {value}/{}", line.greatest()),
        };
        gpio.settle(self.at, Some(words), now);
        state.pass_on();
        Ok(())
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

impl From<FaultKind> for Refusal {
    fn from(kind: FaultKind) -> Refusal {
        match kind {
            FaultKind::Io => Refusal::Io,
            FaultKind::Timeout => Refusal::Timeout,
            FaultKind::Denied => Refusal::Denied,
            FaultKind::Gone => Refusal::Gone,
        }
    }
}
