//! What the packages say: a doc on every item, and the requirements that the docs name.

use super::{Package, Wit};
use std::collections::{BTreeMap, BTreeSet};
use wasi_hw_harness::suite::problem::Problem;
use wasi_hw_harness::suite::requirement::Level;
use wit_parser::{Docs, InterfaceId, PackageId, Resolve, Span, TypeDefKind, TypeOwner, WorldItem, WorldKey};

/// Something that carries a doc.
struct Documented<'a> {
    name: String,
    docs: &'a Docs,
    span: Span,
    /// An import of an interface that has its own doc needs none.
    optional: bool,
}

/// Checks the docs of a package and its `deps/`; says how many items it has, which requirements they name, and how many
/// sentences are not the text of theirs in a proposal that is not held to one text yet.
pub(super) fn check(
    wit: &Wit,
    package: &Package,
    problems: &mut Vec<Problem>,
) -> (usize, BTreeSet<String>, usize) {
    let mut named = BTreeSet::new();
    let (mut count, mut differ) = (0, 0);
    for id in std::iter::once(&package.id).chain(&package.deps) {
        for item in items(&wit.resolve, *id) {
            count += usize::from(!item.optional);
            if item.docs.is_empty() && !item.optional {
                problems.push(wit.problem(
                    package,
                    item.span,
                    format!("`{}` has no doc; write `///` above it", item.name),
                ));
            }
            for id in ids(item.docs) {
                if let Some(message) = unknown(wit, id) {
                    problems.push(wit.problem(
                        package,
                        item.span,
                        format!("`{}` names {message}", item.name),
                    ));
                }
                named.insert(id.to_owned());
            }
            for (id, message) in other_words(wit, item.docs) {
                let proposal = wit.requirements.get(&id).map(|requirement| &requirement.proposal);
                let proposal = wit.proposals.iter().find(|known| Some(&known.name) == proposal);
                if proposal.is_some_and(|proposal| proposal.one_text) {
                    problems.push(wit.problem(package, item.span, format!("`{}` {message}", item.name)));
                } else {
                    differ += 1;
                }
            }
        }
    }
    (count, named, differ)
}

/// The text of each item of a package by its name, such as `i2c.i2c.read`: its type or signature, then its doc.
pub fn texts(wit: &Wit, package: &Package) -> BTreeMap<String, String> {
    let shape = super::shape::readable(&wit.resolve, package.id);
    let text = |item: Documented<'_>| {
        let docs = item.docs.contents.as_deref().unwrap_or_default().trim();
        let text = match shape.get(&item.name) {
            Some(shape) => format!("{}: {}\n\n{docs}", item.name, shape.text),
            None => docs.to_owned(),
        };
        (item.name, text)
    };
    items(&wit.resolve, package.id).into_iter().map(text).collect()
}

/// The requirements of a proposal that its canonical package does not name.
pub(super) fn unnamed(wit: &Wit, proposal: &str, named: &BTreeSet<String>, problems: &mut Vec<Problem>) {
    let Some(proposal) = wit.proposals.iter().find(|p| p.name == proposal) else { return };
    for requirement in wit.requirements.values().filter(|r| r.proposal == proposal.name) {
        if requirement.level != Level::Dropped && !named.contains(&requirement.id) {
            let message = format!(
                "{} stands nowhere in `{}`; end the sentence of its item with [{}], or drop it with a reason",
                requirement.id, proposal.package, requirement.id
            );
            problems.push(Problem { file: proposal.file(), line: None, message });
        }
    }
}

/// The requirements whose text is not what the doc says before their id. One of the two is out of date: a reader of
/// either must learn the same.
fn other_words(wit: &Wit, docs: &Docs) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (id, before) in statements(docs) {
        let Some(requirement) = wit.requirements.get(&id) else { continue };
        let text = plain(&requirement.text);
        let text = text.trim_end_matches('.');
        let whole = before
            .strip_suffix(text)
            .map(str::trim_end)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(['.', ':', '-']));
        if !whole {
            let says = before.rsplit(". ").next().unwrap_or_default();
            let message = format!(
                "says at [{id}] `{says}`, and the requirement's text is `{}`; give both the same sentence",
                requirement.text
            );
            found.push((id, message));
        }
    }
    found
}

/// Each id of a doc, with what stands before it in its paragraph.
fn statements(docs: &Docs) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let text = docs.contents.as_deref().unwrap_or_default();
    for paragraph in text.replace("\n- ", "\n\n- ").split("\n\n") {
        let mut before = String::new();
        let mut rest = paragraph;
        while let Some(at) = rest.find('[') {
            let Some((inside, after)) = rest[at + 1..].split_once(']') else { break };
            before.push_str(&rest[..at]);
            let named: Vec<_> = inside.split(',').map(str::trim).collect();
            if named.iter().all(|part| is_id(part)) {
                let said = plain(&before);
                found.extend(named.iter().map(|id| ((*id).to_owned(), said.clone())));
            } else {
                before.push_str(&rest[at..at + inside.len() + 2]);
            }
            rest = after;
        }
    }
    found
}

/// On one line, without the space that an id leaves before a full stop.
fn plain(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").replace(" .", ".").replace(" ;", ";").replace(" ,", ",")
}

