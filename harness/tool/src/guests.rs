//! Builds the guests: `cargo hw build-guests`.
//!
//! Each guest package names in its `Cargo.toml` the components that are made of it. A component is
//! the package's core module, built for `wasm32-unknown-unknown` in such a way that the same sources
//! and the same compiler give the same bytes in any folder, encoded with wit-component.

mod inputs;

pub use inputs::inputs;

use crate::wit::Wit;
use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasi_hw_harness::runtime::Form;
use wasi_hw_harness::suite::manifest::{Component, Manifest, Pages, Tools, sha256};
use wasi_hw_harness::suite::problem::Source;
use wasmparser::{BinaryReader, Parser, Payload};

/// Bytes of a guest's stack, which lies before everything else: whoever overflows it traps.
const STACK: u32 = 16 << 10;

/// Bytes of a page of memory.
const PAGE: u64 = 64 << 10;

const TARGET: &str = "wasm32-unknown-unknown";
const GUESTS: &str = "conformance/guests";
const COMPONENTS: &str = "conformance/components";
const MANIFEST: &str = "conformance/components/MANIFEST.toml";

#[derive(Deserialize)]
struct PackageFile {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    #[serde(default)]
    wasi_hw: Plans,
}

#[derive(Default, Deserialize)]
struct Plans {
    #[serde(default)]
    component: Vec<Plan>,
}

/// A component to build, as its package describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Plan {
    #[serde(skip)]
    guest: String,
    file: String,
    proposal: Option<String>,
    #[serde(default)]
    form: Form,
    package: String,
    #[serde(default)]
    imports: Vec<String>,
    world: String,
    #[serde(default)]
    features: Vec<String>,
    /// The most pages that its memory may have; absent: as many as the host gives.
    greatest_pages: Option<u64>,
}

/// What a check found.
pub enum Checked {
    /// The components are what their sources give.
    Same(Vec<String>),
    /// Only the sources could be compared with what the manifest says of them, and why.
    InputsOnly(String),
}

/// Builds every guest and writes components and manifest. `progress` is told what is being built.
pub fn build(root: &Path, progress: impl Fn(&str)) -> anyhow::Result<Manifest> {
    let (manifest, components) = make(root, &progress)?;
    fs::create_dir_all(root.join(COMPONENTS))?;
    for (component, bytes) in manifest.component.iter().zip(&components) {
        fs::write(root.join(COMPONENTS).join(&component.file), bytes)?;
    }
    let text = format!("# Written by `cargo hw build-guests`.\n\n{}", toml::to_string(&manifest)?);
    fs::write(root.join(MANIFEST), text)?;
    Ok(manifest)
}

/// Compares the components with their sources: byte for byte if the toolchain is the one that made
/// them, and by the hash of the sources otherwise.
pub fn check(root: &Path, progress: impl Fn(&str)) -> anyhow::Result<Checked> {
    let source = Source::read(root, MANIFEST).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let manifest: Manifest = source.parse_versioned().map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let mut stale = Vec::new();
    let plans = plans(root)?;
    let wit = wit(root)?;
    for plan in &plans {
        let inputs = inputs(root, &wit, &plan.guest, &plan.world)?;
        match manifest.component.iter().find(|c| c.file == plan.file) {
            Some(component) if component.inputs == inputs => {}
            _ => stale.push(plan.file.as_str()),
        }
    }
    let orphans = manifest.component.iter().filter(|c| plans.iter().all(|plan| plan.file != c.file));
    stale.extend(orphans.map(|c| c.file.as_str()));
    if !stale.is_empty() {
        bail!(
            "the sources of {} are newer than the component; run `cargo hw build-guests`",
            stale.join(", ")
        );
    }
    for component in &manifest.component {
        let path = Path::new(COMPONENTS).join(&component.file);
        let bytes =
            fs::read(root.join(&path)).with_context(|| format!("{} cannot be read", path.display()))?;
        ensure!(
            sha256(&bytes) == component.sha256,
            "{} is not what {MANIFEST} says; run `cargo hw build-guests`",
            path.display()
        );
    }
    let tools = tools(root)?;
    if tools != manifest.tools {
        let (made, here) = (&manifest.tools, &tools);
        return Ok(Checked::InputsOnly(format!("the components were made with {made:?}, here is {here:?}")));
    }
    if let Err(error) = has_target() {
        return Ok(Checked::InputsOnly(format!("{error:#}")));
    }
    let (rebuilt, components) = make(root, &progress)?;
    for (component, bytes) in rebuilt.component.iter().zip(&components) {
        let made = manifest.component.iter().find(|c| c.file == component.file);
        ensure!(
            made.is_some_and(|made| made.sha256 == component.sha256),
            "{} differs from a rebuild ({} bytes, SHA-256 {}), though sources and tools are the same",
            component.file,
            bytes.len(),
            component.sha256,
        );
    }
    Ok(Checked::Same(rebuilt.component.into_iter().map(|c| c.file).collect()))
}

