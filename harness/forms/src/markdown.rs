//! A summary for a pull request, in GitHub's Markdown.

use crate::run::failed;
use crate::{Run, junit, safe};
use std::fmt::Write;
use wasi_hw_harness::report::console;

/// How many failures are told in full. GitHub takes a megabyte of a summary.
const MOST: usize = 40;

/// The summary of runs, one after the other.
pub fn markdown(runs: &[Run]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = runs.iter().try_for_each(|run| summary(&mut out, run));
    out
}

fn summary(out: &mut String, run: &Run) -> std::fmt::Result {
    let header = &run.header;
    writeln!(out, "## {}\n", text(&run.host()))?;
    writeln!(
        out,
        "Suite {} (`{}`) on {} {}.\n",
        text(&safe::name(&header.suite.version)),
        code(&header.suite.sha256.chars().take(12).collect::<String>()),
        text(&safe::name(&header.platform.os)),
        text(&safe::name(&header.platform.arch))
    )?;
    for caveat in run.caveats() {
        writeln!(out, "> **Note:** {}\n", text(&caveat))?;
    }
    writeln!(out, "| world | claim | required | optional | observed |\n|---|---|---|---|---|")?;
    for world in run.footer.worlds.values() {
        let (required, optional) = (world.required, world.optional);
        writeln!(
            out,
            "| {} | **{}** | {}/{} | {}/{} | {} |",
            text(&safe::name(&world.package)),
            world.claim,
            required.passed,
            required.all,
            optional.passed,
            optional.all,
            world.observed
        )?;
    }
    let failures = run.failures();
    if failures.is_empty() {
        return writeln!(out, "\nNo case did otherwise than expected.\n");
    }
    let unexpected = failures.iter().filter(|record| record.fails_the_run()).count();
    writeln!(out, "\n{} failing case(s), {unexpected} of them unexpected:\n", failures.len())?;
    for record in failures.iter().take(MOST) {
        let ids: Vec<_> = record.proves.iter().map(|id| text(&safe::name(id))).collect();
        let mark = if failed(record) && !record.fails_the_run() { "known" } else { "unexpected" };
        writeln!(
            out,
            "<details><summary><b>{}</b> {} — {} ({mark})<br>{}</summary>\n",
            record.verdict,
            html(&safe::name(&record.case)),
            ids.join(" "),
            html(&junit::message(record)),
        )?;
        let whole = safe::block(&console::failure(record, &run.header.requirements));
        let fence = fence(&whole);
        writeln!(out, "{fence}\n{}\n{fence}\n\n</details>\n", whole.trim_end())?;
    }
    if failures.len() > MOST {
        writeln!(out, "{} more are in the report.\n", failures.len() - MOST)?;
    }
    writeln!(
        out,
        "A failure can be a bad test: if the contract says something else, say so in an issue with the record.\n"
    )
}

/// Text in which nothing is markup, no mention and no reference to an issue.
fn text(of: &str) -> String {
    let mut out = String::new();
    for c in of.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\n' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text within a tag of ours, where a backslash escapes nothing.
fn html(of: &str) -> String {
    let mut out = String::new();
    for c in of.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | '/' | '-') || !c.is_ascii() {
            out.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
    out
}

/// Text between two backticks.
fn code(of: &str) -> String {
    safe::line(of).replace('`', "'").replace('|', "\\|")
}

/// A fence that nothing in the text ends.
fn fence(of: &str) -> String {
    let longest = of.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(3.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::{fence, html, text};

    #[test]
    fn nothing_of_a_record_is_markup() {
        assert_eq!(text("<b>|`@you #1 [a](b)"), r"&lt;b&gt;\|\`&#64;you &#35;1 \[a\]\(b\)");
        assert_eq!(html("<x>\"*_@`"), "&#60;x&#62;&#34;&#42;&#95;&#64;&#96;");
        assert_eq!(fence("a ```` b"), "`````");
    }
}
