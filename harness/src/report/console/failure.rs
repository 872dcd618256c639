//! What is said of one case: the statement, both sides, and the wires around the first difference.

use super::paint::{Page, Paint, Role};
use crate::report::{Difference, Record, Statement, Verdict, extra_line, guest_side};
use crate::suite::expect::Line;
use crate::text;
use std::collections::BTreeMap;
use wasi_hw_mock::LEFT_OPEN;

/// How many lines are shown on each side of the place that is told of.
const SHOWN: usize = 8;

/// The most bytes of a line that are shown, and of what is before the place where two long lines part.
const MOST_LINE: usize = 1_000;
const BEFORE: usize = 100;

/// The most lines of an error stream, its last, and of a reason.
const MOST_STDERR: usize = 40;
const MOST_WHY: usize = 60;

/// What is to be said of one case that did not do as expected, without colours.
pub fn failure(record: &Record, requirements: &BTreeMap<String, Statement>) -> String {
    painted(record, requirements, Paint::default())
}

/// The same, painted.
pub fn painted(record: &Record, requirements: &BTreeMap<String, Statement>, paint: Paint) -> String {
    let mut page = Page::new(paint);
    head(&mut page, record, requirements);
    if record.verdict == Verdict::LinkFailure {
        // Nothing was run, so there are no two sides.
        let told =
            format!("  no other case of {} that does not link for this reason is shown", record.proposal);
        page.quote(Role::Plain, &told, MOST_LINE).end();
        return page.text;
    }
    sides(&mut page, record);
    if let Some(stderr) = &record.stderr {
        page.add(Role::Plain, "  stderr of the runtime:").end();
        let lines: Vec<_> = stderr.lines().collect();
        let gone = lines.len().saturating_sub(MOST_STDERR);
        if gone > 0 {
            page.add(Role::Faint, format_args!("    ({gone} lines before these)")).end();
        }
        lines[gone..]
            .iter()
            .for_each(|line| page.add(Role::Plain, "    ").quote(Role::Plain, line, MOST_LINE).end());
    }
    for cut in &record.cut {
        page.add(Role::Plain, "  left out of the record: ").quote(Role::Plain, &cut.part, MOST_LINE);
        page.add(Role::Plain, format_args!(" ({} lines, {} bytes)", cut.lines, cut.bytes)).end();
    }
    if let Some(id) = record.proves.first() {
        page.add(Role::Faint, "  more: cargo hw explain ").quote(Role::Faint, id, MOST_LINE).end();
    }
    page.text
}

/// The same on one line, without its end: the case, what it is about, and the first difference.
pub(crate) fn line(record: &Record, paint: Paint) -> String {
    let mut page = Page::new(paint);
    page.add(Role::Bad, record.verdict.to_string().to_uppercase()).add(Role::Plain, " ");
    page.quote(Role::Strong, &record.case, MOST_LINE);
    page.quote(Role::Plain, &format!("   {} ({})   ", record.proves.join(" "), record.level), MOST_LINE);
    page.quote(Role::Plain, &record.first_difference(), MOST_LINE);
    page.text
}

fn head(page: &mut Page, record: &Record, requirements: &BTreeMap<String, Statement>) {
    page.add(Role::Bad, record.verdict.to_string().to_uppercase()).add(Role::Plain, " ");
    page.quote(Role::Strong, &record.case, MOST_LINE);
    page.quote(Role::Plain, &format!("   {} ({})", record.proves.join(" "), record.level), MOST_LINE).end();
    page.quote(Role::Plain, &format!("  {}", record.title), MOST_LINE).end();
    for id in &record.proves {
        if let Some(requirement) = requirements.get(id) {
            page.quote(Role::Strong, &format!("  {id}:"), MOST_LINE);
            page.quote(Role::Plain, &format!(" {}", requirement.text), text::MOST_LINE).end();
        }
    }
    if let Some(remark) = record.remark() {
        page.quote(Role::Doubtful, &format!("  {remark}"), text::MOST_LINE).end();
    }
    let why = record.why.as_deref().unwrap_or_default();
    for line in why.lines().take(MOST_WHY) {
        page.quote(Role::Plain, &format!("  {line}"), text::MOST_LINE).end();
    }
    let more = why.lines().count().saturating_sub(MOST_WHY);
    if more > 0 {
        page.add(Role::Faint, format_args!("  ({more} lines more)")).end();
    }
}

