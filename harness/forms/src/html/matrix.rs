//! Requirements by runtime.

use super::case::class;
use crate::prose::Prose;
use crate::{Run, safe};
use std::collections::BTreeMap;
use wasi_hw_harness::report::Record;

/// A requirement, with what each run shows of it.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) text: Prose,
    pub(crate) level: String,
    pub(crate) marks: Vec<Mark>,
    /// Whether the runs do not agree.
    pub(crate) differs: bool,
}

/// What a run shows of a requirement.
pub(crate) struct Mark {
    pub(crate) class: &'static str,
    pub(crate) text: String,
    /// The case to look at first.
    pub(crate) case: Option<String>,
}

/// A row for each requirement that a case of some run proves.
pub(crate) fn rows(runs: &[Run]) -> Vec<Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut marks: BTreeMap<&str, Vec<Vec<&Record>>> = BTreeMap::new();
    for (n, run) in runs.iter().enumerate() {
        for record in &run.records {
            for id in &record.proves {
                marks.entry(id).or_insert_with(|| vec![Vec::new(); runs.len()])[n].push(record);
            }
        }
        for (id, statement) in &run.header.requirements {
            rows.entry(id).or_insert_with(|| Row {
                id: safe::name(id),
                slug: safe::slug(id),
                text: Prose::new(&statement.text),
                level: statement.level.to_string(),
                marks: Vec::new(),
                differs: false,
            });
        }
    }
    let row = |(id, records): (&str, Vec<Vec<&Record>>)| {
        let row = rows.remove(id)?;
        let marks: Vec<_> = records.iter().map(|records| mark(records)).collect();
        // A host that does not have the world differs from nobody.
        let mut said = marks.iter().filter(|mark| mark.class != "none").map(|mark| mark.class);
        let first = said.next();
        let differs = said.any(|other| Some(other) != first);
        Some(Row { marks, differs, ..row })
    };
    marks.into_iter().filter_map(row).collect()
}

pub(crate) fn mark(records: &[&Record]) -> Mark {
    let passed = records.iter().filter(|record| class(record) == "pass").count();
    let failed = records.iter().find(|record| class(record) == "fail");
    let scored = records.iter().filter(|record| record.scored()).count();
    let (class, text) = match (failed, records.len()) {
        (_, 0) => ("none", "not run".to_owned()),
        (Some(_), all) => ("fail", format!("✗ {passed}/{all}")),
        (None, all) if passed == all => ("pass", format!("✓ {passed}/{all}")),
        (None, _) if scored == 0 => ("seen", "observed".to_owned()),
        (None, all) => ("part", format!("{passed}/{all}")),
    };
    let case = failed.or(records.first()).map(|record| safe::slug(&record.case));
    Mark { class, text, case }
}
