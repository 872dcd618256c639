//! The manifest of the built guests: `conformance/components/MANIFEST.toml`, written by
//! `cargo hw build-guests`.

use super::files::Files;
use super::problem::{Problem, Source, Versioned, bounded};
use super::{Case, Suite};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use wasi_hw_protocol::Form;

/// Where the built guests lie.
pub const COMPONENTS: &str = "conformance/components";

/// The file's name.
pub const MANIFEST: &str = "MANIFEST.toml";

/// The file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// The format's version: 1.
    pub version: u32,
    /// What made the components.
    pub tools: Tools,
    /// The components.
    #[serde(default)]
    pub component: Vec<Component>,
}

impl Versioned for Manifest {
    fn version(&self) -> u32 {
        self.version
    }
}

/// The tools that made the components; the same ones make the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tools {
    /// `rustc --version`; its commit is in the bytes.
    pub rustc: String,
    /// The release of wit-bindgen, from the guests' lock file.
    pub wit_bindgen: String,
    /// The release of wit-component, which encodes the components.
    pub wit_component: String,
}

/// A built guest.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Component {
    /// The file, beside the manifest.
    pub file: String,
    /// The manifest's folder, from the suite's root.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The proposal whose cases it runs; absent: the harness's own tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// The form of the file. A runtime that runs core modules takes the one inside a `component`, the first there; one that
    /// runs commands has one made around it.
    #[serde(default, skip_serializing_if = "Form::is_component")]
    pub form: Form,
    /// The package under test that it imports.
    pub package: String,
    /// The names under which it imports that package's interface, once for each (the Component Model's `implements`);
    /// empty: under its own. Cases that name a test of it are run in it, all others are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<String>,
    /// The world that it was built for.
    pub world: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// SHA-256 over everything that it was built from.
    pub inputs: String,
    /// The size of the file.
    pub bytes: u64,
    /// The size of its memory.
    pub pages: Pages,
    /// The tests inside.
    pub tests: Vec<String>,
}

/// The size of a guest's linear memory, in pages of 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pages {
    /// When it starts.
    pub initial: u64,
    /// The most that it asks for; absent: what it can get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greatest: Option<u64>,
}

impl Component {
    /// Whether it is what a runtime of this form takes to test a package: a file of its form, or a component. It is the one
    /// that imports the package by its own name.
    pub fn tests_package(&self, package: &str, form: Form) -> bool {
        self.imports.is_empty() && self.is_of(package, form)
    }

    fn is_of(&self, package: &str, form: Form) -> bool {
        self.proposal.is_some() && self.package == package && [form, Form::Component].contains(&self.form)
    }

    /// Whether the guests of a case are all among its tests.
    fn has_tests_of(&self, case: &Case) -> bool {
        case.instances.iter().all(|instance| self.tests.contains(&instance.test))
    }
}

impl Suite {
    /// The component that tests a package, for runtimes of a form.
    pub fn component(&self, proposal: &str, package: &str, form: Form) -> Option<&Component> {
        self.of(proposal, package, form).find(|component| component.imports.is_empty())
    }

    /// The component that a case runs in, of those that test a package and have its tests: the released one, but for a
    /// case that came later.
    pub fn component_of(&self, case: &Case, package: &str, form: Form) -> Option<&Component> {
        let mut all = self.of(&case.proposal, package, form).filter(|component| component.has_tests_of(case));
        if case.added_after.is_some() { all.next_back() } else { all.next() }
    }

    fn of(&self, proposal: &str, package: &str, form: Form) -> impl DoubleEndedIterator<Item = &Component> {
        let mine = self.components.iter().filter(move |c| c.proposal.as_deref() == Some(proposal));
        mine.filter(move |c| c.is_of(package, form))
    }

    /// Where a component lies; absolute, whatever the root is.
    pub fn component_path(&self, component: &Component) -> PathBuf {
        let path = self.root.join(&component.folder).join(&component.file);
        std::path::absolute(&path).unwrap_or(path)
    }

    /// Reads a component, and checks that it is the one that the manifest speaks of.
    pub fn read_component(&self, component: &Component) -> Result<Vec<u8>, Problem> {
        let file = component.folder.join(&component.file);
        let problem = |message| Problem { file: file.clone(), line: None, message };
        let bytes = bounded(&self.root.join(&file), component.bytes)
            .map_err(|error| problem(format!("cannot be read: {error}; run `cargo hw build-guests`")))?;
        let Some(bytes) = bytes else {
            let more = format!("more than the {} bytes that MANIFEST.toml says", component.bytes);
            return Err(problem(format!("has {more}; check it out again, or run `cargo hw build-guests`")));
        };
        let found = sha256(&bytes);
        if found == component.sha256 {
            return Ok(bytes);
        }
        Err(problem(format!(
            "is not the component that MANIFEST.toml speaks of: it has {} bytes with SHA-256 {found}, the manifest \
             says {} bytes with {}; check it out again, or run `cargo hw build-guests`",
            bytes.len(),
            component.bytes,
            component.sha256,
        )))
    }
}

/// Reads the manifest in a folder below the root.
pub(super) fn read(root: &Path, folder: &Path, files: &mut Files) -> Result<Vec<Component>, Problem> {
    let source = Source::read(root, folder.join(MANIFEST))?;
    files.note(&source);
    let lies = |component: Component| Component { folder: folder.to_owned(), ..component };
    Ok(parse(&source)?.into_iter().map(lies).collect())
}

/// The components that a manifest has, wherever it lies.
pub fn parse(source: &Source) -> Result<Vec<Component>, Problem> {
    let components = source.parse_versioned::<Manifest>()?.component;
    let mut seen = BTreeSet::new();
    for Component { file, package, .. } in &components {
        let at = source.text.find(file.as_str());
        if Path::new(file).file_name().is_none_or(|name| name != file.as_str()) {
            let message = format!("names the component `{file}`, which is no name of a file beside it");
            return Err(source.problem(at, message));
        }
        // The guests of the self-test are of the package of another.
        if !seen.insert(file) {
            return Err(source.problem(at, format!("has {file} of {package} twice")));
        }
    }
    Ok(components)
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
