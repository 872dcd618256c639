//! Rules of this repository that no compiler knows: who may know whom, what may print, how files are cut.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::Suite;

/// Every file of a kind below a folder of this repository, with its text; nothing that a build or `npm` made.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Suite::default_root();
    let mut found = Vec::new();
    collect(&root, Path::new(folder), ending, &mut found);
    assert!(!found.is_empty(), "{folder} has no .{ending} file");
    found
}

fn collect(root: &Path, folder: &Path, ending: &str, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(root.join(folder))
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| folder.join(entry.expect("an entry").file_name()))
        .collect();
    entries.sort();
    for path in entries {
        let made = ["target", "node_modules", "kernel/build"].iter().any(|made| path.ends_with(made));
        if root.join(&path).is_dir() && !made {
            collect(root, &path, ending, found);
        } else if path.extension().is_some_and(|other| other == ending) {
            let text = fs::read_to_string(root.join(&path)).expect("a text");
            found.push((path.to_string_lossy().replace('\\', "/"), text));
        }
    }
}

/// The lines of a source that are code, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().map(str::trim).enumerate();
    lines.filter(|(_, line)| !line.starts_with("//")).map(|(n, line)| (n + 1, line))
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the files of a crate never say, sources and manifest alike.
const UNKNOWN: [(&str, &[&str]); 8] = [
    ("harness/mock", &["wasm", "wasi_hw_harness", "wasi_hw_protocol"]),
    ("harness/wasmtime-host", &["mock", "wasi_hw_harness", "wasi_hw_protocol", "wasi-hw-protocol"]),
    ("harness/linux", &["mock", "wasmtime", "wasi_hw_harness", "wasi_hw_protocol", "wasi-hw-protocol"]),
    ("harness/usb", &["mock", "wasmtime", "wasi_hw_harness", "wasi_hw_protocol", "wasi-hw-protocol"]),
    ("harness/protocol", &["wasm", "wasi_hw_mock", "wasi-hw-mock", "wasi_hw_harness"]),
    ("harness/src", &["wasi_hw_proof", "wasi_hw_tool"]),
    ("harness/proof/src", &["wasi_hw_tool"]),
    ("harness/mock-libusb/src", &["wasi_hw_mock::", "wasi_hw_harness"]),
];

#[test]
fn no_crate_names_one_that_it_must_not_know() {
    let mut wrong = Vec::new();
    for (folder, words) in UNKNOWN {
        for (file, text) in files(folder, "rs").into_iter().chain(manifest(folder)) {
            for (n, line) in text.lines().enumerate() {
                let line = line.to_ascii_lowercase();
                for word in words.iter().filter(|word| line.contains(**word)) {
                    wrong.push(format!("{file}:{}: {folder} must not know `{word}`", n + 1));
                }
            }
        }
    }
    none(&wrong);
}

/// The manifest of a crate, if the folder is a crate's.
fn manifest(folder: &str) -> Option<(String, String)> {
    let file = format!("{folder}/Cargo.toml");
    let text = fs::read_to_string(Suite::default_root().join(&file)).ok()?;
    Some((file, text))
}

/// The rooms of the harness, behind what makes text safe, prints it and hears signals: each knows itself and those before it.
const ROOMS: [&str; 7] = ["text", "say", "interrupt", "suite", "runtime", "report", "run"];

#[test]
fn the_rooms_of_the_harness_know_only_those_before_them() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (file, text) in files("harness/src", "rs") {
        let room = file["harness/src/".len()..].split(['/', '.']).next().unwrap_or_default();
        let Some(place) = ROOMS.iter().position(|other| *other == room) else {
            assert_eq!(room, "lib", "{file} is in none of the rooms {ROOMS:?}");
            continue;
        };
        for (n, line) in code(&text) {
            for (at, _) in line.match_indices("crate::") {
                let name = line[at + "crate::".len()..].split(|c: char| !c.is_alphanumeric()).next();
                let name = name.unwrap_or_default();
                match ROOMS.iter().position(|other| *other == name) {
                    Some(known) if known <= place => {
                        seen.insert((room.to_owned(), name.to_owned()));
                    }
                    _ => wrong.push(format!("{file}:{n}: `{room}` must not know `{name}`: {line}")),
                }
            }
        }
    }
    none(&wrong);
    assert!(seen.contains(&("run".to_owned(), "suite".to_owned())), "the check sees nothing: {seen:?}");
}

#[test]
fn nothing_prints_to_the_standard_output_but_the_test_target() {
    let mut wrong = Vec::new();
    for (file, text) in files("harness", "rs") {
        let may = file == "harness/src/run/target.rs"
            || file.ends_with("/build.rs")
            // Programs, which print what they were asked for.
            || file.starts_with("harness/run/examples/")
            || file.ends_with("/tidy.rs");
        for (n, line) in code(&text).filter(|_| !may) {
            let line = line.replace("eprint", "").replace("writeln!", "");
            if line.contains("print!(") || line.contains("println!(") || line.contains("dbg!(") {
                wrong.push(format!("{file}:{n}: {line}"));
            }
        }
    }
    none(&wrong);
}

