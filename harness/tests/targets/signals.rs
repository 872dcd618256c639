//! A run that a signal ends: a real one, to a real process, while a case of it hangs.

use super::{HOST, ensure, temporary};
use libtest_mimic::{Failed, Trial};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use wasi_hw_harness::report::{Entry, judge_again, open};

/// The variable that names a pipe, to which whoever hangs says so first.
const HANGS: &str = "WASI_HW_TEST_HANGS";

/// Tells the test that waits for it, if one does.
pub(crate) fn tell() {
    if let Some(pipe) = std::env::var_os(HANGS) {
        let told = File::options().write(true).open(pipe).and_then(|mut pipe| pipe.write_all(b"hangs\n"));
        told.expect("the test listens");
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let signal = |name: &str, signal: &'static str, code, isolate: &'static str| {
        let name = format!("a_run_that_is_interrupted::{name}");
        let here = cfg!(unix);
        Trial::test(name, move || interrupted(signal, code, isolate)).with_ignored_flag(!here)
    };
    vec![
        signal("by_ctrl_c", "INT", 130, "--isolate=always"),
        signal("by_ctrl_c_while_the_host_hangs_in_this_process", "INT", 130, "--isolate=never"),
        signal("by_sigterm", "TERM", 143, "--isolate=always"),
        Trial::test("a_run_that_is_interrupted::before_it_began", before).with_ignored_flag(!cfg!(unix)),
    ]
}

/// A pipe with a name, which is gone with it.
struct Pipe(PathBuf);

impl Pipe {
    fn new(name: &str) -> Result<Pipe, Failed> {
        let path = temporary(name).with_extension("pipe");
        let made = Command::new("mkfifo").arg(&path).status()?;
        ensure(made.success(), made)?;
        Ok(Pipe(path))
    }

    /// Waits until somebody has said that it hangs.
    fn wait(&self) -> Result<(), Failed> {
        let mut line = String::new();
        BufReader::new(File::open(&self.0)?).read_line(&mut line)?;
        ensure(line == "hangs\n", line)
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Starts the target with a host. Its processes are known by the pipe in their environment.
fn start(host: &str, pipe: &Pipe, arguments: &[&str]) -> Result<Child, Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).env(HOST, host).env(HANGS, &pipe.0);
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "NEXTEST"] {
        command.env_remove(name);
    }
    Ok(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
}

/// Sends a signal, and waits for the end: exit code, and all that was said.
fn end(child: Child, signal: &str) -> Result<(i32, String), Failed> {
    let sent =
        Command::new("sh").args(["-c", r#"kill -s "$0" "$1""#, signal, &child.id().to_string()]).status()?;
    ensure(sent.success(), sent)?;
    let output = child.wait_with_output()?;
    let said = String::from_utf8(output.stdout)? + &String::from_utf8(output.stderr)?;
    Ok((output.status.code().unwrap_or(-1), said))
}

/// The processes that were started with the pipe in their environment. Only Linux lists them.
fn left(pipe: &Pipe) -> Result<Vec<String>, Failed> {
    if !Path::new("/proc/self/environ").exists() {
        return Ok(Vec::new());
    }
    let mark = format!("{HANGS}={}\0", pipe.0.display());
    let mut left = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        // One that ends meanwhile is none that is left.
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        if String::from_utf8_lossy(&environment).contains(&mark) {
            left.push(
                String::from_utf8_lossy(&fs::read(entry.path().join("cmdline")).unwrap_or_default()).into(),
            );
        }
    }
    Ok(left)
}

fn interrupted(signal: &str, code: i32, isolate: &str) -> Result<(), Failed> {
    let pipe = Pipe::new(&format!("hangs-{signal}{isolate}"))?;
    let report = temporary(&format!("signal-{signal}{isolate}"));
    let file = report.display().to_string();
    // One case after the other: what comes before the one that hangs is in the report by then.
    let arguments = ["i2c/", "--test-threads=1", "--timeout=3600", isolate, "--report", &file];
    let child = start("hangs", &pipe, &arguments)?;
    pipe.wait()?;
    if isolate == "--isolate=always" {
        // What the check at the end finds if it is there.
        ensure(!cfg!(target_os = "linux") || left(&pipe)?.len() == 2, left(&pipe))?;
    }
    let said = end(child, signal)?;
    ensure(said.0 == code, &said)?;
    ensure(left(&pipe)?.is_empty(), left(&pipe))?;
    let worlds = said.1.contains("i2c   wasi:i2c@0.2.0-draft   partial ");
    ensure(worlds && said.1.contains("because the run was interrupted"), &said.1)?;
    // The report is whole as far as it goes, and says that it goes no further.
    let mut findings = Vec::new();
    let (again, unfinished) = judge_again(open(&report)?, &mut |finding| {
        findings.push(finding);
        Ok(())
    })?;
    let last = open(&report)?.last();
    fs::remove_file(&report)?;
    ensure(
        findings.is_empty() && unfinished.is_none() && again.finished && again.records > 0,
        (findings, again),
    )?;
    let Some(Ok(Entry::Footer(footer))) = last else { return ensure(false, "no footer") };
    let missing =
        footer.not_run.iter().any(|group| group.why == "the run was interrupted" && group.cases > 0);
    ensure(footer.interrupted && !footer.complete && missing, footer)
}

/// An adapter that never says who it is does not outlive the run either.
fn before() -> Result<(), Failed> {
    let pipe = Pipe::new("hangs-at-start")?;
    let script = temporary("hangs-at-start").with_extension("sh");
    fs::write(&script, format!("echo hangs > \"${HANGS}\"\nwhile :; do sleep 1000; done\n"))?;
    let child = start("reference", &pipe, &["i2c/", &format!("--runtime=cmd:sh '{}'", script.display())])?;
    pipe.wait()?;
    let said = end(child, "INT");
    fs::remove_file(&script)?;
    let (code, said) = said?;
    ensure(code == 130 && left(&pipe)?.is_empty(), (code, said, left(&pipe)))
}
