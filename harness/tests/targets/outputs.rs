//! What a run writes, and where: nothing into a suite that is somebody else's, nothing over what another run writes, and no
//! word of a panic when its reader leaves.

use super::{HOST, ensure, said, target, temporary};
use libtest_mimic::{Failed, Trial};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use wasi_hw_harness::suite::Suite;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("a_reader_that_leaves_is_no_panic", reader_leaves),
        Trial::test("a_run_on_github_annotates_what_failed", annotations),
        Trial::test("two_runs_do_not_write_one_report", one_report),
        Trial::test("a_host_beside_the_suite_s_has_its_list_with_the_vendor", beside_ours),
        Trial::test("a_suite_is_not_written_into_from_outside", from_outside),
    ]
}

fn reader_leaves() -> Result<(), Failed> {
    let leave = |arguments: &[&str]| -> Result<(Option<i32>, String), Failed> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).env(HOST, "lazy").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut String::new())?;
        }
        let output = child.wait_with_output()?;
        Ok((output.status.code(), String::from_utf8(output.stderr)?))
    };
    // A list that is longer than what a pipe holds, and a run that has more to say after its first line.
    let listed = leave(&["--list"])?;
    ensure(listed.0 == Some(0) && listed.1.is_empty(), listed)?;
    let report = temporary("reader");
    let ran = leave(&["i2c/", "--report", &report.display().to_string()])?;
    let whole = fs::read_to_string(&report)?;
    fs::remove_file(&report)?;
    ensure(ran.0 == Some(2) && !ran.1.contains("panicked"), ran)?;
    // The report has another reader, and is whole.
    ensure(whole.lines().last().is_some_and(|line| line.contains("\"footer\"")), whole.lines().last())
}

fn annotations() -> Result<(), Failed> {
    let run = |value: &str| -> Result<Vec<String>, Failed> {
        let mut command = Command::new(std::env::current_exe()?);
        let said = said(command.arg("i2c/").env("GITHUB_ACTIONS", value), "lazy")?;
        Ok(said.1.lines().filter(|line| line.starts_with("::")).map(str::to_owned).collect())
    };
    let told = run("true")?;
    let (last, first) = told.split_last().ok_or("nothing was annotated")?;
    let starts = |line: &String| line.starts_with("::error file=conformance/cases/i2c/");
    ensure(first.len() == 9 && first.iter().all(starts) && last.contains("more cases do otherwise"), &told)?;
    let elsewhere = run("")?;
    ensure(elsewhere.is_empty(), elsewhere)
}

fn one_report() -> Result<(), Failed> {
    let report = temporary("one");
    fs::write(&report, "what another run wrote")?;
    let other = File::options().write(true).open(&report)?;
    other.lock()?;
    let arguments = ["i2c/read-one-frame", "--report", &report.display().to_string()];
    let said = target("lazy", &arguments)?;
    let kept = fs::read_to_string(&report)? == "what another run wrote";
    ensure(said.0 == 2 && said.2.contains("another run is writing it") && kept, said)?;
    drop(other);
    let said = target("lazy", &arguments)?;
    let lines = fs::read_to_string(&report)?.lines().count();
    fs::remove_file(&report)?;
    ensure(said.0 == 101 && lines == 3, (said, lines))
}

/// The files of the suite's own runtimes.
fn lists() -> Result<Vec<(std::ffi::OsString, Vec<u8>)>, Failed> {
    let folder = Suite::default_root().join("conformance/runtimes");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name(), fs::read(entry.path())?))
    };
    let mut lists: Vec<_> = fs::read_dir(folder)?.map(read).collect::<std::io::Result<_>>()?;
    lists.sort();
    Ok(lists)
}

fn beside_ours() -> Result<(), Failed> {
    let (before, folder) = (lists()?, temporary("beside").with_extension(""));
    fs::create_dir_all(&folder)?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(std::env::current_exe()?);
        said(command.args(arguments).env("CARGO_MANIFEST_DIR", &folder), "ours-and-misfit")
    };
    let said = run(&["spi/read", "--runtime=misfit", "--update"])?;
    let list = fs::read_to_string(folder.join("wasi-hw.toml")).unwrap_or_default();
    fs::remove_dir_all(&folder)?;
    ensure(said.0 == 0 && list.contains("verdict = \"link-failure\"") && lists()? == before, (said, list))
}

fn from_outside() -> Result<(), Failed> {
    let before = lists()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["spi/read", "--runtime=wasmtime", "--update"]).env_remove("CARGO_MANIFEST_DIR");
    let said = said(command.current_dir(std::env::temp_dir()), "ours-and-misfit")?;
    ensure(said.0 == 2 && said.2.contains("where you are not; say with --known") && lists()? == before, said)
}
