//! Phase sheets: where a proposal stands in the WASI phase process, and what shows it.
//!
//! What upstream asks for stands once, in `proposals/process.toml`:
//!
//! ```toml
//! version = 1
//! source = "WebAssembly/WASI:CONTRIBUTING.md@64080179"   # the page that the rows restate
//! date = "2026-07-21"
//!
//! [[topic]]                    # what portability criteria are to cover
//! id = "testing"
//! text = "The proposal says what form its testing will take."
//!
//! [[phase]]
//! number = 2
//! name = "Feature description available"
//! decides = "the WASI Subgroup, by vote"
//!
//! [[phase.requirement]]
//! id = "2c"
//! text = "A WIT description of the API exists."
//! since = "2026-07-21"         # of one that is younger than the first votes into this phase
//!
//! [[undefined]]                # a phase that upstream leaves open; it can have no requirements
//! number = 4
//! note = "Upstream says that this phase is still to be determined."
//! ```
//!
//! Each `proposals/<name>/phase.toml` answers every requirement by its id ([`Sheet`]); [`read_sheet`]
//! checks it, and [`page::page`] draws `PHASE.md` from it. What the sheets and the pages beside them cite
//! is held to `proposals/citations.toml` ([`check_documents`]).

mod check;
mod citations;
mod claims;
mod days;
pub mod page;
mod parts;
mod questions;

pub use check::{proposals, read_process, read_sheet};
pub use citations::{Citations, Commit, Threads, check_documents, read_citations};
pub use parts::{Citation, Date, Kind, Origin, Pointer, Published, State, Text};
pub use questions::Question;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use wasi_hw_harness::suite::problem::Versioned;

/// `proposals/process.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Process {
    /// The format's version: 1.
    pub version: u32,
    /// The page that the rows restate.
    pub source: Citation,
    /// The day of that page.
    pub date: Date,
    /// What portability criteria are to cover.
    pub topic: Vec<Topic>,
    /// The phases that upstream defines.
    pub phase: Vec<Phase>,
    /// The phases that upstream leaves undefined.
    #[serde(default)]
    pub undefined: Vec<Undefined>,
}

impl Versioned for Process {
    fn version(&self) -> u32 {
        self.version
    }
}

/// A topic of portability criteria.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Topic {
    /// What criteria call it.
    pub id: Spanned<Text>,
    /// What upstream wants said about it.
    pub text: Text,
}

/// A phase that upstream defines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Phase {
    /// The number.
    pub number: Spanned<u8>,
    /// The name.
    pub name: Text,
    /// Who decides that a proposal enters it.
    pub decides: Text,
    /// What has to hold before.
    pub requirement: Vec<Entry>,
}

/// An entry requirement of a phase.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    /// The phase's number and a letter.
    pub id: Spanned<Text>,
    /// What has to hold.
    pub text: Text,
    /// The day since which it has been asked for; absent where it is as old as the process. A proposal
    /// that was voted into the phase before that day may be in it without meeting this.
    pub since: Option<Date>,
    /// What a reader should know of the requirement itself.
    pub note: Option<Text>,
}

/// A phase that upstream leaves undefined.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Undefined {
    /// The number.
    pub number: u8,
    /// What upstream says instead.
    pub note: Text,
}

/// `proposals/<name>/phase.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sheet {
    /// The format's version: 1.
    pub version: u32,
    /// The proposal, as its folder is called.
    pub proposal: Spanned<Text>,
    /// The canonical package of this repository, with its version.
    pub package: Spanned<Text>,
    /// The last phase that the subgroup voted it into.
    pub phase: Spanned<u8>,
    /// The phase that the next vote is about.
    pub next: Spanned<u8>,
    /// The day of the search behind what is said not to exist.
    pub searched: Date,
    /// What is judged.
    pub upstream: Upstream,
    /// Which phase upstream's pages name.
    pub stated_phase: Vec<Stated>,
    /// The answers, in the order of the process.
    pub requirement: Vec<Answer>,
    /// The portability criteria, upstream's and this project's.
    #[serde(default)]
    pub criterion: Vec<Criterion>,
    /// The packages that the WIT depends on.
    #[serde(default)]
    pub dependency: Vec<Dependency>,
    /// What is known of the registry.
    pub tag: Tag,
    /// The form of testing.
    pub testing: Testing,
    /// Known hosts and guests.
    #[serde(default)]
    pub implementation: Vec<Implementation>,
    /// What `open-questions.md` beside the sheet asks, in its order.
    #[serde(skip)]
    pub questions: Vec<Question>,
}

