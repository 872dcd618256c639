//! One run, looked at from the first line to the last: judged again, and compared with the release.

use super::Released;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::BufRead;
use wasi_hw_harness::report::{
    self, Finding, Header, Platform, Reader, Record, Seen, Totals, Verdict, World,
};
use wasi_hw_harness::run::known::KnownFailures;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::suite::Case;
use wasi_hw_harness::text;

/// How many findings of one run are told; a report that is nothing of what it should be has thousands.
const MOST_FINDINGS: usize = 100;

/// What a run comes to, without its transcripts.
#[derive(Clone, Debug)]
pub struct Run {
    /// The host, with all that it declares.
    pub about: About,
    /// Where it was run.
    pub platform: Platform,
    /// The release.
    pub release: String,
    /// What came of each world, judged again, without the cases that were withdrawn.
    pub worlds: BTreeMap<String, World>,
    /// Every case that was not withdrawn.
    pub cases: BTreeMap<String, Outcome>,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What happened, judged again.
    pub verdict: Verdict,
    /// Whether the case counts for this host.
    pub scored: bool,
    /// Those of its requirements that no host can break at this seam.
    pub not_observable: Vec<String>,
    /// Why the host is known to fail it, if it is.
    pub known: Option<String>,
}

/// The cases of a release, by id.
pub(super) type Cases<'s> = BTreeMap<&'s str, &'s Case>;

/// Reads a run, and tells what is not as it must be: what is written otherwise than its records give it, and what is not as
/// the release asks for it. `known` is the host's list, where one is to be compared. Nothing comes back of what is no
/// report, or none of this release.
pub fn examine<R: BufRead>(
    reader: Reader<R>,
    released: &Released,
    known: Option<&KnownFailures>,
    find: &mut dyn FnMut(String) -> anyhow::Result<()>,
) -> anyhow::Result<Option<Run>> {
    let cases: Cases<'_> = released.suite.cases.iter().map(|case| (case.id.as_str(), &**case)).collect();
    let told = RefCell::new(Told { find, count: 0 });
    let mut state: Option<State> = None;
    let judged = report::judge_with(
        reader,
        &mut |Finding { of, what, written, judged }| {
            let of = text::line(&of, 200);
            told.borrow_mut().tell(format!("{of}: {what}: written is {written}, the records give {judged}"))
        },
        &mut |seen| match (seen, &mut state) {
            (Seen::Header(header), state) => {
                let may_lack = |id: &str| released.is_withdrawn(id);
                for what in header.differs_from(&released.suite, &may_lack) {
                    told.borrow_mut().tell(format!("header: {what}"))?;
                }
                if header.filtered() {
                    let all = header.cases.len();
                    told.borrow_mut().tell(format!(
                        "header: a filter was on: the run is of {} of {all} cases",
                        header.chosen
                    ))?;
                }
                let lacks = known.iter().flat_map(|known| &known.lacks);
                let lacks = lacks.filter(|lack| !released.suite.came_later(&lack.capability));
                for lack in lacks.filter(|lack| !header.runtime.lacks.contains(lack)) {
                    let what = "header: the host's file says that it lacks";
                    told.borrow_mut().tell(format!("{what} {lack}, and the run does not"))?;
                }
                *state = Some(State::new(header, released));
                Ok(())
            }
            (Seen::Record(written, judged), Some(state)) => {
                let case = cases.get(written.case.as_str());
                let wrong = case.map(|case| written.differs_from(case, &state.header)).unwrap_or_default();
                if !wrong.is_empty() {
                    let (id, wrong) = (text::line(&written.case, 200), wrong.join(", "));
                    let what = "not as the release's case has it, or not possible";
                    told.borrow_mut().tell(format!("{id}: {what}: {wrong}"))?;
                }
                if let Some(known) = known
                    && known.listed(&written.case) != written.known
                {
                    let id = text::line(&written.case, 200);
                    told.borrow_mut()
                        .tell(format!("{id}: known: the record and the host's file say different things"))?;
                }
                state.add(judged, released);
                Ok(())
            }
            (Seen::Footer(footer), Some(state)) => {
                if !footer.complete {
                    told.borrow_mut().tell(
                        "footer: the run is not complete: a case has no record, or the suite had a problem"
                            .to_owned(),
                    )?;
                }
                state.problems.clone_from(&footer.problems);
                state.ended = true;
                Ok(())
            }
            // The reader sees to it that the header comes first.
            (_, None) => Ok(()),
        },
    );
    match judged {
        Ok((_, None)) => {}
        Ok((_, Some(unfinished))) => told.borrow_mut().tell(unfinished.to_string())?,
        Err(error) => match error.downcast::<report::ReadError>() {
            Ok(unreadable) => told.borrow_mut().tell(unreadable.to_string())?,
            Err(error) => return Err(error),
        },
    }
    Ok(state.filter(|state| state.ended).map(State::run))
}

/// Tells what was found, and no more than somebody reads.
struct Told<'f> {
    find: &'f mut dyn FnMut(String) -> anyhow::Result<()>,
    count: usize,
}

impl Told<'_> {
    fn tell(&mut self, what: String) -> anyhow::Result<()> {
        self.count += 1;
        match self.count.cmp(&(MOST_FINDINGS + 1)) {
            std::cmp::Ordering::Less => (self.find)(what),
            std::cmp::Ordering::Equal => (self.find)("and more, which are not told".to_owned()),
            std::cmp::Ordering::Greater => Ok(()),
        }
    }
}

struct State {
    header: Header,
    totals: Totals,
    cases: BTreeMap<String, Outcome>,
    problems: Vec<String>,
    ended: bool,
}

impl State {
    fn new(header: &Header, released: &Released) -> State {
        // What was withdrawn since counts no more.
        let mut counts = header.clone();
        counts.cases.retain(|id, _| !released.is_withdrawn(id));
        counts.chosen = counts.cases.len();
        let totals = Totals::new(&counts);
        State { header: header.clone(), totals, cases: BTreeMap::new(), problems: Vec::new(), ended: false }
    }

    fn add(&mut self, judged: &Record, released: &Released) {
        if released.is_withdrawn(&judged.case) {
            return;
        }
        self.totals.add(judged);
        let outcome = Outcome {
            verdict: judged.verdict,
            scored: judged.scored(),
            not_observable: judged.not_observable.clone(),
            known: judged.known.as_ref().map(|known| known.reason.clone()),
        };
        self.cases.insert(judged.case.clone(), outcome);
    }

    fn run(self) -> Run {
        let footer = self.totals.footer(self.problems);
        Run {
            about: self.header.runtime,
            platform: self.header.platform,
            release: self.header.suite.version,
            worlds: footer.worlds,
            cases: self.cases,
        }
    }
}

impl Run {
    /// What the runs of a table are told apart by.
    pub fn name(&self) -> String {
        format!("{} {}", self.about.name, self.about.version)
    }

    /// Why a version is none that anybody could run again, if it is not.
    pub(super) fn unclear_version(&self) -> Option<String> {
        let version = self.about.version.to_ascii_lowercase();
        let branch = ["main", "master", "head", "trunk", "latest", "nightly", "dev", "devel"];
        let words: Vec<_> = version.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let numbered = version.bytes().any(|byte| byte.is_ascii_digit());
        (!numbered || branch.contains(&version.as_str()) || (words.len() == 1 && branch.contains(&words[0])))
            .then(|| {
                format!(
                    "{} says that its version is `{}`; evidence is of an exact version, not of a branch",
                    self.about.name, self.about.version
                )
            })
    }
}