/// The most lines of a source file.
const MOST_LINES: usize = 450;

#[test]
fn sources_have_one_idea_each_and_a_folder_beside_the_file_of_its_name() {
    let mut wrong = Vec::new();
    for (file, text) in files("harness", "rs").into_iter().filter(|(file, _)| file.contains("/src/")) {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{file}: {lines} lines; {MOST_LINES} are the most: split it by its ideas"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{file}: says nowhere what it is for; begin it with `//!`"));
        }
        if file.ends_with("/mod.rs") {
            wrong.push(format!("{file}: a module with parts is `x.rs` beside `x/`"));
        }
    }
    none(&wrong);
}

#[test]
fn every_source_is_a_module_of_another() {
    let sources: BTreeMap<String, String> = files("harness", "rs").into_iter().collect();
    let mut wrong = Vec::new();
    for file in sources.keys() {
        let (folder, name) = file.rsplit_once('/').expect("a folder");
        let name = name.trim_end_matches(".rs");
        let declared = format!("mod {name};");
        // The roots of the tests lie beside their modules.
        let beside = |other: &str| {
            let root = other.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
            root.is_some_and(|root| {
                ["lib.rs", "main.rs"].contains(&root) || folder.ends_with("/tests") && !root.contains('/')
            })
        };
        let mut parents =
            sources.iter().filter(|(other, _)| **other == format!("{folder}.rs") || beside(other));
        let target = ["lib", "main", "build"].contains(&name)
            || manifest(
                ["/tests", "/benches", "/examples"].iter().fold(folder, |f, of| f.trim_end_matches(of)),
            )
            .is_some_and(|(_, text)| {
                let named = [format!("name = \"{name}\""), format!("\"{name}.rs\"")];
                let named = named.iter().any(|said| text.contains(said));
                named || folder.ends_with("/tests") && !text.contains("autotests = false")
            });
        let within = parents.any(|(_, text)| code(text).any(|(_, line)| line.ends_with(&declared)));
        if !target && !within {
            wrong.push(format!("{file}: nothing compiles it; say `{declared}` where it belongs"));
        }
    }
    none(&wrong);
}

/// The page that says what the parts are.
fn architecture() -> String {
    fs::read_to_string(Suite::default_root().join("ARCHITECTURE.md")).expect("the page")
}

/// What a page says in code.
fn in_code(page: &str) -> impl Iterator<Item = &str> {
    page.split('`').skip(1).step_by(2)
}

/// The folders whose modules the code map names one by one.
const MAPPED: [&str; 12] = [
    "harness/src",
    "harness/src/suite",
    "harness/src/runtime",
    "harness/src/runtime/engine",
    "harness/src/runtime/adapter",
    "harness/src/report",
    "harness/src/run",
    "harness/seam/src",
    "harness/mock/src",
    "harness/protocol/src",
    "harness/forms/src",
    "harness/tool/src",
];

#[test]
fn the_code_map_names_every_module() {
    let page = architecture();
    let named: BTreeSet<&str> = in_code(&page).map(|name| name.trim_end_matches('/')).collect();
    // Proposals are the modules of one pattern, and said so.
    let proposals = Suite::discover(&Suite::default_root()).proposals;
    let mut wrong = Vec::new();
    for (file, _) in files("harness", "rs") {
        let (folder, name) = file.rsplit_once('/').expect("a folder");
        let name = name.trim_end_matches(".rs");
        let pattern =
            ["lib", "main"].contains(&name) || proposals.iter().any(|proposal| proposal.name == name);
        if MAPPED.contains(&folder) && !pattern && !named.contains(name) {
            wrong.push(format!("{file}: the code map of ARCHITECTURE.md does not name `{name}`"));
        }
    }
    none(&wrong);
}

#[test]
fn every_invariant_names_a_test_that_is_there() {
    let page = architecture();
    let (_, rest) = page.split_once("\n## Invariants\n").expect("the invariants");
    let rows = rest.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| "));
    let mut wrong = Vec::new();
    for row in rows.skip(1) {
        let guard = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let names: Vec<_> =
            in_code(guard).filter(|name| name.contains('/') && name.ends_with(".rs")).collect();
        let missing = names.iter().filter(|name| !Suite::default_root().join(name).is_file());
        wrong.extend(missing.map(|name| format!("{name} is not there, and guards nothing: {row}")));
        if names.is_empty() && !guard.starts_with("review:") {
            wrong.push(format!("no test is named: {row}"));
        }
    }
    none(&wrong);
}
