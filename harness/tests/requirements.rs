//! The requirements account for every numbered statement, and every requirement has its case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::{About, Apart};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_harness::suite::proposal::{self, Proposal};
use wasi_hw_harness::suite::requirement::{BasisSource, Level, Requirement, Strength};

/// The suite, in which nothing is wrong.
fn suite() -> Suite {
    let suite = Suite::discover(&Suite::default_root());
    assert_eq!(suite.problems, []);
    suite
}

/// The requirements of a proposal.
fn of<'a>(suite: &'a Suite, proposal: &str) -> impl Iterator<Item = &'a Requirement> {
    suite.requirements.values().filter(move |requirement| requirement.proposal == proposal)
}

#[test]
fn every_numbered_statement_is_accounted_for_under_its_number() {
    let suite = suite();
    for Proposal { name, .. } in &suite.proposals {
        let file = suite.root.join(format!("proposals/{name}/statements.toml"));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        let statements: BTreeMap<String, Strength> = toml::from_str(&text).unwrap();
        for (id, strength) in &statements {
            let requirement =
                suite.requirements.get(id).unwrap_or_else(|| panic!("{id} is not accounted for"));
            assert_eq!(requirement.strength, *strength, "{id}: the strength that the statement asks for");
        }
        for requirement in of(&suite, name) {
            let number = requirement.id.trim_end_matches(|c: char| c.is_ascii_lowercase());
            assert!(statements.contains_key(number), "{}: no statement has this number", requirement.id);
        }
    }
}

#[test]
fn a_weaker_level_or_a_drop_carries_its_reason_and_none_is_raised() {
    for requirement in suite().requirements.values() {
        let Requirement { id, level, strength, reason, .. } = requirement;
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
        assert!(*level == Level::Dropped || !sources.is_empty(), "{id} has no basis");
    }
}

/// What CHARTER.md says of the level.
#[test]
fn a_must_rests_on_upstream_on_a_standard_or_on_the_model_that_upstream_names() {
    use BasisSource::{ComponentModel, EmbeddedHal, Standard, Upstream, WasiIo};
    for requirement in suite().requirements.values().filter(|r| r.level == Level::Must) {
        let rests = |on: &[BasisSource]| requirement.basis.iter().any(|basis| on.contains(&basis.source));
        let derived = requirement.reason.as_deref().is_some_and(|reason| reason.starts_with("Derived"));
        assert!(
            rests(&[Upstream, Standard, ComponentModel, WasiIo]) || rests(&[EmbeddedHal]) && derived,
            "{} may not be a MUST: its basis is none that the charter admits",
            requirement.id
        );
    }
}

#[test]
fn a_requirement_that_lives_is_observable_somewhere() {
    for requirement in suite().requirements.values().filter(|r| r.level != Level::Dropped) {
        assert!(!requirement.observable.is_empty(), "{}: observable nowhere", requirement.id);
    }
}

#[test]
fn the_guests_import_the_packages_that_the_heads_name() {
    let suite = suite();
    for Proposal { name, package, variants, .. } in &suite.proposals {
        let mut named: Vec<_> = variants.iter().chain([package]).collect();
        let guests = suite.components.iter().filter(|c| c.proposal.as_ref() == Some(name));
        // What imports by other names is of one of those packages as well.
        let (usual, others): (Vec<_>, Vec<_>) = guests.partition(|c| c.imports.is_empty());
        assert!(others.iter().all(|other| usual.iter().any(|c| c.package == other.package)), "{name}");
        let mut imported: Vec<_> = usual.iter().map(|component| &component.package).collect();
        named.sort();
        imported.sort();
        assert_eq!(imported, named, "{name}");
    }
    let strangers: Vec<_> = suite.components.iter().filter_map(|c| c.proposal.as_ref()).collect();
    assert!(strangers.into_iter().all(|name| suite.proposals.iter().any(|p| p.name == *name)));
}

#[test]
fn the_reference_host_speaks_every_package() {
    let suite = suite();
    let speaks = |runtime: &str| {
        let runtime = Runtimes::known().start(Some(runtime), &suite.root).unwrap();
        runtime.about().packages
    };
    let canonical: Vec<_> = suite.proposals.iter().map(|p| p.package.clone()).collect();
    assert_eq!(speaks("wasmtime"), canonical);
    assert_eq!(speaks("wasmtime-kernel"), canonical);
    let last = |p: &Proposal| p.variants.last().unwrap_or(&p.package).clone();
    assert_eq!(speaks("wasmtime-variants"), suite.proposals.iter().map(last).collect::<Vec<_>>());
}

