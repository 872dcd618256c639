//! Cases: `conformance/cases/<proposal>/<name>.toml`. The id of a case is its path without the ending.
//!
#![doc = include_str!("../../NOTATION.md")]

use crate::suite::capability::Bound;
use crate::suite::expect::Expect;
use crate::suite::problem::Versioned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseFile {
    /// The format's version: 1.
    pub version: u32,
    /// What the case shows, in one line.
    pub title: String,
    /// The guest test, of a case with one guest.
    pub test: Option<Spanned<String>>,
    /// What that guest writes down.
    #[serde(default)]
    pub transcript: Vec<Expect>,
    /// The guests, of a case with several.
    #[serde(default)]
    pub instance: Vec<InstanceFile>,
    /// The fixture, below `fixtures/`.
    pub fixture: Spanned<String>,
    /// The ids of the requirements that it proves.
    pub proves: Vec<Spanned<String>>,
    /// How the guest ends.
    #[serde(default)]
    pub ends: Ends,
    /// What the wires see, by channel.
    #[serde(default)]
    pub trace: BTreeMap<String, Vec<Expect>>,
    /// What a host cannot lack and pass, beside what the requirements need.
    #[serde(default)]
    pub needs: Vec<Bound>,
    /// What a host without it is held to. Only where the contract names its answer.
    pub without: Option<Without>,
}

impl Versioned for CaseFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// One of several guests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InstanceFile {
    /// What the record calls it.
    pub name: String,
    /// Its test.
    pub test: Spanned<String>,
    /// What it writes down.
    pub transcript: Vec<Expect>,
}

/// What is seen of a host that lacks what the case needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Without {
    /// What the guest writes down.
    pub transcript: Vec<Expect>,
    /// What the wires see, by channel.
    #[serde(default)]
    pub trace: BTreeMap<String, Vec<Expect>>,
}

/// How a guest is expected to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// It returns.
    #[default]
    Returned,
    /// The host traps it, because the contract says so.
    Trap,
    /// Either: the contract leaves room for a trap of the instance that asked, and the transcript says
    /// how far it may come. With several guests any of them may.
    Either,
}
