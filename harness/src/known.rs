//! What is known of a runtime: `conformance/runtimes/<name>.toml`.
//!
//! ```toml
//! version = 1
//! unsupported = ["USB-36"]        # requirements that the host declares not to support
//!
//! [[known]]
//! case = "usb/double-submit"
//! verdict = "crash"
//! reason = "Transfer::submit panics on a buffer that is already lent out"
//! link = "https://example.org/issue/1"
//! ```

use crate::judge::{Judgement, Verdict};
use crate::problem::{Problem, Source};
use crate::report::Expectation;
use crate::suite::Suite;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuntimeFile {
    /// The format's version: 1.
    pub version: u32,
    /// Requirements that the host declares not to support.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsupported: Vec<String>,
    /// Cases that are known to fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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

impl RuntimeFile {
    /// Reads the file of a runtime. One that has none has nothing known.
    pub fn read(suite: &Suite, name: &str) -> Result<RuntimeFile, Problem> {
        let file = Path::new("conformance/runtimes").join(format!("{name}.toml"));
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if !plain || !suite.root.join(&file).exists() {
            return Ok(RuntimeFile { version: 1, ..RuntimeFile::default() });
        }
        let source = Source::read(&suite.root, file)?;
        let parsed: RuntimeFile = source.parse()?;
        let at = |text: &str| source.text.find(&format!("\"{text}\""));
        for known in &parsed.known {
            if !suite.cases.iter().any(|case| case.id == known.case) {
                let message =
                    format!("lists the case `{}`, which does not exist; remove the entry", known.case);
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
