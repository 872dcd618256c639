//! `--update`: the list of known failures written again from a run. What a person wrote stays.

use super::{Known, KnownFailures, MOST_REASON, UNREAD, source};
use crate::report::{Record, Verdict};
use crate::text;
use anyhow::{Context, anyhow};
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

/// What a list says of one case of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    case: String,
    verdict: Verdict,
    what: String,
}

impl From<&Record> for Outcome {
    fn from(record: &Record) -> Outcome {
        let what = if record.verdict.failed() { what(record) } else { String::new() };
        Outcome { case: record.case.clone(), verdict: record.verdict, what }
    }
}

/// Writes the list of a runtime again: the cases among those of a run that failed, and as it was for all that did not
/// run. The rest of the file stays as it is, but for comments between the entries.
pub fn update(root: &Path, file: Option<&Path>, outcomes: &[Outcome]) -> anyhow::Result<Updated> {
    let file = file.context("the runtime's name is none for a file; say with --known where its list is")?;
    let source = source(root, Some(file)).map_err(|problem| anyhow!("{problem}"))?;
    let there = source.is_some();
    let (text, old) = match source {
        Some(source) => {
            let old = KnownFailures::parse(&source).map_err(|problem| anyhow!("{problem}"))?;
            (source.text, old.known)
        }
        None => ("version = 1\n".to_owned(), Vec::new()),
    };
    let mut updated = Updated { file: file.display().to_string(), ..Updated::default() };
    let mut known: BTreeMap<String, Known> =
        old.into_iter().map(|known| (known.case.clone(), known)).collect();
    for Outcome { case, verdict, what } in outcomes {
        let verdict = *verdict;
        match known.get_mut(case) {
            // Nothing is known of a case that was not run.
            _ if matches!(verdict, Verdict::HarnessError | Verdict::NotRun) => {}
            Some(entry) if verdict.failed() && entry.verdict == verdict => {}
            Some(entry) if verdict.failed() => {
                updated.changed += 1;
                entry.reason = format!("{UNREAD} {what}; it was: {}", entry.reason);
                entry.verdict = verdict;
            }
            Some(_) => {
                updated.gone += 1;
                known.remove(case);
            }
            None if verdict.failed() => {
                updated.new += 1;
                let reason = format!("{UNREAD} {what}");
                known.insert(case.clone(), Known { case: case.clone(), verdict, reason, link: None });
            }
            None => {}
        }
    }
    let head = text.find("[[known]]").map_or(&*text, |at| &text[..at]).trim_end();
    let known_is_empty = known.is_empty();
    let entries = toml::to_string(&Entries { known: known.into_values().collect() })?;
    let path = root.join(file);
    let new = format!("{head}\n\n{entries}").trim_end().to_owned() + "\n";
    // A list with nothing in it needs no file, and one that says the same need not be written.
    if new != text && (there || !known_is_empty) {
        write(&path, &new).with_context(|| format!("{} cannot be written", updated.file))?;
    }
    Ok(updated)
}

/// Writes a file as a whole: beside it first, so that whoever reads it meanwhile, or is left with it, has one or the other.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // What went wrong is told; that this remains as well would tell nobody more.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// What was seen, in one line.
fn what(record: &Record) -> String {
    let why = record.why.iter().flat_map(|why| why.lines()).map(|line| line.trim().to_owned()).next();
    let differs = record.differences.first().map(|difference| {
        let expected = difference.expected.first().map_or("nothing more", String::as_str);
        format!("{} was to see {expected}", difference.side)
    });
    text::line(&why.or(differs).unwrap_or_default(), MOST_REASON)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, update};

    fn outcome(case: &str, verdict: &str) -> Outcome {
        let verdict = serde_json::from_value(verdict.into()).unwrap();
        Outcome { case: case.to_owned(), verdict, what: "it broke".to_owned() }
    }

    #[test]
    fn the_list_follows_a_run_and_keeps_what_a_person_wrote() {
        let root = std::env::temp_dir().join(format!("wasi-hw-update-{}", std::process::id()));
        let file = root.join("conformance/runtimes/some.toml");
        let some = Some(std::path::Path::new("conformance/runtimes/some.toml"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let entry = |case: &str, verdict: &str, reason: &str| {
            format!("[[known]]\ncase = \"i2c/{case}\"\nverdict = \"{verdict}\"\nreason = \"{reason}\"\n")
        };
        let head = "# Some host.\nversion = 1\ncommand = [\"some\"] # as it is\n\n";
        let old = [
            ("other", "fail", "r1"),
            ("fixed", "fail", "r2"),
            ("worse", "fail", "r3"),
            ("skipped", "trap", "r4"),
        ];
        let old: Vec<_> = old.iter().map(|(case, verdict, reason)| entry(case, verdict, reason)).collect();
        std::fs::write(&file, format!("{head}{}", old.join("\n"))).unwrap();
        let run = [
            ("fixed", "pass"),
            ("worse", "crash"),
            ("fresh", "fail"),
            ("skipped", "not-run"),
            ("fine", "pass"),
        ];
        let run: Vec<_> =
            run.iter().map(|(case, verdict)| outcome(&format!("i2c/{case}"), verdict)).collect();

        let updated = update(&root, some, &run).unwrap();
        assert_eq!((updated.new, updated.changed, updated.gone), (1, 1, 1));
        let new = [
            entry("fresh", "fail", "unread: it broke"),
            entry("other", "fail", "r1"),
            entry("skipped", "trap", "r4"),
            entry("worse", "crash", "unread: it broke; it was: r3"),
        ];
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{head}{}", new.join("\n")));
        // Again, nothing is new.
        let again = update(&root, some, &run).unwrap();
        assert_eq!((again.new, again.changed, again.gone), (0, 0, 0));
        // Nothing is left beside the file, and there is none for a host with nothing to list.
        let none = std::path::Path::new("conformance/runtimes/none.toml");
        update(&root, Some(none), &[outcome("i2c/fine", "pass")]).unwrap();
        let names =
            std::fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["some.toml"]);
        std::fs::remove_dir_all(&root).unwrap();
    }
}
