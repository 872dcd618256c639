//! What a component is made of, as one hash: the `inputs` of the manifest.
//!
//! It covers what can reach the bytes of this component and nothing else, so that a new proposal, which adds a package
//! below `wit/`, a guest and lines of `Cargo.lock`, makes no other component stale.

use super::GUESTS;
use crate::wit::Wit;
use anyhow::Context;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_harness::suite::problem::Source;
use wit_component::StringEncoding;

/// SHA-256 over everything that goes into the component of a guest for a world: the sources of the guest and of what
/// guests share, the notation that they share with the mock, its part of the workspace's `Cargo.toml` and
/// `Cargo.lock`, and the world, without its documentation.
pub fn inputs(root: &Path, wit: &Wit, guest: &str, world: &str) -> anyhow::Result<String> {
    let mut files = Vec::new();
    for folder in [format!("{GUESTS}/common"), format!("{GUESTS}/{guest}")] {
        collect(root, Path::new(&folder), &mut files)?;
    }
    files.push("harness/mock/src/notation.rs".into());
    files.sort();
    let mut all = String::new();
    let mut add = |name: &str, bytes: &[u8]| all.push_str(&format!("{name} {}\n", sha256(bytes)));
    for file in files {
        let bytes =
            fs::read(root.join(&file)).with_context(|| format!("{} cannot be read", file.display()))?;
        let name: Vec<_> = file.components().map(|c| c.as_os_str().to_string_lossy()).collect();
        add(&name.join("/"), &bytes);
    }
    let locked = locked(root, guest)?;
    add("Cargo.toml", workspace(root, &locked)?.as_bytes());
    let locked: Vec<_> = locked.iter().map(|package| format!("{package:?}\n")).collect();
    add("Cargo.lock", locked.concat().as_bytes());
    add("world", &resolved(root, wit, world)?);
    Ok(sha256(all.as_bytes()))
}

/// A package of `Cargo.lock`.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// The guest and everything that it depends on, with exact versions.
fn locked(root: &Path, guest: &str) -> anyhow::Result<BTreeSet<Locked>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    let source = read(root, "Cargo.lock")?;
    let Lock { mut package } = source.parse().map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let mut found = BTreeSet::new();
    let mut wanted = vec![guest.to_owned()];
    while let Some(name) = wanted.pop() {
        // `name`, or `name version`, or those with the source, as far as it takes to tell two apart.
        let mut parts = name.split(' ');
        let (name, version) = (parts.next(), parts.next());
        let is_it = |p: &Locked| Some(&*p.name) == name && version.is_none_or(|version| version == p.version);
        if let Some(at) = package.iter().position(is_it) {
            let package = package.swap_remove(at);
            wanted.extend(package.dependencies.iter().cloned());
            found.insert(package);
        }
    }
    anyhow::ensure!(!found.is_empty(), "{} does not lock the guest `{guest}`", source.file.display());
    Ok(found)
}

/// The workspace's `Cargo.toml` without its other members and their profiles.
fn workspace(root: &Path, locked: &BTreeSet<Locked>) -> anyhow::Result<String> {
    let source = read(root, "Cargo.toml")?;
    let mut file: toml::Table = source.parse().map_err(|problem| anyhow::anyhow!("{problem}"))?;
    if let Some(workspace) = file.get_mut("workspace").and_then(toml::Value::as_table_mut) {
        workspace.remove("members");
        workspace.remove("exclude");
    }
    let packages =
        file.get_mut("profile").and_then(|p| p.get_mut("release")).and_then(|p| p.get_mut("package"));
    if let Some(packages) = packages.and_then(toml::Value::as_table_mut) {
        packages.retain(|name, _| locked.iter().any(|package| package.name == *name));
    }
    Ok(toml::to_string(&file)?)
}

/// What a guest with packages of its own uses of the suite's.
const BOARD: &str = "wit/conformance/0.1.0/board.wit";

/// The world as the guest's bindings describe it: types and functions of its imports and exports. Of a world that stands
/// with a guest's sources, which are there already, it is what it uses of the suite's packages.
fn resolved(root: &Path, wit: &Wit, world: &str) -> anyhow::Result<Vec<u8>> {
    let ours =
        |name: &wit_parser::PackageName| world.starts_with(&format!("{}:{}/", name.namespace, name.name));
    if !wit.packages.iter().any(|package| ours(&package.name)) {
        return fs::read(root.join(BOARD)).with_context(|| format!("{BOARD} cannot be read"));
    }
    let packages: Vec<_> = wit.packages.iter().map(|package| package.id).collect();
    let id = wit.resolve.select_world(&packages, Some(world))?;
    wit_component::metadata::encode(&wit.resolve, id, StringEncoding::UTF8, None)
}

fn read(root: &Path, file: &str) -> anyhow::Result<Source> {
    Source::read(root, Path::new(GUESTS).join(file)).map_err(|problem| anyhow::anyhow!("{problem}"))
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(root.join(folder)).with_context(|| format!("{} cannot be listed", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
