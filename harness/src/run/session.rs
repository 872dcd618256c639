//! A run: cases on a runtime, each on a fresh board, in parallel, with a watchdog.

use crate::report::judge::{Judgement, Seen, Verdict, judge};
use crate::report::{Channel, Claim, Footer, Guest, Header, Record, World};
use crate::run::known::KnownFailures;
use crate::runtime::engine::panics;
use crate::runtime::{About, Ending, Job, Limits, Runtime, Stderr, Transcript};
use crate::suite::manifest::Component;
use crate::suite::problem::Problem;
use crate::suite::proposal;
use crate::suite::requirement::Level;
use crate::suite::{Case, Suite};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;
use wasi_hw_mock::Board;

/// A runtime with a watchdog of its own knows more about what hangs: it gets so much longer.
const GRACE: Duration = Duration::from_secs(5);

/// A suite and a runtime, ready to run cases.
pub struct Session {
    /// The suite.
    pub suite: Arc<Suite>,
    /// Who the runtime is.
    pub about: About,
    /// Limits on each guest.
    pub limits: Limits,
    /// What is wrong, beyond what is wrong with the suite.
    pub problems: Vec<Problem>,
    runtime: Box<dyn Runtime>,
    known: KnownFailures,
    /// By proposal: the component that speaks the runtime's variant, or why there is none.
    components: BTreeMap<String, Result<(Component, Vec<u8>), String>>,
}

impl Session {
    /// Reads what the runtime needs of the suite: the components of its packages, and its list of
    /// known failures.
    pub fn new(suite: Arc<Suite>, runtime: Box<dyn Runtime>) -> Session {
        let mut about = runtime.about();
        let mut problems = Vec::new();
        about.seams = proposal::seams(&suite.proposals, &about.packages, &about.seams, &mut problems);
        let known = KnownFailures::read(&suite, &about.name).unwrap_or_else(|problem| {
            problems.push(problem);
            KnownFailures::default()
        });
        let missing = runtime.missing();
        let proposals: BTreeSet<_> = suite.cases.iter().map(|case| case.proposal.clone()).collect();
        let mut components = BTreeMap::new();
        for proposal in proposals {
            let mut found = about.packages.iter().filter_map(|package| suite.component(&proposal, package));
            let component = match found.next() {
                _ if missing.is_some() => Err(missing.clone().unwrap_or_default()),
                None => Err(format!("{} does not implement {proposal}", about.name)),
                Some(component) => match suite.read_component(component) {
                    Ok(bytes) => Ok((component.clone(), bytes)),
                    Err(problem) => {
                        let why = problem.to_string();
                        problems.push(problem);
                        Err(why)
                    }
                },
            };
            components.insert(proposal, component);
        }
        Session { suite, about, limits: Limits::default(), problems, runtime, known, components }
    }

    /// Everything that is wrong, one line each.
    pub fn all_problems(&self) -> Vec<String> {
        self.suite.problems.iter().chain(&self.problems).map(Problem::to_string).collect()
    }

    /// The reason for which a case is known to fail, if it is.
    pub fn known(&self, case: &str) -> Option<&str> {
        self.known.known.iter().find(|known| known.case == case).map(|known| known.reason.as_str())
    }

    /// The first line of a report.
    pub fn header(&self) -> Header {
        let components = self.components.values().flatten().map(|(c, _)| (c.file.clone(), c.sha256.clone()));
        Header {
            format: crate::report::FORMAT,
            suite: env!("CARGO_PKG_VERSION").to_owned(),
            runtime: self.about.clone(),
            components: components.collect(),
        }
    }

    /// The last line of a report on these records.
    pub fn footer(&self, records: &[Record]) -> Footer {
        let problems = self.all_problems();
        let mut footer = Footer {
            complete: problems.is_empty() && records.len() == self.suite.cases.len(),
            problems,
            ..Footer::default()
        };
        for record in records {
            *footer.verdicts.entry(record.verdict.to_string()).or_default() += 1;
        }
        for (proposal, component) in &self.components {
            let records: Vec<_> = records.iter().filter(|r| r.proposal == *proposal).collect();
            if records.is_empty() {
                continue;
            }
            let cases: Vec<_> = self.suite.cases.iter().filter(|c| c.proposal == *proposal).collect();
            let package = match component {
                Ok((component, _)) => component.package.clone(),
                Err(_) => "-".to_owned(),
            };
            footer.worlds.insert(proposal.clone(), self.world(package, &cases, &records));
        }
        footer
    }

