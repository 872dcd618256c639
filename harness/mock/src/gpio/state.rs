//! The lines of a board: who has them, what they carry, and what of it is written down.

use super::config::{AnalogConfig, AnalogKind, Digital, FaultKind, LineConfig};
use super::events::Queue;
use super::node::{self, Source};
use crate::now::Now;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_seam::gpio::{Direction, Edges, Level, Pull, Request, Sample};

/// The most steps of a ramp, and bounces of a contact.
pub(super) const MOST_STEPS: u16 = 1_000;

/// Every line of a board.
pub(crate) struct Lines {
    pub(super) lines: Vec<LineState>,
    pub(super) places: BTreeMap<String, usize>,
    /// Which lines a wire joins, by one of them.
    joined: Vec<Vec<usize>>,
    requests: u64,
    /// Somebody was woken since this was last asked.
    pub(super) woke: bool,
}

/// Who has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Nobody,
    Somebody,
    /// A driver of this board, by the number of its request.
    Request(u64),
}

/// One line.
pub(super) struct LineState {
    pub(super) channel: Arc<str>,
    pub(super) config: LineConfig,
    pub(super) gone: bool,
    pub(super) owner: Owner,
    /// What the owner asked for; stays for the channel's notation when it has gone.
    pub(super) request: Option<Request>,
    pub(super) settled: bool,
    pub(super) driver: Option<Sample>,
    pub(super) open_drain: bool,
    pub(super) bias: Option<Pull>,
    pub(super) other: Option<u64>,
    pub(super) closed: bool,
    pub(super) volts: u64,
    pub(super) operations: u32,
    /// What goes wrong in each operation, since the board said so.
    pub(super) failing: Option<FaultKind>,
    pub(super) queue: Queue,
    /// Counts what another chip was told to do, and presses and releases of the contact.
    pub(super) starts: u32,
}

impl LineState {
    pub(super) fn greatest(&self) -> u32 {
        self.config.analog.as_ref().map_or(1, |analog| analog.greatest.get())
    }

    /// The line's voltage, in the words of its channel.
    pub(super) fn words(&self, volts: u64) -> String {
        match self.is_analog() {
            true => format!("{}/{}", node::value(volts, self.greatest()), self.greatest()),
            false => node::level(volts).to_string(),
        }
    }

    /// The word that begins a line of its channel about a voltage.
    fn word(&self) -> &'static str {
        let pwm = |analog: &AnalogConfig| analog.kind == AnalogKind::Pwm;
        match (self.is_analog(), self.config.analog.as_ref().is_some_and(pwm)) {
            (false, _) => "LEVEL",
            (true, false) => "VALUE",
            (true, true) => "DUTY",
        }
    }

    pub(super) fn is_analog(&self) -> bool {
        self.request.map_or(self.config.analog.is_some(), |request| request.analog)
    }

    fn sample(&self, volts: u64) -> Sample {
        match self.is_analog() {
            true => Sample::Value(node::value(volts, self.greatest())),
            false => Sample::Level(node::level(volts)),
        }
    }
}

