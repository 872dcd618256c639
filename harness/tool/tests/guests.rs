//! What makes a component stale, and what does not; and what the components are like.

use crate::copy::Copy;
use std::path::Path;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::manifest::Pages;
use wasi_hw_tool::guests::inputs;
use wasi_hw_tool::wit::Wit;
use wasmparser::{Parser, Payload};

fn i2c(copy: &Copy) -> String {
    let wit = Wit::read(&copy.root).unwrap_or_else(|problems| panic!("{problems:?}"));
    inputs(&copy.root, &wit, "i2c", "wasi-hw:conformance/i2c-guest@0.1.0").expect("inputs")
}

const LOCK: &str = "conformance/guests/Cargo.lock";
const WORKSPACE: &str = "conformance/guests/Cargo.toml";

#[test]
fn a_new_proposal_makes_no_other_component_stale() {
    let copy = Copy::new("inputs");
    let before = i2c(&copy);
    copy.write(
        "wit/can/0.1.0/can.wit",
        "package wasi:can@0.1.0;\ninterface can { send: func(id: u32); }\nworld imports { import can; }\n",
    );
    copy.write(
        "wit/conformance/0.1.0/can.wit",
        "world can-guest {\n  import wasi:can/can@0.1.0;\n  import board;\n  export run: func(test: string);\n}\n",
    );
    let requirements = "version = 1\nproposal = \"can\"\norder = 9\nprefix = \"CAN\"\npackage = \"wasi:can@0.1.0\"\n\
         over-protocol = \"frames\"\nseams = { frames = \"frames\" }\nrequirement = []\n";
    copy.write("proposals/can/requirements.toml", requirements);
    copy.write("conformance/guests/can/src/lib.rs", "#![no_std]\n");
    let profile = "[profile.release.package.gpio]";
    let another = format!("[profile.release.package.can]\nopt-level = 3\n\n{profile}");
    copy.edit(WORKSPACE, profile, &another);
    let package =
        "[[package]]\nname = \"can\"\nversion = \"0.1.0\"\ndependencies = [\n \"wasi-hw-guest\",\n]\n\n";
    copy.edit(LOCK, "[[package]]\nname = \"cfg-if\"", &format!("{package}[[package]]\nname = \"cfg-if\""));
    assert_eq!(i2c(&copy), before);
}

#[test]
fn the_words_of_a_package_are_not_in_a_component() {
    let copy = Copy::new("inputs");
    let before = i2c(&copy);
    copy.edit("wit/conformance/0.1.0/board.wit", "/// Adds a line", "/// Puts a line");
    assert_eq!(i2c(&copy), before);
}

#[test]
fn whatever_reaches_a_component_makes_it_stale() {
    let edits = [
        ("conformance/guests/i2c/src/log.rs", "drop", "dropped"),
        ("conformance/guests/i2c/Cargo.toml", "crate-type", "crate-type "),
        ("conformance/guests/common/src/log.rs", "wait", "waited"),
        ("harness/mock/src/notation.rs", "16", "17"),
        ("wit/conformance/0.1.0/board.wit", "wait: func(ns: u64)", "wait: func(ns: u32)"),
        ("wit/i2c/0.2.0-draft/delay.wit", "delay-ns: func(ns: u32)", "delay-ns: func(nanoseconds: u32)"),
        (WORKSPACE, "codegen-units = 1", "codegen-units = 2"),
        (WORKSPACE, "wit-bindgen = { version = \"0.63\"", "wit-bindgen = { version = \"0.63.0\""),
        (LOCK, "name = \"dlmalloc\"\nversion = \"0", "name = \"dlmalloc\"\nversion = \"9"),
        // Not the guest's own, but its dependencies'.
        (LOCK, "name = \"wit-parser\"\nversion = \"0", "name = \"wit-parser\"\nversion = \"9"),
    ];
    for (file, from, to) in edits {
        let copy = Copy::new("inputs");
        let before = i2c(&copy);
        copy.edit(file, from, to);
        assert_ne!(i2c(&copy), before, "{file}: {from} -> {to}");
    }
}

/// The boards that the proposals name have 256 KB.
#[test]
fn each_guest_starts_in_a_page_and_says_what_it_needs() {
    let suite = suite();
    for component in &suite.components {
        let bytes = suite.read_component(component).expect("a component");
        let memories = Parser::new(0).parse_all(&bytes).filter_map(|payload| match payload.expect("wasm") {
            Payload::MemorySection(memories) => Some(memories),
            _ => None,
        });
        let memories: Vec<_> = memories.flatten().map(|memory| memory.expect("a memory")).collect();
        let [memory] = &memories[..] else { panic!("{} has {} memories", component.file, memories.len()) };
        let pages = Pages { initial: memory.initial, greatest: memory.maximum };
        assert_eq!(component.pages, pages, "{}", component.file);
        let (initial, greatest) = match component.proposal.as_deref() {
            Some("usb") => (2, Some(4)),
            Some(_) => (1, Some(2)),
            // What a guest does that takes all it can get is among its tests.
            None => (1, None),
        };
        assert!(pages.initial <= initial, "{} starts in {} pages", component.file, pages.initial);
        assert!(
            greatest.is_none_or(|most| pages.greatest.is_some_and(|pages| pages <= most)),
            "{component:?}"
        );
    }
}

#[test]
fn no_component_says_where_it_was_built() {
    let suite = suite();
    for component in &suite.components {
        let bytes = suite.read_component(component).expect("a component");
        let text = String::from_utf8_lossy(&bytes);
        for word in ["index.crates.io", "registry", ".cargo", "/home/", "/root/", "/Users/", "\\src\\"] {
            assert!(!text.contains(word), "{} has `{word}`", component.file);
        }
        // What it may say instead, so that the words above are looked for in something. What is put around guests names no
        // place at all.
        assert!(component.tests.is_empty() || text.contains("/dlmalloc-"), "{}", component.file);
    }
}

fn suite() -> Suite {
    let suite = Suite::discover(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    assert!(suite.problems.is_empty(), "{:?}", suite.problems);
    suite
}
