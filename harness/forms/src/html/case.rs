//! A case of a run: what was to be seen, what was, and the wires.

use super::Items;
use crate::diagram::Diagram;
use crate::prose::Prose;
use crate::run::failed;
use crate::sides::{Side, sides};
use crate::{Run, junit, safe};
use wasi_hw_harness::report::{Header, Record, Verdict};
use wasi_hw_harness::suite::requirement::Level;

/// A case as its template shows it.
pub(crate) struct Case {
    pub(crate) slug: String,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) world: String,
    pub(crate) level: Level,
    pub(crate) host: String,
    pub(crate) verdict: String,
    pub(crate) class: &'static str,
    pub(crate) expectation: String,
    /// A failure in a line.
    pub(crate) first: String,
    /// Where the two sides part, if they do.
    pub(crate) difference: Option<Difference>,
    pub(crate) why: Option<String>,
    /// Its first line, of a case that failed.
    pub(crate) why_first: Option<String>,
    pub(crate) remark: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) fixture: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) svg: String,
    pub(crate) stderr: Option<String>,
    pub(crate) cut: Vec<String>,
    /// How often it ran before, on a busy machine.
    pub(crate) runs_before: u64,
    /// Alternatives that it took.
    pub(crate) lenient: Vec<String>,
    /// What the end of the guest closed, by channel.
    pub(crate) left_open: Vec<String>,
    /// Hosts that came to the same.
    pub(crate) same: Vec<String>,
    /// Where its record is, and a link to that.
    pub(crate) record: String,
    pub(crate) href: Option<String>,
    /// What to do about a case that is wrong.
    pub(crate) dispute: String,
    pub(crate) failed: bool,
    pub(crate) open: bool,
}

/// The first difference.
pub(crate) struct Difference {
    pub(crate) side: String,
    pub(crate) expected: String,
    pub(crate) seen: String,
}

/// A requirement that the case proves.
pub(crate) struct Statement {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) text: Prose,
    pub(crate) item: String,
    /// Where the item's text is.
    pub(crate) wit: Option<String>,
    /// The item's text, in a case that failed.
    pub(crate) doc: Option<String>,
}

/// One side.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) differs: bool,
    pub(crate) from: usize,
    pub(crate) rows: Vec<Line>,
    pub(crate) more: usize,
    pub(crate) note: Option<String>,
}

/// A line of a side.
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) at: String,
    pub(crate) expected: String,
    pub(crate) seen: String,
    pub(crate) class: &'static str,
}

/// How a mark looks.
pub(crate) fn class(record: &Record) -> &'static str {
    match record.verdict {
        Verdict::Pass | Verdict::PassLenient | Verdict::Unsupported => "pass",
        Verdict::Observed => "seen",
        verdict if verdict.failed() => "fail",
        Verdict::HarnessError | Verdict::NotLacking => "fail",
        _ => "none",
    }
}

/// The anchor of a WIT item's text.
pub(crate) fn wit_slug(package: &str, item: &str) -> String {
    format!("wit.{}.{}", safe::slug(package), item.split('.').map(safe::slug).collect::<Vec<_>>().join("."))
}

impl Case {
    pub(crate) fn new(run: &Run, record: &Record, items: &Items) -> anyhow::Result<Case> {
        Case::of(&run.header, run.host(), record, items)
    }

