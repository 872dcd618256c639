//! Annotations as GitHub's runners read them from a step's output. The commands and their escapes are those of GitHub's
//! documentation, "Workflow commands for GitHub Actions".

use crate::{Run, junit, safe};
use std::fmt::Write;

/// GitHub shows so many of a step; more would hide which came first.
const MOST: usize = 10;

/// The lines to print: an error for each failure, the first ten of them, and a notice that says how many there are.
pub fn annotations(run: &Run) -> String {
    let mut out = String::new();
    let failures: Vec<_> = run.records.iter().filter(|record| record.fails_the_run()).collect();
    let shown = if failures.len() > MOST { MOST - 1 } else { MOST };
    for record in failures.iter().take(shown) {
        let file = format!("conformance/cases/{}.toml", record.case);
        let title = format!("{} {} ({})", record.verdict, record.case, record.proves.join(" "));
        let message = format!("{}\n{}", record.title, junit::message(record));
        // Writing to a String cannot fail.
        let _ =
            writeln!(out, "::error file={},title={}::{}", property(&file), property(&title), data(&message));
    }
    if failures.len() > shown {
        let more = format!(
            "{} more cases do otherwise than expected; the summary has them all",
            failures.len() - shown
        );
        let _ = writeln!(out, "::error title={}::{}", property(&run.host()), data(&more));
    }
    out
}

fn data(text: &str) -> String {
    safe::block(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&safe::line(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn no_text_is_a_command_of_its_own() {
        assert_eq!(data("50%\n::error::x\r\u{1b}"), r"50%25%0A::error::x\r\u{1b}");
        assert_eq!(property("a:b,c\nd"), r"a%3Ab%2Cc\nd");
    }
}
