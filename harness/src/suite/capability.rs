//! What a host may lack and still keep the contract: `proposals/capabilities.toml`, a closed list.
//!
//! A requirement or a case names what it needs, a runtime declares what it lacks, both in one notation:
//!
//! ```toml
//! needs = ["edges"]                 # there, or not
//! needs = [{ call-bytes = 4096 }]   # at least so many
//! lacks = ["instances", { call-bytes = 255 }]   # none; not more than 255
//! ```
//!
//! Where the contract names the answer of a host without it, the case has a part `without` that such a host is held to;
//! otherwise the case does not apply to it. What is declared as lacking and is seen to be there is an error of the run.

use super::problem::{Problem, Source, Versioned};
use super::requirement::Basis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CapabilitiesFile {
    /// The format's version: 1.
    version: u32,
    /// The list.
    capability: Vec<toml::Spanned<Capability>>,
}

impl Versioned for CapabilitiesFile {
    fn version(&self) -> u32 {
        self.version
    }
}

/// Something that a host may lack.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Capability {
    /// Its name.
    pub id: String,
    /// The proposals whose hosts may lack it.
    pub of: Vec<String>,
    /// Of a capability that is a number: what is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it is.
    pub text: String,
    /// Why a host may lack it.
    pub basis: Vec<Basis>,
    /// What the contract says of a host without it.
    pub absence: String,
}

/// A capability, with a number where it is one: of a need the least, of a lack the most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Bound {
    /// Which.
    pub capability: String,
    /// How much.
    pub number: Option<u64>,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "a capability, such as \"instances\" or { call-bytes = 255 }")]
enum Written {
    Name(String),
    Number(BTreeMap<String, u64>),
}

impl TryFrom<Written> for Bound {
    type Error = String;

    fn try_from(written: Written) -> Result<Bound, String> {
        match written {
            Written::Name(capability) => Ok(Bound { capability, number: None }),
            Written::Number(map) => {
                let mut entries = map.into_iter();
                match (entries.next(), entries.next()) {
                    (Some((capability, number)), None) => Ok(Bound { capability, number: Some(number) }),
                    _ => Err("one capability stands in braces, such as { call-bytes = 255 }".to_owned()),
                }
            }
        }
    }
}

impl From<Bound> for Written {
    fn from(bound: Bound) -> Written {
        match bound.number {
            None => Written::Name(bound.capability),
            Some(number) => Written::Number(BTreeMap::from([(bound.capability, number)])),
        }
    }
}

impl Bound {
    /// Whether a host that lacks this cannot do what `need` asks for.
    pub fn keeps_from(&self, need: &Bound) -> bool {
        self.capability == need.capability
            && match (self.number, need.number) {
                (Some(most), Some(least)) => most < least,
                _ => true,
            }
    }
}

impl fmt::Display for Bound {
    /// As a claim names a lack: `instances`, `call-bytes above 255`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            None => f.write_str(&self.capability),
            Some(most) => write!(f, "{} above {most}", self.capability),
        }
    }
}

/// Where the list stands.
pub const FILE: &str = "proposals/capabilities.toml";

/// Reads the list below `root/base`. A suite without one has no capabilities.
pub(super) fn read(
    root: &Path,
    base: &Path,
    files: &mut super::files::Files,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Capability> {
    let file = base.join(FILE);
    if !root.join(&file).exists() {
        return BTreeMap::new();
    }
    let read = Source::read(root, file).and_then(|source| {
        files.note(&source);
        Ok((source.parse_versioned::<CapabilitiesFile>()?, source))
    });
    let (file, source) = match read {
        Ok(read) => read,
        Err(problem) => {
            problems.push(problem);
            return BTreeMap::new();
        }
    };
    let mut all = BTreeMap::new();
    for row in file.capability {
        let at = Some(row.span().start);
        let capability = row.into_inner();
        let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if capability.id.is_empty() || !capability.id.chars().all(named) {
            problems.push(source.problem(at, "an `id` has lower case letters, digits and `-`"));
            continue;
        }
        if capability.of.is_empty() {
            problems.push(source.problem(at, format!("`of` of {} names no proposal", capability.id)));
        }
        let id = capability.id.clone();
        if all.insert(id.clone(), capability).is_some() {
            problems.push(source.problem(at, format!("`{id}` is there twice")));
        }
    }
    all
}

/// The list that stands in the tree below `root`, as far as it can be read.
pub(super) fn of_tree(root: &Path) -> BTreeMap<String, Capability> {
    read(root, Path::new(""), &mut super::files::Files::default(), &mut Vec::new())
}

/// What is wrong with a need or a lack, for some proposals.
pub fn unknown(list: &BTreeMap<String, Capability>, bound: &Bound, proposals: &[&str]) -> Option<String> {
    let Bound { capability: id, number } = bound;
    let Some(capability) = list.get(id) else {
        let known: Vec<_> = list.keys().map(String::as_str).collect();
        return Some(format!("no capability `{id}`; {FILE} has {}", known.join(", ")));
    };
    match (&capability.unit, number) {
        (Some(unit), None) => return Some(format!("`{id}` is a number of {unit}: {{ {id} = … }}")),
        (None, Some(_)) => return Some(format!("`{id}` is no number: \"{id}\"")),
        _ => {}
    }
    let concerns = capability.of.iter().any(|name| proposals.contains(&name.as_str()));
    (!concerns).then(|| {
        format!("`{id}` is of {}, and of none of {}", capability.of.join(", "), proposals.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::Bound;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct File {
        needs: Vec<Bound>,
    }

    fn bounds(text: &str) -> Result<Vec<Bound>, String> {
        let file: Result<File, _> = toml::from_str(&format!("needs = {text}"));
        file.map(|file| file.needs).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_lack_keeps_from_what_needs_more() {
        let lacks = bounds("['instances', { call-bytes = 255 }]").unwrap();
        let needs = bounds("['instances', { call-bytes = 255 }, { call-bytes = 256 }, 'edges']").unwrap();
        let kept: Vec<_> = needs.iter().map(|need| lacks.iter().any(|lack| lack.keeps_from(need))).collect();
        assert_eq!(kept, [true, false, true, false]);
        let names: Vec<_> = lacks.iter().map(Bound::to_string).collect();
        assert_eq!(names, ["instances", "call-bytes above 255"]);
    }

    #[test]
    fn one_capability_stands_in_braces() {
        assert!(bounds("[{ a = 1, b = 2 }]").unwrap_err().contains("one capability stands in braces"));
        assert!(bounds("[7]").unwrap_err().contains("a capability, such as"));
    }
}
