//! A report is read with care, and its header says what was run without the suite beside it.

use super::again::i2c;
use super::{reference, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wasi_hw_harness::report::{FORMAT, Header, judge_again, read};
use wasi_hw_harness::suite::files::digest;
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_harness::suite::requirement::Level;
use wasi_hw_harness::text::is_plain;

fn error(report: impl AsRef<[u8]>) -> String {
    read(report.as_ref(), "it").find_map(Result::err).expect("an error").to_string()
}

#[test]
fn a_report_that_is_none_is_an_error_with_its_line_and_what_to_do() {
    let report = i2c();
    let lines: Vec<_> = report.lines().collect();
    let (header, first, second) = (lines[0], lines[1], lines[2]);
    let footer = lines[lines.len() - 1];
    let join = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let other_format = header.replacen(&format!("\"format\":{FORMAT}"), "\"format\":1", 1);
    let foreign = first.replacen("\"case\":\"i2c/", "\"case\":\"i2c/not-", 1);
    let strange = first.replacen("\"title\":", "\"colour\":1,\"title\":", 1);
    let long = format!("{header}\n{}\n", " ".repeat(9 << 20));
    let table: &[(String, &str)] = &[
        (String::new(), "it:1: the file is empty"),
        (join(&[first, footer]), "it:1: there is no header before this"),
        (
            join(&[&other_format]),
            "it:1: the report is in format 1, and this reads format 2: run the cases again",
        ),
        (
            r#"{"kind":"header","format":1,"suite":"0.1.0"}"#.to_owned() + "\n",
            "it:1: the report is in format 1",
        ),
        (join(&[header, header]), "it:2: a second header; a report is of one run"),
        (join(&[header, first, footer, second]), "it:4: an entry after the footer"),
        (join(&[header, first, second, first]), "has a record already, on line 2; a run has one for each"),
        (join(&[header, &foreign]), "it:2: the suite of the header has no case `i2c/not-"),
        (join(&[header, &strange]), "it:2: is no entry of a report: unknown field `colour`"),
        (join(&[header, "\u{1b}[2J"]), "it:2: is no entry of a report: "),
        (join(&[header, r#"{"kind":"\u001b"}"#]), r"unknown variant `\u{1b}`"),
        (join(&[header, "[[[["]), "it:2: is no entry of a report"),
        (long, "it:2: has more than 8388608 bytes"),
        (
            join(&[header, first]),
            "it:3: there is no footer: the run did not end. The 1 records before this are whole",
        ),
        (format!("{header}\n{first}\n{}", &second[..40]), "it:3: the line is cut off: the run was ended"),
        (header[..100].to_owned(), "it:1: the line is cut off; take the whole report"),
    ];
    for (report, expected) in table {
        let said = error(report);
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(said.chars().all(is_plain), "{said:?}");
    }
    assert!(error([header.as_bytes(), b"\n\xff\n"].concat()).contains("it:2: is not UTF-8"));
    // A run that did not end is read, and judged, as far as it goes.
    let half = format!("{header}\n{first}\n{second}\n{}", &lines[3][..30]);
    assert_eq!(read(half.as_bytes(), "it").filter(Result::is_ok).count(), 3);
    let (again, unfinished) =
        judge_again(read(half.as_bytes(), "it"), &mut |finding| panic!("{finding:?}")).unwrap();
    assert!(again.records == 2 && !again.finished && unfinished.unwrap().unfinished);
}

#[test]
fn the_header_says_what_was_run_without_the_suite_beside_it() {
    let session = reference();
    let header = session.header(session.suite.cases.len());
    let counted: usize = header.worlds.values().flat_map(|world| world.cases.values()).sum();
    assert_eq!((counted, header.cases.len()), (session.suite.cases.len(), session.suite.cases.len()));
    assert_eq!(header.worlds["i2c"].package.as_deref(), Some("wasi:i2c@0.2.0-draft"));
    assert!(header.worlds["i2c"].cases[&Level::Must] > 40);
    assert!(header.requirements["I2C-09"].text.contains("repeated START"));
    assert_eq!((header.platform.os.as_str(), header.filtered()), (std::env::consts::OS, false));
    assert!(session.header(3).filtered());
    // The digest is what anybody computes who walks the tree.
    let mut files = BTreeMap::new();
    walk(&root().join("conformance/cases"), "conformance/cases", &mut files);
    for proposal in session.suite.proposals.iter().map(|proposal| &proposal.name) {
        let fixtures = format!("fixtures/{proposal}");
        walk(&root().join(&fixtures), &fixtures, &mut files);
        let name = format!("proposals/{proposal}/requirements.toml");
        files.insert(name.clone(), hash(&root().join(name)));
    }
    let capabilities = "proposals/capabilities.toml";
    files.insert(capabilities.to_owned(), hash(&root().join(capabilities)));
    let manifest = "conformance/components/MANIFEST.toml";
    files.insert(manifest.to_owned(), hash(&root().join(manifest)));
    assert!(header.suite.files == files, "other files");
    assert_eq!(header.suite.sha256, digest(&files));
}

fn walk(folder: &Path, name: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{name}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            walk(&path, &name, files);
        } else {
            files.insert(name, hash(&path));
        }
    }
}

fn hash(file: &Path) -> String {
    sha256(fs::read_to_string(file).unwrap().replace("\r\n", "\n").as_bytes())
}

/// A header can be read without any of its records.
#[test]
fn a_header_is_an_entry_of_its_own() {
    let session = reference();
    let header = session.header(0);
    let text = serde_json::to_string(&header).unwrap();
    assert_eq!(serde_json::from_str::<Header>(&text).unwrap(), header);
}
