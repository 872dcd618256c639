//! What is known of a runtime: `conformance/runtimes/<name>.toml`.
//!
//! ```toml
//! version = 1
//! homepage = "https://example.org/host"
//! tools = "Node.js 20 or newer"   # what has to be on the machine
//! setup = [["npm", "ci", "--prefix", "harness/adapters/example"]]  # `cargo hw setup NAME` runs these
//! needs = ["harness/adapters/example/node_modules"]                # what they leave behind
//! command = ["node", "harness/adapters/example/adapter.mjs"]       # starts its adapter
//! unsupported = ["USB-36"]        # requirements that the host declares not to support
//!
//! [[known]]
//! case = "usb/transfers/submit-in-flight"
//! verdict = "crash"
//! reason = "Transfer::submit panics on a buffer that is already lent out"
//! link = "https://example.org/issue/1"
//! ```

mod update;

pub use update::{Updated, update};

use crate::judge::{Judgement, Verdict};
use crate::problem::{Problem, Source, Versioned};
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
    /// Where the host implementation lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// What has to be on the machine before `setup` can work, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<String>,
    /// The commands that `cargo hw setup` runs: a program with its arguments each, in the suite's folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup: Vec<Vec<String>>,
    /// Files or folders that are there once it was set up, relative to the suite's folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The program, with its arguments, that speaks the adapter protocol; it runs in the suite's folder.
    /// Absent for a host in this process.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Requirements that the host declares not to support.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsupported: Vec<String>,
    /// Cases that are known to fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Known>,
}

impl Versioned for RuntimeFile {
    fn version(&self) -> u32 {
        self.version
    }
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

const FOLDER: &str = "conformance/runtimes";

/// How a reason begins that nobody has written yet.
const UNREAD: &str = "unread:";

fn source(root: &Path, name: &str) -> Result<Option<Source>, Problem> {
    let file = Path::new(FOLDER).join(format!("{name}.toml"));
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if !plain || !root.join(&file).exists() {
        return Ok(None);
    }
    Source::read(root, file).map(Some)
}

impl RuntimeFile {
    /// The file of a runtime, if it has one; what it says of cases is not looked at.
    pub fn find(root: &Path, name: &str) -> Result<Option<RuntimeFile>, Problem> {
        source(root, name)?.map(|source| source.parse_versioned()).transpose()
    }

    /// The names of the runtimes that have a file with a command.
    pub fn names(root: &Path) -> Vec<String> {
        let files = std::fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
        let names =
            files.filter_map(|file| Some(Path::new(&file.file_name()).file_stem()?.to_str()?.to_owned()));
        let started = |name: &String| matches!(RuntimeFile::find(root, name), Ok(Some(file)) if !file.command.is_empty());
        let mut names: Vec<_> = names.filter(started).collect();
        names.sort();
        names
    }

    /// Reads the file of a runtime. One that has none has nothing known.
    pub fn read(suite: &Suite, name: &str) -> Result<RuntimeFile, Problem> {
        let Some(source) = source(&suite.root, name)? else {
            return Ok(RuntimeFile { version: 1, ..RuntimeFile::default() });
        };
        let parsed: RuntimeFile = source.parse_versioned()?;
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
