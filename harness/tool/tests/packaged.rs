//! A vendor's crate that has the harness from a registry: the example host, built in an empty folder from the packaged
//! files and nothing else of this repository, without a network. `cargo test --package wasi-hw-tool --test packaged`

#[allow(dead_code, reason = "other tests break their copies")]
mod copy;

use copy::{copy, repository};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use wasi_hw_harness::suite::manifest::sha256;

/// What a vendor's crate is built from, each after those that it needs.
const CRATES: [(&str, &str); 5] = [
    ("wasi-hw-seam", "seam"),
    ("wasi-hw-protocol", "protocol"),
    ("wasi-hw-mock", "mock"),
    ("wasi-hw-wasmtime", "wasmtime-host"),
    ("wasi-hw-harness", "."),
];

/// What a host takes its devices from on a real machine.
const DRIVERS: [(&str, &str); 3] =
    [("wasi-hw-seam", "seam"), ("wasi-hw-linux", "linux"), ("wasi-hw-usb", "usb")];

/// An adapter whose host does nothing.
const LAZY: &str = r#"while read -r line; do
  run=$(printf '%s' "$line" | sed -n 's/.*"run":\([0-9]*\)[,}].*/\1/p')
  case "$line" in
    *'"start"'*) echo '{"started":{"protocol":"1.0.0","version":"1","packages":["wasi:i2c@0.2.0-draft"],"name":"lazy"}}' ;;
    *'"sync"'*) echo "{\"synced\":{\"run\":$run}}" ;;
    *'"stop"'*) exit ;;
    *) echo "{\"done\":{\"run\":$run,\"how\":\"returned\"}}" ;;
  esac
done
"#;

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target folder")
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).env("CARGO_TERM_COLOR", "never");
    for name in ["WASI_HW_ROOT", "WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_SUITE", "CARGO_MANIFEST_DIR"] {
        cargo.env_remove(name);
    }
    cargo
}

fn run(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code().unwrap_or(-1), said.concat())
}

/// Packages crates, and unpacks them below `folder`, as a registry's client would.
fn package(crates: &[(&'static str, &str)], folder: &Path) -> BTreeMap<&'static str, PathBuf> {
    let made = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut command = cargo(repository());
    command.args(["package", "--offline", "--no-verify", "--allow-dirty", "--target-dir"]).arg(made.path());
    for (name, _) in crates {
        command.args(["--package", name]);
    }
    let (code, said) = run(&mut command);
    assert_eq!(code, 0, "{said}");
    let mut folders = BTreeMap::new();
    for entry in fs::read_dir(made.path().join("package")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "crate") {
            continue;
        }
        assert!(
            fs::metadata(&path).unwrap().len() < 10 << 20,
            "{}: no registry takes so much",
            path.display()
        );
        let (code, said) = run(Command::new("tar").arg("-xzf").arg(&path).arg("-C").arg(folder));
        assert_eq!(code, 0, "{said}");
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (name, _) = crates.iter().find(|(name, _)| stem.starts_with(name)).unwrap();
        folders.insert(*name, folder.join(stem));
    }
    assert_eq!(folders.len(), crates.len());
    folders
}

/// Every file below a folder, by its path there, with its hash.
fn hashes(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hashes(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, sha256(&fs::read(&path).unwrap()));
        }
    }
}

fn all_hashes(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    hashes(root, root, &mut found);
    found
}

/// What a registry asks for, and what a reader of its page does.
fn check_manifest(name: &str, folder: &Path) {
    let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap();
    let package = manifest["package"].as_table().unwrap();
    for key in ["description", "license", "readme", "rust-version"] {
        assert!(package.get(key).is_some_and(toml::Value::is_str), "{name} has no {key}");
    }
    for file in ["README.md", "LICENSE", "NOTICE"] {
        let bytes = fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{name}: {file}: {error}"));
        // A link that was not followed has one line.
        assert!(bytes.iter().filter(|byte| **byte == b'\n').count() > 2, "{name}: {file} is not there whole");
    }
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    for (dependency, value) in dependencies.into_iter().flatten() {
        assert!(value.get("version").is_some(), "{name} asks for no version of {dependency}");
        assert!(value.get("path").is_none(), "{name} has {dependency} by a path");
    }
}

/// The packaged suite is the suite: the same files with the same bytes.
fn check_suite(harness: &Path) {
    let packaged = all_hashes(&harness.join("suite"));
    let mut tree = BTreeMap::new();
    let parts = ["conformance/cases", "conformance/components", "conformance/releases", "fixtures", "wit"];
    for part in parts.into_iter().chain(["harness/protocol/schema", "proposals"]) {
        hashes(repository(), &repository().join(part), &mut tree);
    }
    let measures = |name: &str| name.ends_with("/requirements.toml") || name.ends_with("/capabilities.toml");
    tree.retain(|name, _| !name.starts_with("proposals/") || measures(name));
    tree.retain(|name, _| !name.ends_with(".md") || name.starts_with("conformance/releases/"));
    assert!(tree.len() > 500, "{}", tree.len());
    let names = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&packaged), names(&tree));
    assert!(packaged == tree, "a file of the suite is packaged with other bytes");
}

