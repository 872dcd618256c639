//! The program that every way to start a run has in common: cases in, records out to the sinks, and what came of it.

use super::known::{Outcome, Updated, update};
use super::order::Order;
use super::session::{Session, on_all_cores};
use crate::interrupt;
use crate::report::{Footer, Record, Sinks, Totals};
use crate::runtime::adapter;
use crate::suite::Case;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What a run is asked for beside its cases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether the runtime's list of known failures is written again. What fails then is no failure of the run.
    pub update: bool,
    /// Whether nothing more is run once a case did otherwise than expected. Those that are on their way are.
    pub fail_fast: bool,
}

/// Runs cases on all cores, hands their records to the sinks, and says what came of it. `done` is told of each case as
/// it ends, with how many have. An error is that nothing was run.
pub fn run(
    session: &Arc<Session>,
    cases: &[Arc<Case>],
    sinks: Sinks<'_>,
    options: Options,
    done: &(dyn Fn(usize, &Record) + Sync),
) -> anyhow::Result<Finished> {
    let run = Run::begin(session, cases, sinks, options)?;
    let ended = std::sync::atomic::AtomicUsize::new(0);
    on_all_cores(cases.len(), &|place| {
        // Nobody would see what comes of it.
        if !run.is_over() {
            run.case(&cases[place], |record| {
                done(1 + ended.fetch_add(1, std::sync::atomic::Ordering::Relaxed), record);
            });
        }
    });
    Ok(run.finish())
}

/// If the process was asked to end: ends the adapters that it has started, and gives the exit code. For a program that cannot
/// go on, which is why it was asked.
pub fn interrupted() -> Option<u8> {
    let code = interrupt::code()?;
    adapter::end_all();
    Some(code)
}

/// A run on its way, whoever says when which case is run.
pub(crate) struct Run<'a> {
    session: Arc<Session>,
    places: HashMap<String, usize>,
    options: Options,
    state: Mutex<State<'a>>,
    written: Condvar,
}

struct State<'a> {
    order: Order,
    sinks: Sinks<'a>,
    totals: Totals,
    /// Nothing more is to be run.
    stopped: bool,
    /// For the list of known failures, if it is to be written.
    outcomes: Vec<Outcome>,
}

/// What came of a run.
pub struct Finished {
    /// The last line of its report.
    pub footer: Footer,
    /// Whether a case did otherwise than expected.
    pub failed: bool,
    /// Why the run says nothing about its host, if it does not.
    pub empty: Option<&'static str>,
    /// What became of the runtime's list, if it was to be written.
    pub updated: Option<Updated>,
    /// What went wrong with the run's outputs.
    pub trouble: Vec<anyhow::Error>,
}

impl Finished {
    /// The exit code: 0, all is well; 1, a case did otherwise than expected, or none says anything about the host, or the
    /// machine did not let the host run in one; 2, the suite's files have a problem, or what was to be written could not be;
    /// 130 or 143, the run was interrupted.
    pub fn code(&self) -> u8 {
        if let Some(code) = interrupt::code().filter(|_| self.footer.interrupted) {
            return code;
        }
        match (
            self.footer.problems.is_empty() && self.trouble.is_empty(),
            self.failed || self.empty.is_some() || self.footer.starved > 0,
        ) {
            (false, _) => 2,
            (true, true) => 1,
            (true, false) => 0,
        }
    }
}

impl<'a> Run<'a> {
    /// Begins a run of these cases. An error is that the runtime says of itself what this suite knows nothing of.
    pub(crate) fn begin(
        session: &Arc<Session>,
        cases: &[Arc<Case>],
        sinks: Sinks<'a>,
        options: Options,
    ) -> anyhow::Result<Run<'a>> {
        session.ensure_known()?;
        session.load_ahead(cases);
        let places = cases.iter().enumerate().map(|(place, case)| (case.id.clone(), place));
        let state = State {
            order: Order::default(),
            sinks,
            totals: Totals::new(&session.header(cases.len())),
            stopped: false,
            outcomes: Vec::new(),
        };
        Ok(Run {
            session: Arc::clone(session),
            places: places.collect(),
            options,
            state: Mutex::new(state),
            written: Condvar::new(),
        })
    }

    /// Runs a case, and shows its record before that goes to the sinks.
    pub(crate) fn case<T>(&self, case: &Arc<Case>, show: impl FnOnce(&Record) -> T) -> T {
        let place = self.places.get(&case.id).copied();
        let mut stopped = false;
        if let Some(place) = place {
            let mut state = self.lock();
            while !state.order.may_begin() && !interrupt::is_asked() {
                state = self.written.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.order.begins(place);
            stopped = state.stopped;
        }
        let record = match stopped {
            true => {
                self.session.not_run(case, "a case failed before it, and `--fail-fast` ends the run then")
            }
            false => self.session.run(case),
        };
        if self.options.fail_fast && !self.options.update && record.fails_the_run() {
            self.lock().stopped = true;
        }
        let shown = show(&record);
        if let Some(place) = place {
            let mut state = self.lock();
            if interrupt::is_asked() {
                state.order.give_up(place);
            } else {
                for (place, record) in state.order.take(place, record) {
                    state.write(place, &record, self.options);
                }
            }
            drop(state);
            self.written.notify_all();
        }
        shown
    }

    /// Whether nobody wants more: none of the sinks takes anything any more, or the process was asked to end.
    fn is_over(&self) -> bool {
        interrupt::is_asked() || self.lock().sinks.all_failed()
    }

    /// Ends the run: what is left goes to the sinks, and the footer. Of a run that was interrupted no process is left.
    pub(crate) fn finish(&self) -> Finished {
        let mut state = self.lock();
        if interrupt::is_asked() {
            adapter::end_all();
            state.totals.interrupt();
        }
        for (place, record) in state.order.rest() {
            state.write(place, &record, self.options);
        }
        let footer = state.totals.footer(self.session.all_problems());
        let mut trouble = std::mem::take(&mut state.sinks).finish(&footer);
        // A list is written from all that was asked for, or not at all.
        let updated = (self.options.update && !footer.interrupted).then(|| {
            update(&self.session.suite.root, self.session.known_file(), &state.outcomes)
                .map_err(|error| trouble.push(error))
        });
        Finished {
            failed: state.totals.failed() && !self.options.update,
            empty: state.totals.empty().filter(|_| !footer.interrupted),
            updated: updated.and_then(Result::ok),
            footer,
            trouble,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State<'_> {
    fn write(&mut self, place: usize, record: &Record, options: Options) {
        self.totals.add(record);
        if options.update {
            self.outcomes.push(Outcome::from(record));
        }
        self.sinks.record(place, record);
    }
}
