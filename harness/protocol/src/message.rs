//! The messages around a case: the greeting, a run, its end.

use crate::Count;
use crate::op::{Empty, Op, Outcome, Refused, Reply};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What the harness sends. `H` is what an embedder would configure: the `[host]` part of a fixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ToAdapter<H = serde_json::Value, R = Reply> {
    /// The greeting, once, before anything else; answered with `started`.
    Start(Start),
    /// Run the guests of a case; answered with one `done` for each guest.
    Run(Run<H>),
    /// The guest of this number begins. Only sent where a run has several guests.
    Go(Go),
    /// The answer to what a guest asked.
    Answer(Answer<R>),
    /// Is anything of this run left? Answered with `synced`.
    Sync(Sync),
    /// Exit. So does the end of the input.
    Stop(Empty),
}

/// What an adapter sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FromAdapter {
    /// Who it is; the answer to `start`.
    Started(Started),
    /// A guest, or the host on its behalf, asks something of the board; answered with `answer`.
    Ask(Ask),
    /// A guest ended.
    Done(Done),
    /// Nothing of this run is left; the answer to `sync`.
    Synced(Sync),
}

/// The greeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Start {
    /// The version of the protocol that the harness speaks.
    pub protocol: String,
}

/// Who an adapter is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Started {
    /// The version of the protocol that the adapter speaks.
    pub protocol: String,
    /// The host implementation's name: lower case letters, digits, `-` and `_`.
    pub name: String,
    /// The host implementation's own version.
    pub version: String,
    /// Where it lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where its faults are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// The packages that it implements, in the variant that it speaks, such as `wasi:i2c@0.2.0-draft`.
    pub packages: Vec<String>,
    /// By proposal, the seam at which its mock devices stand. Absent: `messages` for i2c, `transfers` for
    /// spi and usb, `lines` for gpio, which is what the operations of this protocol are. An adapter whose
    /// host sits on `embedded-hal` says `hal`: framing is then the adapter's work, not the host's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seams: BTreeMap<String, String>,
    /// What it can do beyond the least.
    #[serde(default)]
    pub features: Features,
    /// What its host lacks of what hosts may lack: names of `proposals/capabilities.toml`. An adapter without the
    /// feature `instances` lacks `instances`, and need not say so twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Lack>,
    /// Whose clock its host goes by.
    #[serde(default)]
    pub clock: Clock,
    /// In which form it runs guests.
    #[serde(default, skip_serializing_if = "Form::is_component")]
    pub form: Form,
}

/// Something that a host lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, rename_all = "kebab-case")]
pub enum Lack {
    /// A capability that is there or not.
    Name(String),
    /// A capability that is a number.
    Number {
        /// Its name.
        capability: String,
        /// The most that the host can do.
        most: Count,
    },
}

/// What an adapter can do beyond the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Features {
    /// Several instances at once: cases that need them do not apply otherwise.
    pub instances: bool,
}

/// Whose clock a host goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The board's: the host lets time pass with `wait` and in no other way.
    #[default]
    Board,
    /// One of its own: the board's clock follows the real one. Two reports are then not the same bytes.
    Own,
}

/// In which form a host runs a guest. What is asked of the host is the same in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A component.
    #[default]
    Component,
    /// The core module of that component, which is the first one in its file, on an engine that knows no components:
    /// `conformance/ABI.md`.
    Core,
    /// A component that a command-line runtime runs as `wasi:cli` has it: it imports nothing of the harness's.
    Command,
}

impl Form {
    /// Whether it is the form that needs no word.
    pub fn is_component(&self) -> bool {
        *self == Form::Component
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Form::Component => "component",
            Form::Core => "core",
            Form::Command => "command",
        })
    }
}

/// A case, as far as a runtime may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Run<H = serde_json::Value> {
    /// The number of the run, for `done` and `synced`. It is never used again.
    pub run: u32,
    /// The component to run.
    pub component: Component,
    /// For each guest, in the order of their numbers from 0, the test to call it with. One guest is the
    /// rule; several are instances on one board.
    pub tests: Vec<String>,
    /// What an embedder would configure: labels, modes, polarity, policy.
    pub host: H,
    /// Limits on each guest.
    pub limits: Limits,
}

/// A guest's component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Component {
    /// The file, as an absolute path.
    pub path: String,
    /// SHA-256 of the file, in hexadecimal: what is made of it can be kept under this name.
    pub sha256: String,
    /// The package under test, such as `wasi:i2c@0.2.0-draft`.
    pub package: String,
    /// The world that it was built for.
    pub world: String,
}

/// Limits on each guest. One that is exceeded ends the guest, as `timeout` or, for memory, however it
/// takes a refused allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Limits {
    /// Instructions, roughly. A runtime that cannot count them leaves it to the harness's watchdog.
    pub fuel: u64,
    /// Bytes of linear memory.
    pub memory: u64,
    /// Seconds of real time after which the harness ends the adapter's process.
    pub seconds: u64,
}

/// A guest begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Go {
    /// Its number.
    pub guest: u32,
}

/// Something asked of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ask {
    /// The guest on whose behalf, by number; 0 if absent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub guest: u32,
    /// What is asked.
    pub op: Op,
}

/// The answer to what a guest asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Answer<R = Reply> {
    /// The guest; 0 if absent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub guest: u32,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome<R>,
}

/// As derived, but that nothing is kept aside for the part that is flattened: answers are what adapters read all day.
impl<'de, R: Deserialize<'de>> Deserialize<'de> for Answer<R> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Answer<R>, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        struct Fields<R> {
            #[serde(default)]
            guest: u32,
            ok: Option<R>,
            refused: Option<Refused>,
            dead: Option<Empty>,
        }
        let Fields { guest, ok, refused, dead } = Fields::deserialize(from)?;
        let outcome = match (ok, refused, dead) {
            (Some(reply), None, None) => Outcome::Ok(reply),
            (None, Some(refused), None) => Outcome::Refused(refused),
            (None, None, Some(dead)) => Outcome::Dead(dead),
            _ => return Err(D::Error::custom("an answer is one of `ok`, `refused` and `dead`")),
        };
        Ok(Answer { guest, outcome })
    }
}

/// The end of a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Done {
    /// The run's number.
    pub run: u32,
    /// The guest; 0 if absent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub guest: u32,
    /// How it ended.
    pub how: How,
    /// Why, in one line; where it did not return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Of a link failure: the item that the host lacks or has otherwise, such as
    /// `wasi:i2c/i2c@0.2.0-draft#[method]i2c.read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

/// How a guest ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Its export `run` returned ok.
    Returned,
    /// Its export `run` returned an error: it has no test of that name.
    NoSuchTest,
    /// It trapped; `why` is the engine's text.
    Trap,
    /// It could not be instantiated on this host; `why`, and `item` where it is known, say what differs.
    LinkFailure,
    /// The host failed in a way that it noticed itself, such as a panic that was caught.
    Crash,
    /// It used up its fuel.
    Timeout,
    /// The adapter cannot run it; `why` says what is missing.
    NotRun,
    /// What the adapter put between host and board broke, such as a machine around the host: nothing is said of the host.
    HarnessError,
}

/// The end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sync {
    /// The run's number.
    pub run: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
