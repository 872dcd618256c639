//! A report is judged again: each verdict and each claim follows from what was recorded, and what is written
//! otherwise is named.

use super::{cases, reference, report};
use std::collections::BTreeSet;
use std::sync::OnceLock;
use wasi_hw_harness::report::{Entry, Finding, Record, Verdict, judge_again, read};
use wasi_hw_harness::suite::expect::Line;

/// The report of the reference host's run of `wasi:i2c`.
pub(crate) fn i2c() -> &'static str {
    static REPORT: OnceLock<String> = OnceLock::new();
    REPORT.get_or_init(|| {
        let session = reference();
        report(&session, &cases(&session, |case| case.proposal == "i2c")).0
    })
}

pub(crate) fn findings(report: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let keep = &mut |finding| {
        found.push(finding);
        Ok(())
    };
    let (again, unfinished) = judge_again(read(report.as_bytes(), "it"), keep).unwrap();
    assert!(unfinished.is_none() && again.findings == found.len());
    found
}

#[test]
fn each_verdict_and_each_claim_follows_from_what_was_recorded() {
    let report = i2c();
    assert_eq!(findings(report), []);
    let mut judged = 0;
    for entry in read(report.as_bytes(), "it") {
        let Entry::Record(record) = entry.unwrap() else { continue };
        assert_eq!(record.judge().verdict, record.verdict, "{}", record.case);
        judged += 1;
    }
    assert!(judged > 80, "{judged}");
}

/// What is changed in the report, and what is named.
const TAMPERED: &[(&str, &str, &str, &str)] = &[
    (
        r#""case":"i2c/read-one-frame""#,
        r#""verdict":"pass""#,
        r#""verdict":"fail""#,
        "i2c/read-one-frame: verdict",
    ),
    (
        r#""case":"i2c/read-one-frame""#,
        r#""text":"STOP""#,
        r#""text":"STOPPED""#,
        "i2c/read-one-frame: verdict",
    ),
    (
        r#""case":"i2c/read-one-frame""#,
        r#""how":"returned""#,
        r#""how":"trap","why":"x""#,
        "i2c/read-one-frame: verdict",
    ),
    (
        r#""case":"i2c/read-one-frame""#,
        r#""ends":"returned""#,
        r#""ends":"trap""#,
        "i2c/read-one-frame: verdict",
    ),
    (
        r#""case":"i2c/read-one-frame""#,
        r#""level":"must""#,
        r#""level":"report""#,
        "i2c/read-one-frame: level",
    ),
    (r#""case":"i2c/read-one-frame""#, r#""as-expected""#, r#""known""#, "i2c/read-one-frame: expectation"),
    (r#""case":"i2c/read-one-frame""#, r#""seam":"hal""#, r#""seam":"messages""#, "i2c/read-one-frame: seam"),
    (r#""case":"i2c/read-one-frame""#, r#""clock":"board""#, r#""clock":"own""#, "i2c/read-one-frame: clock"),
    (r#""case":"i2c/read-one-frame""#, r#""fixture":""#, r#""fixture":"x"#, "i2c/read-one-frame: fixture"),
    (
        r#""case":"i2c/read-one-frame""#,
        r#""ends":"#,
        r#""lacks":["instances"],"ends":"#,
        "i2c/read-one-frame: lacks",
    ),
    (r#""kind":"footer""#, r#""claim":"conformant""#, r#""claim":"partial""#, "world i2c: claim"),
    (r#""kind":"footer""#, r#""passed":"#, r#""passed":1"#, "world i2c: required"),
    (r#""kind":"footer""#, r#""complete":false"#, r#""complete":true"#, "footer: complete"),
    (r#""kind":"footer""#, r#""left-out":"#, r#""left-out":1"#, "footer: left-out"),
    (r#""kind":"header""#, r#""sha256":""#, r#""sha256":"0"#, "header: digest of the suite"),
    (r#""kind":"header""#, r#""must":"#, r#""must":1"#, "header: number of cases"),
];

#[test]
fn what_is_written_otherwise_is_named() {
    let report = i2c();
    for (line, from, to, named) in TAMPERED {
        let mut changed = 0;
        let tampered: String = report
            .lines()
            .map(|text| match text.contains(line) && text.contains(from) && changed == 0 {
                true => {
                    changed += 1;
                    text.replacen(from, to, 1) + "\n"
                }
                false => text.to_owned() + "\n",
            })
            .collect();
        assert_eq!(changed, 1, "{line} {from}");
        let found: Vec<_> = findings(&tampered).iter().map(|f| format!("{}: {}", f.of, f.what)).collect();
        assert!(found.iter().any(|found| found == named), "{from} to {to}: {named} is not in {found:?}");
    }
}

#[test]
fn a_failure_that_is_hidden_changes_the_claim() {
    let report = i2c();
    let seen = r#""how":"returned"}"#;
    let hidden = report.lines().map(|line| match line.contains(r#""case":"i2c/read-one-frame""#) {
        true => line.replacen(seen, r#""how":"crash","why":"the host died"}"#, 1),
        false => line.to_owned(),
    });
    let found = findings(&(hidden.collect::<Vec<_>>().join("\n") + "\n"));
    let claim = found.iter().find(|finding| finding.of == "world i2c" && finding.what == "claim").unwrap();
    assert_eq!((&*claim.written, &*claim.judged), ("conformant", "not-conformant"));
}

#[test]
fn a_record_left_out_takes_the_claim_with_it() {
    let report = i2c();
    let without: String = report
        .lines()
        .filter(|line| !line.contains(r#""case":"i2c/read-one-frame""#))
        .map(|line| line.to_owned() + "\n")
        .collect();
    let found: BTreeSet<_> = findings(&without).into_iter().map(|f| (f.of, f.what, f.judged)).collect();
    let of = |of: &str, what: &str| found.iter().find(|f| f.0 == of && f.1 == what).map(|f| f.2.clone());
    assert_eq!(of("world i2c", "claim").as_deref(), Some("partial"));
    assert!(of("footer", "not-run").unwrap().contains("the run ended before they came"));
}

/// A host that leaves a device open to the end is told so, and fails where the case is about closing: there the guest goes on.
#[test]
fn what_was_left_open_passes_no_case_about_closing_and_fails_no_other() {
    let session = super::reference();
    let case = super::cases(&session, |case| case.id == "usb/opening/drop-closes").remove(0);
    let record = session.run(&case);
    assert_eq!(record.judge().verdict, Verdict::Pass);
    let closes = |record: &Record, from: usize| {
        let mut record = record.clone();
        let seen = &mut record.trace.get_mut("device").unwrap().seen;
        let is_closing = |line: &Line| line.text.starts_with("RELEASE") || line.text.starts_with("CLOSE");
        let (mut left, mut kept) = (Vec::new(), Vec::new());
        for (n, line) in seen.drain(..).enumerate() {
            if n >= from && is_closing(&line) { left.push(line) } else { kept.push(line) }
        }
        kept.extend(left.into_iter().map(|line| Line { text: format!("LEFT OPEN ({})", line.text), ..line }));
        *seen = kept;
        record.judge()
    };
    let last = record.trace["device"].seen.len() - 2;
    let at_the_end = closes(&record, last);
    assert_eq!(at_the_end.verdict, Verdict::PassLenient);
    assert_eq!(at_the_end.lenient, ["device: left open (RELEASE 0 #2 · CLOSE #2)"]);
    let never = closes(&record, 0);
    assert_eq!(never.verdict, Verdict::Fail);
    assert_eq!(never.differences[0].expected, ["RELEASE 0"]);
}
