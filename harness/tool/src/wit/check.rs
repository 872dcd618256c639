//! `cargo hw wit check`: shapes, docs, requirement ids and versions of all packages.

use super::{Package, Wit, compatible, documented, shape};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::problem::{Problem, Source};
use wit_parser::{PackageId, PackageName, Resolve, SourceMap, UnresolvedPackageGroup};

/// Where the shapes stand: each package under test without its prose, as upstream has it or as this
/// project decided it.
pub const SHAPES: &str = "harness/tool/tests/shapes";

/// What was checked of a package.
#[derive(Debug)]
pub struct Checked {
    /// The folder.
    pub folder: PathBuf,
    /// The package.
    pub name: String,
    /// How many items it has, each with a doc unless there is a problem.
    pub items: usize,
    /// How many requirements its docs name.
    pub requirements: usize,
    /// How many sentences are not the text of theirs, in a proposal that is not held to one text yet.
    pub other_words: usize,
    /// The shape it was compared with; the project's own packages have none.
    pub shape: Option<PathBuf>,
    /// The release it was compared with, or why with none.
    pub earlier: String,
}

/// Checks every package; what is wrong is added to `problems`.
pub fn check(root: &Path, wit: &Wit, problems: &mut Vec<Problem>) -> Vec<Checked> {
    let mut checked = Vec::new();
    let mut used = BTreeSet::new();
    for package in &wit.packages {
        let shape = package.of_a_proposal().then(|| {
            compare(root, wit, package, &mut used, problems);
            shape_file(&package.name)
        });
        let (items, named, other_words) = documented::check(wit, package, problems);
        if wit.canonical(&package.proposal).is_some_and(|canonical| canonical.id == package.id) {
            documented::unnamed(wit, &package.proposal, &named, problems);
        }
        checked.push(Checked {
            folder: package.folder.clone(),
            name: package.name.to_string(),
            items,
            requirements: named.len(),
            other_words,
            shape,
            earlier: compatible::check(wit, package, problems),
        });
    }
    match super::list(root, Path::new(SHAPES)) {
        Ok(files) => {
            problems.extend(files.into_iter().filter(|(file, _)| !used.contains(file)).map(|(file, _)| {
                let message = "is the shape of no package below wit/; take it out, or add the package".into();
                Problem { file, line: None, message }
            }))
        }
        Err(problem) => problems.push(problem),
    }
    checked
}

/// Where the shape of a package stands.
fn shape_file(name: &PackageName) -> PathBuf {
    let version = name.version.as_ref().map_or("unversioned".to_owned(), ToString::to_string);
    Path::new(SHAPES).join(format!("{}-{}@{version}.wit", name.namespace, name.name))
}

/// Compares a package and its `deps/` with their shapes.
fn compare(
    root: &Path,
    wit: &Wit,
    package: &Package,
    used: &mut BTreeSet<PathBuf>,
    problems: &mut Vec<Problem>,
) {
    let name = |id: PackageId| &wit.resolve.packages[id].name;
    let files: Vec<_> = std::iter::once(package.id).chain(package.deps.iter().copied()).collect();
    used.extend(files.iter().map(|id| shape_file(name(*id))));
    let shapes = match read(root, files.iter().map(|id| shape_file(name(*id)))) {
        Ok(shapes) => shapes,
        Err(problem) => return problems.push(problem),
    };
    for id in files {
        let file = shape_file(name(id));
        let Some(expected) = shapes.package_names.get(name(id)) else {
            let message = format!("is not the shape of `{}`; its `package` says something else", name(id));
            problems.push(Problem { file, line: None, message });
            continue;
        };
        let (expected, found) = (shape::of(&shapes, *expected), shape::of(&wit.resolve, id));
        for (span, difference) in shape::differences(&expected, &found) {
            let message = format!("{difference} ({})", file.display());
            problems.push(wit.problem(package, span.unwrap_or_default(), message));
        }
    }
}

/// Parses the shape of a package, and after it those of its dependencies.
fn read(root: &Path, files: impl Iterator<Item = PathBuf>) -> Result<Resolve, Problem> {
    let mut groups: Vec<UnresolvedPackageGroup> = Vec::new();
    let mut first = PathBuf::new();
    for file in files {
        if !root.join(&file).exists() {
            let message = "is missing; write the package without prose, as upstream has it".into();
            return Err(Problem { file, line: None, message });
        }
        let mut map = SourceMap::new();
        map.push(&file, Source::read(root, &file)?.text);
        let group = map.parse().map_err(|(map, error)| {
            let message = format!("is not WIT: {}", error.render(&map));
            Problem { file: file.clone(), line: None, message }
        })?;
        if groups.is_empty() {
            first = file;
        }
        groups.push(group);
    }
    let mut resolve = Resolve::default();
    let main = groups.remove(0);
    match resolve.push_groups(main, groups) {
        Ok(_) => Ok(resolve),
        Err(error) => {
            let message = resolve.render_error(&error.into());
            Err(Problem { file: first, line: None, message })
        }
    }
}