/// A crate with the example host, whose harness comes from elsewhere.
fn vendor(folder: &Path, packages: &BTreeMap<&str, PathBuf>) {
    let example = repository().join("harness/example-host");
    copy(&example.join("src"), &folder.join("src"));
    copy(&example.join("tests"), &folder.join("tests"));
    // A vendor has the WIT that the host is written for.
    copy(&repository().join("wit/i2c/0.2.0-draft"), &folder.join("wit"));
    let source = folder.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    assert!(text.contains("../../wit/i2c/0.2.0-draft"));
    fs::write(&source, text.replace("../../wit/i2c/0.2.0-draft", "wit")).unwrap();
    let repository_s: toml::Table =
        fs::read_to_string(repository().join("Cargo.toml")).unwrap().parse().unwrap();
    let mut manifest = "[workspace]\n\n[package]\nname = \"vendor-host\"\nversion = \"0.3.0\"\nedition = \"2024\"\nautotests = false\n\n\
                        [[test]]\nname = \"conformance\"\npath = \"tests/conformance/main.rs\"\nharness = false\n\n\
                        [dependencies]\nwasmtime = { version = \"48\", default-features = false, features = [\"component-model\"] }\n\n\
                        [dev-dependencies]\nwasi-hw-harness = \"0.1\"\nwasi-hw-seam = \"0.1\"\n\n\
                        # The packaged files in the place of a registry.\n[patch.crates-io]\n"
        .replace("vendor-host", "example-host");
    manifest.push_str(&patches(packages));
    // Built with the same profile and versions, wasmtime is not built again.
    let profile = toml::Table::from_iter([("profile".to_owned(), repository_s["profile"].clone())]);
    write!(manifest, "\n{profile}").unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

fn patches(packages: &BTreeMap<&str, PathBuf>) -> String {
    let mut patches = String::new();
    for (name, folder) in packages {
        writeln!(patches, "{name} = {{ path = {:?} }}", folder.display().to_string()).unwrap();
    }
    patches
}

fn vendor_tests(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut cargo = cargo(folder);
    cargo.args(["test", "--offline", "--test", "conformance", "--target-dir"]).arg(target());
    run(cargo.arg("--").args(arguments))
}

#[test]
fn a_vendor_s_crate_is_built_from_the_packaged_files_and_tested_with_the_suite_in_them() {
    let (registry, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let packages = package(&CRATES, registry.path());
    packages.iter().for_each(|(name, folder)| check_manifest(name, folder));
    check_suite(&packages["wasi-hw-harness"]);
    let before = all_hashes(registry.path());

    let home = home.path();
    vendor(home, &packages);
    let (code, said) = vendor_tests(home, &["i2c/"]);
    assert!(code == 0 && said.contains("i2c   wasi:i2c@0.2.0-draft   conformant"), "{code}: {said}");
    if cfg!(unix) {
        // What is known of a host lies with the vendor, and a dependency is left as it was.
        fs::write(home.join("lazy.sh"), LAZY).unwrap();
        let lazy = format!("--runtime=cmd:sh {}", home.join("lazy.sh").display());
        let (code, said) = vendor_tests(home, &["i2c/read-one-frame", "--exact", &lazy, "--update"]);
        let list =
            fs::read_to_string(home.join("wasi-hw.toml")).unwrap_or_else(|error| panic!("{error}: {said}"));
        assert!(code == 0 && list.contains("case = \"i2c/read-one-frame\""), "{code}: {said}\n{list}");
        fs::write(home.join("wasi-hw.toml"), list.replace("unread: ", "not written yet: ")).unwrap();
        let (code, said) = vendor_tests(home, &["i2c/read-one-frame", "--exact", &lazy]);
        assert!(code == 0 && said.contains("not conformant"), "{code}: {said}");
    }
    assert!(all_hashes(registry.path()) == before, "a dependency was written into");
}

#[test]
fn drivers_are_built_from_the_packaged_files() {
    let (registry, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let packages = package(&DRIVERS, registry.path());
    packages.iter().for_each(|(name, folder)| check_manifest(name, folder));
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"machine\"\nversion = \"0.3.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         wasi-hw-linux = \"0.1\"\nwasi-hw-usb = \"0.1\"\n\n[patch.crates-io]\n{}",
        patches(&packages)
    );
    fs::create_dir(home.path().join("src")).unwrap();
    fs::write(home.path().join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository().join("Cargo.lock"), home.path().join("Cargo.lock")).unwrap();
    let uses =
        "pub use wasi_hw_usb::Libusb;\n#[cfg(target_os = \"linux\")]\npub use wasi_hw_linux::Machine;\n";
    fs::write(home.path().join("src/lib.rs"), uses).unwrap();
    let mut check = cargo(home.path());
    let (code, said) = run(check.args(["check", "--offline", "--target-dir"]).arg(target()));
    assert_eq!(code, 0, "{said}");
}

#[test]
fn every_crate_that_a_vendor_needs_is_packaged() {
    // A new dependency of the harness is packaged, too, and comes before it.
    for (name, folder, before) in CRATES
        .map(|(name, folder)| (name, folder, &CRATES[..]))
        .into_iter()
        .chain(DRIVERS.map(|(name, folder)| (name, folder, &DRIVERS[..])))
    {
        let path = repository().join("harness").join(folder).join("Cargo.toml");
        let manifest: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
        for (needed, _) in manifest["dependencies"].as_table().unwrap() {
            let place = |name: &str| before.iter().position(|(other, _)| *other == name);
            assert!(!needed.starts_with("wasi-hw-") || place(needed) < place(name), "{name} needs {needed}");
        }
    }
}
