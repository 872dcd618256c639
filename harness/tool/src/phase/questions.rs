//! The open questions of a proposal: each section of `open-questions.md` says whether its question blocks
//! the next vote.

use crate::markdown;
use serde::Serialize;
use std::path::Path;
use wasi_hw_harness::suite::problem::{Problem, Source};

/// An open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The heading, as it stands.
    pub title: String,
    /// Its anchor in `open-questions.md`.
    pub anchor: String,
    /// Whether this project advises to answer it before the next vote.
    pub blocks: bool,
    /// Why, or why not.
    pub reason: String,
}

const FIELD: &str = "**Blocks the next vote:**";
const FORM: &str = "`**Blocks the next vote:** yes (why).`, or `no (why).`, in one line";

/// Reads `proposals/<name>/open-questions.md`.
pub(super) fn read(root: &Path, name: &str) -> Result<Vec<Question>, Vec<Problem>> {
    let folder = Path::new("proposals").join(name);
    let page = Source::read(root, folder.join("open-questions.md")).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut questions = Vec::new();
    let mut wrong = |line: usize, message: String| {
        problems.push(Problem { file: page.file.clone(), line: Some(line), message });
    };
    let sections: Vec<_> = markdown::headings(&page.text).into_iter().filter(|h| h.level == 2).collect();
    let lines: Vec<_> =
        markdown::outside_fences(&page.text).filter(|(_, text)| text.contains(FIELD)).collect();
    for (index, section) in sections.iter().enumerate() {
        let end = sections.get(index + 1).map_or(usize::MAX, |next| next.line);
        let fields: Vec<_> = lines.iter().filter(|(line, _)| (section.line..end).contains(line)).collect();
        match fields[..] {
            [(line, text)] => match field(text) {
                Some((blocks, reason)) => questions.push(Question {
                    title: section.title.clone(),
                    anchor: section.slug.clone(),
                    blocks,
                    reason: reason.to_owned(),
                }),
                None => wrong(*line, format!("is not {FORM}")),
            },
            _ => wrong(
                section.line,
                format!(
                    "the question says {} times whether it blocks the next vote; once is {FORM}",
                    fields.len()
                ),
            ),
        }
    }
    let blocking: Vec<_> = questions.iter().filter(|question| question.blocks).collect();
    if !blocking.is_empty() {
        match Source::read(root, folder.join("next-vote.md")) {
            Err(problem) => problems.push(problem),
            Ok(vote) => {
                let links = markdown::links(&vote.text);
                for question in blocking {
                    let target = format!("open-questions.md#{}", question.anchor);
                    if links.iter().all(|link| link.target != target) {
                        let message = format!("has no link to `{target}`, which blocks this vote");
                        problems.push(Problem { file: vote.file.clone(), line: None, message });
                    }
                }
            }
        }
    }
    if problems.is_empty() { Ok(questions) } else { Err(problems) }
}

/// What a line says, if it has the form.
fn field(line: &str) -> Option<(bool, &str)> {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let said = line.strip_prefix(FIELD)?.strip_prefix(' ')?.strip_suffix(").")?;
    let (word, reason) = said.split_once(" (")?;
    match (word, reason.trim().is_empty()) {
        ("yes", false) => Some((true, reason)),
        ("no", false) => Some((false, reason)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_a_word_and_a_reason() {
        assert_eq!(field("**Blocks the next vote:** yes (it (so) says)."), Some((true, "it (so) says")));
        assert_eq!(
            field("- **Blocks the next vote:** no (a later version)."),
            Some((false, "a later version"))
        );
        for wrong in ["yes", "yes.", "perhaps (x).", "yes ().", "yes (x)"] {
            assert_eq!(field(&format!("**Blocks the next vote:** {wrong}")), None, "{wrong}");
        }
    }
}