fn make(root: &Path, progress: &impl Fn(&str)) -> anyhow::Result<(Manifest, Vec<Vec<u8>>)> {
    has_target()?;
    let mut manifest = Manifest { version: 1, tools: tools(root)?, component: Vec::new() };
    let mut built = Vec::new();
    let wit = wit(root)?;
    for plan in plans(root)? {
        progress(&plan.file);
        let module = core_module(root, &plan)?;
        let bytes = wit_component::ComponentEncoder::default()
            .validate(true)
            .module(&module)
            .and_then(|mut encoder| encoder.encode())
            .and_then(|bytes| without_names(&bytes))
            .with_context(|| format!("{} cannot be encoded", plan.file))?;
        // What is put around guests has no tests of its own.
        let tests = match (tests(&module), &plan.proposal) {
            (Err(_), None) => Vec::new(),
            (tests, _) => tests.with_context(|| format!("{} has no list of tests", plan.file))?,
        };
        manifest.component.push(Component {
            folder: PathBuf::from(COMPONENTS),
            sha256: sha256(&bytes),
            inputs: inputs(root, &wit, &plan.guest, &plan.world)?,
            bytes: bytes.len() as u64,
            pages: pages(&module)?,
            file: plan.file,
            proposal: plan.proposal,
            form: plan.form,
            package: plan.package,
            imports: plan.imports,
            world: plan.world,
            tests,
        });
        built.push(bytes);
    }
    Ok((manifest, built))
}

/// The component without its section of names for debuggers: every import's name is in it once more, and
/// the encoder has no option to leave it out.
fn without_names(component: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (header, mut rest) = component.split_at_checked(8).context("no component")?;
    let mut kept = header.to_vec();
    while let Some((id, after)) = rest.split_first() {
        let mut reader = BinaryReader::new(after, 0);
        let size = reader.read_var_u32()? as usize;
        let content = reader.original_position();
        let (section, next) = after.split_at_checked(content + size).context("a section ends too early")?;
        let names = *id == 0 && section[content..].starts_with(b"\x0ecomponent-name");
        if !names {
            kept.push(*id);
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Ok(kept)
}

/// What is to be built, by file name.
fn plans(root: &Path) -> anyhow::Result<Vec<Plan>> {
    let mut plans = Vec::new();
    for entry in fs::read_dir(root.join(GUESTS)).context("conformance/guests cannot be listed")? {
        let file = Path::new(GUESTS).join(entry?.file_name()).join("Cargo.toml");
        if !root.join(&file).exists() {
            continue;
        }
        let source = Source::read(root, file).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let PackageFile { package } = source.parse().map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let found = package.metadata.wasi_hw.component.into_iter();
        plans.extend(found.map(|plan| Plan { guest: package.name.clone(), ..plan }));
    }
    plans.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(plans)
}

fn wit(root: &Path) -> anyhow::Result<Wit> {
    Wit::read(root).map_err(|problems| {
        let problems: Vec<_> = problems.iter().map(|problem| problem.to_string()).collect();
        anyhow::anyhow!("{}", problems.join("\n"))
    })
}

fn core_module(root: &Path, plan: &Plan) -> anyhow::Result<Vec<u8>> {
    let root = root.canonicalize()?;
    let target = root.join("target/guests");
    let mut cargo = cargo();
    cargo.args(["build", "--quiet", "--release", "--locked", "--target", TARGET, "--package", &plan.guest]);
    cargo.arg("--features").arg(plan.features.join(","));
    cargo.arg("--target-dir").arg(&target);
    cargo.current_dir(root.join(GUESTS));
    let mut flags = same_paths_everywhere(&root)?;
    // Otherwise each call and each address takes five bytes, whatever its value.
    flags.push("\x1f-Clink-arg=--compress-relocations");
    // The linker's own is 1 MiB: sixteen pages before anything is said.
    flags.push(format!("\x1f-Clink-arg=-zstack-size={STACK}"));
    if let Some(pages) = plan.greatest_pages {
        flags.push(format!("\x1f-Clink-arg=--max-memory={}", pages * PAGE));
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags);
    cargo.env_remove("RUSTFLAGS");
    let status = cargo.status().context("cargo cannot be started")?;
    ensure!(status.success(), "the guest `{}` does not build", plan.guest);
    let module = target.join(TARGET).join("release").join(format!("{}.wasm", plan.guest.replace('-', "_")));
    fs::read(&module).with_context(|| format!("{} cannot be read", module.display()))
}

/// A panic's location is in the bytes; so no path of this machine may be, nor the name of the registry that cargo got a
/// package from. Where several match, the compiler takes the last.
fn same_paths_everywhere(root: &Path) -> anyhow::Result<OsString> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    let about = output(Command::new("rustc").arg("-vV"))?;
    let commit = about.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    // Where the library's sources are not installed the compiler calls them so.
    let mut folders =
        vec![(root.to_owned(), "/src".to_owned()), (sources, format!("/rustc/{}", commit.trim()))];
    for Locked { name, version, manifest_path, source } in locked(root)? {
        let folder = manifest_path.parent().context("a package without a folder")?;
        if source.is_some() {
            folders.push((folder.to_owned(), format!("/{name}-{version}")));
        }
    }
    let mut flags = OsString::new();
    for (from, to) in folders {
        if !flags.is_empty() {
            flags.push("\x1f");
        }
        flags.push("--remap-path-prefix=");
        flags.push(from);
        flags.push("=");
        flags.push(to);
    }
    Ok(flags)
}

/// A package that the guests are made of, as `cargo metadata` says it.
#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    manifest_path: PathBuf,
    /// Absent: it is one of this repository.
    source: Option<String>,
}

