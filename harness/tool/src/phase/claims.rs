//! Claims about the whole world, which hold for the day of a search and for no other: "the only host",
//! "none was found". Each has that day beside it.

use super::Date;
use crate::markdown;
use wasi_hw_harness::suite::problem::{Problem, Source};

/// Words that leave nothing out.
const ABSOLUTE: [&[&str]; 6] =
    [&["only"], &["none"], &["nobody"], &["no", "one"], &["no", "other"], &["the", "known"]];

/// Words that leave nothing out where a search follows, as in "no host was found".
const WITH_A_SEARCH: [&str; 5] = ["only", "none", "nobody", "nothing", "no"];

/// What a search ends with.
const SEARCH: [&str; 2] = ["found", "known"];

/// The first sentence of a sheet's note that claims something absolute and gives no day.
///
/// A note is short and is quoted alone, so its rule is strict: every absolute word wants a day in its
/// sentence. What is meant of one page at one commit is said without such a word.
pub(super) fn of_note(note: &str) -> Option<String> {
    let claim = sentences(note).find(|sentence| {
        let words = words(sentence);
        let absolute = |phrase: &&[&str]| words.windows(phrase.len()).any(|window| *window == **phrase);
        ABSOLUTE.iter().any(absolute) && !has_day(sentence)
    })?;
    Some(format!("says \"{claim}\" without a day; give the day of the search, or say it of what was read"))
}

/// The paragraphs, list items and table rows of a page that say what was not found, or what alone is
/// known, and give no day.
pub(super) fn of_page(page: &Source) -> Vec<Problem> {
    if page.file.extension().is_none_or(|ending| ending != "md") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for block in markdown::blocks(&page.text).iter().filter(|block| !has_day(&block.text)) {
        let claim = sentences(&block.text).find(|sentence| {
            let words = words(sentence);
            let from = words.iter().position(|word| WITH_A_SEARCH.contains(&word.as_str()));
            let search =
                from.is_some_and(|from| words[from..].iter().any(|word| SEARCH.contains(&word.as_str())));
            search || words.windows(2).any(|two| two == ["the", "known"])
        });
        if let Some(claim) = claim {
            problems.push(Problem {
                file: page.file.clone(),
                line: Some(block.line),
                message: format!("says \"{}\" without a day; give the day of the search", claim.trim()),
            });
        }
    }
    problems
}

/// Roughly the sentences of a text; a part after a colon or a semicolon is one.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(". ")
        .flat_map(|part| part.split_inclusive("; "))
        .flat_map(|part| part.split_inclusive(": "))
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether a text has a day in it.
fn has_day(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit() && c != '-').any(|word| Date::try_from(word.to_owned()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_word_of_a_note_wants_a_day_in_its_sentence() {
        for claim in [
            "The only host.",
            "One host. None is public.",
            "It is the known host (read 2026)",
            "No other one",
        ] {
            assert!(of_note(claim).is_some(), "{claim}");
        }
        for fine in
            ["The only one on 2026-11-30.", "None was found (search of 2026-11-30).", "Read and write alone."]
        {
            assert_eq!(of_note(fine), None, "{fine}");
        }
        // The day of another sentence is not this one's.
        assert!(of_note("Read on 2026-11-30. None is public.").is_some());
    }

    #[test]
    fn a_page_that_found_nothing_says_when() {
        let said = |text: &str| {
            let page = Source { file: "proposals/x.md".into(), text: text.into() };
            of_page(&page).into_iter().map(|problem| problem.line).collect::<Vec<_>>()
        };
        let text = "Only a\nparagraph.\n\nHere no host\nwas found.\n\n* the known host\n* no host was\n  found on 2026-11-30\n\n\
                    | nobody is known |\n\n```text\nnone found\n```\nThe host that was found has no name.\n";
        assert_eq!(said(text), [Some(4), Some(7), Some(11)]);
    }
}
