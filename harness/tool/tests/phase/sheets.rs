//! Sheets that are broken in one place.

use super::said;

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
