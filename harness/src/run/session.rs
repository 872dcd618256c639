//! Cases on a runtime, each on a fresh board, with a watchdog.

use crate::interrupt;
use crate::report::{Channel, Cut, Footer, Guest, Header, Record, Totals, Verdict, guest_side};
use crate::run::hangs::Hangs;
use crate::run::known::KnownFailures;
use crate::run::pressed::Pressed;
use crate::run::watch::{Said, until_over};
use crate::runtime::engine::panics;
use crate::runtime::meter;
use crate::runtime::start::file_of;
use crate::runtime::{About, Clock, Ending, Job, Limits, Runtime, Stderr, Transcript};
use crate::suite::expect::Line;
use crate::suite::manifest::Component;
use crate::suite::problem::Problem;
use crate::suite::proposal;
use crate::suite::{Case, Suite};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;
use wasi_hw_mock::Board;
use wasi_hw_mock::trace::Trace;

/// A component with its bytes, or why there is none.
pub(super) type Found = Result<(Component, Vec<u8>), String>;

/// The proposal of a component, and where it lies, if there is one.
type Place = (String, Option<PathBuf>);

/// How long the board is waited for after a case.
const PATIENCE: Duration = Duration::from_secs(2);

/// A suite and a runtime, ready to run cases.
pub struct Session {
    /// The suite.
    pub suite: Arc<Suite>,
    /// Who the runtime is, with all that it declares.
    pub about: About,
    /// Limits on each guest.
    pub limits: Limits,
    /// What is wrong, beyond what is wrong with the suite.
    pub problems: Vec<Problem>,
    /// What the runtime says of itself and the suite knows nothing of. Nothing is run then.
    pub unknown: Vec<String>,
    pub(super) runtime: Box<dyn Runtime>,
    known: KnownFailures,
    known_file: Option<PathBuf>,
    hangs: Hangs,
    pressed: Pressed,
    /// The components that the cases run in, each of which speaks the runtime's variant, or why there is none.
    components: BTreeMap<Place, Found>,
    header: Header,
}

impl Session {
    /// Reads what the runtime needs of the suite: the components of its packages, and its list of
    /// known failures.
    pub fn new(suite: Arc<Suite>, runtime: Box<dyn Runtime>) -> Session {
        let file = file_of(&runtime.about().name);
        Session::with_known(suite, runtime, file)
    }

    /// The same with a list that lies elsewhere.
    pub fn with_known(suite: Arc<Suite>, runtime: Box<dyn Runtime>, file: Option<PathBuf>) -> Session {
        let mut says = runtime.about();
        let mut problems = Vec::new();
        let known = KnownFailures::read(&suite, file.as_deref()).unwrap_or_else(|problem| {
            problems.push(problem);
            KnownFailures::default()
        });
        for lacks in says.all_lacks() {
            lacks.extend(known.lacks.iter().cloned());
            lacks.sort();
            lacks.dedup();
            // Nobody can be told a lack of what the release does not ask for, and so none can be wrong.
            lacks.retain(|lack| !suite.came_later(&lack.capability));
        }
        says.seams = proposal::seams(&suite.proposals, &says.packages, &says.seams);
        let missing = runtime.missing();
        let unknown = if missing.is_some() { Vec::new() } else { says.unknown(&suite) };
        let mut about = says.plain();
        let why_not =
            missing.or(unknown.first().map(|wrong| format!("of what the runtime says of itself: {wrong}")));
        let (mut components, mut packages) = (BTreeMap::new(), BTreeMap::new());
        for case in &suite.cases {
            let (place, found) = find(&suite, &about, case);
            if components.contains_key(&place) {
                continue;
            }
            let component = match (found, &why_not) {
                (_, Some(why)) => Err(why.clone()),
                (None, None) => Err(format!("{} does not implement {}", about.name, case.proposal)),
                (Some(component), None) => match suite.read_component(component) {
                    Ok(bytes) => Ok((component.clone(), bytes)),
                    Err(problem) => {
                        let why = problem.to_string();
                        problems.push(problem);
                        Err(why)
                    }
                },
            };
            packages.entry(case.proposal.clone()).or_insert_with(|| {
                component.as_ref().ok().map(|(component, _): &(Component, _)| component.package.clone())
            });
            components.insert(place, component);
        }
        let has = |proposal: &str, p: &String| suite.component(proposal, p, about.form).is_some();
        about.seams.retain(|proposal, _| about.packages.iter().any(|p| has(proposal, p)));
        let files = components.values().flatten().map(|(c, _)| (c.file.clone(), c.sha256.clone())).collect();
        let header = Header::new(&suite, about.clone(), files, packages);
        Session {
            suite,
            about,
            limits: Limits::default(),
            problems,
            unknown,
            runtime,
            known,
            known_file: file,
            hangs: Hangs::default(),
            pressed: Pressed::default(),
            components,
            header,
        }
    }