    /// The same where the rest of the run is not at hand.
    pub(crate) fn of(header: &Header, host: String, record: &Record, items: &Items) -> anyhow::Result<Case> {
        let svg = match Diagram::new(record) {
            Some(diagram) => diagram.svg()?,
            None => String::new(),
        };
        let statements = record.proves.iter().map(|id| {
            let statement = header.requirements.get(id);
            let item = statement.and_then(|statement| statement.item.clone()).unwrap_or_default();
            let text = items.get(&(record.package.clone(), item.clone()));
            Statement {
                id: safe::name(id),
                href: format!("#{}", safe::slug(id)),
                text: Prose::new(statement.map_or("", |statement| &statement.text)),
                item: safe::name(&item),
                wit: text.map(|_| format!("#{}", wit_slug(&record.package, &item))),
                doc: text.filter(|_| failed(record)).map(|doc| safe::block(doc)),
            }
        });
        let cut = record
            .cut
            .iter()
            .map(|cut| format!("{} ({} lines, {} bytes)", safe::name(&cut.part), cut.lines, cut.bytes));
        let link = record.known.as_ref().and_then(|known| known.link.as_deref()).and_then(safe::address);
        let lines = record.lenient.iter().take(20).map(|line| safe::line(line));
        let (left_open, lenient) = lines.partition(|line| line.contains(": left open ("));
        let sides = sides(record);
        let difference = sides.iter().find(|side| side.difference.is_some()).filter(|_| failed(record));
        Ok(Case {
            slug: safe::slug(&record.case),
            id: safe::name(&record.case),
            title: safe::line(&record.title),
            world: safe::slug(&record.proposal),
            level: record.level,
            host,
            verdict: record.verdict.to_string(),
            class: class(record),
            expectation: record.expectation.to_string(),
            first: if failed(record) { junit::message(record) } else { String::new() },
            difference: difference.map(first),
            why: record.why.as_deref().map(safe::block),
            why_first: record
                .why
                .as_deref()
                .filter(|_| failed(record))
                .and_then(|why| Some(safe::line(why.lines().next()?))),
            remark: record.remark().map(|remark| safe::line(&remark)),
            link: link.map(str::to_owned),
            statements: statements.collect(),
            fixture: safe::name(&record.fixture),
            parts: sides.iter().map(part).collect(),
            svg,
            stderr: record.stderr.as_deref().map(safe::block),
            cut: cut.collect(),
            runs_before: record.runs_before,
            lenient,
            left_open,
            same: Vec::new(),
            record: String::new(),
            href: None,
            dispute: "#dispute".to_owned(),
            failed: failed(record),
            open: false,
        })
    }
}

fn first(side: &Side<'_>) -> Difference {
    let at = side.difference.unwrap_or_default();
    Difference {
        side: safe::name(&side.name),
        expected: side.expected.get(at).map_or("nothing more".to_owned(), |line| safe::line(line)),
        seen: side.seen.get(at).map_or("nothing more".to_owned(), |line| safe::line(&line.text)),
    }
}

fn part(side: &Side<'_>) -> Part {
    let all = side.seen.len().max(side.expected.len());
    // Lines around the difference are those that a reader came for.
    let from = side.difference.unwrap_or_default().saturating_sub(safe::MOST_LINES / 2);
    let from = if all > safe::MOST_LINES { from } else { 0 };
    let rows = (from..all).take(safe::MOST_LINES).map(|place| {
        let seen = side.seen.get(place);
        let expected = side.expected.get(place).map(|line| safe::line(line));
        let end = if side.open && place >= side.expected.len() { "…" } else { "" };
        Line {
            number: place + 1,
            at: seen.map(|line| safe::time(line.at)).unwrap_or_default(),
            expected: expected.unwrap_or(end.to_owned()),
            seen: seen.map(|line| safe::line(&line.text)).unwrap_or_default(),
            class: match (side.difference, side.extra) {
                (Some(at), _) if at == place => "d",
                (_, Some(extra)) if extra == place => "x",
                _ => "",
            },
        }
    });
    let mut note = None;
    if side.possible.len() > 1 {
        let possible: Vec<_> = side.possible.iter().take(8).map(|line| safe::line(line)).collect();
        note = Some(format!("At the difference any of these would do: {}", possible.join(" | ")));
    }
    if let Some(extra) = side.extra {
        note = Some(format!("Without line {} all is as expected.", extra + 1));
    }
    let rows: Vec<_> = rows.collect();
    Part {
        name: safe::name(&side.name),
        differs: side.difference.is_some(),
        from: from + 1,
        more: all - rows.len(),
        rows,
        note,
    }
}
