//! The WIT packages of this repository: `wit/<proposal>/<folder>/*.wit`, with what they depend on and
//! does not stand here in `deps/` of the same folder.
//!
//! A folder is called after the package inside, so that a version can be read off the path:
//!
//! | folder | package |
//! |---|---|
//! | `wit/i2c/0.2.0-draft` | `wasi:i2c@0.2.0-draft` |
//! | `wit/spi/unversioned` | `wasi:spi` |
//! | `wit/usb/component-0.2.1` | `component:usb@0.2.1` |
//! | `wit/conformance/0.1.0` | `wasi-hw:conformance@0.1.0`, this project's own |
//!
//! The package that `proposals/<proposal>/requirements.toml` names is the canonical one of its
//! proposal; a release that came before it, and a variant under another name, stand beside it.

pub mod check;
mod compatible;
pub mod documented;
pub mod header;
pub mod oci;
pub mod page;
pub mod shape;

use anyhow::Context;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::files::Files;
use wasi_hw_harness::suite::problem::{Problem, Source};
use wasi_hw_harness::suite::proposal::{self, Proposal};
use wasi_hw_harness::suite::requirement::Requirement;
use wit_parser::{
    PackageId, PackageName, Resolve, ResolveErrorKind, SourceMap, Span, UnresolvedPackageGroup, WorldId,
};

/// The folder whose packages are this project's own and belong to no proposal.
const OWN: &str = "conformance";

/// All packages, resolved together.
#[derive(Debug)]
pub struct Wit {
    /// Everything that was parsed.
    pub resolve: Resolve,
    /// The packages, by folder.
    pub packages: Vec<Package>,
    /// The proposals, in their order.
    pub proposals: Vec<Proposal>,
    /// The requirements of all proposals, by id.
    pub requirements: BTreeMap<String, Requirement>,
}

/// A package and where it stands.
#[derive(Clone, Debug)]
pub struct Package {
    /// The folder, from the root.
    pub folder: PathBuf,
    /// The folder above: the proposal.
    pub proposal: String,
    /// In [`Wit::resolve`].
    pub id: PackageId,
    /// Namespace, name and version.
    pub name: PackageName,
    /// What stands in `deps/`.
    pub deps: Vec<PackageId>,
}

impl Package {
    /// Whether it belongs to a proposal.
    pub fn of_a_proposal(&self) -> bool {
        self.proposal != OWN
    }
}

