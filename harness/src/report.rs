//! The report: a stream of records, one JSON line each, between a header and a footer. Every other
//! form of it is drawn from this one, and is a [`Sink`].
//!
//! Header and record hold all that a verdict and a claim are made of: [`Record::judge`] makes the verdict
//! again, [`Totals`] the claims, and [`judge_again`] compares a whole report with both.

mod again;
mod asked;
pub mod console;
mod day;
mod footer;
pub mod github;
mod groups;
mod header;
mod hint;
mod judge;
pub mod merge;
mod read;
mod record;
mod sink;
mod stream;
mod totals;
mod verdict;

pub use again::{Again, Finding, Seen, judge_again, judge_with};
pub use console::Console;
pub use footer::{Claim, Footer, NotRun, Tally, World};
pub use groups::{Groups, Tell};
pub use header::{Header, Listing, Platform, Scope, Statement, SuiteData};
pub use hint::extra_line;
pub(crate) use judge::guest_side;
pub use read::{MOST_LINE, ReadError, Reader, open, read};
pub use record::{Channel, Cut, Expectation, Guest, Listed, Record};
pub use sink::{Sink, Sinks};
pub use stream::Writer;
pub use totals::Totals;
pub use verdict::{Difference, Judgement, Verdict};

use serde::{Deserialize, Serialize};

/// The version of the stream's format.
pub const FORMAT: u32 = 2;

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// The first line.
    Header(Box<Header>),
    /// One case.
    Record(Box<Record>),
    /// The last line; a report without it is the report of a run that did not end.
    Footer(Box<Footer>),
}
