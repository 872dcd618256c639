//! Broken files of the suite: each an error with the file, the line or key, and what to do; the
//! other cases are still discovered, and the run says that it is incomplete.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use wasi_hw_harness::suite::Suite;

/// A copy of the suite's data, to break. Dropped, it is gone.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Copy {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bad-input-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for part in ["conformance/cases/i2c", "conformance/components", "fixtures/i2c", "proposals/i2c"] {
            copy(&Suite::default_root().join(part), &folder.join(part));
        }
        let capabilities = "proposals/capabilities.toml";
        fs::copy(Suite::default_root().join(capabilities), folder.join(capabilities)).unwrap();
        Copy(folder)
    }

    /// Replaces text in a file; the text must be there.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} does not contain {from:?}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    fn tool(&self, arguments: &[&str]) -> Output {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
        tool.args(arguments)
            .env("WASI_HW_ROOT", &self.0)
            .env_remove("WASI_HW_RUNTIME")
            .env_remove("WASI_HW_REPORT");
        tool.output().unwrap()
    }

    /// Runs one healthy case beside what is broken, and gives what was said.
    fn run(&self) -> String {
        let output = self.tool(&["run", "i2c/read-one-frame", "--exact"]);
        let said = String::from_utf8(output.stderr).unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}{out}");
        assert!(out.contains("the run is incomplete"), "{said}{out}");
        said
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A case that is not the healthy one, with its fixture.
fn victim() -> (&'static str, &'static str) {
    ("conformance/cases/i2c/write-one-frame.toml", "proves = [")
}

fn fixture_of(copy: &Copy, case: &str) -> String {
    let text = fs::read_to_string(copy.0.join(case)).unwrap();
    let name = text.split("fixture = \"").nth(1).unwrap().split('"').next().unwrap();
    name.to_owned()
}

