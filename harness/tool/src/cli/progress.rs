//! How far a run is: a bar on a terminal, a line for each world elsewhere. Both go to the error stream.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use wasi_hw_harness::report::Record;
use wasi_hw_harness::say;
use wasi_hw_harness::suite::Case;
use wasi_hw_harness::text;

/// The most bytes of a case's id that the bar shows.
const MOST: usize = 60;

/// How far a run is. Clones are of the same run.
#[derive(Clone)]
pub(super) struct Progress {
    bar: ProgressBar,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    failed: usize,
    /// By proposal: how many cases are still to come, and how many did as expected or not.
    worlds: BTreeMap<String, (usize, usize, usize)>,
}

impl Progress {
    /// Of a run of these cases.
    pub(super) fn new(cases: &[Arc<Case>]) -> Progress {
        // Nothing is drawn but on a terminal.
        let bar = ProgressBar::with_draw_target(Some(cases.len() as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len}{prefix}  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let mut counts = Counts::default();
        for case in cases {
            counts.worlds.entry(case.proposal.clone()).or_default().0 += 1;
        }
        Progress { bar, counts: Arc::new(Mutex::new(counts)) }
    }

    /// A case has ended.
    pub(super) fn case(&self, record: &Record) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let fails = record.fails_the_run();
        counts.failed += usize::from(fails);
        if counts.failed > 0 {
            self.bar.set_prefix(format!(", {} failed", counts.failed));
        }
        self.bar.set_message(text::line(&record.case, MOST));
        self.bar.inc(1);
        let Some((left, well, failed)) = counts.worlds.get_mut(&record.proposal) else { return };
        *left = left.saturating_sub(1);
        *failed += usize::from(fails);
        *well += usize::from(!fails);
        if *left == 0 && self.bar.is_hidden() {
            say::plain(format_args!("{}: {} cases, {failed} failed", record.proposal, *well + *failed));
        }
    }

    /// What is written to this stands above the bar.
    pub(super) fn above<W>(&self, out: W) -> Above<W> {
        Above { bar: self.bar.clone(), out }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// A stream whose lines stand above a bar.
pub(super) struct Above<W> {
    bar: ProgressBar,
    out: W,
}

impl<W: Write> Write for Above<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let out = &mut self.out;
        self.bar.suspend(|| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        let out = &mut self.out;
        self.bar.suspend(|| out.flush())
    }
}
