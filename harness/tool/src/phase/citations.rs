//! What the documents cite of others' repositories, held to `proposals/citations.toml`.
//!
//! The tool works offline, so it cannot open a page at a commit. Whoever adds a citation opens it, and
//! writes into the table the day on which that was and the day of the commit:
//!
//! ```toml
//! version = 1
//!
//! [[commit]]
//! repository = "WebAssembly/wasi-spi"
//! commit = "f1a086a"
//! committed = "2026-03-24"      # absent where a note says why
//! opened = "2026-11-30"
//! paths = ["README.md", "wit/spi.wit"]
//!
//! [[threads]]
//! repository = "WebAssembly/wasi-usb"
//! opened = "2026-11-30"
//! numbers = [1, 3]
//! ```

use super::parts::Parts;
use super::{Citation, Date, Process, Text};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::Spanned;
use wasi_hw_harness::suite::problem::{Problem, Source, Versioned};

pub(super) const FILE: &str = "proposals/citations.toml";

/// `proposals/citations.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Citations {
    /// The format's version: 1.
    pub version: u32,
    /// The commits that were opened.
    #[serde(default)]
    pub commit: Vec<Commit>,
    /// The threads that were opened.
    #[serde(default)]
    pub threads: Vec<Threads>,
}

/// A commit, with the pages that are cited at it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Commit {
    /// Owner and name.
    pub repository: Text,
    /// As the citations write it.
    pub commit: Spanned<Text>,
    /// The day on which it was made.
    pub committed: Option<Date>,
    /// The day on which its pages were last opened.
    pub opened: Date,
    /// The pages; none where documents only name the commit.
    #[serde(default)]
    pub paths: Vec<Spanned<Text>>,
    /// Why `committed` is absent.
    pub note: Option<Text>,
}

/// Issues and pull requests of a repository.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Threads {
    /// Owner and name.
    pub repository: Text,
    /// The day on which they were last opened.
    pub opened: Date,
    /// Their numbers.
    pub numbers: Vec<Spanned<u32>>,
}

impl Versioned for Citations {
    fn version(&self) -> u32 {
        self.version
    }
}

/// Reads `proposals/citations.toml`.
pub fn read_citations(root: &Path) -> Result<Citations, Vec<Problem>> {
    let source = Source::read(root, FILE).map_err(|problem| vec![problem])?;
    let citations: Citations = source.parse_versioned().map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for commit in &citations.commit {
        let name = format!("{}@{}", commit.repository, commit.commit.get_ref());
        let mut wrong = |message: &str| {
            problems.push(source.problem(Some(commit.commit.span().start), format!("{name} {message}")));
        };
        match &commit.committed {
            None if commit.note.is_none() => {
                wrong("has no `committed`; add it, or a `note` that says why not")
            }
            Some(day) if *day > commit.opened => {
                wrong("was opened before it was made; one of the two days is wrong")
            }
            _ => {}
        }
        if !seen.insert(name.clone()) {
            wrong("is there twice; put the paths of both into one row");
        }
    }
    if problems.is_empty() { Ok(citations) } else { Err(problems) }
}

impl Citations {
    /// The day of a commit, if it is known and listed.
    pub(super) fn committed(&self, repository: &Text, commit: &Text) -> Option<&Date> {
        let row = |row: &&Commit| row.repository == *repository && row.commit.get_ref() == commit;
        self.commit.iter().find(row)?.committed.as_ref()
    }

    /// The day of a source's commit, if it has one that is known, and the day on which it was last opened.
    pub(super) fn days(&self, source: &Citation) -> Option<(Option<&Date>, &Date)> {
        match source.parts() {
            Parts::Page { repository, path, commit } => {
                let row = self.commit.iter().find(|row| {
                    row.repository.as_str() == repository && row.commit.get_ref().as_str() == commit
                })?;
                let listed = row.paths.iter().any(|listed| listed.get_ref().as_str() == path);
                listed.then_some((row.committed.as_ref(), &row.opened))
            }
            Parts::Thread { repository, number } => {
                let row = self.threads.iter().find(|row| {
                    row.repository.as_str() == repository
                        && row.numbers.iter().any(|listed| listed.get_ref().to_string() == number)
                })?;
                Some((None, &row.opened))
            }
        }
    }
}

/// What a document says of another's repository.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mention {
    /// A page or a thread.
    Source(String),
    /// A commit alone, as in "at f1a086a".
    Commit(String),
    /// What looks like a page and names no commit.
    Half(String),
}

/// The mentions of a text, each with its line. The comments of a sheet explain the form, and cite nothing.
fn mentions(text: &str, sheet: bool) -> Vec<(usize, Mention)> {
    let mut found = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        if sheet && content.starts_with('#') {
            continue;
        }
        let in_source = |c: char| c.is_ascii_alphanumeric() || "_./:@#-".contains(c);
        for word in content.split(|c| !in_source(c)) {
            let word = word.trim_end_matches(['.', ':', '-', '/']);
            let before = word.split(':').next().unwrap_or_default();
            if Citation::try_from(word.to_owned()).is_ok() {
                found.push((line, Mention::Source(word.to_owned())));
            } else if before != word && Citation::try_from(format!("{before}#1")).is_ok() {
                found.push((line, Mention::Half(word.to_owned())));
            } else {
                let commits = word.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| is_commit(part));
                found.extend(commits.map(|commit| (line, Mention::Commit(commit.to_owned()))));
            }
        }
    }
    found
}

