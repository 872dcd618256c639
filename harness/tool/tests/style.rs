//! One style for the suite's files, so that a reader knows the next one by the last.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use wasi_hw_harness::suite::expect::{Block, Expect};
use wasi_hw_harness::suite::requirement::Level;
use wasi_hw_harness::suite::{Case, Suite};
use wasi_hw_tool::wit::Wit;
use wit_parser::TypeDefKind;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Every `.toml` file below a folder, from the root.
fn below(folder: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            below(&path, found);
        } else if path.ends_with(".toml") {
            found.push(path);
        }
    }
}

/// The files of these folders, with their text.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| below(folder, &mut found));
    found.sort();
    found.into_iter().map(|file| (file.clone(), fs::read_to_string(root().join(file)).unwrap())).collect()
}

fn none(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// What is wrong with the white space of a file, as `line: what`.
fn untidy(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // The indentation of the lines that opened the brackets that are open.
    let mut open: Vec<usize> = Vec::new();
    let mut in_text = false;
    let mut blank = false;
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line;
        if line.trim_end() != line || line.contains('\t') {
            found.push(format!("{number}: white space at the end, or a tab"));
        }
        if in_text {
            let Some((_, after)) = line.split_once("\"\"\"") else { continue };
            (in_text, rest) = (false, after);
        } else if line.is_empty() {
            if blank {
                found.push(format!("{number}: a second empty line"));
            }
        } else {
            let indented = line.len() - line.trim_start().len();
            let closes = line.trim_start().starts_with([']', '}']);
            let wanted = open.last().map_or(0, |at| at + if closes { 0 } else { 2 });
            if indented != wanted {
                found.push(format!("{number}: indented by {indented} in place of {wanted}"));
            }
        }
        blank = line.is_empty();
        let indented = line.len() - line.trim_start().len();
        while let Some(at) = rest.find(['"', '#', '[', '{', ']', '}']) {
            let (sign, after) = (rest.as_bytes()[at], &rest[at + 1..]);
            rest = match sign {
                b'#' => break,
                b'[' | b'{' => {
                    open.push(indented);
                    after
                }
                b']' | b'}' => {
                    open.pop();
                    after
                }
                _ if rest[at..].starts_with("\"\"\"") => match rest[at + 3..].split_once("\"\"\"") {
                    Some((_, after)) => after,
                    None => {
                        in_text = true;
                        break;
                    }
                },
                // The suite's strings have no escaped quotes.
                _ => after.split_once('"').map_or("", |(_, after)| after),
            };
        }
    }
    if !text.ends_with('\n') || text.ends_with("\n\n") {
        found.push("the file does not end with one line's end".to_owned());
    }
    found
}

#[test]
fn files_are_indented_by_two_spaces() {
    let folders = ["conformance/cases", "conformance/runtimes", "fixtures", "proposals"];
    let mut found = Vec::new();
    for (file, text) in files(&folders) {
        found.extend(untidy(&text).into_iter().map(|what| format!("{file}:{what}")));
    }
    none(found);
}

#[test]
fn untidy_files_are_found() {
    for (text, says) in [
        ("a = [\n    1,\n]\n", "2: indented by 4 in place of 2"),
        ("a = [\n  { b = [\n      1,\n  ] },\n]\n", "3: indented by 6 in place of 4"),
        ("a = [\n  1,\n  ]\n", "3: indented by 2 in place of 0"),
        ("a = 1 \n", "1: white space"),
        ("a = 1\n\n\nb = 2\n", "3: a second empty line"),
        ("a = 1", "does not end"),
        (" a = 1\n", "1: indented by 1 in place of 0"),
    ] {
        let found = untidy(text);
        assert!(found.iter().any(|what| what.contains(says)), "{text:?}: {found:?}");
    }
    assert_eq!(untidy("a = [\"\"\"\n     x [\n\"\"\", \"[#\"] # [\nb = [ # [\n  1,\n]\n"), [""; 0]);
}

/// The comment at the top of a file.
fn head(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("# "));
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_case_begins_with_the_host_that_it_fails() {
    let suite = Suite::discover(root());
    let mut found = Vec::new();
    for case in &suite.cases {
        let text = fs::read_to_string(root().join(format!("conformance/cases/{}.toml", case.id))).unwrap();
        let head = head(&text);
        let begins = match case.level {
            Level::Report => head.starts_with("Records "),
            _ => {
                let host = head.strip_prefix("Fails a host ").unwrap_or_default();
                ["that ", "whose ", "for which ", "on which ", "with "]
                    .iter()
                    .any(|word| host.starts_with(word))
            }
        };
        if !begins || !head.ends_with('.') {
            found.push(format!(
                "{}: `# Fails a host that ….`, or `# Records ….` if it is not scored: {head}",
                case.id
            ));
        }
    }
    none(found);
}