fn sides(page: &mut Page, record: &Record) {
    let guests = record.guests.iter().map(|g| (guest_side(&g.name), &g.transcript));
    let wires = record.trace.iter().map(|(channel, lines)| (channel.clone(), &lines.seen));
    let sides: Vec<_> = guests.chain(wires).collect();
    let of = |side: &str| record.differences.iter().find(|difference| difference.side == side);
    // When the first line came that is otherwise: what stands there on the other sides is what belongs to it.
    let first = sides.iter().filter_map(|(side, seen)| Some(seen.get(of(side)?.at)?.at)).min();
    for (side, seen) in &sides {
        match of(side) {
            Some(difference) => differing(page, record, difference, seen),
            None => {
                let near = first.map(|first| seen.iter().take_while(|line| line.at <= first).count());
                around(page, side, seen, near.unwrap_or(seen.len()));
            }
        }
    }
}

/// A side with a difference.
fn differing(page: &mut Page, record: &Record, difference: &Difference, seen: &[Line]) {
    let Difference { side, at, expected } = difference;
    let at = (*at).min(seen.len());
    before(page, side, seen, at);
    let label = if at > 0 { "" } else { side.as_str() };
    let saw = seen.get(at).map_or("", |line| line.text.as_str());
    label_of(page, label, "expected");
    match &expected[..] {
        [] => drop(page.add(Role::Good, "(nothing more)")),
        [only] => drop(page.add(Role::Good, part(only, saw))),
        several => {
            for (n, one) in several.iter().enumerate() {
                page.add(Role::Plain, if n > 0 { "\n                      or  " } else { "" });
                page.quote(Role::Good, one, MOST_LINE);
            }
        }
    }
    page.end();
    label_of(page, "", "saw");
    let ended = seen.get(at).is_some_and(|line| line.text.starts_with(LEFT_OPEN));
    match seen.get(at) {
        Some(_) if ended => drop(page.add(Role::Bad, "(nothing until the guest had ended)")),
        Some(line) => {
            let text = match &expected[..] {
                [only] => part(saw, only),
                _ => text::line(saw, MOST_LINE),
            };
            page.add(Role::Bad, text).add(Role::Plain, format_args!("   at {}", time(line.at)));
        }
        None => drop(page.add(Role::Bad, "(nothing more)")),
    }
    page.end();
    let extra = record.expected_of(side).and_then(|expected| extra_line(expected, seen, at));
    if let Some(line) = extra.and_then(|extra| seen.get(extra)) {
        label_of(page, "", "extra");
        page.quote(Role::Doubtful, &line.text, MOST_LINE);
        page.add(Role::Plain, format_args!("   at {}: without it all is as expected", time(line.at))).end();
    }
    after(page, "  then", seen, if ended { at } else { at + 1 });
}

fn label_of(page: &mut Page, side: &str, what: &str) {
    page.quote(Role::Plain, &format!("  {side:<10} {what:<8}  "), MOST_LINE);
}

/// A long line, from shortly before the place where it parts from another one on.
fn part(line: &str, other: &str) -> String {
    if line.len() <= MOST_LINE {
        return text::line(line, MOST_LINE);
    }
    let same =
        line.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>();
    let mut from = same.saturating_sub(BEFORE);
    while !line.is_char_boundary(from) {
        from += 1;
    }
    let before = if from > 0 { format!("(the same {from} bytes) …") } else { String::new() };
    format!("{before}{}", text::line(&line[from..], MOST_LINE))
}

/// The last lines before a place.
fn before(page: &mut Page, side: &str, lines: &[Line], at: usize) {
    let from = at.saturating_sub(SHOWN);
    row(page, side, from, &lines[from..at], 0);
}

