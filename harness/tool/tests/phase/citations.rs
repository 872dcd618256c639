//! Pages that cite what nobody has opened, and claims without a day.

use super::said;

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
