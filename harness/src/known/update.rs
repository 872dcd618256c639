//! `--update`: the list of known failures written again from a run. What a person wrote stays.

use super::{FOLDER, Known, RuntimeFile, UNREAD, source};
use crate::judge::Verdict;
use crate::report::Record;
use anyhow::{Context, anyhow, ensure};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// What was changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Updated {
    file: String,
    /// Cases that were not in the list.
    pub new: usize,
    /// Cases that fail otherwise than the list said.
    pub changed: usize,
    /// Cases that do not fail any more.
    pub gone: usize,
}

impl fmt::Display for Updated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Updated { file, new, changed, gone } = self;
        write!(f, "{file}: {new} new, {changed} changed, {gone} gone")?;
        if new + changed > 0 {
            write!(f, "; write a reason in place of each `{UNREAD}`")?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Entries {
    known: Vec<Known>,
}

/// Writes the list of a runtime again: the cases among `records` that failed, and as it was for all that did not
/// run. The rest of the file stays as it is, but for comments between the entries.
pub fn update(root: &Path, name: &str, records: &[Record]) -> anyhow::Result<Updated> {
    let source = source(root, name).map_err(|problem| anyhow!("{problem}"))?;
    let (text, old) = match source {
        Some(source) => {
            let file: RuntimeFile = source.parse().map_err(|problem| anyhow!("{problem}"))?;
            (source.text, file.known)
        }
        None => ("version = 1\n".to_owned(), Vec::new()),
    };
    let mut updated = Updated { file: format!("{FOLDER}/{name}.toml"), ..Updated::default() };
    let mut known: BTreeMap<String, Known> =
        old.into_iter().map(|known| (known.case.clone(), known)).collect();
    for record in records {
        let (case, verdict) = (&record.case, record.verdict);
        match known.get_mut(case) {
            // Nothing is known of a case that was not run.
            _ if matches!(verdict, Verdict::HarnessError | Verdict::NotRun) => {}
            Some(entry) if verdict.failed() && entry.verdict == verdict => {}
            Some(entry) if verdict.failed() => {
                updated.changed += 1;
                entry.reason = format!("{UNREAD} {}; it was: {}", what(record), entry.reason);
                entry.verdict = verdict;
            }
            Some(_) => {
                updated.gone += 1;
                known.remove(case);
            }
            None if verdict.failed() => {
                updated.new += 1;
                let reason = format!("{UNREAD} {}", what(record));
                known.insert(case.clone(), Known { case: case.clone(), verdict, reason, link: None });
            }
            None => {}
        }
    }
    let head = text.find("[[known]]").map_or(&*text, |at| &text[..at]).trim_end();
    let entries = toml::to_string(&Entries { known: known.into_values().collect() })?;
    let path = root.join(&updated.file);
    ensure!(
        name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
        "`{name}` is no name for a file"
    );
    std::fs::create_dir_all(root.join(FOLDER))?;
    std::fs::write(&path, format!("{head}\n\n{entries}").trim_end().to_owned() + "\n")
        .with_context(|| format!("{} cannot be written", updated.file))?;
    Ok(updated)
}

/// What was seen, in one line.
fn what(record: &Record) -> String {
    let why = record.why.iter().flat_map(|why| why.lines()).map(|line| line.trim().to_owned()).next();
    let differs = record.differences.first().map(|difference| {
        let expected = difference.expected.first().map_or("nothing more", String::as_str);
        format!("{} was to see {expected}", difference.side)
    });
    why.or(differs).unwrap_or_default()
}