    /// An error if the runtime says of itself what this suite knows nothing of.
    pub fn ensure_known(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.unknown.is_empty(), "{}: {}", self.about.name, self.unknown.join("\n"));
        Ok(())
    }

    /// Where the runtime's list of known failures is, or would be, in the suite's folder or outside.
    pub fn known_file(&self) -> Option<&Path> {
        self.known_file.as_deref()
    }

    /// Everything that is wrong, one message each.
    pub fn all_problems(&self) -> Vec<String> {
        let unknown = self.unknown.iter().map(|wrong| format!("{}: {wrong}", self.about.name));
        self.suite.problems.iter().chain(&self.problems).map(Problem::to_string).chain(unknown).collect()
    }

    /// The first line of a report on so many cases of the suite.
    pub fn header(&self, chosen: usize) -> Header {
        Header { chosen, ..self.header.clone() }
    }

    /// The last line of a report on these records.
    pub fn footer(&self, records: &[Record]) -> Footer {
        let mut totals = Totals::new(&self.header(records.len()));
        records.iter().for_each(|record| totals.add(record));
        totals.footer(self.all_problems())
    }

    /// Runs a case; never panics, and returns at the latest when the host has consumed its limits, or ten times as much real
    /// time has passed, or soon after the process was asked to end: then the case was not run.
    pub fn run(self: &Arc<Self>, case: &Arc<Case>) -> Record {
        let package = self.component(case).as_ref().map_or("-", |(component, _)| &component.package);
        match self.about.clock_of(package) {
            Clock::Board => self.once(case),
            Clock::Own => self.pressed.run(|| self.once(case)),
        }
    }

    fn once(self: &Arc<Self>, case: &Arc<Case>) -> Record {
        const INTERRUPTED: &str = "the run was interrupted";
        if interrupt::is_asked() {
            return self.not_run(case, INTERRUPTED);
        }
        let component = match self.component(case) {
            Ok((component, _)) => component,
            Err(why) => return self.not_run(case, why),
        };
        let board = match Board::new(&case.board.device) {
            Ok(board) => board,
            Err(why) => return self.not_run(case, &why),
        };
        if let Some(why) = self.hangs.given_up(&case.proposal, self.limits.watchdog_s) {
            return self.not_run(case, &why);
        }
        let several = case.instances.len();
        let transcripts: Vec<_> = case.instances.iter().map(|_| Transcript::of_several(several)).collect();
        let stderr = Stderr::default();
        let (say, said) = mpsc::channel();
        let job = (Arc::clone(self), Arc::clone(case), board.clone(), transcripts.clone(), stderr.clone());
        let spawned = thread::Builder::new().name(case.id.clone()).spawn(move || {
            let (session, case, board, transcripts, stderr) = job;
            let Ok((component, bytes)) = session.component(&case) else { return };
            let guests = case.instances.iter().map(|i| i.test.as_str()).zip(transcripts).collect();
            let path = session.suite.component_path(component);
            let job = Job {
                case: &case.id,
                component,
                bytes,
                path: &path,
                guests,
                host: &case.board.host,
                board: &board,
                limits: session.limits,
                stderr: &stderr,
            };
            // The receiver is gone only if the watchdog gave the case up.
            let _ = say.send(Said::Begun(meter::of_this_thread()));
            let ran = panics::catch(|| {
                session.runtime.load(component, bytes);
                let _ = say.send(Said::Loaded { keeps_limits: session.runtime.keeps_limits() });
                session.runtime.run(&job)
            });
            let endings = ran.unwrap_or_else(|why| vec![Ending::Crash(why); job.guests.len()]);
            let _ = say.send(Said::Over(endings));
        });
        let unaccounted = Ending::HarnessError("the runtime did not account for every guest".to_owned());
        let (mut endings, given_up) = match spawned {
            Ok(_) => until_over(&said, self.limits).unwrap_or_default(),
            Err(error) => (vec![Ending::HarnessError(format!("no thread for the case: {error}"))], false),
        };
        // What an adapter says that was ended for this is no word on its host.
        if interrupt::is_asked() {
            return self.not_run(case, INTERRUPTED);
        }
        if given_up {
            endings = vec![endings.pop().unwrap_or(unaccounted.clone()); several];
            transcripts.iter().for_each(Transcript::abandon);
            self.runtime.abandoned();
        }
        endings.resize(several, unaccounted);
        self.hangs.ended(&case.proposal, endings.iter().any(Ending::is_over_its_limit));
        let seen = board.conclude(PATIENCE);
        if seen.is_none()
            && let Some(Ending::Timeout(why)) = endings.first_mut()
        {
            why.push_str("; the host still holds the board, so what the wires saw is not known");
        }
        let mut record = self.blank(case, &component.package);
        fill(&mut record, case, endings, &transcripts, seen, &stderr);
        record.concluded()
    }

    pub(super) fn component(&self, case: &Case) -> &Found {
        &self.components[&find(&self.suite, &self.about, case).0]
    }

    /// The record of a case that is not run.
    pub(super) fn not_run(&self, case: &Case, why: &str) -> Record {
        let mut record = self.blank(case, "-");
        for instance in &case.instances {
            let (ending, _) = Ending::NotRun(why.to_owned()).plain();
            let (name, test) = (instance.name.clone(), instance.test.clone());
            let expected = instance.transcript.clone();
            record.guests.push(Guest { name, test, ending, expected, transcript: Vec::new() });
        }
        record.concluded()
    }

    /// The record of a case as it is before anything was seen.
    fn blank(&self, case: &Case, package: &str) -> Record {
        let trace = case.trace.iter().map(|(channel, expected)| {
            (channel.clone(), Channel { expected: expected.clone(), seen: Vec::new() })
        });
        Record {
            case: case.id.clone(),
            title: case.title.clone(),
            proposal: case.proposal.clone(),
            package: package.to_owned(),
            fixture: case.fixture.clone(),
            seam: self.about.seams.get(&case.proposal).cloned(),
            clock: self.about.clock_of(package),
            level: case.level,
            group: case.group.clone(),
            proves: case.proves.clone(),
            not_observable: self.header.not_observable(&case.proposal, &case.proves),
            added_after: case.added_after.clone(),
            needs: case.needs.clone(),
            lacks: self.header.lacking(package, &case.needs),
            ends: case.ends,
            without: case.without.clone(),
            verdict: Verdict::NotRun,
            expectation: Default::default(),
            // A list of known failures is for what counts.
            known: self.known.listed(&case.id).filter(|_| case.added_after.is_none()),
            why: None,
            differences: Vec::new(),
            lenient: Vec::new(),
            guests: Vec::new(),
            trace: trace.collect(),
            board_ns: 0,
            runs_before: 0,
            stderr: None,
            cut: Vec::new(),
        }
    }

    /// Runs these cases on all cores. `each` is told of every record as it comes, with its place in
    /// the list. Blocks until all are done.
    pub fn run_all(
        self: &Arc<Self>,
        cases: &[Arc<Case>],
        each: impl Fn(usize, &Record) + Sync,
    ) -> Vec<Record> {
        let records = Mutex::new(BTreeMap::new());
        on_all_cores(cases.len(), &|place| {
            let record = self.run(&cases[place]);
            each(place, &record);
            records.lock().unwrap_or_else(PoisonError::into_inner).insert(place, record);
        });
        records.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }
}

