//! A host in a child process against the same host in this one.

use super::ensure;
use libtest_mimic::Failed;
use std::collections::BTreeSet;
use std::sync::Arc;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::Record;
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::Isolate;
use wasi_hw_harness::suite::{Case, Suite};

fn session(suite: &Arc<Suite>, runtime: &str, isolate: Isolate) -> Result<Arc<Session>, Failed> {
    let runtime = Runtimes::known()
        .start_in(Some(runtime), &suite.root, isolate)
        .map_err(|error| format!("{error:#}"))?;
    Ok(Arc::new(Session::new(Arc::clone(suite), runtime)))
}

/// Case by case: transcript, trace, times, ending, verdict. For every proposal that both speak.
pub(crate) fn records() -> Result<(), Failed> {
    let suite = Arc::new(Suite::discover(&Suite::default_root()));
    let kernel = session(&suite, "wasmtime-kernel", Isolate::Never)?;
    compare(&suite, &kernel, &session(&suite, "wasmtime-child", Isolate::Auto)?)?;
    // A guest that waits for ever, and is ended.
    compare_ended(&kernel, &session(&suite, "wasmtime-child", Isolate::Auto)?)?;
    // Over `embedded-hal`.
    let hal = |isolate| session(&suite, "wasmtime", isolate);
    compare(&suite, &hal(Isolate::Never)?, &hal(Isolate::Always)?)
}

/// What the end of a guest makes on the wires is marked alike.
fn compare_ended(here: &Arc<Session>, there: &Arc<Session>) -> Result<(), Failed> {
    let mut suite = Suite::discover(&Suite::default_root());
    let mut take = |id: &str| {
        let at = suite.cases.iter().position(|case| case.id == id)?;
        Arc::into_inner(suite.cases.remove(at))
    };
    let (case, other) = (take("usb/transfers/no-time-limit"), take("usb/transfers/bulk-round-trip"));
    let (Some(mut case), Some(other)) = (case, other) else { return Err("the cases are not there".into()) };
    // Without a limit, on a device that never answers.
    case.board = other.board;
    let case = Arc::new(case);
    // The times are others: here the host closes, which takes time, and there the harness does it in its place.
    let text = |session: &Arc<Session>| {
        let record = session.run(&case);
        let seen = record.trace.values().flat_map(|channel| &channel.seen);
        let seen: Vec<_> = seen.map(|line| line.text.as_str()).collect();
        format!("{}: {}", record.verdict, seen.join(", "))
    };
    let (here, there) = (text(here), text(there));
    let marked = here.ends_with("LEFT OPEN (CANCEL 0x81), LEFT OPEN (RELEASE 0), LEFT OPEN (CLOSE)");
    ensure(here == there && marked, || format!("{here}\n{there}"))
}

fn compare(suite: &Suite, here: &Arc<Session>, there: &Arc<Session>) -> Result<(), Failed> {
    let says_so = there.about.packages.iter().all(|package| here.about.packages.contains(package))
        && there.about.seams.iter().all(|(proposal, seam)| here.about.seams.get(proposal) == Some(seam));
    if !says_so {
        return Err(format!("in process {:?}, in a child {:?}", here.about, there.about).into());
    }
    let both = |case: &&Arc<Case>| there.about.seams.contains_key(case.proposal.as_str());
    let cases: Vec<_> = suite.cases.iter().filter(both).cloned().collect();
    let run = |session: &Arc<Session>| session.run_all(&cases, |_, _| {});
    let (here, there) = (run(here), run(there));
    let text = |record: &Record| serde_json::to_string(record).unwrap_or_default();
    let mut different = Vec::new();
    let mut several = BTreeSet::new();
    for (here, there) in here.iter().zip(&there) {
        if text(here) != text(there) {
            different.push(format!(
                "{}\n  in process {}\n  in a child {}",
                here.case,
                text(here),
                text(there)
            ));
        }
        if here.guests.len() > 1 {
            several.insert(&here.case);
        }
    }
    if here.is_empty() || several.is_empty() || here.len() != there.len() {
        return Err("no case was compared, or none with several guests".into());
    }
    let some = &different[..different.len().min(5)];
    let all_same = different.is_empty();
    ensure(all_same, || format!("{} cases differ, among them\n{}", different.len(), some.join("\n")))
}
