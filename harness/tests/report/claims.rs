//! What a run is evidence for, and what it is not.

use super::{Host, about, cases, host, reference, returned, root, session};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use wasi_hw_harness::report::{Claim, Sinks, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::run::{self, Options};
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Form, Job, Runtime as _};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_harness::suite::requirement::Level;
use wasi_hw_harness::text::is_plain;

/// What a runtime says of itself, and a part of the error.
fn unknown(change: impl FnOnce(&mut About)) -> String {
    let mut about = about();
    change(&mut about);
    let session = session(Host { about, run: returned });
    let cases = cases(&session, |case| case.proposal == "i2c");
    let refused = run::run(&session, &cases, Sinks::default(), Options::default(), &|_, _| {});
    let why = refused.err().expect("it is refused").to_string();
    assert!(why.chars().all(|c| c == '\n' || is_plain(c)), "{why:?}");
    // Whoever runs it all the same gets no claim.
    let records = session.run_all(&cases, |_, _| {});
    assert!(records.iter().all(|record| record.verdict == Verdict::NotRun));
    assert_eq!(session.footer(&records).worlds["i2c"].claim, Claim::Partial);
    why
}

#[test]
fn a_runtime_says_nothing_of_itself_that_the_suite_does_not_know() {
    let seam =
        |seam: &'static str| move |about: &mut About| drop(about.seams.insert("i2c".into(), seam.into()));
    assert!(
        unknown(seam("message"))
            .contains("stand at `message`, which is no seam of i2c; did you mean `messages`?")
    );
    assert!(unknown(seam("x\u{1b}")).contains(r"its `seams` has `x\u{1b}`"));
    assert!(
        unknown(|about| drop(about.seams.insert("i2x".into(), "hal".into())))
            .contains("a seam for `i2x`; did you mean `i2c`?")
    );
    let package = |name: &'static str| move |about: &mut About| about.packages[0] = name.into();
    let wrong = unknown(package("wasi:i2c@0.2.0"));
    assert!(wrong.contains(
        "`wasi:i2c@0.2.0`, which no component of the suite imports; did you mean `wasi:i2c@0.2.0-draft`?"
    ));
    assert!(unknown(|about| about.packages.clear()).contains("it implements no package; the suite has "));
    assert!(
        unknown(|about| about.packages.push("wasi:spi".into()))
            .contains("one variant of a proposal is tested")
    );
    assert!(unknown(|about| about.version = "1".repeat(1_000_000)).contains("at most 128 bytes"));
    assert!(
        unknown(|about| about.homepage = Some("\u{202e}".into())).contains(r"its `homepage` has `\u{202e}`")
    );
    let many =
        |about: &mut About| about.packages = (0..200_000).map(|n| format!("wasi:p{n}@1.0.0")).collect();
    assert!(unknown(many).contains("it names 200000 packages"));
    let lacks = |capability: &'static str, number| {
        move |about: &mut About| about.lacks.push(Bound { capability: capability.into(), number })
    };
    assert!(
        unknown(lacks("instance", None))
            .contains("no capability `instance`; proposals/capabilities.toml has")
    );
    assert!(unknown(lacks("call-bytes", None)).contains("`call-bytes` is a number of bytes"));
    assert!(unknown(lacks("instances", Some(1))).contains("`instances` is no number"));
}