#[test]
fn a_runtime_stands_at_seams_that_exist() {
    let suite = Arc::new(suite());
    for runtime in ["wasmtime", "wasmtime-kernel", "wasmtime-variants"] {
        let runtime = Runtimes::known().start(Some(runtime), &suite.root).unwrap();
        let session = Session::new(Arc::clone(&suite), runtime);
        assert_eq!(session.problems, []);
        let at: Vec<_> = session.about.seams.keys().collect();
        let mut all: Vec<_> = suite.proposals.iter().map(|proposal| &proposal.name).collect();
        all.sort();
        assert_eq!(at, all);
    }
}

#[test]
fn a_seam_that_is_not_named_is_the_protocols_and_one_that_does_not_exist_is_said_of_the_runtime() {
    let suite = suite();
    let packages = vec!["wasi:i2c@0.2.0-draft".to_owned(), "component:usb@0.2.1".to_owned()];
    let declared = BTreeMap::from([("i2c".to_owned(), "message".to_owned())]);
    let seams = proposal::seams(&suite.proposals, &packages, &declared);
    assert_eq!(seams["usb"], "transfers");
    assert_eq!(seams.len(), 2, "{seams:?}");
    let wrong = About { name: "x".to_owned(), packages, seams, ..About::default() }.unknown(&suite);
    let [wrong] = &wrong[..] else { panic!("{wrong:?}") };
    assert!(
        wrong.contains("stand at `message`, which is no seam of i2c; did you mean `messages`?"),
        "{wrong}"
    );
}

/// It is read from reports, too, which anybody may have written.
#[test]
fn what_a_runtime_says_of_some_packages_is_of_packages_that_it_has() {
    let suite = suite();
    let wrong = |apart: Vec<Apart>| {
        let packages = vec!["wasi:usb@0.2.1".to_owned()];
        let seams = proposal::seams(&suite.proposals, &packages, &BTreeMap::new());
        About { name: "x".to_owned(), packages, seams, apart, ..About::default() }.unknown(&suite)
    };
    let of = |package: &str| Apart { packages: vec![package.to_owned()], ..Apart::default() };
    assert_eq!(wrong(vec![of("wasi:usb@0.2.1")]), Vec::<String>::new());
    assert!(
        wrong(vec![of("wasi:i2c@0.2.0-draft")])[0].contains("`apart` has what is not among its packages")
    );
    assert!(wrong(vec![of("wasi:usb@0.2.1"), of("wasi:usb@0.2.1")])[0].contains("`apart`"));
    let lack = Bound { capability: "streams".to_owned(), number: None };
    let many = Apart { lacks: vec![lack; 1000], ..of("wasi:usb@0.2.1") };
    assert!(wrong(vec![many])[0].contains("it lacks 1000 things"));
}

#[test]
fn what_is_open_upstream_stands_among_the_open_questions() {
    let suite = suite();
    for Proposal { name, .. } in &suite.proposals {
        let questions = suite.root.join(format!("proposals/{name}/open-questions.md"));
        let questions = std::fs::read_to_string(questions).unwrap();
        let words: BTreeSet<_> =
            questions.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).collect();
        for requirement in of(&suite, name).filter(|r| r.level == Level::Report) {
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
    let suite = suite();
    let proven: BTreeSet<_> = suite.cases.iter().flat_map(|case| &case.proves).collect();
    let worlds: BTreeSet<_> = suite.cases.iter().map(|case| case.proposal.as_str()).collect();
    let orphans =
        suite.requirements.values().filter(|r| r.level != Level::Dropped && !proven.contains(&r.id));
    let orphans: Vec<_> = orphans.filter(|r| worlds.contains(&*r.proposal)).map(|r| &r.id).collect();
    assert!(orphans.is_empty(), "requirements that no case proves: {orphans:?}");
    for world in &worlds {
        for entry in std::fs::read_dir(suite.root.join("fixtures").join(world)).unwrap() {
            let name = format!("{world}/{}", entry.unwrap().file_name().to_string_lossy());
            assert!(suite.fixtures.contains(&name), "fixtures/{name} is used by no case");
        }
    }
}

#[test]
fn every_guest_test_is_used() {
    let suite = suite();
    for component in suite.components.iter().filter(|c| c.proposal.is_some()) {
        let cases = suite.cases.iter().filter(|case| Some(&case.proposal) == component.proposal.as_ref());
        let used: BTreeSet<_> = cases.flat_map(|case| &case.instances).map(|i| i.test.as_str()).collect();
        let unused: Vec<_> = component.tests.iter().filter(|test| !used.contains(test.as_str())).collect();
        assert!(unused.is_empty(), "{}: tests that no case runs: {unused:?}", component.file);
    }
}
