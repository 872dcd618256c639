//! The phase sheets of this repository, and what is said of a broken one.

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
fn a_broken_sheet_says_where_and_what_to_do() {
    let sheet = "proposals/spi/phase.toml";
    let pointer = "pointer = \"proposals/process.md#gpio-i2c-and-spi-into-phase-1-2023-03-09\"\n";
    let draft = "draft = \"proposals/spi/overview.md#portability-criteria\"\n";
    let cases = [
        ("met-alone", sheet, pointer, "", "spi/phase.toml:54: 1a is met and nothing shows it; add `pointer`"),
        (
            "met-draft",
            sheet,
            pointer,
            &format!("{pointer}{draft}"),
            "1a is met and has a draft; take out `draft`",
        ),
        (
            "not-met-pointer",
            sheet,
            draft,
            pointer,
            "2a is not-met and has a pointer; what is only offered is a `draft`",
        ),
        (
            "no-file",
            sheet,
            "proposals/process.md#gpio",
            "proposals/proces.md#gpio",
            ":56: 1a points to `proposals/proces.md",
        ),
        (
            "no-heading",
            sheet,
            "process.md#gpio-i2c-and",
            "process.md#gpio-i2c-or",
            "the page has no such heading; it has how-a-wasi",
        ),
        (
            "in-a-fence",
            "proposals/spi/overview.md",
            "\n### Portability Criteria",
            "\n```\n### Portability Criteria\n```",
            "the page has no such heading",
        ),
        ("no-page", sheet, "world.wit\"", "world.wit#world\"", "only a Markdown page has headings"),
        ("folder", sheet, "\"proposals/spi/overview.md\"", "\"proposals/spi\"", "no such file"),
        (
            "outside",
            sheet,
            "\"proposals/spi/overview.md\"",
            "\"../README.md\"",
            "is no pointer; write the path from the root",
        ),
        (
            "unanswered",
            "proposals/process.toml",
            "id = \"2e\"",
            "id = \"2f\"",
            "2f is not answered; add a [[requirement]]",
        ),
        (
            "unasked",
            sheet,
            "id = \"2e\"",
            "id = \"2f\"",
            "no requirement 2f; proposals/process.toml has 1a, 1b",
        ),
        ("twice", sheet, "id = \"1b\"", "id = \"1a\"", "1a is answered twice"),
        (
            "phases",
            "proposals/process.toml",
            "number = 3",
            "number = 2",
            "phase 2 comes after phase 2; they count up",
        ),
        (
            "asked-twice",
            "proposals/process.toml",
            "id = \"1a\"\ntext",
            "id = \"3b\"\ntext",
            "the id `3b` is there twice",
        ),
        (
            "source",
            sheet,
            "WASI-03-09.md@ab60c7ce",
            "WASI-03-09.md@main",
            "is no source; write `owner/repository:path@commit`",
        ),
        ("date", sheet, "date = \"2023-03-09\"", "date = \"2023-02-29\"", "`2023-02-29` is no day"),
        ("bare-date", sheet, "date = \"2023-03-09\"", "date = 2023-03-09", "invalid type"),
        (
            "state",
            sheet,
            "state = \"met\"",
            "state = \"yes\"",
            "unknown variant `yes`, expected one of `met`, `not-met`, `unknown`",
        ),
        ("key", sheet, "next = 2", "nexxt = 2", "unknown field `nexxt`"),
        ("half", sheet, "[[criterion]]\nid", "[[criterion\nid", "spi/phase.toml:"),
        ("empty", sheet, "id = \"1a\"", "id = \"\"", "is empty; say it, or leave the key out"),
        (
            "next",
            sheet,
            "next = 2",
            "next = 4",
            "`next` is the phase after 1, and proposals/process.toml defines it",
        ),
        (
            "package",
            sheet,
            "package = \"wasi:spi@0.2.0-draft\"",
            "package = \"wasi:spi\"",
            "`wasi:spi` is not there",
        ),
        (
            "proposal",
            sheet,
            "proposal = \"spi\"",
            "proposal = \"i2c\"",
            "`proposal` is \"spi\", as the folder is called",
        ),
        (
            "topic",
            sheet,
            "topic = \"testing\"",
            "topic = \"tests\"",
            "no topic `tests`; proposals/process.toml has implementations",
        ),
        ("criterion", sheet, "id = \"spi-c2\"", "id = \"spi-c1\"", "`spi-c1` is out of order"),
        (
            "origin",
            sheet,
            "origin = \"proposed by this project\"",
            "origin = \"upstream\"",
            "spi-c1 is upstream's and has no `source`",
        ),
        (
            "tag",
            sheet,
            "here = \"0.2.0-draft\"",
            "here = \"0.2.0\"",
            "`here` is the version of `wasi:spi@0.2.0-draft`",
        ),
        (
            "upstream-tag",
            sheet,
            "published = \"no\"",
            "upstream = \"0.2.0\"\npublished = \"no\"",
            "upstream's package is `wasi:spi`",
        ),
        (
            "published",
            sheet,
            "published = \"no\"",
            "published = \"unknown\"",
            "upstream has no tag, so `published` is \"no\"",
        ),
        ("version", sheet, "version = 1", "version = 2", "has version 2; this harness reads version 1"),
        (
            "stated",
            sheet,
            "[[stated-phase]]\nphase = 1\nsource = \"WebAssembly/WASI:docs",
            "[[stated-phase]]\nsource = \"WebAssembly/WASI:docs",
            "states no phase and has no note",
        ),
    ];
    let mut wrong = String::new();
    for (name, file, from, to, expected) in cases {
        let said = said(name, file, from, to);
        if !said.contains(expected) || !said.starts_with("proposals/") {
            wrong += &format!("{name}: {expected}\n  said: {said}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_citation_nobody_has_opened_and_a_claim_without_its_day_are_errors() {
    let (sheet, table) = ("proposals/spi/phase.toml", "proposals/citations.toml");
    let (findings, questions) = ("proposals/spi/findings.md", "proposals/spi/open-questions.md");
    let readme = "source = \"WebAssembly/wasi-spi:README.md@f1a086a\"\ndate = \"2026-08-21\"";
    let dated = |day: &str| readme.replace("2026-08-21", day);
    let dependencies = "note = \"The package has no dependencies.\"";
    let field = "**Blocks the next vote:** yes (";
    let cases = [
        (
            "page",
            findings,
            "wasi-spi:test/README.md@f1a086a",
            "wasi-spi:tests/README.md@f1a086a",
            "`WebAssembly/wasi-spi:tests/README.md@f1a086a` has no row in proposals/citations.toml; open it",
        ),
        (
            "thread",
            sheet,
            "WebAssembly/WASI#443",
            "WebAssembly/WASI#444",
            "`WebAssembly/WASI#444` has no row",
        ),
        ("commit", questions, "At 3fe70d6 the", "At 3fe70d7 the", "`3fe70d7` has no row"),
        (
            "half",
            findings,
            "wasi-spi:test/README.md@f1a086a",
            "wasi-spi:test/README.md",
            "`WebAssembly/wasi-spi:test/README.md` names no commit; write `owner/repository:path@commit`",
        ),
        (
            "unused",
            table,
            "numbers = [226]",
            "numbers = [226, 227]",
            "`absmach/propeller#227` is cited nowhere",
        ),
        (
            "unused-page",
            table,
            "paths = [\"src/i2c.rs\"]",
            "paths = [\"src/i2c.rs\", \"src/x.rs\"]",
            "src/x.rs@7ab860b` is cited nowhere; take it out",
        ),
        (
            "uncommitted",
            table,
            "committed = \"2026-04-23\"\n",
            "",
            "idlab-discover/usb-wasm@397f12a has no `committed`; add it, or a `note`",
        ),
        (
            "early",
            table,
            "opened = \"2026-11-30\"",
            "opened = \"2026-08-19\"",
            "was opened before it was made",
        ),
        (
            "listed-twice",
            table,
            "commit = \"7fb80fb\"",
            "commit = \"397f12a\"",
            "idlab-discover/usb-wasm@397f12a is there twice",
        ),
        ("table-version", table, "version = 1", "version = 2", "has version 2; this harness reads version 1"),
        (
            "before",
            sheet,
            readme,
            &dated("2026-03-23"),
            "f1a086a` was made on 2026-03-24; a page has the day up to",
        ),
        (
            "after",
            sheet,
            readme,
            &dated("2026-12-01"),
            "as last opened on 2026-11-30; open it again, and say so",
        ),
        (
            "meeting",
            sheet,
            "date = \"2023-03-09\"",
            "date = \"2023-03-10\"",
            "are the minutes of 2023-03-09; minutes have the day of the meeting",
        ),
        (
            "read-up-to",
            sheet,
            "date = \"2026-08-21\"",
            "date = \"2026-03-01\"",
            "upstream was read up to 2026-03-01, before its commit of 2026-03-24",
        ),
        (
            "restated",
            "proposals/process.toml",
            "date = \"2026-07-21\"",
            "date = \"2026-07-20\"",
            "process.toml: the page that it restates is dated 2026-07-20",
        ),
        (
            "note",
            sheet,
            dependencies,
            "note = \"It has none; the only one.\"",
            "2d says \"It has none; \" without a day; give the day of the search",
        ),
        ("searched", sheet, "searched = \"2026-11-30\"\n", "", "missing field `searched`"),
        (
            "found",
            "proposals/spi/README.md",
            "## Current Phase\n",
            "## Current Phase\n\nNo host was\nfound.\n",
            "says \"No host was found.\" without a day",
        ),
        (
            "silent",
            questions,
            field,
            "Blocks it: yes (",
            "says 0 times whether it blocks the next vote; once is",
        ),
        (
            "perhaps",
            questions,
            field,
            "**Blocks the next vote:** perhaps (",
            "is not `**Blocks the next vote:** yes",
        ),
        (
            "twice-said",
            questions,
            field,
            "**Blocks the next vote:** no (so far).\n**Blocks the next vote:** yes (",
            "says 2 times whether",
        ),
        (
            "unlinked",
            "proposals/spi/next-vote.md",
            "open-questions.md#15-",
            "open-questions.md#14-",
            "next-vote.md: has no link to `open-questions.md#15-how-are-devices-named-across-hosts-spi-05-spi-08`",
        ),
        (
            "entered",
            "proposals/process.toml",
            "since = \"2026-07-21\"\n",
            "",
            "2e is unknown, and the proposal is in phase 2; what was not asked for at its vote has `since`",
        ),
    ];
    let mut wrong = String::new();
    for (name, file, from, to, expected) in cases {
        let said = said(name, file, from, to);
        if !said.contains(expected) || !said.starts_with("proposals/") {
            wrong += &format!("{name}: {expected}\n  said: {said}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let untouched = said("untouched", sheet, "version = 1", "version = 1");
    assert_eq!(untouched, "");
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