#[test]
fn the_form_of_guests_is_in_the_header_and_changes_nothing_else() {
    let inner = InProcess::new(Reference::default()).unwrap();
    let about = About { form: Form::Core, ..Reference::default().about };
    let core = session(Host { about, run: move |job: &Job<'_>| inner.run(job) });
    let (cases, component) = (cases(&core, |case| case.id.starts_with("i2c/write-")), reference());
    assert!(cases.iter().all(|case| core.run(case) == component.run(case)) && !cases.is_empty());
    let (mut of_core, of_component) = (core.header(1), component.header(1));
    assert_ne!(of_core, of_component);
    of_core.runtime.form = Form::Component;
    assert_eq!(of_core, of_component);
    // Of the same components commands are made.
    let about = About { form: Form::Command, ..Reference::default().about };
    let inner = InProcess::new(Reference::default()).unwrap();
    let command = session(Host { about, run: move |job: &Job<'_>| inner.run(job) });
    assert!(cases.iter().all(|case| command.run(case) == component.run(case)));
}

#[test]
fn a_runtime_may_declare_by_itself_what_it_lacks() {
    let suite = Suite::discover(root());
    let case = suite.cases.iter().find(|case| case.without.is_some()).expect("a case");
    let lacks = case.needs.clone();
    let about = About { lacks: lacks.clone(), ..about() };
    let session = session(Host { about, run: returned });
    assert_eq!(session.header(1).runtime.lacks, lacks);
    let record = session.run(case);
    assert_eq!((record.lacks, record.without.is_some()), (lacks, true));
}

#[test]
fn a_world_in_which_nothing_was_scored_is_partial_and_its_run_fails() {
    let session = host(|job| vec![Ending::NotRun("no board here".to_owned()); job.guests.len()]);
    let all = cases(&session, |case| case.proposal == "spi");
    let finished = run::run(&session, &all, Sinks::default(), Options::default(), &|_, _| {}).unwrap();
    assert_eq!(finished.footer.worlds["spi"].claim, Claim::Partial);
    assert_eq!(
        (finished.failed, finished.empty, finished.code()),
        (false, Some("no case of this run that counts was judged"), 1)
    );
    let group = &finished.footer.not_run[0];
    assert_eq!((group.why.as_str(), group.cases, group.first.len()), ("no board here", all.len(), 3));
    // A case that is never scored, asked for by itself, is another matter.
    let session = reference();
    let observed = cases(&session, |case| case.proposal == "usb" && case.level == Level::Report);
    let finished = run::run(&session, &observed, Sinks::default(), Options::default(), &|_, _| {}).unwrap();
    assert_eq!((finished.footer.worlds["usb"].claim, finished.code()), (Claim::Partial, 0));
}

#[test]
fn a_problem_of_the_suite_leaves_no_world_conformant() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("problem-{}", std::process::id()));
    for part in ["conformance/cases/i2c", "conformance/components", "fixtures/i2c", "proposals/i2c"] {
        copy(&root().join(part), &folder.join(part));
    }
    fs::copy(root().join("proposals/capabilities.toml"), folder.join("proposals/capabilities.toml")).unwrap();
    let start = || Box::new(InProcess::new(Reference::default()).unwrap());
    let footer = |suite: Suite| {
        let session = Arc::new(Session::new(Arc::new(suite), start()));
        session.footer(&session.run_all(&session.suite.cases, |_, _| {}))
    };
    let healthy = Suite::discover(&folder);
    assert_eq!(footer(healthy).worlds["i2c"].claim, Claim::Conformant);
    // A case that is broken is one that nobody ran.
    fs::write(folder.join("conformance/cases/i2c/read-one-frame.toml"), "version = 1\nx").unwrap();
    let broken = footer(Suite::discover(&folder));
    assert_eq!((broken.worlds["i2c"].claim, broken.problems.len()), (Claim::Partial, 1));
    // One that is gone changes the digest.
    let digest = |suite: Suite| Session::new(Arc::new(suite), start()).header(1).suite.sha256;
    let with = digest(Suite::discover(&folder));
    fs::remove_file(folder.join("conformance/cases/i2c/read-one-frame.toml")).unwrap();
    assert_ne!(digest(Suite::discover(&folder)), with);
    // Names and titles reach a terminal, and so they are plain.
    let case = folder.join("conformance/cases/i2c/write-one-frame.toml");
    let text = fs::read_to_string(&case).unwrap();
    fs::write(&case, text.replacen("title = \"", "title = \"\\u001b\u{202e}", 1)).unwrap();
    let problem = Suite::discover(&folder).problems[0].to_string();
    assert!(problem.contains(r#"write-one-frame.toml: has U+001B in the text "\u{1b}\u{202e}"#), "{problem}");
    fs::remove_dir_all(folder).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { assert!(fs::copy(path, target).is_ok()) }
    }
}