impl Lines {
    pub(crate) fn new(config: &BTreeMap<String, LineConfig>) -> Result<Lines, String> {
        let places: BTreeMap<_, _> = config.keys().cloned().zip(0..).collect();
        let lines = config.iter().map(|(name, config)| {
            check_line(config, &places).map_err(|why| format!("gpio.{name}: {why}"))?;
            let held = config.held.map(node::rail);
            let given = config.analog.as_ref().and_then(|a| Some(node::volts(a.value?, a.greatest.get())));
            Ok(LineState {
                channel: Arc::from(name.as_str()),
                config: config.clone(),
                gone: false,
                owner: if config.taken { Owner::Somebody } else { Owner::Nobody },
                request: None,
                settled: true,
                driver: None,
                open_drain: false,
                bias: None,
                other: held.or(given),
                closed: false,
                volts: 0,
                operations: 0,
                failing: None,
                queue: Queue::default(),
                starts: 0,
            })
        });
        let lines: Vec<LineState> = lines.collect::<Result<_, String>>()?;
        let joined = join(&lines, &places);
        let mut lines = Lines { lines, places, joined, requests: 0, woke: false };
        for at in 0..lines.lines.len() {
            lines.lines[at].volts = lines.resolve(at).0;
        }
        Ok(lines)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(super) fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Counts an operation, or a request, and says what goes wrong in it.
    pub(super) fn fault(&mut self, at: usize, request: bool, now: &mut Now) -> Option<FaultKind> {
        let line = &mut self.lines[at];
        line.operations = line.operations.saturating_add(u32::from(!request));
        let number = if request { 0 } else { line.operations };
        let due = |n: Option<u32>| n.map_or(!request, |n| n == number);
        let from_now = line.failing.filter(|_| !request);
        let kind =
            from_now.or_else(|| Some(line.config.fault.iter().find(|fault| due(fault.operation))?.kind))?;
        let text = match kind {
            FaultKind::Io => "IO FAULT",
            FaultKind::Timeout => "TIMEOUT",
            FaultKind::Denied => "DENIED",
            FaultKind::Gone => {
                self.chip(at, true, now);
                return Some(kind);
            }
        };
        now.line(&line.channel, text);
        Some(kind)
    }

    /// Finds out what a line and those joined with it carry now, and writes what changed. `words` say
    /// what the line's own driver did, if that is what changed it.
    pub(super) fn settle(&mut self, at: usize, words: Option<String>, now: &mut Now) {
        let (volts, source) = self.resolve(at);
        let own = words.is_some() && source == Source::Driver(at);
        if let Some(words) = words {
            let line = &self.lines[at];
            let now_has = line.words(volts);
            let held = line.driven_volts().is_some_and(|wanted| line.words(wanted) != now_has);
            let text = if held { format!("{words}, held {now_has}") } else { words };
            now.line(&line.channel, text);
        }
        for other in self.joined[at].clone() {
            let line = &mut self.lines[other];
            let before = std::mem::replace(&mut line.volts, volts);
            let words = line.words(volts);
            if line.words(before) == words || line.gone {
                continue;
            }
            if !(own && other == at) {
                let text = format!("{} {words} by {}", line.word(), self.name(source, other));
                now.line(&self.lines[other].channel, text);
            }
            self.report(other, now.ns);
        }
    }

    /// Tells the driver of a line what it has now, if it asked to be told.
    fn report(&mut self, at: usize, now_ns: u64) {
        let line = &mut self.lines[at];
        let edges =
            line.request.filter(|request| line.settled && request.reads()).map_or(Edges::None, |r| r.edges);
        let sample = line.sample(line.volts);
        let wanted = match sample {
            Sample::Value(_) => edges != Edges::None,
            Sample::Level(Level::High) => matches!(edges, Edges::Rising | Edges::Both),
            Sample::Level(Level::Low) => matches!(edges, Edges::Falling | Edges::Both),
        };
        if wanted {
            line.queue.push(now_ns, sample);
            self.wake(at);
        }
    }

    pub(super) fn wake(&mut self, at: usize) {
        self.lines[at].queue.wake();
        self.woke = true;
    }

    fn resolve(&self, at: usize) -> (u64, Source) {
        node::resolve(self.joined[at].iter().map(|at| (*at, &self.lines[*at])))
    }

    fn name(&self, source: Source, of: usize) -> &str {
        match source {
            Source::Other => "other",
            Source::Contact => "contact",
            Source::Driver(at) if at == of => "driver",
            Source::Driver(at) => &self.lines[at].channel,
            Source::Pull(Pull::Up) => "pull-up",
            Source::Pull(Pull::Down) => "pull-down",
            Source::Nothing => "nothing",
        }
    }
}

fn check_line(config: &LineConfig, places: &BTreeMap<String, usize>) -> Result<(), String> {
    if let Some(name) = config.wire.iter().find(|name| !places.contains_key(*name)) {
        return Err(format!("a wire leads to `{name}`, and there is no such line"));
    }
    if let Some(contact) = config.contact.as_ref().filter(|contact| contact.bounces > MOST_STEPS) {
        return Err(format!("a contact bounces {} times; {MOST_STEPS} is the most", contact.bounces));
    }
    match &config.analog {
        Some(AnalogConfig { greatest, value: Some(value), .. }) if *value > greatest.get() => {
            Err(format!("the value {value} is above the greatest, {greatest}"))
        }
        _ => Ok(()),
    }
}

/// For each line all that wires join with it, itself among them, in order.
fn join(lines: &[LineState], places: &BTreeMap<String, usize>) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..lines.len()).collect();
    for (at, line) in lines.iter().enumerate() {
        for other in line.config.wire.iter().filter_map(|name| places.get(name)) {
            let (from, to) = (group[*other], group[at]);
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
    }
    (0..lines.len()).map(|at| (0..lines.len()).filter(|other| group[*other] == group[at]).collect()).collect()
}

impl LineConfig {
    /// Whether the hardware can do what is asked for.
    pub(super) fn can(&self, request: &Request) -> bool {
        let covers = |has: Direction| has == Direction::InOut || has == request.direction;
        let bias = request.pull.is_none() || !self.no_bias;
        let events = request.edges == Edges::None || !self.no_events;
        let function = match (request.analog, &self.analog, self.digital) {
            (true, analog, _) => analog.as_ref().is_some_and(|analog| covers(analog.direction)),
            (false, _, Some(Digital::None)) | (false, Some(_), None) => false,
            (false, _, Some(Digital::In)) => covers(Direction::In),
            (false, _, Some(Digital::Out)) => covers(Direction::Out),
            (false, _, Some(Digital::InOut)) | (false, None, None) => true,
        };
        function && bias && events
    }
}