/// The first lines from a place on: they tell what came of a difference.
fn after(page: &mut Page, side: &str, lines: &[Line], from: usize) {
    let from = from.min(lines.len());
    let to = lines.len().min(from + SHOWN);
    row(page, side, 0, &lines[from..to], lines.len() - to);
}

/// The lines around a place of a side that is as expected.
fn around(page: &mut Page, side: &str, lines: &[Line], at: usize) {
    let (from, to) = (at.saturating_sub(SHOWN), lines.len().min(at + 2));
    row(page, side, from, &lines[from..to], lines.len() - to);
}

/// Lines on one line, with how many there are before and behind.
fn row(page: &mut Page, side: &str, before: usize, lines: &[Line], behind: usize) {
    if lines.is_empty() {
        return;
    }
    page.quote(Role::Plain, &format!("  {side:<10}           "), MOST_LINE);
    if before > 0 {
        page.add(Role::Faint, format_args!("({before} more) · "));
    }
    let mut ended = false;
    for (n, line) in lines.iter().enumerate() {
        page.add(Role::Faint, if n > 0 { " · " } else { "" });
        let left_open = line.text.starts_with(LEFT_OPEN);
        if left_open && !ended {
            // What follows is what the end of the guest made of what it had, and not what the host did for it.
            page.add(Role::Doubtful, "(the guest had ended) · ");
        }
        ended |= left_open;
        page.quote(if left_open { Role::Faint } else { Role::Plain }, &line.text, MOST_LINE);
    }
    if behind > 0 {
        page.add(Role::Faint, format_args!(" · ({behind} more)"));
    }
    page.end();
}

/// Board time with its unit.
fn time(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{} µs", ns as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{} ms", ns as f64 / 1e6),
        _ => format!("{} s", ns as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_LINE, Page, Paint, after, around, before, part};
    use crate::suite::expect::Line;

    fn lines(count: u64) -> Vec<Line> {
        (0..count).map(|n| Line { at: n, text: format!("l{n}") }).collect()
    }

    fn shown(write: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(Paint::default());
        write(&mut page);
        page.text.trim().to_owned()
    }

    #[test]
    fn what_is_shown_lies_around_the_difference() {
        let all = lines(30);
        let said = shown(|page| before(page, "bus", &all, 12));
        assert_eq!(said, "bus                  (4 more) · l4 · l5 · l6 · l7 · l8 · l9 · l10 · l11");
        let said = shown(|page| after(page, "  then", &all, 13));
        assert_eq!(said, "then               l13 · l14 · l15 · l16 · l17 · l18 · l19 · l20 · (9 more)");
        let said = shown(|page| around(page, "bus", &all, 9));
        assert!(said.contains("(1 more) · l1 · ") && said.ends_with(" · l9 · l10 · (19 more)"), "{said}");
        assert_eq!(shown(|page| after(page, "", &all, 99)), "");
    }

    #[test]
    fn what_came_after_the_end_of_the_guest_is_told_from_what_came_before() {
        let all = ["SUBMIT", "LEFT OPEN (CANCEL 0x81)", "LEFT OPEN (CLOSE)"];
        let all: Vec<_> = all.map(|text| Line { at: 0, text: text.to_owned() }).into();
        let said = shown(|page| before(page, "disk", &all, 3));
        assert_eq!(
            said,
            "disk                 SUBMIT · (the guest had ended) · LEFT OPEN (CANCEL 0x81) · LEFT OPEN (CLOSE)"
        );
    }

    #[test]
    fn two_long_lines_are_shown_where_they_part() {
        let same = "ä".repeat(4_000);
        let (one, other) = (format!("{same}x{same}"), format!("{same}y"));
        let said = part(&one, &other);
        assert!(said.starts_with("(the same 7900 bytes) …ä") && said.contains("äxä"), "{said}");
        assert!(said.len() < MOST_LINE + 100, "{}", said.len());
        assert!(part(&other, &one).ends_with("äy"));
        assert_eq!(part("short", &one), "short");
    }
}
