//! Annotations as GitHub's runners read them from a step's output. The commands and their escapes are those of GitHub's
//! documentation, "Workflow commands for GitHub Actions".

use super::{Footer, Header, Record, Sink};
use crate::text;
use anyhow::Context;
use std::io;

/// GitHub shows so many of a step; more would hide which came first.
const MOST: usize = 10;
/// The most bytes of a line of an annotation; the record has it whole.
const MOST_LINE: usize = 2_000;

/// An error for each failure, the first ten of them, or nine and how many more there are.
pub struct Annotations<W> {
    out: W,
    host: String,
    /// The lines of the first ten.
    first: Vec<String>,
    failures: usize,
}

impl<W: io::Write> Annotations<W> {
    /// On this stream, which is a step's standard output.
    pub fn new(out: W, header: &Header) -> Annotations<W> {
        let (name, version) = (&header.runtime.name, &header.runtime.version);
        let host = if version.is_empty() { name.clone() } else { format!("{name} {version}") };
        Annotations { out, host: text::line(&host, text::MOST_NAME), first: Vec::new(), failures: 0 }
    }

    /// Takes a record, whatever it says.
    pub fn add(&mut self, record: &Record) {
        if !record.fails_the_run() {
            return;
        }
        self.failures += 1;
        if self.first.len() == MOST {
            return;
        }
        let file = format!("conformance/cases/{}.toml", record.case);
        let title = format!("{} {} ({})", record.verdict, record.case, record.proves.join(" "));
        let message = format!("{}\n{}", record.title, text::line(&record.first_difference(), MOST_LINE));
        self.first.push(format!(
            "::error file={},title={}::{}",
            property(&file),
            property(&title),
            data(&message)
        ));
    }

    /// Writes them.
    pub fn end(mut self) -> anyhow::Result<()> {
        if self.failures > MOST {
            self.first.truncate(MOST - 1);
            let more = self.failures - self.first.len();
            let said = format!("{more} more cases do otherwise than expected; the summary has them all");
            self.first.push(format!("::error title={}::{}", property(&self.host), data(&said)));
        }
        let written = self.first.iter().try_for_each(|line| writeln!(self.out, "{line}"));
        written.and_then(|()| self.out.flush()).context("the standard output cannot be written")
    }
}

impl<W: io::Write + Send> Sink for Annotations<W> {
    fn record(&mut self, _: usize, record: &Record) -> anyhow::Result<()> {
        self.add(record);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Footer) -> anyhow::Result<()> {
        self.end()
    }
}

/// Whether this is a step of GitHub's, whose runners set `GITHUB_ACTIONS` to `true`.
pub fn is_here() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

fn data(of: &str) -> String {
    text::block(of, text::MOST_WHY).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(of: &str) -> String {
    data(&text::line(of, MOST_LINE)).replace(':', "%3A").replace(',', "%2C")
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