fn locked(root: &Path) -> anyhow::Result<Vec<Locked>> {
    #[derive(Deserialize)]
    struct Answer {
        packages: Vec<Locked>,
    }
    let mut cargo = cargo();
    cargo.args(["metadata", "--quiet", "--format-version=1", "--locked", "--filter-platform", TARGET]);
    let Answer { packages } = serde_json::from_str(&output(cargo.current_dir(root.join(GUESTS)))?)?;
    Ok(packages)
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
}

/// How much memory a module has at the start, and at most.
fn pages(module: &[u8]) -> anyhow::Result<Pages> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::MemorySection(memories) = payload? {
            let memory = memories.into_iter().next().context("no memory")??;
            return Ok(Pages { initial: memory.initial, greatest: memory.maximum });
        }
    }
    bail!("no memory")
}

/// The list that the macro `tests!` puts into a custom section.
fn tests(module: &[u8]) -> anyhow::Result<Vec<String>> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == "wasi-hw-tests"
        {
            let names = std::str::from_utf8(section.data())?;
            return Ok(names.lines().map(str::to_owned).collect());
        }
    }
    bail!("no custom section `wasi-hw-tests`")
}

fn tools(root: &Path) -> anyhow::Result<Tools> {
    let release = |lock: &str, package: &str| -> anyhow::Result<String> {
        let text = fs::read_to_string(root.join(lock)).with_context(|| format!("{lock} cannot be read"))?;
        let entry = text.split(&format!("name = \"{package}\"\nversion = \"")).nth(1);
        let version = entry.and_then(|rest| rest.split('"').next());
        Ok(version.with_context(|| format!("{lock} does not lock {package}"))?.to_owned())
    };
    Ok(Tools {
        rustc: output(Command::new("rustc").arg("--version"))?.trim().to_owned(),
        wit_bindgen: release("conformance/guests/Cargo.lock", "wit-bindgen")?,
        wit_component: release("Cargo.lock", "wit-component")?,
    })
}

fn has_target() -> anyhow::Result<()> {
    let libraries = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    ensure!(
        Path::new(libraries.trim()).exists(),
        "this Rust has no standard library for {TARGET}; run `rustup target add {TARGET}`"
    );
    Ok(())
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let output =
        command.output().with_context(|| format!("{:?} cannot be started", command.get_program()))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