#[test]
fn the_copy_is_healthy() {
    let copy = Copy::new("healthy");
    let output = copy.tool(&["run", "i2c/read-one-frame", "--exact"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_fixture_with_an_unknown_key() {
    let copy = Copy::new("unknown-key");
    let (case, _) = victim();
    let fixture = format!("fixtures/{}", fixture_of(&copy, case));
    copy.edit(&fixture, "model =", "colour = \"red\"\nmodel =");
    let output = copy.tool(&["list"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains(&format!("{fixture}:")) && said.contains("unknown field `colour`"), "{said}");
}

#[test]
fn a_case_that_names_a_missing_fixture() {
    let copy = Copy::new("missing-fixture");
    let (case, _) = victim();
    copy.edit(case, "fixture = \"", "fixture = \"i2c/not-there-");
    let said = copy.run();
    assert!(said.contains("fixtures/i2c/not-there-") && said.contains("cannot be read"), "{said}");
    assert!(said.contains(&format!("{case}:")), "{said}");
}

#[test]
fn a_fixture_outside_its_folder() {
    let copy = Copy::new("outside");
    let (case, _) = victim();
    copy.edit(case, "fixture = \"", "fixture = \"../");
    assert!(copy.run().contains("a fixture lies below fixtures/"));
}

#[test]
fn a_case_that_names_an_unknown_test() {
    let copy = Copy::new("unknown-test");
    let (case, _) = victim();
    copy.edit(case, "\ntest = \"", "\ntest = \"not-there-");
    let said = copy.run();
    assert!(said.contains("no guest test `not-there-") && said.contains("build-guests"), "{said}");
}

#[test]
fn a_requirement_that_does_not_exist() {
    let copy = Copy::new("unknown-requirement");
    let (case, proves) = victim();
    copy.edit(case, proves, "proves = [\"I2C-99\", ");
    let said = copy.run();
    assert!(said.contains(&format!("{case}:")) && said.contains("no requirement `I2C-99`"), "{said}");
}

#[test]
fn requirements_of_two_levels() {
    let copy = Copy::new("two-levels");
    let (case, proves) = victim();
    copy.edit(case, proves, "proves = [\"I2C-16\", ");
    assert!(copy.run().contains("a case proves requirements of one level"));
}

#[test]
fn a_head_of_requirements_that_does_not_hold() {
    let copy = Copy::new("head");
    let file = "proposals/i2c/requirements.toml";
    let text = fs::read_to_string(copy.0.join(file)).unwrap();
    let line = |of: &str| 1 + text.lines().position(|line| line.starts_with(of)).unwrap();
    let cases = [
        ("proposal = \"i2c\"", "proposal = \"spi\"", line("proposal ="), "`proposal` is \"i2c\""),
        ("prefix = \"I2C\"", "prefix = \"i2c\"", line("prefix ="), "the prefix `i2c` has other characters"),
        ("id = \"I2C-02\"", "id = \"02\"", 0, "the id `02` does not begin with I2C-"),
        ("\"messages\"\n", "\"message\"\n", line("over-protocol"), "no seam `message`; [seams] has hal"),
        (
            "[\"hal\", \"m",
            "[\"hall\", \"m",
            0,
            "I2C-02: no seam `hall`; [seams] has hal, linux, messages, wire",
        ),
        ("wire = \"", "probe = \"", 0, "I2C-02: no seam `wire`; [seams] has hal, linux, messages, probe"),
    ];
    for (from, to, at, expected) in cases {
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(copy.0.join(file), text.replacen(from, to, 1)).unwrap();
        let said = copy.run();
        let place = if at == 0 { format!("{file}:") } else { format!("{file}:{at}: ") };
        assert!(said.contains(&place) && said.contains(expected), "{from} -> {to}: {said}");
    }
}

#[test]
fn a_requirement_that_is_there_twice() {
    let copy = Copy::new("twice");
    copy.edit("proposals/i2c/requirements.toml", "id = \"I2C-08\"", "id = \"I2C-07\"");
    let said = copy.run();
    assert!(said.contains("I2C-07 is there twice"), "{said}");
    let lines: Vec<_> = said.lines().filter(|line| line.contains("is there twice")).collect();
    let line = |line: &str| line.split(':').nth(2).and_then(|number| number.trim().parse::<usize>().ok());
    assert!(lines.iter().all(|l| line(l).is_some()), "no line: {lines:?}");
}

#[test]
fn two_ids_that_differ_in_case_alone() {
    let copy = Copy::new("id-case");
    copy.edit("proposals/i2c/requirements.toml", "id = \"I2C-02b\"", "id = \"I2C-02B\"");
    copy.edit("proposals/i2c/requirements.toml", "id = \"I2C-03\"", "id = \"I2C-02b\"");
    assert!(copy.run().contains("I2C-02b is there twice"));
}

#[test]
fn an_empty_id() {
    let copy = Copy::new("empty-id");
    copy.edit("proposals/i2c/requirements.toml", "id = \"I2C-08\"", "id = \" \"");
    let said = copy.run();
    assert!(
        said.contains("requirements.toml:") && said.contains("the id ` ` does not begin with I2C-"),
        "{said}"
    );
}

#[test]
fn a_group_that_is_not_told_or_not_used() {
    let copy = Copy::new("groups");
    copy.edit("proposals/i2c/requirements.toml", "name = \"sharing\"", "name = \"sharing-out\"");
    let said = copy.run();
    assert!(said.contains("I2C-30 is of no group `sharing`; the file's groups are handles,"), "{said}");
    assert!(said.contains("no requirement is of the group `sharing-out`"), "{said}");
}

#[test]
fn a_requirement_that_is_proved_twice() {
    let copy = Copy::new("proved-twice");
    let (case, proves) = victim();
    copy.edit(case, proves, "proves = [\"I2C-08\", ");
    let said = copy.run();
    assert!(said.contains(&format!("{case}:6: proves I2C-08 twice")), "{said}");
}

#[test]
fn files_of_a_later_version() {
    let (case, _) = victim();
    let copy = Copy::new("fixture-name");
    let fixture = format!("fixtures/{}", fixture_of(&copy, case));
    drop(copy);
    let files = [
        case,
        &fixture,
        "proposals/i2c/requirements.toml",
        "conformance/components/MANIFEST.toml",
        "conformance/runtimes/wasmtime.toml",
    ];
    for (n, file) in files.into_iter().enumerate() {
        let copy = Copy::new(&format!("version-{n}"));
        if file.contains("runtimes") {
            fs::create_dir_all(copy.0.join("conformance/runtimes")).unwrap();
            fs::write(copy.0.join(file), "version = 1\n").unwrap();
        }
        // What that version has is not known, so nothing is said of it.
        copy.edit(file, "version = 1\n", "version = 2\nwhat-is-new = true\n");
        let output = copy.tool(&["run", "i2c/read-one-frame", "--exact"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        let text = fs::read_to_string(copy.0.join(file)).unwrap();
        let line = 1 + text.lines().position(|line| line == "version = 2").unwrap();
        let expected = format!("{file}:{line}: has version 2; this harness reads version 1");
        assert!(said.contains(&expected) && !said.contains("what-is-new"), "{expected}\n{said}");
    }
}

#[test]
fn at_least_0_names_maybe() {
    let copy = Copy::new("at-least-0");
    let (case, _) = victim();
    copy.edit(case, "transcript = [", "transcript = [\n  { at-least = 0, of = \"*\" },");
    let said = copy.run();
    let at = format!("{case}:9: ");
    assert!(said.contains(&at) && said.contains("write { maybe = … }"), "{said}");
}

#[test]
fn two_cases_of_one_id() {
    let copy = Copy::new("two-cases");
    let (case, _) = victim();
    let upper = copy.0.join("conformance/cases/i2c/Write-One-Frame.toml");
    fs::copy(copy.0.join(case), &upper).unwrap();
    // Where the file system folds the two names into one there is nothing to tell apart.
    if fs::read_dir(copy.0.join("conformance/cases/i2c"))
        .unwrap()
        .any(|e| e.unwrap().file_name() == "Write-One-Frame.toml")
    {
        let said = copy.run();
        assert!(said.contains("has the id") && said.contains("rename one"), "{said}");
    }
}

#[test]
fn a_file_that_is_no_case() {
    let copy = Copy::new("no-case");
    fs::write(copy.0.join("conformance/cases/i2c/notes.txt"), "?").unwrap();
    assert!(copy.run().contains("notes.txt: is not a .toml file"));
}

#[test]
fn what_an_editor_leaves_is_no_case() {
    let copy = Copy::new("editor");
    for name in [".read-one-frame.toml.swp", "read-one-frame.toml~", ".DS_Store"] {
        fs::write(copy.0.join("conformance/cases/i2c").join(name), "?").unwrap();
    }
    let output = copy.tool(&["run", "i2c/read-one-frame", "--exact"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
#[cfg(unix)]
fn links_that_lead_back_are_not_followed() {
    let copy = Copy::new("links");
    for name in ["again", "once-more"] {
        std::os::unix::fs::symlink(".", copy.0.join("conformance/cases/i2c").join(name)).unwrap();
    }
    let said = copy.run();
    assert!(said.contains("once-more: is a link to a folder, and those are not followed"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_file_without_end() {
    let copy = Copy::new("endless");
    std::os::unix::fs::symlink("/dev/zero", copy.0.join("conformance/cases/i2c/zero.toml")).unwrap();
    let (long, component) = ("conformance/cases/i2c/long.toml", "conformance/components/i2c.wasm");
    // Sparse: it has this length and takes no room.
    for (name, length) in [(long, 5 << 20), (component, 6 << 30)] {
        fs::File::create(copy.0.join(name)).unwrap().set_len(length).unwrap();
    }
    let said = copy.run();
    assert!(said.contains("zero.toml: cannot be read: it is not a regular file"), "{said}");
    assert!(said.contains("long.toml: has more than 4194304 bytes"), "{said}");
    assert!(said.contains("i2c.wasm: has more than the"), "{said}");
}

#[test]
fn a_manifest_that_reaches_outside_or_says_a_thing_twice() {
    let manifest = "conformance/components/MANIFEST.toml";
    for (name, said) in [("../i2c.wasm", "no name of a file"), ("spi.wasm", "spi.wasm of wasi:")] {
        let copy = Copy::new("manifest-names");
        copy.edit(manifest, "file = \"i2c.wasm\"", &format!("file = \"{name}\""));
        let output = copy.tool(&["run", "i2c/read-one-frame", "--exact"]);
        let all = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code();
        assert!(code == Some(2) && all.contains("MANIFEST.toml:") && all.contains(said), "{all}");
    }
}

#[test]
fn a_component_that_is_not_the_manifest_s() {
    let copy = Copy::new("other-component");
    let path = copy.0.join("conformance/components/i2c.wasm");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path, bytes).unwrap();
    let said = copy.run();
    assert!(said.contains("i2c.wasm: is not the component that MANIFEST.toml speaks of"), "{said}");
}

#[test]
fn a_truncated_component() {
    let copy = Copy::new("truncated");
    let path = copy.0.join("conformance/components/i2c.wasm");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let said = copy.run();
    assert!(said.contains(&format!("it has {} bytes", bytes.len() / 2)), "{said}");
}

#[test]
fn a_manifest_that_is_cut_off() {
    let copy = Copy::new("manifest");
    let path = copy.0.join("conformance/components/MANIFEST.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let output = copy.tool(&["list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("MANIFEST.toml:"));
}

#[test]
fn a_suite_that_is_not_there() {
    let copy = Copy::new("not-there");
    fs::remove_dir_all(&copy.0).unwrap();
    let output = copy.tool(&["list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("is `"));
}

#[test]
fn a_case_that_fails_on_every_host_kills_nothing() {
    let copy = Copy::new("red-case");
    copy.edit("conformance/cases/i2c/read-one-frame.toml", "-> ok", "-> no");
    let output = copy.tool(&["defects", "i2c"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the reference host itself fails i2c/read-one-frame;"), "{said}");
}

#[test]
fn wrong_usage_exits_with_2() {
    let copy = Copy::new("usage");
    for (arguments, says) in [
        (&["run", "--runtime", "nobody"][..], "known are: wasmtime"),
        (&["run", "no-such-case"], "no case matches `no-such-case`"),
        (&["explain", "I2C-99"], "no requirement and no case"),
        (&["list", "no-such-case"], "no case matches `no-such-case`"),
        (&["defects", "toast"], "no defect is of `toast`; the proposals are i2c"),
        (&["fly"], "unrecognized subcommand"),
        (&["run", "--report", "no/such/folder/report.jsonl"], "cannot be written"),
    ] {
        let output = copy.tool(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn what_a_board_cannot_be_is_told_with_its_line() {
    // Every case on the fixture goes with it.
    let listed = |copy: &Copy| String::from_utf8(copy.tool(&["list"]).stderr).unwrap();
    let (case, _) = victim();
    let copy = Copy::new("board-line");
    let fixture = format!("fixtures/{}", fixture_of(&copy, case));
    let text = fs::read_to_string(copy.0.join(&fixture)).unwrap();
    let line = 1 + text.lines().position(|line| line.starts_with("address = ")).unwrap();
    let address = text.lines().nth(line - 1).unwrap();
    copy.edit(&fixture, address, "address = 0xffff");
    let said = listed(&copy);
    assert!(
        said.contains(&format!("{fixture}:{line}: i2c.")) && said.contains("the address 0xffff is above"),
        "{said}"
    );
    let copy = Copy::new("huge-number");
    copy.edit(&fixture, address, &format!("address = {}", "9".repeat(30)));
    let said = listed(&copy);
    assert!(said.contains(&format!("{fixture}:{line}: ")) && said.contains("below 2^63"), "{said}");
}

#[test]
fn every_runtime_is_listed() {
    let copy = Copy::new("runtimes");
    fs::create_dir_all(copy.0.join("conformance/runtimes")).unwrap();
    let file = copy.0.join("conformance/runtimes/mine.toml");
    fs::write(file, "version = 1\ncommand = [\"mine\"]\nneeds = [\"not-there\"]\n").unwrap();
    let output = copy.tool(&["list", "--runtimes"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for part in [
        "wasmtime  ",
        "wasmtime-kernel  ",
        "mine  ",
        "not-there is missing; run `cargo hw setup mine`",
        "'cmd:COMMAND'",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