/// Whether a word is the name of a commit rather than a word or a number.
fn is_commit(word: &str) -> bool {
    (7..=40).contains(&word.len())
        && word.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
        && word.contains(|c: char| c.is_ascii_digit())
        && word.contains(|c: char| c.is_ascii_alphabetic())
}

/// The documents that cite: the files below `proposals/` that people write about upstream.
fn documents(root: &Path) -> Result<Vec<Source>, Vec<Problem>> {
    let mut files = vec![PathBuf::from("proposals/process.md"), PathBuf::from("proposals/process.toml")];
    for name in super::proposals(root)? {
        let folder = Path::new("proposals").join(name);
        let problem = |error: std::io::Error| {
            vec![Problem { file: folder.clone(), line: None, message: format!("cannot be listed: {error}") }]
        };
        for entry in std::fs::read_dir(root.join(&folder)).map_err(problem)? {
            let name = entry.map_err(problem)?.file_name().to_string_lossy().into_owned();
            // PHASE.md is drawn from the sheet.
            if (name.ends_with(".md") && name != "PHASE.md") || name == "phase.toml" {
                files.push(folder.join(name));
            }
        }
    }
    files.sort();
    files.into_iter().map(|file| Source::read(root, file).map_err(|problem| vec![problem])).collect()
}

/// Holds every citation of the documents to a row of the table, and every row to a citation.
pub fn check_documents(root: &Path, process: &Process, citations: &Citations) -> Result<(), Vec<Problem>> {
    let documents = documents(root)?;
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for document in &documents {
        let sheet = document.file.extension().is_some_and(|ending| ending == "toml");
        for (line, mention) in mentions(&document.text, sheet) {
            let listed = match &mention {
                Mention::Source(text) => {
                    let source = Citation::try_from(text.clone());
                    source.is_ok_and(|source| citations.days(&source).is_some())
                }
                Mention::Commit(text) => {
                    citations.commit.iter().any(|row| row.commit.get_ref().as_str() == text)
                }
                Mention::Half(_) => false,
            };
            if !listed {
                let message = match &mention {
                    Mention::Half(text) => {
                        format!("`{text}` names no commit; write `owner/repository:path@commit`")
                    }
                    Mention::Source(text) | Mention::Commit(text) => {
                        format!(
                            "`{text}` has no row in {FILE}; open it, see that it says what is claimed, and add one"
                        )
                    }
                };
                problems.push(Problem { file: document.file.clone(), line: Some(line), message });
            }
            seen.insert(mention);
        }
        problems.extend(super::claims::of_page(document));
    }
    problems.extend(unused(root, citations, &seen).map_err(|problem| vec![problem])?);
    if let Some(message) = citations.misdated(&process.source, &process.date) {
        let file = "proposals/process.toml".into();
        problems.push(Problem { file, line: None, message: format!("the page that it restates {message}") });
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The rows that no document cites.
fn unused(root: &Path, citations: &Citations, seen: &BTreeSet<Mention>) -> Result<Vec<Problem>, Problem> {
    let source = Source::read(root, FILE)?;
    let mut problems = Vec::new();
    let mut unless = |used: bool, offset: usize, text: String| {
        if !used {
            problems.push(source.problem(Some(offset), format!("`{text}` is cited nowhere; take it out")));
        }
    };
    for row in &citations.commit {
        let commit = row.commit.get_ref().as_str();
        if row.paths.is_empty() {
            let used = seen.contains(&Mention::Commit(commit.to_owned()));
            unless(used, row.commit.span().start, format!("{}@{commit}", row.repository));
        }
        for path in &row.paths {
            let text = format!("{}:{}@{commit}", row.repository, path.get_ref());
            unless(seen.contains(&Mention::Source(text.clone())), path.span().start, text);
        }
    }
    for row in &citations.threads {
        for number in &row.numbers {
            let text = format!("{}#{}", row.repository, number.get_ref());
            unless(seen.contains(&Mention::Source(text.clone())), number.span().start, text);
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_and_commits_are_found_in_prose_code_and_links() {
        let text = "See (a/b:c/d.md@1234567), `a/b#12`'s, and a/b:e@89abcde.\n\
                    At f1a086a and 0xfedcba98 of 12345678; feedfeed; [a/b#3](https://x.y/a/b/blob/fa1afe1/c).\n\
                    [l](../process.md#1-one) a/b:c.md wasi:spi/spi@0.2.0 either/or: x";
        let source = |text: &str| Mention::Source(text.into());
        let commit = |text: &str| Mention::Commit(text.into());
        let expected = [
            (1, source("a/b:c/d.md@1234567")),
            (1, source("a/b#12")),
            (1, source("a/b:e@89abcde")),
            (2, commit("f1a086a")),
            (2, source("a/b#3")),
            (2, commit("fa1afe1")),
            (3, Mention::Half("a/b:c.md".into())),
        ];
        assert_eq!(mentions(text, false), expected);
        let sheet = "# a/b:path@commit\nsource = \"a/b#1\"  # at f1a086a";
        assert_eq!(mentions(sheet, true), [(2, source("a/b#1")), (2, commit("f1a086a"))]);
    }
}
