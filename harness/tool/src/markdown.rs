//! As much of Markdown as it takes to see whether a reference opens and what a paragraph says: the
//! headings of a page with their anchors, its links, and its blocks of text.
//!
//! Headings are ATX headings (`## Title`). What stands in a fence or in inline code is neither a
//! heading nor a link, and what stands in a fence is no block.

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The line, from 1.
    pub line: usize,
    /// How many `#` it has.
    pub level: usize,
    /// Its text, as it stands.
    pub title: String,
    /// Its anchor, as GitHub makes it. Two headings of one page can have the same.
    pub slug: String,
}

/// A link of a page: `[text](target)`, an image, or a definition `[label]: target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The line, from 1.
    pub line: usize,
    /// Where it leads, without the title.
    pub target: String,
}

/// The headings of a page, in order.
pub fn headings(text: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    for (line, content) in outside_fences(text) {
        let content = content.trim();
        let title = content.trim_start_matches('#');
        let level = content.len() - title.len();
        if (1..=6).contains(&level) && (title.is_empty() || title.starts_with([' ', '\t'])) {
            let title = title.trim().trim_end_matches('#').trim_end();
            found.push(Heading { line, level, title: title.to_owned(), slug: slug(title) });
        }
    }
    found
}

/// The anchor of a heading's text: what links say is kept and where they lead is not, lower case,
/// letters, digits, `-` and `_` stay, a space becomes `-`, and everything else goes.
pub fn slug(title: &str) -> String {
    let mut text = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once("](") {
        text.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            ' ' => slug.push('-'),
            '-' | '_' => slug.push(character),
            letter if letter.is_alphanumeric() => slug.push(letter),
            _ => {}
        }
    }
    slug
}

/// The links of a page, in order.
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for (line, content) in outside_fences(text) {
        let content = without_code(content);
        let mut link = |target: &str| {
            // A title may follow the target, and `<` and `>` may enclose it.
            let target = target.split_whitespace().next().unwrap_or_default();
            let target = target.trim_start_matches('<').trim_end_matches('>');
            found.push(Link { line, target: target.to_owned() });
        };
        if let Some((label, target)) = content.trim_start().split_once("]: ")
            && label.starts_with('[')
        {
            link(target);
            continue;
        }
        let mut rest = content.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, after)) = after.split_once(')') else { break };
            link(target);
            rest = after;
        }
    }
    found
}

/// A paragraph, a list item, a heading or a table row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first line, from 1.
    pub line: usize,
    /// Its lines, joined by spaces.
    pub text: String,
}

/// The blocks of a page, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut last = 0;
    for (line, content) in outside_fences(text) {
        let content = content.trim();
        if content.is_empty() {
            continue;
        }
        let numbered = content.trim_start_matches(|c: char| c.is_ascii_digit());
        let begins = content.starts_with(['|', '#'])
            || ["* ", "- ", "+ "].iter().any(|mark| content.starts_with(mark))
            || (numbered.len() < content.len() && numbered.starts_with(". "));
        match found.last_mut() {
            // A blank line, or a fence, ends a block.
            Some(block) if !begins && last + 1 == line => {
                block.text.push(' ');
                block.text.push_str(content);
            }
            _ => found.push(Block { line, text: content.to_owned() }),
        }
        last = line;
    }
    found
}

/// The lines that stand in no fence, numbered from 1.
pub fn outside_fences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let content = line.trim_start();
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = mark.map_or(0, |mark| content.chars().take_while(|c| *c == mark).count());
        let run = &content[..length];
        match fence {
            Some(open) => {
                if run.len() >= open.len() && run.starts_with(open) && content[length..].trim().is_empty() {
                    fence = None;
                }
                None
            }
            None if length >= 3 => {
                fence = Some(run);
                None
            }
            None => Some((index + 1, line)),
        }
    })
}

/// A line with its inline code taken out: a run of backticks up to the next run of that length.
fn without_code(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let run = rest[start..].chars().take_while(|c| *c == '`').count();
        let (before, after) = (&rest[..start], &rest[start + run..]);
        kept.push_str(before);
        match after.find(&rest[start..start + run]) {
            Some(end) => rest = &after[end + run..],
            None => rest = after,
        }
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_githubs() {
        assert_eq!(slug("USB into phase 2, 2026-03-05"), "usb-into-phase-2-2026-03-05");
        assert_eq!(slug("Goals & non-goals"), "goals--non-goals");
        assert_eq!(slug("`write` of [the package](../spi.wit)"), "write-of-the-package");
        assert_eq!(slug("I²C: a_b"), "i²c-a_b");
    }

    #[test]
    fn a_heading_in_a_fence_is_none() {
        let page = "# One\n````markdown\n```\n## Two\n```\n````\n   ## Three ##\n#four\n#\n";
        let found: Vec<_> = headings(page).into_iter().map(|h| (h.line, h.slug)).collect();
        assert_eq!(found, [(1, "one".into()), (7, "three".into()), (9, String::new())]);
    }

    #[test]
    fn blocks_end_at_blank_lines_fences_and_marks() {
        let page = "# A\nb\nc\n\n* d\n  e\n12. f\n| g |\n| h |\n```\ni\n```\nj\n* k\n";
        let found: Vec<_> = blocks(page).into_iter().map(|b| (b.line, b.text)).collect();
        let text =
            [(1, "# A b c"), (5, "* d e"), (7, "12. f"), (8, "| g |"), (9, "| h |"), (13, "j"), (14, "* k")];
        assert_eq!(found, text.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn links_of_every_kind_are_found_and_code_is_none() {
        let page = "a [b](c.md) ![d](<e.png> \"title\")\n`[f](g)` ``[h](`i`)`` [j](k)\n[l]: m.md\n```\n[n](o)\n```\n";
        let found: Vec<_> = links(page).into_iter().map(|l| (l.line, l.target)).collect();
        let expected = [(1, "c.md"), (1, "e.png"), (2, "k"), (3, "m.md")];
        assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
    }
}
