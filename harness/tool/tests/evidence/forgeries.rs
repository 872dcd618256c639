//! What is forged in one file of a package, with hashes that fit.

use super::*;

type Forgery = (&'static str, &'static str, fn(&str) -> String, &'static [&'static str]);

/// What is done to one file, with hashes that fit; and what is named.
const FORGERIES: &[Forgery] = &[
    (
        "a verdict",
        SECOND,
        |text| {
            record(text, "read-one-frame", |r| replaced(r, "\"verdict\":\"fail\"", "\"verdict\":\"pass\""))
        },
        &["i2c/read-one-frame: verdict: written is pass, the records give fail"],
    ),
    (
        "a line of a transcript",
        FIRST,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(r, "-> ok", "-> err other").replace("\"text\":\"read", "\"text\":\"reed")
            })
        },
        &["i2c/read-one-frame: verdict: written is pass, the records give fail"],
    ),
    (
        "what was expected, to fit what was seen",
        SECOND,
        |text| {
            record(text, "read-one-frame", |r| {
                let guests = r.find("\"guests\":").unwrap();
                let from = guests + r[guests..].find("\"expected\":[").unwrap();
                let to = from + r[from..].find("],\"transcript\"").unwrap();
                format!("{}\"expected\":[{}", &r[..from], &r[to..])
            })
        },
        &[
            "i2c/read-one-frame: not as the release's case has it, or not possible: guests and what they are to",
        ],
    ),
    (
        "a time",
        FIRST,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(r, "\"board-ns\":", "\"board-ns\":0,\"x\":")
                    .replace(",\"x\":1000", "")
                    .replace(",\"x\":2000", "")
                    .replace(",\"x\":3000", "")
            })
        },
        &["not possible: times"],
    ),
    (
        "an ending",
        FIRST,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(r, "{\"how\":\"returned\"}", "{\"how\":\"crash\",\"why\":\"x\"}")
            })
        },
        &["i2c/read-one-frame: verdict: written is pass, the records give crash"],
    ),
    (
        "a record left out",
        FIRST,
        |text| record(text, "read-one-frame", |_| String::new()),
        &["footer: complete: written is true, the records give false"],
    ),
    (
        "a record doubled",
        FIRST,
        |text| record(text, "read-one-frame", |r| format!("{r}\n{r}")),
        &["the case i2c/read-one-frame has a record already"],
    ),
    (
        "the footer left out",
        FIRST,
        |text| text.lines().filter(|l| !l.contains("\"footer\"")).map(|l| l.to_owned() + "\n").collect(),
        &["there is no footer: the run did not end"],
    ),
    (
        "a run of another release",
        SECOND,
        |text| replaced(text, "\"version\":\"0.1.0\"", "\"version\":\"0.2.0\""),
        &["header: the suite's version and so its cases are not those of 0.1.0"],
    ),
    (
        "a foreign component",
        FIRST,
        |text| {
            let at = text.find("\"components\":{\"i2c.wasm\":\"").unwrap() + 26;
            format!("{}{}{}", &text[..at], "0".repeat(64), &text[at + 64..])
        },
        &["header: the components are not those of 0.1.0"],
    ),
    (
        "a declared capability added",
        FIRST,
        |text| {
            replaced(
                text,
                "\"seams\":{\"i2c\":\"hal\"}",
                "\"seams\":{\"i2c\":\"hal\"},\"lacks\":[\"instances\"]",
            )
        },
        &["world i2c: lacks: written is [], the records give"],
    ),
    (
        "a seam that nobody knows",
        FIRST,
        |text| replaced(text, "\"seams\":{\"i2c\":\"hal\"}", "\"seams\":{\"i2c\":\"x\"}"),
        &["which is no seam of i2c"],
    ),
    (
        "a requirement's text",
        FIRST,
        |text| {
            replaced(
                text,
                "\"requirements\":{\"I2C-01\":{\"text\":\"",
                "\"requirements\":{\"I2C-01\":{\"text\":\"Not: ",
            )
        },
        &["header: the requirements are not those of 0.1.0"],
    ),
    (
        "a case that the release has not",
        FIRST,
        |text| text.replace("i2c/read-one-frame", "i2c/read-one-frane"),
        &["header: the cases (i2c/read-one-frame is one)"],
    ),
    (
        "a filter",
        FIRST,
        |text| replaced(text, "\"chosen\":3", "\"chosen\":2"),
        &["header: a filter was on: the run is of 2 of 3 cases"],
    ),
    (
        "a problem of the suite",
        FIRST,
        |text| replaced(text, "\"complete\":true", "\"complete\":false"),
        &["footer: complete: written is false"],
    ),
    (
        "a branch for a version",
        FIRST,
        |text| {
            let at = text.find("\"name\":\"first\",\"version\":\"").unwrap() + 26;
            let end = at + text[at..].find('"').unwrap();
            format!("{}main{}", &text[..at], &text[end..])
        },
        &["evidence is of an exact version, not of a branch"],
    ),
    (
        "a known failure hidden",
        SECOND,
        |text| {
            record(text, "read-one-frame", |r| {
                replaced(
                    r,
                    "\"expectation\":\"unexpected\"",
                    "\"expectation\":\"known\",\"known\":{\"verdict\":\"fail\",\"reason\":\"x\"}",
                )
            })
        },
        &["i2c/read-one-frame: known: the record and the host's file say different things"],
    ),
    (
        "a known failure invented",
        "known/second.toml",
        |text| {
            format!("{text}\n[[known]]\ncase = \"i2c/read-one-frame\"\nverdict = \"fail\"\nreason = \"x\"\n")
        },
        &["i2c/read-one-frame: known: the record and the host's file say different things"],
    ),
    (
        "what a host lacks",
        "known/first.toml",
        |text| format!("{text}lacks = [\"instances\"]\n"),
        &["header: the host's file says that it lacks instances, and the run does not"],
    ),
    (
        "a claim",
        "claims.txt",
        |text| replaced(text, "not conformant", "conformant"),
        &["claims.txt:3: is not what"],
    ),
    ("a cell", "table.md", |text| replaced(text, "**fail**", "pass"), &["table.md:", "is not what the runs"]),
    ("EARL", "earl.jsonld", |text| replaced(text, "earl:failed", "earl:passed"), &["earl.jsonld:"]),
    ("the statement", "in-toto.json", |text| replaced(text, "FAILED", "PASSED"), &["in-toto.json:"]),
    (
        "the command of a run",
        "evidence.json",
        |text| replaced(text, "--suite 0.1.0", "--suite next"),
        &["evidence.json:"],
    ),
    (
        "the release",
        "evidence.json",
        |text| replaced(text, "\"release\": \"0.1.0\"", "\"release\": \"0.9.0\""),
        &["the release `0.9.0` is unknown here; this tool has 0.1.0"],
    ),
    (
        "a path outside",
        "evidence.json",
        |text| replaced(text, "\"file\": \"runs/001-first.jsonl\"", "\"file\": \"runs/../../x\""),
        &["runs/../../x: evidence.json names this run, and no such file"],
    ),
    (
        "a run named twice",
        "evidence.json",
        |text| replaced(text, "\"file\": \"runs/001-first.jsonl\"", "\"file\": \"runs/002-second.jsonl\""),
        &["is a second run of one host"],
    ),
    (
        "a case",
        "suite/conformance/cases/i2c/read-one-frame.toml",
        |text| replaced(text, "title = \"", "title = \"x"),
        &["read-one-frame.toml: is not that of release 0.1.0"],
    ),
    (
        "a fixture",
        "suite/fixtures/i2c/register-file.toml",
        |text| format!("{text}#"),
        &["register-file.toml: is not that of release"],
    ),
    (
        "the lock",
        "suite/conformance/releases/0.1.0.toml",
        |text| format!("{text}#"),
        &["0.1.0.toml: is not that of release"],
    ),
    (
        "a file added",
        "more.txt",
        |_| "more".to_owned(),
        &["more.txt: is no file of a package on release 0.1.0"],
    ),
    (
        "a withdrawal invented",
        "suite/conformance/releases/withdrawn.toml",
        |_| {
            "version = 1\n[[withdrawn]]\nid = \"i2c/read-one-frame\"\ndate = \"2026-11-30\"\nreason = \"x\"\n"
                .to_owned()
        },
        &["withdraws i2c/read-one-frame, and this tool knows nothing of that"],
    ),
];

#[test]
fn whatever_is_forged_is_named_though_every_hash_fits() {
    let package = Package::new("forged");
    let sums = package.text("SHA256SUMS");
    assert!(FORGERIES.len() >= 20);
    for (what, file, forge, parts) in FORGERIES {
        let path = package.dir().join(file);
        let before = fs::read(&path).ok();
        let text = before.clone().map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default();
        package.forge(file, &forge(&text));
        package.named(what, parts);
        match before {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        package.seal();
        assert_eq!(package.text("SHA256SUMS"), sums, "{what}");
    }
    assert_eq!(package.verify(Some(&package.fingerprint)).0, <[String; 0]>::default());
}
