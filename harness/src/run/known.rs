//! What a runtime is known to fail: the entries `[[known]]` of `conformance/runtimes/<name>.toml`, and the
//! requirements that it declares not to support. How it is started stands in the same file
//! ([`crate::runtime::start`]).

mod update;

pub use update::{Updated, update};

use crate::report::Expectation;
use crate::report::judge::{Judgement, Verdict};
use crate::runtime::start::{FOLDER, RuntimeFile, source};
use crate::suite::Suite;
use crate::suite::problem::{Problem, Source};
use serde::{Deserialize, Serialize};

/// What is known of a runtime.
#[derive(Clone, Debug, Default)]
pub struct KnownFailures {
    /// Requirements that the host declares not to support.
    pub unsupported: Vec<String>,
    /// Cases that are known to fail.
    pub known: Vec<Known>,
}

/// A case that is known to fail.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Known {
    /// The case's id.
    pub case: String,
    /// How it fails.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Where it is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// How a reason begins that nobody has written yet.
const UNREAD: &str = "unread:";

impl KnownFailures {
    /// Reads the file of a runtime. One that has none has nothing known.
    pub fn read(suite: &Suite, name: &str) -> Result<KnownFailures, Problem> {
        let Some(source) = source(&suite.root, name)? else {
            return Ok(KnownFailures::default());
        };
        let parsed = KnownFailures::parse(&source)?;
        let at = |text: &str| source.text.find(&format!("\"{text}\""));
        for known in &parsed.known {
            if !suite.cases.iter().any(|case| case.id == known.case) {
                let message =
                    format!("lists the case `{}`, which does not exist; remove the entry", known.case);
                return Err(source.problem(at(&known.case), message));
            }
            if known.reason.trim().is_empty() || known.reason.starts_with(UNREAD) {
                let message =
                    format!("does not say why `{}` fails; write what the host does, and where", known.case);
                return Err(source.problem(at(&known.case), message));
            }
            if !known.verdict.failed() {
                let message = format!("lists `{}` as {}, which is no failure", known.case, known.verdict);
                return Err(source.problem(at(&known.case), message));
            }
        }
        for id in &parsed.unsupported {
            if !suite.requirements.contains_key(id) {
                return Err(source.problem(at(id), format!("declares `{id}`, which is no requirement")));
            }
            let declarable =
                suite.cases.iter().any(|case| case.proves.contains(id) && case.unsupported.is_some());
            if !declarable {
                let message = format!("declares {id}, which names no error for a host that lacks it");
                return Err(source.problem(at(id), message));
            }
        }
        Ok(parsed)
    }

    /// The entries as they stand in the file; what they say of cases is not looked at.
    fn parse(source: &Source) -> Result<KnownFailures, Problem> {
        let file: RuntimeFile = source.parse()?;
        let entries = file.known.into_iter().enumerate().map(|(place, entry)| {
            let case = entry.get("case").map(|case| case.to_string());
            entry.try_into::<Known>().map_err(|error| {
                let at = case.and_then(|case| source.text.find(&case));
                source.problem(at, format!("[[known]] number {}: {}", place + 1, error.message().trim_end()))
            })
        });
        Ok(KnownFailures { unsupported: file.unsupported, known: entries.collect::<Result<_, _>>()? })
    }

    /// Whether a verdict was expected, and what the list says.
    pub fn expectation(&self, case: &str, judgement: &Judgement) -> (Expectation, Option<String>) {
        let Some(known) = self.known.iter().find(|known| known.case == case) else {
            return (Expectation::AsExpected, None);
        };
        let verdict = judgement.verdict;
        if verdict == known.verdict {
            return (Expectation::Known, Some(known.reason.clone()));
        }
        if matches!(verdict, Verdict::HarnessError | Verdict::NotRun) {
            return (Expectation::AsExpected, None);
        }
        let (expectation, what) = match verdict.failed() {
            true => (Expectation::StaleEntry, "is a stale entry"),
            false => (Expectation::UnexpectedPass, "passes unexpectedly"),
        };
        let message = format!("{what}: the runtime's list says {} ({})", known.verdict, known.reason);
        (expectation, Some(message))
    }
}
