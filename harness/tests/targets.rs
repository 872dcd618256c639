//! The test target as `cargo test` starts it: this executable, started again with the name of a host in its environment.

mod deaths;

use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use wasi_hw_harness::report::{judge_again, open};
use wasi_hw_harness::runtime::engine::{Embedding, InProcess};
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Job, Runtime};

/// The variable that names the host.
const HOST: &str = "WASI_HW_TEST_HOST";

/// Is the target, if its environment names a host.
pub(crate) fn again() -> Option<ExitCode> {
    let host = std::env::var(HOST).ok()?;
    Some(match host.as_str() {
        "reference" => wasi_hw_harness::main(InProcess::new(Reference::default()).expect("wasmtime starts")),
        "misfit" => {
            let about = About { name: "misfit".to_owned(), ..Reference::default().about };
            let host = Reference { about, link_spi: |_| Ok(()), ..Reference::default() };
            wasi_hw_harness::main(InProcess::new(host).expect("wasmtime starts"))
        }
        host if deaths::HOSTS.contains(&host) => deaths::main(host),
        host => wasi_hw_harness::main(Box::new(Lazy(host.to_owned())) as Box<dyn Runtime>),
    })
}

/// A host that does nothing, in one way or another.
struct Lazy(String);

impl Runtime for Lazy {
    fn about(&self) -> About {
        let mut about = About { name: self.0.clone(), ..Reference::default().about() };
        match self.0.as_str() {
            "wrong-package" => about.packages[0] = "wasi:i2c@7.7.7".to_owned(),
            "wrong-seam" => drop(about.seams.insert("i2c".to_owned(), "message".to_owned())),
            _ => {}
        }
        about
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let ending = match self.0.as_str() {
            "not-today" => Ending::NotRun("not today".to_owned()),
            _ => Ending::Returned,
        };
        vec![ending; job.guests.len()]
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("a_run_shows_dots_and_worlds", dots),
        Trial::test("a_failure_is_shown_with_both_sides", failure),
        Trial::test("what_does_not_link_is_told_once_a_world", misfit),
        Trial::test("the_list_of_a_host_from_elsewhere_is_its_own", known),
        Trial::test("a_filter_that_matches_nothing", no_match),
        Trial::test("a_host_that_names_what_nobody_knows_is_not_run", unknown),
        Trial::test("a_part_of_the_cases_and_a_release_that_is_not_there", parts_and_releases),
        Trial::test("a_run_that_scored_nothing_fails", nothing_scored),
        Trial::test("a_report_that_cannot_be_written_fails_no_case", full),
        Trial::test("the_report_is_one_that_can_be_judged_again", written),
    ];
    trials.extend(deaths::trials());
    trials
}

/// Runs the target, as `cargo test -- ARGUMENTS` does: exit code, standard output, error stream.
fn target(host: &str, arguments: &[&str]) -> Result<(i32, String, String), Failed> {
    said(Command::new(std::env::current_exe()?).args(arguments), host)
}

fn said(command: &mut Command, host: &str) -> Result<(i32, String, String), Failed> {
    command.env(HOST, host);
    for name in ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "NEXTEST"] {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = command.output()?;
    Ok((status.code().unwrap_or(-1), String::from_utf8(stdout)?, String::from_utf8(stderr)?))
}

fn ensure(holds: bool, said: impl std::fmt::Debug) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(format!("{said:#?}").into()) }
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("target-{name}-{}.jsonl", std::process::id()))
}

fn dots() -> Result<(), Failed> {
    let said = target("reference", &["i2c/read"])?;
    let worlds = said.1.contains("\ni2c   wasi:i2c@0.2.0-draft   partial         required ");
    let filter = said.1.contains("a filter left out ");
    ensure(said.0 == 0 && worlds && filter && !said.1.contains("i2c/read-one-frame"), said)?;
    let said = target("reference", &["i2c/read", "--format=pretty"])?;
    ensure(said.0 == 0 && said.1.contains("test i2c/read-one-frame"), said)?;
    let said = target("reference", &["--list"])?;
    ensure(said.0 == 0 && said.1.contains("i2c/read-one-frame: test"), said.0)
}

fn failure() -> Result<(), Failed> {
    let said = target("lazy", &["i2c/read-one-frame"])?;
    let shown = ["FAIL i2c/read-one-frame", "expected  ", "saw       (nothing more)", "not conformant"];
    ensure(said.0 == 101 && shown.iter().all(|part| said.1.contains(part)), said)
}

fn misfit() -> Result<(), Failed> {
    let said = target("misfit", &["spi/read"])?;
    let times = said.1.matches("`wasi:spi/spi@0.2.0-draft` is missing").count();
    ensure(said.0 == 101 && times == 1 && said.1.matches("    spi/read").count() >= 1, said)?;
    let said = target("misfit", &["spi/o"])?;
    let times = said.1.matches("`wasi:spi/spi@0.2.0-draft` is missing").count();
    ensure(said.0 == 101 && times == 1 && said.1.matches("    spi/o").count() > 5, said)
}