#[test]
fn a_fixture_begins_with_what_it_is() {
    let untold = |(_, text): &(String, String)| {
        let head = head(text);
        !head.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || !head.ends_with('.')
    };
    let found = files(&["fixtures"]).into_iter().filter(untold);
    none(found.map(|(file, _)| format!("{file}: begins with sentences that say what it is")).collect());
}

#[test]
fn what_happens_to_a_board_stands_in_blocks() {
    let in_a_list =
        |text: &str| text.lines().any(|line| line.starts_with("cue = ") || line.starts_with("event = "));
    let found = files(&["fixtures"]).into_iter().filter(|(_, text)| in_a_list(text));
    none(found.map(|(file, _)| format!("{file}: write [[device.cue]] and [[device.event]]")).collect());
}

/// The names of functions, types, fields and cases in the packages of a proposal.
fn names(wit: &Wit, proposal: &str) -> BTreeSet<String> {
    let packages = wit.packages.iter().filter(|package| package.proposal == proposal);
    let packages = packages.flat_map(|package| package.deps.iter().chain([&package.id]));
    let interfaces = packages.flat_map(|id| wit.resolve.packages[*id].interfaces.values());
    let mut names = BTreeSet::new();
    for interface in interfaces.map(|id| &wit.resolve.interfaces[*id]) {
        names.extend(interface.functions.values().map(|function| function.item_name().to_owned()));
        names.extend(interface.types.keys().cloned());
        for id in interface.types.values() {
            match &wit.resolve.types[*id].kind {
                TypeDefKind::Record(record) => {
                    names.extend(record.fields.iter().map(|field| field.name.clone()))
                }
                TypeDefKind::Enum(cases) => names.extend(cases.cases.iter().map(|case| case.name.clone())),
                TypeDefKind::Variant(cases) => names.extend(cases.cases.iter().map(|case| case.name.clone())),
                _ => {}
            }
        }
    }
    names
}

#[test]
fn a_title_is_a_sentence_without_its_dot() {
    let suite = Suite::discover(root());
    let wit = Wit::read(root()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut found = Vec::new();
    for case in &suite.cases {
        let first = case.title.split([' ', ',', '(', ':']).next().unwrap_or_default();
        let begins =
            case.title.starts_with(char::is_uppercase) || names(&wit, &case.proposal).contains(first);
        if !begins || case.title.ends_with('.') || case.title.trim() != case.title {
            found.push(format!(
                "{}: `{}` begins with a capital letter or a name, and has no dot",
                case.id, case.title
            ));
        }
    }
    none(found);
}

/// Every line of what a guest may write down.
fn lines<'a>(expected: &'a [Expect], found: &mut Vec<&'a str>) {
    for element in expected {
        match element {
            Expect::Line(line) => found.push(line),
            Expect::OneOf { one_of: blocks } | Expect::AnyOrder { any_order: blocks } => {
                blocks.iter().for_each(|block| lines_of(block, found));
            }
            Expect::Maybe { maybe: block } | Expect::AtLeast { of: block, .. } => lines_of(block, found),
            Expect::AtLeastNs { .. } => {}
        }
    }
}

fn lines_of<'a>(block: &'a Block, found: &mut Vec<&'a str>) {
    match block {
        Block::One(line) => found.push(line),
        Block::Many(list) => lines(list, found),
    }
}

#[test]
fn waits_and_drops_are_written_in_one_way() {
    let transcripts = |case: &Case| {
        let mut found = Vec::new();
        case.instances.iter().for_each(|instance| lines(&instance.transcript, &mut found));
        case.without.iter().for_each(|lacking| lines(&lacking.transcript, &mut found));
        found.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let suite = Suite::discover(root());
    let mut found = Vec::new();
    let mut seen = [0, 0];
    for case in &suite.cases {
        for line in transcripts(case) {
            let words: Vec<_> = line.split(' ').collect();
            let fits = match words[..] {
                ["wait", length, unit] => {
                    seen[0] += 1;
                    length.parse::<u64>().is_ok() && ["ms", "us", "ns"].contains(&unit)
                }
                // A label may end with a space.
                ["drop", _] | ["drop", _, ""] => {
                    seen[1] += 1;
                    true
                }
                _ => !words.contains(&"drop") && !words.contains(&"wait"),
            };
            if !fits {
                found.push(format!("{}: `{line}`: write `wait 20 ms` and `drop NAME`", case.id));
            }
        }
    }
    none(found);
    assert!(seen.iter().all(|lines| *lines > 20), "{seen:?}");
}
