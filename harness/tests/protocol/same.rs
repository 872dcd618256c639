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
    // Over `embedded-hal`.
    let hal = |isolate| session(&suite, "wasmtime", isolate);
    compare(&suite, &hal(Isolate::Never)?, &hal(Isolate::Always)?)
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
