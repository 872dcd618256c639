//! What a runtime is known to fail: the entries `[[known]]` of `conformance/runtimes/<name>.toml`, and
//! what it lacks. How it is started stands in the same file
//! ([`crate::runtime::start`]). A host outside this repository has its own: [`BESIDE_MANIFEST`], or where `--known` says.

mod place;
mod update;

pub(crate) use place::Place;
pub use update::{Outcome, Updated, update};

use crate::report::{Listed, Verdict};
use crate::runtime::start::{RuntimeFile, source};
use crate::suite::capability::Bound;
use crate::suite::problem::{Problem, Source};
use crate::suite::release::is_inside;
use crate::suite::{CASES, Suite};
use crate::text;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is known of a runtime.
#[derive(Clone, Debug, Default)]
pub struct KnownFailures {
    /// What the host lacks.
    pub lacks: Vec<Bound>,
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

/// The file of a host outside this repository, beside the `Cargo.toml` of its test target.
pub const BESIDE_MANIFEST: &str = "wasi-hw.toml";

/// The most bytes of a reason that go into a report.
const MOST_REASON: usize = 4_000;

/// How a reason begins that nobody has written yet.
const UNREAD: &str = "unread:";

impl KnownFailures {
    /// Reads the file of a runtime, which may lie outside the suite. One that has none has nothing known.
    pub fn read(suite: &Suite, file: Option<&Path>) -> Result<KnownFailures, Problem> {
        let Some(source) = source(&suite.root, file)? else {
            return Ok(KnownFailures::default());
        };
        let parsed = KnownFailures::parse(&source)?;
        let at = |text: &str| source.text.find(&format!("\"{text}\""));
        for known in &parsed.known {
            // A release has not all that the tree has, and the list is of both.
            let there = || {
                is_inside(&known.case) && suite.root.join(CASES).join(format!("{}.toml", known.case)).exists()
            };
            if !suite.cases.iter().any(|case| case.id == known.case) && !there() {
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
        Ok(parsed)
    }

    /// The entries as they stand in the file; what they say of cases is not looked at.
    pub fn parse(source: &Source) -> Result<KnownFailures, Problem> {
        let file: RuntimeFile = source.parse_versioned()?;
        let entries = file.known.into_iter().enumerate().map(|(place, entry)| {
            let case = entry.get("case").map(|case| case.to_string());
            entry.try_into::<Known>().map_err(|error| {
                let at = case.and_then(|case| source.text.find(&case));
                source.problem(at, format!("[[known]] number {}: {}", place + 1, error.message().trim_end()))
            })
        });
        Ok(KnownFailures { lacks: file.lacks, known: entries.collect::<Result<_, _>>()? })
    }

    /// What the list says of a case.
    pub fn listed(&self, case: &str) -> Option<Listed> {
        let known = self.known.iter().find(|known| known.case == case)?;
        let line = |text: &str| text::line(text, MOST_REASON);
        Some(Listed {
            verdict: known.verdict,
            reason: line(&known.reason),
            link: known.link.as_deref().map(line),
        })
    }
}
