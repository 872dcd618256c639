//! The WIT packages of this repository, and what is said of broken ones.

use crate::copy::{Copy, repository};
use std::fs;
use std::path::Path;
use wasi_hw_tool::wit::check::{SHAPES, check};
use wasi_hw_tool::wit::shape::{self, Shape};
use wasi_hw_tool::wit::{Wit, header, page};
use wit_parser::Resolve;

fn read(root: &Path) -> Wit {
    Wit::read(root).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What is said of the packages below `root`.
fn said(root: &Path) -> String {
    let problems = match Wit::read(root) {
        Ok(wit) => {
            let mut problems = Vec::new();
            check(root, &wit, &mut problems);
            problems
        }
        Err(problems) => problems,
    };
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn every_package_is_in_order() {
    assert_eq!(said(repository()), "");
    let wit = read(repository());
    let names: Vec<_> = wit.packages.iter().map(|package| package.name.to_string()).collect();
    for name in
        ["wasi:i2c@0.2.0-draft", "wasi:gpio@0.2.0", "wasi:spi@0.2.0-draft", "wasi:spi", "wasi:usb@0.2.1"]
    {
        assert!(names.iter().any(|there| there == name), "{name} is not in {names:?}");
    }
}

#[test]
fn the_pages_of_the_worlds_are_current() {
    let wit = read(repository());
    for proposal in &wit.proposals {
        let package = wit.canonical(&proposal.name).expect("a canonical package");
        for (file, page) in page::pages(&wit, package) {
            let there = fs::read_to_string(repository().join(&file)).unwrap_or_default();
            assert!(there == page, "{} is not current; run `cargo hw wit docs --write`", file.display());
        }
    }
}

#[test]
fn a_broken_package_says_where_and_what_to_do() {
    let (spi, i2c) = ("wit/spi/0.2.0-draft/spi.wit", "wit/i2c/0.2.0-draft/i2c.wit");
    let requirements = "proposals/spi/requirements.toml";
    let cases = [
        ("type", spi, "open: func(name: string)", "open: func(name: u32)", "`spi.open` is `func(name: u32)"),
        (
            "result",
            spi,
            "-> result<_, error>;",
            "-> result<error>;",
            "`spi.spi-device.write` is `func(data: list<u8>) -> result<spi.error, _>`; the shape has",
        ),
        ("name", spi, "  open: func", "  /// Doc.\n  close: func", "`spi.open` is missing; the shape has"),
        (
            "more",
            spi,
            "interface spi {",
            "interface spi {\n  /// Doc.\n  close: func();\n",
            "spi.wit:46: `spi.close` is `func()`; the shape has no such item",
        ),
        (
            "world",
            "wit/spi/0.2.0-draft/world.wit",
            "world imports",
            "world import-all",
            "`world imports` is missing",
        ),
        (
            "syntax",
            spi,
            "interface spi {",
            "interface {",
            "wit/spi/0.2.0-draft: is not WIT: expected an identifier",
        ),
        ("unresolved", spi, "list<operation>", "list<operations>", "name `operations` does not exist"),
        (
            "doc",
            i2c,
            "    /// Writes these bytes, first byte first.\n",
            "",
            "`i2c.operation.write` has no doc; write `///` above it",
        ),
        (
            "unknown-id",
            spi,
            "[SPI-0",
            "[SPI-90",
            "which is no requirement; the ids are in proposals/*/requirements.toml",
        ),
        (
            "dropped-id",
            spi,
            "interface spi {",
            "/// It is open. [SPI-01b]\ninterface spi {",
            "`spi` names [SPI-01b], which is dropped; take it out",
        ),
        (
            "unnamed-id",
            requirements,
            "id = \"SPI-01\"",
            "id = \"SPI-99\"",
            "SPI-99 stands nowhere in `wasi:spi@0.2.0-draft`",
        ),
        (
            "package",
            "wit/spi/0.2.0-draft/world.wit",
            "wasi:spi@0.2.0-draft",
            "wasi:spi@0.2.0",
            "wit/spi/0.2.0-draft: is not WIT",
        ),
        (
            "canonical",
            requirements,
            "wasi:spi@0.2.0-draft",
            "wasi:spi@0.2.0",
            "`wasi:spi@0.2.0` is not there; wit/spi/ has wasi:spi@0.2.0-draft, wasi:spi",
        ),
        ("dependency", "wit/gpio/0.2.0/deps/io/poll.wit", "-> list<u32>", "-> list<u64>", "poll.wit:"),
        ("toml", requirements, "[[requirement]]", "[[requirement", "requirements.toml:"),
    ];
    let mut wrong = String::new();
    for (name, file, from, to, expected) in cases {
        let copy = Copy::new(&format!("wit-{name}"));
        copy.edit(file, from, to);
        let said = said(&copy.root);
        if !said.contains(expected) {
            wrong += &format!("{name}: {expected}\n  said: {said}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn folders_and_shapes_fit_the_packages() {
    let copy = Copy::new("wit-folders");
    fs::rename(copy.root.join("wit/usb/0.2.1"), copy.root.join("wit/usb/0.2.2")).expect("renamed");
    assert_eq!(said(&copy.root), "wit/usb/0.2.2: holds `wasi:usb@0.2.1`, which belongs into wit/usb/0.2.1\n");

    let copy = Copy::new("wit-shapes");
    let shapes = copy.root.join(SHAPES);
    fs::rename(shapes.join("wasi-usb@0.2.1.wit"), shapes.join("wasi-usb@0.2.wit")).expect("renamed");
    let said = said(&copy.root);
    assert!(
        said.contains("shapes/wasi-usb@0.2.1.wit: is missing; write the package without prose"),
        "{said}"
    );
    assert!(said.contains("shapes/wasi-usb@0.2.wit: is the shape of no package below wit/"), "{said}");
}

/// Adds a release of wasi:usb after 0.2.1.
fn release(copy: &Copy, version: &str, edit: impl Fn(&str) -> String) {
    for file in ["configuration", "descriptors", "device", "errors", "hotplug", "transfers", "world"] {
        let text = copy.text(&format!("wit/usb/0.2.1/{file}.wit")).replace("@0.2.1", &format!("@{version}"));
        copy.write(&format!("wit/usb/{version}/{file}.wit"), &edit(&text));
    }
    let shape = copy.text(&format!("{SHAPES}/wasi-usb@0.2.1.wit")).replace("@0.2.1", &format!("@{version}"));
    copy.write(&format!("{SHAPES}/wasi-usb@{version}.wit"), &edit(&shape));
}

#[test]
fn a_release_keeps_the_promise_of_its_version() {
    let init = "  init: func() -> result<_, libusb-error>;\n";
    let more = |text: &str| text.replace(init, &format!("{init}\n  /// Doc.\n  exit: func();\n"));
    let other = |text: &str| {
        text.replace("open: func() -> result<device-handle", "open: func(index: u8) -> result<device-handle")
    };
    let earlier = |copy: &Copy, version: &str| {
        let (wit, mut problems) = (read(&copy.root), Vec::new());
        let checked = check(&copy.root, &wit, &mut problems);
        let folder = Path::new("wit/usb").join(version);
        let checked = checked.into_iter().find(|checked| checked.folder == folder).expect("the release");
        (checked.earlier, problems.iter().map(ToString::to_string).collect::<String>())
    };

    let copy = Copy::new("wit-more");
    release(&copy, "0.2.2", more);
    assert_eq!(earlier(&copy, "0.2.2"), ("compatible with 0.2.1".into(), String::new()));

    let copy = Copy::new("wit-other");
    release(&copy, "0.2.2", other);
    let (_, problems) = earlier(&copy, "0.2.2");
    assert!(
        problems.starts_with("wit/usb/0.2.2: `wasi:usb@0.2.2` is no compatible successor of wit/usb/0.2.1"),
        "{problems}"
    );

    // 0.3 promises nothing to those who linked 0.2.
    let copy = Copy::new("wit-minor");
    release(&copy, "0.3.0", other);
    assert_eq!(
        earlier(&copy, "0.3.0"),
        ("0.2.1 before it, to which 0.3.0 promises nothing".into(), String::new())
    );
}

/// The shape of a package that depends on no other.
fn of(text: &str) -> Shape {
    let mut resolve = Resolve::default();
    let id = resolve.push_source("shape.wit", text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    shape::of(&resolve, id)
}

fn same(a: &str, b: &str) -> bool {
    shape::differences(&of(a), &of(b)).is_empty()
}

#[test]
fn the_order_of_members_counts_and_the_order_of_declarations_does_not() {
    let (mut members, mut functions) = (0, 0);
    for file in fs::read_dir(repository().join(SHAPES)).expect("the shapes") {
        let file = file.expect("an entry").path();
        let text = fs::read_to_string(&file).expect("a shape");
        let gpio = file.ends_with("wasi-gpio@0.2.0.wit");
        // The dependency of gpio is another file; the shape of gpio without it is what counts here.
        let text = text
            .lines()
            .filter(|line| !line.contains("wasi:io/poll@"))
            .map(|line| if gpio { line.replace("pollable", "u8") } else { line.to_owned() });
        let lines: Vec<_> = text.collect();
        let text = lines.join("\n");
        let mut ordered = false;
        for (index, pair) in lines.windows(2).enumerate() {
            let opens = |word: &str| pair[0].trim_start().starts_with(word) && pair[0].ends_with('{');
            if pair[0].ends_with('{') {
                ordered = ["record", "variant", "enum", "flags"].iter().any(|word| opens(word));
            }
            let both = |ending: &str| {
                pair.iter().all(|line| line.ends_with(ending) && !line.trim().starts_with("use"))
            };
            let mut swapped = lines.clone();
            swapped.swap(index, index + 1);
            let swapped = swapped.join("\n");
            if ordered && both(",") {
                assert!(!same(&text, &swapped), "{}: {pair:?} swapped is the same", file.display());
                members += 1;
            } else if pair.iter().all(|line| line.contains(": func(") && line.ends_with(';')) {
                assert!(same(&text, &swapped), "{}: {pair:?} swapped differs", file.display());
                functions += 1;
            }
        }
    }
    assert!(members > 80 && functions > 40, "{members} pairs of members, {functions} of functions");
}

#[test]
fn every_change_of_a_type_is_a_difference() {
    let text = "package a:b@0.1.0;\n\
        interface one { type word = u16; flags f { x, y } enum e { p, q } record r { a: word, b: option<f> } }\n\
        interface two { use one.{r, e}; variant v { none, some(list<r>) } resource t { constructor(n: u8); \
        get: func(at: u64, to: tuple<u8, s8>) -> result<v, e>; make: static func() -> t; lend: func(x: borrow<t>); } \
        open: func(name: string) -> result<t>; }\n\
        world w { import one; import two; export run: func(); }";
    let other = "package a:b@0.1.0;\n\
        world w { export run: func(); import two; import one; }\n\
        interface two { use one.{e, r}; open: func(name: string) -> result<t>; resource t { make: static func() -> t; \
        get: func(at: u64, to: tuple<u8, s8>) -> result<v, e>; lend: func(x: borrow<t>); constructor(n: u8); } \
        variant v { none, some(list<r>) } }\n\
        interface one { record r { a: u16, b: option<f> } enum e { p, q } flags f { x, y } type word = u16; }";
    assert!(
        same(text, other),
        "declared in another order it differs: {:?}",
        shape::differences(&of(text), &of(other))
    );
    let changes = [
        ("a:b@0.1.0;\ninterface one { type word = u16", "a:b@0.1.0;\ninterface one { type word = u32"),
        ("flags f { x, y }", "flags f { x }"),
        ("flags f { x, y }", "flags f { x, z }"),
        ("enum e { p, q }", "enum e { q, p }"),
        ("enum e { p, q }", "variant e { p, q }"),
        ("a: word, b: option<f>", "b: option<f>, a: word"),
        ("b: option<f>", "b: f"),
        ("b: option<f>", "c: option<f>"),
        ("none, some(list<r>)", "some(list<r>), none"),
        ("some(list<r>)", "some(r)"),
        ("some(list<r>)", "some"),
        ("constructor(n: u8)", "constructor(n: u16)"),
        ("constructor(n: u8);", ""),
        ("at: u64", "at: s64"),
        ("at: u64, to: tuple<u8, s8>", "to: tuple<u8, s8>, at: u64"),
        ("tuple<u8, s8>", "tuple<s8, u8>"),
        ("result<v, e>", "result<e, v>"),
        ("result<v, e>", "result<v>"),
        ("result<v, e>", "result<_, e>"),
        ("make: static func() -> t", "make: func() -> t"),
        ("x: borrow<t>", "x: t"),
        ("x: borrow<t>", "y: borrow<t>"),
        ("lend: func", "lend: async func"),
        ("-> result<t>", "-> result<string>"),
        ("use one.{r, e}", "use one.{r, e, f}"),
        ("export run: func();", ""),
        ("export run: func();", "export run: func(); export one;"),
        ("import two;", ""),
        ("interface one {", "@since(version = 0.1.0)\ninterface one {"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        assert!(!same(text, &text.replacen(from, to, 1)), "`{from}` as `{to}` makes no difference");
    }
}

#[test]
fn the_headers_of_the_packages_are_current() {
    let headers = header::headers(&read(repository()));
    for (file, text) in &headers {
        let there = fs::read_to_string(repository().join(file)).unwrap_or_default();
        assert!(there == *text, "{} is not current; run `cargo hw wit headers --write`", file.display());
    }
    let there = fs::read_dir(repository().join(header::FOLDER)).expect("the folder").count();
    assert_eq!(there, headers.len(), "there is a header that nobody writes");
}
