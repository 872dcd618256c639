//! The requirements account for every numbered statement, and every requirement has its case.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::requirement::{BasisSource, Level, Requirement, RequirementsFile, Strength};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn proposals() -> BTreeMap<String, RequirementsFile> {
    ["gpio", "i2c", "spi", "usb"]
        .map(|name| {
            let text =
                std::fs::read_to_string(root().join(format!("proposals/{name}/requirements.toml"))).unwrap();
            let file: RequirementsFile =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(file.version, 1, "{name}");
            assert_eq!(file.proposal, name);
            (name.to_owned(), file)
        })
        .into()
}

#[test]
fn every_numbered_statement_is_accounted_for_under_its_number() {
    #[derive(Deserialize)]
    struct Statements(BTreeMap<String, BTreeMap<String, Strength>>);
    let text = include_str!("statements.toml");
    let Statements(statements) = toml::from_str(text).unwrap();
    for (name, file) in proposals() {
        let by_id: BTreeMap<_, _> = file.requirement.iter().map(|r| (r.id.as_str(), r)).collect();
        for (id, strength) in &statements[&name] {
            let requirement = by_id.get(id.as_str()).unwrap_or_else(|| panic!("{id} is not accounted for"));
            assert_eq!(requirement.strength, *strength, "{id}: the strength that the statement asks for");
        }
        for requirement in &file.requirement {
            let number = requirement.id.trim_end_matches(|c: char| c.is_ascii_lowercase());
            assert!(
                statements[&name].contains_key(number),
                "{}: no statement has this number",
                requirement.id
            );
        }
    }
}

#[test]
fn a_weaker_level_or_a_drop_carries_its_reason_and_none_is_raised() {
    for requirement in proposals().into_values().flat_map(|file| file.requirement) {
        let Requirement { id, level, strength, reason, .. } = &requirement;
        let rank = |level| match level {
            Level::Must => Strength::Must,
            Level::Should => Strength::Should,
            Level::May => Strength::May,
            Level::Report => Strength::Report,
            Level::Dropped => Strength::None,
        };
        assert!(rank(*level) >= *strength, "{id} is of level {level}, above the strength of its statement");
        let weaker = rank(*level) > *strength || *level == Level::Dropped;
        assert!(!weaker || reason.is_some(), "{id} is weaker than its statement, and no reason says why");
        let sources: Vec<_> = requirement.basis.iter().map(|b| b.source).collect();
        let derived = !sources.iter().any(|s| {
            use BasisSource::{ComponentModel, Standard, Upstream, WasiIo};
            matches!(s, Upstream | Standard | ComponentModel | WasiIo)
        });
        let must = *level == Level::Must;
        assert!(
            !(must && derived) || reason.is_some(),
            "{id} is a MUST without a normative source, and no reason says why"
        );
        assert!(*level == Level::Dropped || !sources.is_empty(), "{id} has no basis");
    }
}

#[test]
fn the_seams_of_a_requirement_exist() {
    let seams = BTreeMap::from([
        ("i2c", &["hal", "messages", "wire"][..]),
        ("spi", &["hal", "transfers", "wire"]),
        ("gpio", &["hal", "lines", "wire"]),
        ("usb", &["transfers", "wire"]),
    ]);
    for (name, file) in proposals() {
        for requirement in &file.requirement {
            for seam in &requirement.observable {
                assert!(
                    seams[name.as_str()].contains(&seam.as_str()),
                    "{}: no seam `{seam}`",
                    requirement.id
                );
            }
            let lives = requirement.level != Level::Dropped;
            assert!(!lives || !requirement.observable.is_empty(), "{}: observable nowhere", requirement.id);
        }
    }
}

#[test]
fn what_is_open_upstream_stands_among_the_open_questions() {
    for (name, file) in proposals() {
        let questions =
            std::fs::read_to_string(root().join(format!("proposals/{name}/open-questions.md"))).unwrap();
        let words: BTreeSet<_> =
            questions.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).collect();
        for requirement in file.requirement.iter().filter(|r| r.level == Level::Report) {
            assert!(
                words.contains(requirement.id.as_str()),
                "open-questions.md of {name} does not name {}",
                requirement.id
            );
        }
    }
}

#[test]
fn every_requirement_has_a_case_and_every_fixture_is_used() {
    let suite = Suite::discover(root());
    assert_eq!(suite.problems, []);
    let proven: BTreeSet<_> = suite.cases.iter().flat_map(|case| &case.proves).collect();
    let worlds: BTreeSet<_> = suite.cases.iter().map(|case| case.proposal.as_str()).collect();
    let orphans =
        suite.requirements.values().filter(|r| r.level != Level::Dropped && !proven.contains(&r.id));
    let orphans: Vec<_> = orphans.filter(|r| worlds.contains(&*proposal(&r.id))).map(|r| &r.id).collect();
    assert!(orphans.is_empty(), "requirements that no case proves: {orphans:?}");
    for world in &worlds {
        for entry in std::fs::read_dir(root().join("fixtures").join(world)).unwrap() {
            let name = format!("{world}/{}", entry.unwrap().file_name().to_string_lossy());
            assert!(suite.fixtures.contains(&name), "fixtures/{name} is used by no case");
        }
    }
}

#[test]
fn every_guest_test_is_used() {
    let suite = Suite::discover(root());
    for component in suite.components.iter().filter(|c| c.proposal.is_some()) {
        let cases = suite.cases.iter().filter(|case| Some(&case.proposal) == component.proposal.as_ref());
        let used: BTreeSet<_> = cases.flat_map(|case| &case.instances).map(|i| i.test.as_str()).collect();
        let unused: Vec<_> = component.tests.iter().filter(|test| !used.contains(test.as_str())).collect();
        assert!(unused.is_empty(), "{}: tests that no case runs: {unused:?}", component.file);
    }
}

fn proposal(id: &str) -> String {
    id.split('-').next().unwrap_or_default().to_lowercase()
}