    /// Runs a case; never panics, and returns at the latest when the watchdog's time is over.
    pub fn run(self: &Arc<Self>, case: &Arc<Case>) -> Record {
        let component = match &self.components[&case.proposal] {
            Ok((component, _)) => component,
            Err(why) => return self.not_run(case, why),
        };
        let board = match Board::new(&case.board.device) {
            Ok(board) => board,
            Err(why) => return self.not_run(case, &why),
        };
        let guests: Vec<_> = case.instances.iter().map(|i| (i.test.clone(), Transcript::default())).collect();
        let stderr = Stderr::default();
        let (done, endings) = mpsc::channel();
        let job = (Arc::clone(self), Arc::clone(case), board.clone(), guests.clone(), stderr.clone());
        let spawned = thread::Builder::new().name(case.id.clone()).spawn(move || {
            let (session, case, board, guests, stderr) = job;
            let Ok((component, bytes)) = &session.components[&case.proposal] else { return };
            let guests =
                guests.iter().map(|(test, transcript)| (test.as_str(), transcript.clone())).collect();
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
            let endings = panics::catch(|| session.runtime.run(&job));
            let endings = endings.unwrap_or_else(|why| vec![Ending::Crash(why); job.guests.len()]);
            // The receiver is gone only if the watchdog gave the case up.
            let _ = done.send(endings);
        });
        let watchdog = Duration::from_secs(self.limits.watchdog_s) + GRACE;
        let endings = match spawned {
            Ok(_) => endings.recv_timeout(watchdog).unwrap_or_else(|_| {
                let why = format!("gave no sign for {} s of real time", self.limits.watchdog_s);
                vec![Ending::Timeout(why); guests.len()]
            }),
            Err(error) => {
                vec![Ending::HarnessError(format!("no thread for the case: {error}")); guests.len()]
            }
        };
        board.finish();
        let transcripts = guests.iter().map(|(_, transcript)| transcript.lines());
        let mut seen = Seen { guests: endings.into_iter().zip(transcripts).collect(), ..Seen::default() };
        for entry in board.trace().entries() {
            let line = crate::suite::expect::Line { at: entry.at, text: entry.text.clone() };
            seen.trace.entry(entry.channel.to_string()).or_default().push(line);
        }
        self.record(case, &component.package, seen, board.now(), stderr.text())
    }

    fn not_run(&self, case: &Case, why: &str) -> Record {
        let guests = case.instances.iter().map(|_| (Ending::NotRun(why.to_owned()), Vec::new())).collect();
        self.record(case, "-", Seen { guests, ..Seen::default() }, 0, None)
    }

    fn record(
        &self,
        case: &Case,
        package: &str,
        seen: Seen,
        board_ns: u64,
        stderr: Option<String>,
    ) -> Record {
        let declared = case.proves.iter().any(|id| self.known.unsupported.contains(id));
        let not_observable = self.not_observable(case);
        let scored = case.level.scored() && not_observable.len() < case.proves.len();
        let judgement = judge(case, &seen, scored, declared);
        let (expectation, known) = self.known.expectation(&case.id, &judgement);
        let Judgement { verdict, mut differences, lenient, why } = judgement;
        if verdict == Verdict::NotRun {
            differences.clear();
        }
        let mut trace: BTreeMap<String, Channel> = BTreeMap::new();
        for (channel, expected) in &case.trace {
            trace.entry(channel.clone()).or_default().expected = expected.clone();
        }
        for (channel, lines) in seen.trace {
            trace.entry(channel).or_default().seen = lines;
        }
        let guests = case.instances.iter().zip(seen.guests).map(|(instance, (ending, transcript))| Guest {
            name: instance.name.clone(),
            test: instance.test.clone(),
            ending,
            expected: instance.transcript.clone(),
            transcript,
        });
        Record {
            case: case.id.clone(),
            title: case.title.clone(),
            proposal: case.proposal.clone(),
            package: package.to_owned(),
            level: case.level,
            group: case.group.clone(),
            proves: case.proves.clone(),
            not_observable,
            verdict,
            expectation,
            known,
            why,
            differences,
            lenient,
            guests: guests.collect(),
            trace,
            board_ns,
            stderr,
        }
    }

    /// Runs these cases on all cores. `each` is told of every record as it comes, with its place in
    /// the list.
    pub fn run_all(
        self: &Arc<Self>,
        cases: &[Arc<Case>],
        each: impl Fn(usize, &Record) + Sync,
    ) -> Vec<Record> {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(cases.len().max(1));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut records = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = cases.get(place) else { return records };
                let record = self.run(case);
                each(place, &record);
                records.push((place, record));
            }
        };
        let mut records: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        });
        records.sort_by_key(|(place, _)| *place);
        records.into_iter().map(|(_, record)| record).collect()
    }

    /// The requirements of a case that no host can break at the runtime's seam.
    fn not_observable(&self, case: &Case) -> Vec<String> {
        let seam = self.about.seams.get(&case.proposal);
        let observable = |id: &&String| match (self.suite.requirements.get(*id), seam) {
            (Some(requirement), Some(seam)) => requirement.observable.contains(seam),
            _ => true,
        };
        case.proves.iter().filter(|id| !observable(id)).cloned().collect()
    }

    fn world(&self, package: String, cases: &[&Arc<Case>], records: &[&Record]) -> World {
        let mut world = World {
            package,
            claim: Claim::Conformant,
            required: Default::default(),
            optional: Default::default(),
            observed: 0,
            not_observable: Vec::new(),
        };
        for case in cases.iter().filter(|case| self.not_observable(case).len() < case.proves.len()) {
            match case.level {
                Level::Must => world.required.all += 1,
                Level::Should | Level::May => world.optional.all += 1,
                _ => {}
            }
        }
        let mut failed = false;
        let mut not_observable = BTreeSet::new();
        for record in records {
            not_observable.extend(record.not_observable.iter().cloned());
            let passed = usize::from(record.verdict.passed());
            match (record.scored(), record.level) {
                (true, Level::Must) => {
                    world.required.passed += passed;
                    failed |= record.verdict.failed();
                }
                (true, _) => world.optional.passed += passed,
                (false, _) => world.observed += usize::from(record.verdict == Verdict::Observed),
            }
        }
        world.not_observable = not_observable.into_iter().collect();
        world.claim = match (failed, world.required.passed == world.required.all) {
            (true, _) => Claim::NotConformant,
            (false, true) => Claim::Conformant,
            (false, false) => Claim::Partial,
        };
        world
    }
}