impl Versioned for Sheet {
    fn version(&self) -> u32 {
        self.version
    }
}

/// The upstream repository, at the commit that is judged.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Upstream {
    /// Owner and name.
    pub repository: Text,
    /// The commit.
    pub commit: Text,
    /// The package, as upstream's WIT calls it; it may lack a version.
    pub package: Text,
    /// The day up to which it was read.
    pub date: Date,
}

/// What one of upstream's pages says of the phase.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Stated {
    /// The phase; absent where the page names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<u8>,
    /// The page.
    pub source: Spanned<Citation>,
    /// Its day.
    pub date: Date,
    /// Why it says so, or what it says instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// The answer to one entry requirement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answer {
    /// Of the requirement.
    pub id: Spanned<Text>,
    /// Whether it is met.
    pub state: State,
    /// What shows that it is met.
    pub pointer: Option<Spanned<Pointer>>,
    /// What this project offers to make it met.
    pub draft: Option<Spanned<Pointer>>,
    /// Where upstream's side of it can be read.
    pub source: Citation,
    /// The day of the source.
    pub date: Date,
    /// What is missing, or what a reader should know.
    pub note: Option<Text>,
}

/// A portability criterion.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Criterion {
    /// `<proposal>-c<number>`, permanent.
    pub id: Spanned<Text>,
    /// A topic of the process.
    pub topic: Spanned<Text>,
    /// The criterion.
    pub text: Text,
    /// Whose it is.
    pub origin: Origin,
    /// Whether it is met.
    pub state: State,
    /// What shows that it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Spanned<Pointer>>,
    /// Where this project's proposal of it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<Spanned<Pointer>>,
    /// Where upstream has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Citation>,
    /// The day of the source, or of the proposal.
    pub date: Date,
    /// What is missing, or what a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// A package that the proposal's WIT depends on.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dependency {
    /// The package, with its version.
    pub package: Spanned<Text>,
    /// Its phase.
    pub phase: Spanned<u8>,
    /// Where that can be read.
    pub source: Citation,
    /// The day of the source.
    pub date: Date,
    /// What it is needed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// The tag under which the WIT can be fetched from a registry.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tag {
    /// The tag that this repository's package would carry.
    pub here: Spanned<Text>,
    /// The tag that upstream's package would carry; absent where none is possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Spanned<Text>>,
    /// Whether upstream's package is published.
    pub published: Spanned<Published>,
    /// Where upstream's version stands.
    pub source: Citation,
    /// The day of the source.
    pub date: Date,
    /// What a reader should know.
    pub note: Text,
}

/// The form of testing.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Testing {
    /// Whether upstream says how a host is tested.
    pub state: Spanned<State>,
    /// What shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Spanned<Pointer>>,
    /// The page that this project offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<Spanned<Pointer>>,
    /// Upstream's page.
    pub source: Citation,
    /// The day of the source.
    pub date: Date,
    /// What is missing, or what a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// A known host or guest.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Implementation {
    /// What it is called.
    pub name: Spanned<Text>,
    /// Which side of the interface it is.
    pub kind: Kind,
    /// The package that it speaks.
    pub speaks: Text,
    /// Where it runs.
    pub platform: Text,
    /// Where it was read; absent for this repository's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Citation>,
    /// Where it stands in this repository; absent for everybody else's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Spanned<Pointer>>,
    /// The day on which it was read.
    pub date: Date,
    /// What a reader should know.
    pub note: Text,
}
