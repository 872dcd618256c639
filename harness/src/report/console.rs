//! The report for a reader at a terminal.

mod failure;
mod paint;

pub use failure::{failure, painted};
pub use paint::{Color, Paint};

use self::paint::{Page, Role};
use super::groups::{Groups, Tell};
use super::{Claim, Footer, Header, Record, Sink, Statement};
use crate::text::MOST_LINE;
use anyhow::Context;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// The report at a terminal: each case that did not do as expected, where they part first, then a line for each world.
pub struct Console<W> {
    out: W,
    teller: Teller,
    failures: bool,
    paint: Paint,
}

impl<W: io::Write> Console<W> {
    /// On this stream.
    pub fn new(out: W, header: &Header) -> Console<W> {
        Console::with(out, Teller::new(header, Paint::default()))
    }

    /// With colours, or without.
    pub fn painted(out: W, header: &Header, paint: Paint) -> Console<W> {
        Console::with(out, Teller::new(header, paint))
    }

    /// What `teller` has told of is what the groups at the end are of.
    pub(crate) fn with(out: W, teller: Teller) -> Console<W> {
        let paint = teller.paint;
        Console { out, teller, failures: true, paint }
    }

    /// Without the failures: somebody else tells of them.
    pub fn summary_only(self) -> Console<W> {
        Console { failures: false, ..self }
    }
}

impl<W: io::Write + Send> Sink for Console<W> {
    fn record(&mut self, _: usize, record: &Record) -> anyhow::Result<()> {
        if !self.failures {
            return Ok(());
        }
        let Some(told) = self.teller.tell(record) else { return Ok(()) };
        let written = writeln!(self.out, "{told}");
        written.and_then(|()| self.out.flush()).context("the standard output cannot be written")
    }

    fn finish(mut self: Box<Self>, footer: &Footer) -> anyhow::Result<()> {
        let text = format!("{}{}", self.teller.groups(), painted_summary(footer, self.paint));
        let written = write!(self.out, "{text}");
        written.and_then(|()| self.out.flush()).context("the standard output cannot be written")
    }
}

/// What is told of failures, one after the other, whoever writes it. Clones tell of the same run.
#[derive(Clone)]
pub(crate) struct Teller {
    requirements: Arc<BTreeMap<String, Statement>>,
    paint: Paint,
    groups: Arc<Mutex<Groups>>,
}

impl Teller {
    pub(crate) fn new(header: &Header, paint: Paint) -> Teller {
        Teller { requirements: Arc::new(header.requirements.clone()), paint, groups: Arc::default() }
    }

    /// What is to be told of a case, if anything: all of it, or one line where others have told the same.
    pub(crate) fn tell(&self, record: &Record) -> Option<String> {
        let tell = self.groups.lock().unwrap_or_else(PoisonError::into_inner).add(record);
        match tell {
            Tell::Whole => Some(painted(record, &self.requirements, self.paint)),
            Tell::Line => Some(failure::line(record, self.paint)),
            Tell::Nothing => None,
        }
    }

    /// Where the failing cases part first, and what to begin with.
    fn groups(&self) -> String {
        let groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner).to_string();
        let mut page = Page::new(self.paint);
        for (n, line) in groups.lines().enumerate() {
            page.add(if n == 0 { Role::Strong } else { Role::Plain }, line).end();
        }
        page.text
    }
}

/// One line per world; then what was not run and why, and what is wrong with the suite.
pub fn summary(footer: &Footer) -> String {
    painted_summary(footer, Paint::default())
}

fn painted_summary(footer: &Footer, paint: Paint) -> String {
    let mut page = Page::new(paint);
    for (proposal, world) in &footer.worlds {
        let (required, optional) = (world.required, world.optional);
        page.quote(Role::Plain, &format!("{proposal:<5} {:<22} ", world.package), MOST_LINE);
        let role = match world.claim {
            Claim::Conformant => Role::Good,
            Claim::Partial => Role::Doubtful,
            Claim::NotConformant => Role::Bad,
        };
        let claim = world.claim.to_string();
        page.add(role, &claim).add(Role::Plain, " ".repeat(16_usize.saturating_sub(claim.len())));
        let mut counts = format!(
            "required {}/{} · optional {}/{} · observed {}",
            required.passed, required.all, optional.passed, optional.all, world.observed
        );
        if world.added_later > 0 {
            counts.push_str(&format!(" · added after the release, not scored: {}", world.added_later));
        }
        if !world.lacks.is_empty() {
            let lacks = world.lacks.join(", ");
            counts.push_str(&format!(" · without {lacks}: {} not applicable", world.not_applicable));
        }
        if !world.not_observable.is_empty() {
            counts.push_str(&format!(" · not observable here: {}", world.not_observable.join(" ")));
        }
        page.quote(Role::Plain, &counts, MOST_LINE).end();
    }
    for group in &footer.not_run {
        let more = if group.cases > group.first.len() { ", …" } else { "" };
        let named = match group.first.is_empty() {
            true => String::new(),
            false => format!(" ({}{more})", group.first.join(", ")),
        };
        let said = format!("not run: {} case(s), because {}{named}", group.cases, group.why);
        page.quote(Role::Doubtful, &said, MOST_LINE).end();
    }
    if footer.starved > 0 {
        let said = format!(
            "{} case(s) say nothing of the host, because the machine was busy: they were given up by real time alone, or came too late in it; \
             run them again",
            footer.starved
        );
        page.add(Role::Doubtful, said).end();
    }
    if footer.ran_again > 0 {
        let said = format!(
            "{} case(s) ran again, because they did otherwise than expected in real time while the machine was busy",
            footer.ran_again
        );
        page.add(Role::Doubtful, said).end();
    }
    if footer.left_out > 0 {
        page.add(Role::Plain, format_args!("a filter left out {} case(s) of the suite", footer.left_out))
            .end();
    }
    let problems = footer.problems.len();
    if problems > 0 {
        let said = format_args!("the run is incomplete: {problems} problem(s) in the suite's files");
        page.add(Role::Bad, said).end();
    }
    page.text
}
