//! The phase sheets of this repository, and what is said of a broken one.

mod citations;
mod sheets;

use crate::copy::{Copy, repository};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasi_hw_harness::suite::problem::Problem;
use wasi_hw_tool::phase::{
    Process, Sheet, check_documents, page, proposals, read_citations, read_process, read_sheet,
};
use wasi_hw_tool::wit::Wit;

fn read(root: &Path, name: &str) -> (Process, Sheet) {
    let process = read_process(root).unwrap_or_else(|problems| panic!("{problems:?}"));
    let citations = read_citations(root).unwrap_or_else(|problems| panic!("{problems:?}"));
    let sheet =
        read_sheet(root, &process, &citations, name).unwrap_or_else(|problems| panic!("{problems:?}"));
    (process, sheet)
}

fn drawn(name: &str) -> String {
    let (process, sheet) = read(repository(), name);
    let next_vote = repository().join("proposals").join(name).join("next-vote.md").exists();
    page::page(&process, &sheet, next_vote)
}

#[test]
fn every_sheet_is_in_order_and_its_page_is_current() {
    let names = proposals(repository()).expect("the proposals");
    let folders = fs::read_dir(repository().join("proposals")).expect("the folder");
    let heads = folders.filter(|entry| entry.as_ref().unwrap().path().join("requirements.toml").exists());
    assert_eq!(names.len(), heads.count(), "every proposal has a sheet: {names:?}");
    for name in names {
        let file = page::file(&name);
        let there = fs::read_to_string(repository().join(&file)).unwrap_or_default();
        assert!(there == drawn(&name), "{} is not current; run `cargo hw phase --write`", file.display());
    }
}

#[test]
fn the_dependencies_are_those_of_the_wit() {
    let wit = Wit::read(repository()).unwrap_or_else(|problems| panic!("{problems:?}"));
    for name in proposals(repository()).expect("the proposals") {
        let (_, sheet) = read(repository(), &name);
        let package = wit.canonical(&name).expect("a canonical package");
        assert_eq!(sheet.package.get_ref().as_str(), package.name.to_string());
        let used: Vec<_> = package.deps.iter().map(|id| wit.resolve.packages[*id].name.to_string()).collect();
        let listed: Vec<_> =
            sheet.dependency.iter().map(|d| d.package.get_ref().as_str().to_owned()).collect();
        assert_eq!(listed, used, "{name}");
    }
}

#[test]
fn disagreeing_pages_stand_side_by_side_with_their_dates() {
    let usb = drawn("usb");
    assert!(usb.contains("Upstream's pages disagree."));
    let row = |phase: &str, date: &str| {
        usb.lines()
            .any(|line| line.starts_with(&format!("| {phase} |")) && line.contains(&format!("| {date} |")))
    };
    assert!(row("1", "2026-07-21") && row("2", "2026-08-21") && row("2", "2026-03-05"));
    assert!(usb.contains("what is said not to exist was looked for on 2026-11-30."));
    assert!(drawn("i2c").contains("All pages read say 2."));
    assert!(drawn("gpio").contains("| none |"));
}

#[test]
fn what_upstream_lacks_is_said_and_not_made_up() {
    assert!(drawn("spi").contains("| of upstream's package | none possible |"));
    for name in ["gpio", "spi"] {
        assert!(drawn(name).contains("Upstream has none.\n\nProposed by this project"), "{name}");
    }
    for name in proposals(repository()).expect("the proposals") {
        let page = drawn(&name);
        let (_, rest) = page.split_once("## Phases 4 and 5\n\nUndefined upstream.\n").expect("the section");
        let (section, _) = rest.split_once("\n## ").expect("an end");
        assert!(
            !section.contains('|') && section.lines().filter(|l| l.starts_with("* ")).count() == 2,
            "{section}"
        );
    }
}

#[test]
fn the_next_vote_is_about_its_own_phase() {
    let ids = |name: &str| {
        let (process, sheet) = read(repository(), name);
        let missing: Vec<_> =
            page::missing(&process, &sheet).map(|(e, _)| e.id.get_ref().to_string()).collect();
        let newer: Vec<_> = page::newer(&process, &sheet).map(|(e, _)| e.id.get_ref().to_string()).collect();
        (missing, newer)
    };
    // A rule of phase 2 that is younger than the votes into it is no matter of the vote into phase 3.
    for name in ["i2c", "usb"] {
        assert_eq!(ids(name), (vec!["3a".into()], vec!["2e".into()]), "{name}");
        let page = drawn(name);
        let (_, rest) = page.split_once("\n## Missing for the vote into phase 3\n").expect("the section");
        let (missing, since) = rest.split_once("\n## Rules made since\n").expect("the section after it");
        assert!(
            missing.contains("**3a**") && !missing.contains("**2e**") && since.contains("**2e**"),
            "{rest}"
        );
        assert!(page.contains("Asked for since 2026-07-21."));
    }
    for name in ["gpio", "spi"] {
        let (missing, newer) = ids(name);
        assert!(missing.contains(&"2e".to_owned()) && newer.is_empty(), "{name}: {missing:?}, {newer:?}");
        assert!(!drawn(name).contains("Rules made since"));
    }
}

