//! What makes a component stale, and what does not.

use crate::copy::Copy;
use wasi_hw_tool::guests::inputs;
use wasi_hw_tool::wit::Wit;

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