/// The component that a case runs in.
fn find<'s>(suite: &'s Suite, about: &About, case: &Case) -> (Place, Option<&'s Component>) {
    let found = about.packages.iter().find_map(|package| suite.component_of(case, package, about.form));
    ((case.proposal.clone(), found.map(|component| component.folder.join(&component.file))), found)
}

/// Does something for each number below `all`, the lowest first, on all cores.
pub(super) fn on_all_cores(all: usize, work: &(dyn Fn(usize) + Sync)) {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(all.max(1));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= all {
                        return;
                    }
                    work(place);
                }
            });
        }
    });
}

/// Puts into a record what was seen.
fn fill(
    record: &mut Record,
    case: &Case,
    endings: Vec<Ending>,
    transcripts: &[Transcript],
    seen: Option<(Trace, u64)>,
    stderr: &Stderr,
) {
    let mut cut = |part: String, lines: u64, bytes: u64| {
        if lines + bytes > 0 {
            record.cut.push(Cut { part, lines, bytes });
        }
    };
    for ((instance, ending), transcript) in case.instances.iter().zip(endings).zip(transcripts) {
        let (ending, lost) = ending.plain();
        cut("why".to_owned(), 0, lost as u64);
        let lost = transcript.lost();
        cut(guest_side(&instance.name), lost.lines, lost.bytes);
        record.guests.push(Guest {
            name: instance.name.clone(),
            test: instance.test.clone(),
            ending,
            expected: instance.transcript.clone(),
            transcript: transcript.lines(),
        });
    }
    let (trace, board_ns) = seen.unwrap_or_default();
    for entry in trace.entries() {
        let line = Line { at: entry.at, text: entry.text.clone() };
        record.trace.entry(entry.channel.to_string()).or_default().seen.push(line);
    }
    cut("trace".to_owned(), trace.lost().lines, trace.lost().bytes);
    cut("stderr".to_owned(), 0, stderr.lost());
    record.stderr = stderr.text();
    record.board_ns = board_ns;
}