#[test]
fn each_question_that_blocks_the_vote_is_on_the_page_and_the_others_are_not() {
    for name in proposals(repository()).expect("the proposals") {
        let (_, sheet) = read(repository(), &name);
        let page = drawn(&name);
        assert!(sheet.questions.len() > 10, "{name}: {:?}", sheet.questions);
        assert!(sheet.questions.iter().any(|question| question.blocks), "{name}");
        for question in &sheet.questions {
            let link = format!("](open-questions.md#{}): {}\n", question.anchor, question.reason);
            assert_eq!(page.contains(&link), question.blocks, "{name}: {question:?}");
        }
    }
}

/// What the command would say of all documents after one edit.
fn said(name: &str, file: &str, from: &str, to: &str) -> String {
    let copy = Copy::new(&format!("phase-{name}"));
    copy.edit(file, from, to);
    let read = || {
        let process = read_process(&copy.root)?;
        let citations = read_citations(&copy.root)?;
        let mut problems = check_documents(&copy.root, &process, &citations).err().unwrap_or_default();
        for proposal in proposals(&copy.root)? {
            problems
                .extend(read_sheet(&copy.root, &process, &citations, &proposal).err().unwrap_or_default());
        }
        Ok(problems)
    };
    let problems = read().unwrap_or_else(|problems: Vec<Problem>| problems);
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn the_answers_stand_in_the_order_of_the_process() {
    let (copy, file) = (Copy::new("phase-order"), "proposals/spi/phase.toml");
    let text =
        copy.text(file).replace("\"1a\"", "\"x\"").replace("\"1b\"", "\"1a\"").replace("\"x\"", "\"1b\"");
    copy.write(file, &text);
    let process = read_process(&copy.root).expect("the process");
    let citations = read_citations(&copy.root).expect("the citations");
    let problems = read_sheet(&copy.root, &process, &citations, "spi").expect_err("out of order");
    assert!(
        problems[0].to_string().contains("answers out of order; the order is 1a, 1b, 2a"),
        "{problems:?}"
    );
}

#[test]
fn a_dependency_in_a_lower_phase_contradicts_a_met_line() {
    let copy = Copy::new("phase-dependency");
    copy.edit(
        "proposals/gpio/phase.toml",
        "package = \"wasi:io@0.2.4\"\nphase = 3",
        "package = \"wasi:io@0.2.4\"\nphase = 1",
    );
    let process = read_process(&copy.root).expect("the process");
    let citations = read_citations(&copy.root).expect("the citations");
    let problems = read_sheet(&copy.root, &process, &citations, "gpio").expect_err("a contradiction");
    assert!(problems[0].to_string().contains("is met, and `wasi:io@0.2.4` is in phase 1"), "{problems:?}");
}

#[test]
fn the_command_answers_for_all_and_for_one() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_wasi-hw"))
            .args(["--root", repository().to_str().expect("a path in UTF-8"), "phase"])
            .args(arguments)
            .output()
            .expect("the tool runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&["--json"]);
    assert_eq!((code, out.lines().count(), err.as_str()), (Some(0), 4, ""));
    for line in out.lines() {
        let sheet: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(sheet["phases"].as_array().map(Vec::len), Some(3));
        assert_eq!(sheet["undefined"][0]["number"], 4);
        assert!(sheet["phases"][1]["requirements"][0]["state"].is_string() && sheet["missing"].is_array());
        assert!(sheet["rules-made-since"].is_array() && sheet["searched"] == "2026-11-30");
        assert!(sheet["questions"][0]["blocks"].is_boolean() && sheet["questions"][0]["anchor"].is_string());
    }
    let (code, out, _) = run(&["usb"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("upstream's pages disagree about the phase of wasi:usb\n"), "{out}");
    let (code, _, err) = run(&["can"]);
    assert_eq!((code, err.trim()), (Some(2), "error: no proposal `can`; there are i2c, spi, gpio, usb"));
}
