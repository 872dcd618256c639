//! The days that a sheet gives to its sources fit the sources.

use super::citations::FILE;
use super::parts::Parts;
use super::{Citation, Citations, Date, Sheet, Text, claims};
use toml::Spanned;
use wasi_hw_harness::suite::problem::{Problem, Source};

/// The days of sources fit the sources, and what is said of the whole world has a day.
pub(super) fn check(source: &Source, citations: &Citations, sheet: &Sheet, problems: &mut Vec<Problem>) {
    type Row<'a> = (&'a str, usize, Option<&'a Citation>, &'a Date, Option<&'a Text>);
    fn named(name: &Spanned<Text>) -> (&str, usize) {
        (name.get_ref().as_str(), name.span().start)
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for stated in &sheet.stated_phase {
        let source = stated.source.get_ref();
        rows.push((
            "stated phase",
            stated.source.span().start,
            Some(source),
            &stated.date,
            stated.note.as_ref(),
        ));
    }
    for answer in &sheet.requirement {
        let (what, offset) = named(&answer.id);
        rows.push((what, offset, Some(&answer.source), &answer.date, answer.note.as_ref()));
    }
    for criterion in &sheet.criterion {
        let (what, offset) = named(&criterion.id);
        rows.push((what, offset, criterion.source.as_ref(), &criterion.date, criterion.note.as_ref()));
    }
    for dependency in &sheet.dependency {
        let (what, offset) = named(&dependency.package);
        rows.push((what, offset, Some(&dependency.source), &dependency.date, dependency.note.as_ref()));
    }
    for known in &sheet.implementation {
        let (what, offset) = named(&known.name);
        rows.push((what, offset, known.source.as_ref(), &known.date, Some(&known.note)));
    }
    let (tag, testing) = (&sheet.tag, &sheet.testing);
    rows.push(("tag", tag.here.span().start, Some(&tag.source), &tag.date, Some(&tag.note)));
    let offset = testing.state.span().start;
    rows.push(("testing", offset, Some(&testing.source), &testing.date, testing.note.as_ref()));
    for (what, offset, cited, date, note) in rows {
        let misdated = cited.and_then(|cited| citations.misdated(cited, date));
        let claim = note.and_then(|note| claims::of_note(note.as_str()));
        for message in misdated.into_iter().chain(claim) {
            problems.push(source.problem(Some(offset), format!("{what} {message}")));
        }
    }
    let upstream = &sheet.upstream;
    match citations.committed(&upstream.repository, &upstream.commit) {
        Some(day) if upstream.date < *day => {
            let message = format!("upstream was read up to {}, before its commit of {day}", upstream.date);
            problems.push(source.problem(None, message));
        }
        _ => {}
    }
}

impl Citations {
    /// What is wrong with the day that something gives to a source; nothing if the source has no row,
    /// since [`check_documents`](super::check_documents) says that.
    pub(super) fn misdated(&self, source: &Citation, date: &Date) -> Option<String> {
        if let Some(day) = meeting_day(source) {
            return (date.as_str() != day).then(|| {
                format!(
                    "is dated {date}, and `{source}` are the minutes of {day}; minutes have the day of the meeting"
                )
            });
        }
        let (committed, opened) = self.days(source)?;
        if let Some(committed) = committed.filter(|committed| *date < **committed) {
            return Some(format!(
                "is dated {date}, and `{source}` was made on {committed}; a page has the day up to which it was read"
            ));
        }
        (date > opened).then(|| {
            format!(
                "is dated {date}, and {FILE} has `{source}` as last opened on {opened}; open it again, and say so there"
            )
        })
    }
}

/// The day of a meeting, if the source is its minutes: `wasi/2026/WASI-03-05.md`.
fn meeting_day(source: &Citation) -> Option<String> {
    let Parts::Page { repository: "WebAssembly/meetings", path, .. } = source.parts() else { return None };
    let (year, name) = path.strip_prefix("wasi/")?.split_once('/')?;
    let day = format!("{year}-{}", name.strip_prefix("WASI-")?.strip_suffix(".md")?);
    Date::try_from(day.clone()).is_ok().then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minutes_of_a_meeting_have_its_day() {
        let day = |text: &str| meeting_day(&Citation::try_from(text.to_owned()).expect("a citation"));
        let minutes = "WebAssembly/meetings:wasi/2026/WASI-03-05.md@ab60c7ce";
        assert_eq!(day(minutes).as_deref(), Some("2026-03-05"));
        for other in
            ["WebAssembly/meetings:process/phases.md@ab60c7ce", "a/b:wasi/2026/WASI-03-05.md@ab60c7ce"]
        {
            assert_eq!(day(other), None, "{other}");
        }
    }
}