fn known() -> Result<(), Failed> {
    let folder = temporary("known").with_extension("");
    std::fs::create_dir_all(&folder)?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(std::env::current_exe()?);
        said(command.args(arguments).env("CARGO_MANIFEST_DIR", &folder), "misfit")
    };
    let file = folder.join("wasi-hw.toml");
    let said = run(&["spi/read", "--update"])?;
    let text = std::fs::read_to_string(&file)?;
    ensure(said.0 == 0 && text.contains("verdict = \"link-failure\""), (said, &text))?;
    // What nobody has given a reason for is a problem of that file; with reasons the failures are expected.
    let said = run(&["spi/read"])?;
    ensure(said.0 == 2 && said.2.contains("wasi-hw.toml:"), said)?;
    let elsewhere = folder.join("elsewhere.toml");
    std::fs::write(&elsewhere, text.replace("unread: ", "not written yet: "))?;
    std::fs::remove_file(&file)?;
    let said = run(&["spi/read", "--known", &elsewhere.display().to_string()])?;
    std::fs::remove_dir_all(&folder)?;
    ensure(said.0 == 0 && said.1.contains("not conformant"), said)
}

fn no_match() -> Result<(), Failed> {
    let said = target("reference", &["no/such/case"])?;
    ensure(said.0 == 0 && said.2.contains("note: no case matches"), said)?;
    // With a flag of ours the filter was meant for this target.
    let report = temporary("no-match");
    std::fs::write(&report, "as it was")?;
    let said = target("reference", &["no/such/case", "--report", &report.display().to_string()])?;
    let kept = std::fs::read_to_string(&report)? == "as it was";
    std::fs::remove_file(&report)?;
    ensure(said.0 == 2 && said.2.contains("error: no case matches") && kept, said)
}

fn unknown() -> Result<(), Failed> {
    for (host, why) in [
        (
            "wrong-package",
            "`wasi:i2c@7.7.7`, which no component of the suite imports; did you mean `wasi:i2c@0.2.0-draft`?",
        ),
        ("wrong-seam", "`message`, which is no seam of i2c; did you mean `messages`?"),
    ] {
        let said = target(host, &[])?;
        ensure(said.0 == 2 && said.2.contains(why) && !said.1.contains("conformant"), said)?;
    }
    Ok(())
}

fn parts_and_releases() -> Result<(), Failed> {
    let part = target("reference", &["i2c/read", "--shard=1/2", "--suite=next", "--list"])?;
    let all = target("reference", &["i2c/read", "--list"])?;
    let count = |said: &(i32, String, String)| said.1.lines().filter(|line| line.starts_with("i2c/")).count();
    ensure(count(&all) > 2 && count(&part) == count(&all).div_ceil(2), (&part, &all))?;
    let wrong = target("reference", &["i2c/read", "--shard=3/2"])?;
    ensure(wrong.0 == 2 && wrong.2.contains("such as 2/8"), wrong)?;
    let none = target("reference", &["i2c/read", "--suite=77.0.0"])?;
    ensure(none.0 == 2 && none.2.contains("there is no release `77.0.0`"), none)?;
    let mut named = Command::new(std::env::current_exe()?);
    let none = said(named.args(["i2c/read", "--list"]).env("WASI_HW_SUITE", "77.0.0"), "reference")?;
    ensure(none.0 == 2 && none.2.contains("there is no release `77.0.0`"), none)
}

fn nothing_scored() -> Result<(), Failed> {
    let said = target("not-today", &["spi/"])?;
    let why = said.2.contains("error: no case of this run that counts was judged");
    let told =
        said.1.contains("not run: 91 case(s), because not today (spi/") && said.1.contains(" partial ");
    ensure(said.0 == 101 && why && told, said)
}

/// Above so many blocks, of 512 or 1,024 bytes, no file can grow: more than a header has, and less than a report.
const LIMITED: &str = r#"trap '' XFSZ; ulimit -f 600; exec "$0" "$@""#;

fn full() -> Result<(), Failed> {
    if !cfg!(unix) {
        // Elsewhere nothing limits a file so simply; tests/report has a sink that is full.
        return Ok(());
    }
    let report = temporary("full");
    let mut shell = Command::new("sh");
    shell.args(["-c", LIMITED]).arg(std::env::current_exe()?).args(["usb/", "--report"]).arg(&report);
    let said = said(&mut shell, "reference")?;
    std::fs::remove_file(&report)?;
    let trouble = said.2.contains("cannot be written: File too large");
    ensure(said.0 == 2 && trouble && said.1.contains("; 0 failed;") && said.1.contains(" conformant "), said)
}

fn written() -> Result<(), Failed> {
    let report = temporary("written");
    let said = target("lazy", &["i2c/", &format!("--report={}", report.display())])?;
    ensure(said.0 == 101, said)?;
    let mut findings = Vec::new();
    let again = judge_again(open(&report)?, &mut |finding| {
        findings.push(finding);
        Ok(())
    })?;
    std::fs::remove_file(&report)?;
    ensure(findings.is_empty() && again.0.records > 80 && again.0.finished, (again, findings))
}
