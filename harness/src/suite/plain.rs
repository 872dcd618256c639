//! The suite's own texts reach terminals and reports as they are, so none of them has a character that a terminal
//! obeys or a reader does not see.

use super::case::CaseFile;
use super::expect::{Block, Expect};
use super::requirement::Requirement;
use crate::text::is_plain;

/// What a text of a case has that it must not have.
pub(super) fn case(id: &str, case: &CaseFile) -> Option<String> {
    let named = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if let Some(c) = id.chars().find(|c| !named(*c)) {
        return Some(format!(
            "has {} in its name, which is an id: letters, digits, `-`, `_` and `.`",
            shown(c)
        ));
    }
    let mut texts = vec![&case.title, case.fixture.get_ref()];
    texts.extend(case.test.iter().map(|test| test.get_ref()));
    let mut lists = vec![&case.transcript];
    for instance in &case.instance {
        texts.extend([&instance.name, instance.test.get_ref()]);
        lists.push(&instance.transcript);
    }
    let mut traces = vec![&case.trace];
    if let Some(without) = &case.without {
        lists.push(&without.transcript);
        traces.push(&without.trace);
    }
    for (channel, list) in traces.into_iter().flatten() {
        texts.push(channel);
        lists.push(list);
    }
    lists.into_iter().flatten().for_each(|expected| expect(expected, &mut texts));
    texts.into_iter().find_map(|text| hidden(text))
}

/// What a text of a requirement has that it must not have.
pub(super) fn requirement(requirement: &Requirement) -> Option<String> {
    let named = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if let Some(c) = requirement.id.chars().find(|c| !named(*c)) {
        return Some(format!("a requirement has {} in its id: letters, digits and `-`", shown(c)));
    }
    let Requirement { text, item, group, reason, observable, basis, .. } = requirement;
    let texts = [text].into_iter().chain(item).chain([group]).chain(reason).chain(observable);
    texts.chain(basis.iter().map(|basis| &basis.at)).find_map(|text| hidden(text))
}

fn expect<'a>(expected: &'a Expect, texts: &mut Vec<&'a String>) {
    match expected {
        Expect::Line(line) => texts.push(line),
        Expect::OneOf { one_of: blocks } | Expect::AnyOrder { any_order: blocks } => {
            blocks.iter().for_each(|inner| block(inner, texts));
        }
        Expect::AtLeast { of, .. } | Expect::Maybe { maybe: of } => block(of, texts),
        Expect::AtLeastNs { .. } => {}
    }
}

fn block<'a>(inner: &'a Block, texts: &mut Vec<&'a String>) {
    match inner {
        Block::One(line) => texts.push(line),
        Block::Many(list) => list.iter().for_each(|expected| expect(expected, texts)),
    }
}

fn hidden(text: &str) -> Option<String> {
    let c = text.chars().find(|c| !is_plain(*c))?;
    Some(format!("has {} in the text \"{text}\"; write what a reader sees", shown(c)))
}

fn shown(c: char) -> String {
    if is_plain(c) { format!("`{c}`") } else { format!("U+{:04X}", u32::from(c)) }
}

#[cfg(test)]
mod tests {
    use super::{case, requirement};

    #[test]
    fn a_text_with_what_nobody_sees_is_named() {
        let file = |title: &str, line: &str| {
            let text = format!(
                "version = 1\ntitle = \"{title}\"\ntest = \"t\"\nfixture = \"f\"\nproves = []\n\
                 transcript = [{{ one-of = [\"a\", [\"b\", {{ any-order = [\"{line}\"] }}]] }}]"
            );
            toml::from_str(&text).unwrap()
        };
        assert_eq!(case("i2c/a-b_c.d", &file("fine · µ", "fine")), None);
        let name = case("i2c/a\n\u{1b}b", &file("fine", "fine")).unwrap();
        assert!(name.starts_with("has U+000A in its name"), "{name}");
        assert!(case("i2c/a", &file("\\n", "fine")).unwrap().starts_with("has U+000A in the text"));
        assert!(case("i2c/a", &file("fine", "\\u202e")).unwrap().starts_with("has U+202E in the text"));
        let row = |id: &str, text: &str| {
            let row = format!(
                "id = \"{id}\"\nlevel = \"must\"\nstrength = \"must\"\ngroup = \"g\"\ntext = \"{text}\""
            );
            toml::from_str(&row).unwrap()
        };
        assert_eq!(requirement(&row("I2C-01b", "fine")), None);
        assert!(requirement(&row("I2C 01", "fine")).unwrap().contains("has ` ` in its id"));
        assert!(requirement(&row("I2C-01", "\\u001b")).unwrap().contains("U+001B"));
    }
}