/// What is wrong with an id, if no doc can name it.
fn unknown(wit: &Wit, id: &str) -> Option<String> {
    match wit.requirements.get(id) {
        None => {
            Some(format!("[{id}], which is no requirement; the ids are in proposals/*/requirements.toml"))
        }
        Some(r) if r.level == Level::Dropped => Some(format!("[{id}], which is dropped; take it out")),
        Some(_) => None,
    }
}

/// The ids in brackets, `[I2C-09]`.
fn ids(docs: &Docs) -> impl Iterator<Item = &str> {
    let text = docs.contents.as_deref().unwrap_or_default();
    let brackets = text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(inside, _)| inside);
    brackets.flat_map(|inside| inside.split(',')).map(str::trim).filter(|part| is_id(part))
}

/// Capitals and digits, a hyphen, digits, and perhaps a letter.
fn is_id(text: &str) -> bool {
    let Some((prefix, rest)) = text.split_once('-') else { return false };
    let number = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let letters = rest.len() - number.len();
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let starts = prefix.starts_with(|c: char| c.is_ascii_uppercase());
    starts
        && prefix.chars().all(capital)
        && letters <= 1
        && !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
}

fn items(resolve: &Resolve, package: PackageId) -> Vec<Documented<'_>> {
    let whole = &resolve.packages[package];
    // A package's doc stands above `package` in one of its files, so it has no place of its own.
    let package = Documented {
        name: whole.name.to_string(),
        docs: &whole.docs,
        span: Span::default(),
        optional: false,
    };
    let mut found = vec![package];
    for (name, id) in &whole.interfaces {
        interface(resolve, name, *id, &mut found);
    }
    for (name, id) in &whole.worlds {
        let world = &resolve.worlds[*id];
        found.push(Documented { name: name.clone(), docs: &world.docs, span: world.span, optional: false });
        for (key, item) in world.imports.iter().chain(&world.exports) {
            let name = format!("{name}.{}", resolve.name_world_key(key));
            match (key, item) {
                (WorldKey::Name(_), WorldItem::Interface { id, .. }) => {
                    interface(resolve, &name, *id, &mut found)
                }
                (_, WorldItem::Interface { docs, span, .. }) => {
                    found.push(Documented { name, docs, span: *span, optional: true });
                }
                (_, WorldItem::Function(function)) => {
                    found.push(Documented {
                        name,
                        docs: &function.docs,
                        span: function.span,
                        optional: false,
                    });
                }
                (_, WorldItem::Type { id, span }) => {
                    found.push(Documented {
                        name,
                        docs: &resolve.types[*id].docs,
                        span: *span,
                        optional: false,
                    });
                }
            }
        }
    }
    found
}

fn interface<'a>(resolve: &'a Resolve, name: &str, id: InterfaceId, found: &mut Vec<Documented<'a>>) {
    let interface = &resolve.interfaces[id];
    let mut add =
        |name: String, docs: &'a Docs, span| found.push(Documented { name, docs, span, optional: false });
    add(name.to_owned(), &interface.docs, interface.span);
    for (ty, id) in &interface.types {
        let definition = &resolve.types[*id];
        let name = format!("{name}.{ty}");
        let elsewhere = |target: &wit_parser::TypeId| resolve.types[*target].owner != definition.owner;
        match &definition.kind {
            // A `use` brings a type that has its doc where it is defined.
            TypeDefKind::Type(wit_parser::Type::Id(target))
                if elsewhere(target) && resolve.types[*target].owner != TypeOwner::None =>
            {
                continue;
            }
            TypeDefKind::Record(all) => {
                all.fields.iter().for_each(|f| add(format!("{name}.{}", f.name), &f.docs, f.span));
            }
            TypeDefKind::Variant(all) => {
                all.cases.iter().for_each(|c| add(format!("{name}.{}", c.name), &c.docs, c.span));
            }
            TypeDefKind::Enum(all) => {
                all.cases.iter().for_each(|c| add(format!("{name}.{}", c.name), &c.docs, c.span))
            }
            TypeDefKind::Flags(all) => {
                all.flags.iter().for_each(|f| add(format!("{name}.{}", f.name), &f.docs, f.span))
            }
            _ => {}
        }
        add(name, &definition.docs, definition.span);
    }
    for function in interface.functions.values() {
        let resource = function.kind.resource().and_then(|id| resolve.types[id].name.as_deref());
        let resource = resource.map(|resource| format!("{resource}.")).unwrap_or_default();
        add(format!("{name}.{resource}{}", function.item_name()), &function.docs, function.span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_what_stands_before_its_id() {
        let text = "One, two\nthree [A-1]. Four list<[u8]> [A-2, A-2b]; five [A-3].\n\nSix [A-4].";
        let docs = Docs { contents: Some(text.into()) };
        let found = statements(&docs);
        let said: Vec<_> = found.iter().map(|(id, before)| (id.as_str(), before.as_str())).collect();
        let four = "One, two three. Four list<[u8]>";
        let expected = [
            ("A-1", "One, two three"),
            ("A-2", four),
            ("A-2b", four),
            ("A-3", "One, two three. Four list<[u8]>; five"),
            ("A-4", "Six"),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn ids_stand_in_brackets() {
        let docs = Docs {
            contents: Some("It MUST. [I2C-09] list<[u8]> [x] [SPI-01b, SPI-2] [I2C-] [2-3] [A-1bc]".into()),
        };
        assert_eq!(ids(&docs).collect::<Vec<_>>(), ["I2C-09", "SPI-01b", "SPI-2"]);
    }
}