impl Wit {
    /// Reads and resolves every package below `root/wit`, and the proposals' requirements.
    pub fn read(root: &Path) -> Result<Wit, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut waiting = Vec::new();
        for folder in folders(root, Path::new("wit")).map_err(|problem| vec![problem])? {
            let versions = folders(root, &folder).map_err(|problem| vec![problem])?;
            for folder in versions {
                match parse(root, &folder) {
                    Ok(parsed) => waiting.push(parsed),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        let (proposals, requirements) =
            proposal::read(root, Path::new(""), &mut Files::default(), &mut problems);
        let mut wit = Wit { resolve: Resolve::default(), packages: Vec::new(), proposals, requirements };
        wit.resolve_all(waiting, &mut problems);
        wit.packages.sort_by(|a, b| a.folder.cmp(&b.folder));
        problems.extend(wit.packages.iter().filter_map(misnamed));
        if problems.is_empty() {
            for proposal in &wit.proposals {
                for package in proposal.variants.iter().chain([&proposal.package]) {
                    problems.extend(wit.missing(proposal, package));
                }
            }
        }
        if problems.is_empty() { Ok(wit) } else { Err(problems) }
    }

    /// The canonical package of a proposal.
    pub fn canonical(&self, proposal: &str) -> Option<&Package> {
        let proposal = self.proposals.iter().find(|p| p.name == proposal)?;
        self.package(&proposal.name, &proposal.package)
    }

    fn package(&self, proposal: &str, wanted: &str) -> Option<&Package> {
        self.packages.iter().find(|p| p.proposal == proposal && p.name.to_string() == wanted)
    }

    /// A package that the head of a proposal names and that is not there.
    fn missing(&self, proposal: &Proposal, package: &str) -> Option<Problem> {
        let name = &proposal.name;
        let message = format!("`{package}` is not there; wit/{name}/ has {}", self.names(name));
        let problem = Problem { file: proposal.file(), line: None, message };
        self.package(name, package).is_none().then_some(problem)
    }

    /// The worlds of a package, by name.
    pub fn worlds(&self, package: PackageId) -> impl Iterator<Item = (&String, WorldId)> {
        self.resolve.packages[package].worlds.iter().map(|(name, world)| (name, *world))
    }

    /// A problem where an item stands.
    fn problem(&self, package: &Package, span: Span, message: String) -> Problem {
        let location = self.resolve.render_location(span);
        let mut parts = location.rsplitn(3, ':');
        let (line, file) = (parts.nth(1).and_then(|line| line.parse().ok()), parts.next());
        match (line, file) {
            (Some(line), Some(file)) => Problem { file: file.into(), line: Some(line), message },
            _ => Problem { file: package.folder.clone(), line: None, message },
        }
    }

    fn names(&self, proposal: &str) -> String {
        let of_proposal = self.packages.iter().filter(|p| p.proposal == proposal);
        of_proposal.map(|p| p.name.to_string()).collect::<Vec<_>>().join(", ")
    }

    /// Resolves packages in an order in which each finds what it depends on.
    fn resolve_all(&mut self, mut waiting: Vec<Parsed>, problems: &mut Vec<Problem>) {
        // A package that is missing because it is broken itself is no news.
        let mut broken = !problems.is_empty();
        while !waiting.is_empty() {
            let (mut still, mut errors) = (Vec::new(), Vec::new());
            let before = waiting.len();
            for parsed in waiting {
                // A failed push leaves what it was given half inserted.
                let mut resolve = self.resolve.clone();
                match resolve.push_groups(parsed.main.clone(), parsed.deps.clone()) {
                    Ok(id) => {
                        let deps = parsed
                            .deps
                            .iter()
                            .filter_map(|d| resolve.package_names.get(&d.main.name).copied());
                        self.packages.push(Package {
                            proposal: parsed.proposal,
                            folder: parsed.folder,
                            id,
                            name: parsed.main.main.name,
                            deps: deps.collect(),
                        });
                        self.resolve = resolve;
                    }
                    Err(error) => {
                        let missing = matches!(error.kind(), ResolveErrorKind::PackageNotFound { .. });
                        let message = resolve.render_error(&error.into());
                        errors.push((missing, Problem { file: parsed.folder.clone(), line: None, message }));
                        still.push(parsed);
                    }
                }
            }
            if still.len() == before {
                broken |= errors.iter().any(|(missing, _)| !missing);
                problems.extend(
                    errors.into_iter().filter(|(missing, _)| !(broken && *missing)).map(|(_, error)| error),
                );
                return;
            }
            waiting = still;
        }
    }
}

struct Parsed {
    folder: PathBuf,
    proposal: String,
    main: UnresolvedPackageGroup,
    deps: Vec<UnresolvedPackageGroup>,
}

fn parse(root: &Path, folder: &Path) -> Result<Parsed, Problem> {
    let main = parse_folder(root, folder)?;
    let (mut deps, at) = (Vec::new(), folder.join("deps"));
    if root.join(&at).exists() {
        for dependency in folders(root, &at)? {
            deps.push(parse_folder(root, &dependency)?);
        }
    }
    let proposal = folder.parent().and_then(Path::file_name).unwrap_or_default();
    Ok(Parsed { proposal: proposal.to_string_lossy().into_owned(), folder: folder.to_owned(), main, deps })
}

/// Parses the `.wit` files of one folder; their paths are from the root, and so are those of errors.
fn parse_folder(root: &Path, folder: &Path) -> Result<UnresolvedPackageGroup, Problem> {
    let mut map = SourceMap::new();
    let mut empty = true;
    for (path, is_folder) in list(root, folder)? {
        if !is_folder && path.extension().is_some_and(|ending| ending == "wit") {
            map.push(&path, Source::read(root, &path)?.text);
            empty = false;
        }
    }
    if empty {
        return Err(Problem { file: folder.to_owned(), line: None, message: "has no .wit file".into() });
    }
    map.parse().map_err(|(map, error)| {
        let message = format!("is not WIT: {}", error.render(&map));
        Problem { file: folder.to_owned(), line: None, message }
    })
}

/// The folder's name and the package's do not agree.
fn misnamed(package: &Package) -> Option<Problem> {
    let found = &package.folder.file_name()?.to_string_lossy().into_owned();
    let PackageName { namespace, name, version } = &package.name;
    let usual = if package.of_a_proposal() { "wasi" } else { "wasi-hw" };
    let version = version.as_ref().map_or("unversioned".to_owned(), ToString::to_string);
    let expected = if namespace == usual { version } else { format!("{namespace}-{version}") };
    if *found == expected && *name == package.proposal {
        return None;
    }
    let message = format!("holds `{}`, which belongs into wit/{name}/{expected}", package.name);
    Some(Problem { file: package.folder.clone(), line: None, message })
}

fn folders(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    Ok(list(root, folder)?.into_iter().filter(|(_, is_folder)| *is_folder).map(|(path, _)| path).collect())
}

/// What stands in a folder, sorted, and which of it are folders.
fn list(root: &Path, folder: &Path) -> Result<Vec<(PathBuf, bool)>, Problem> {
    let read = || -> anyhow::Result<Vec<(PathBuf, bool)>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(root.join(folder)).context("cannot be listed")? {
            let entry = entry?;
            found.push((folder.join(entry.file_name()), entry.path().is_dir()));
        }
        found.sort();
        Ok(found)
    };
    read().map_err(|error| Problem {
        file: folder.to_owned(),
        line: None,
        message: format!("{error:#}; is `{}` the suite's folder?", root.display()),
    })
}
