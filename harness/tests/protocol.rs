//! The adapter protocol: the reference host through it, adapters that misbehave, and whole conversations.
//! The adapters are this executable, started again.

mod bad;
mod golden;
mod misbehaviours;
mod same;
mod together;

use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use wasi_hw_harness::runtime::adapter::Command;
use wasi_hw_harness::suite::Suite;

/// Is an adapter, if its arguments name one.
pub(crate) fn again() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some(BAD), Some(how)) => return Some(bad::main(&how, arguments.next().as_deref())),
        (Some(GOLDEN), Some(file)) => return Some(golden::adapter(Path::new(&file))),
        _ => {}
    }
    wasi_hw_harness::Runtimes::known().serve_if_asked().err()
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials =
        vec![Trial::test("a_host_in_a_child_process_does_what_it_does_in_process", same::records)];
    trials.extend(misbehaviours::trials());
    trials.extend(golden::trials());
    trials.extend(together::trials());
    trials
}

/// The argument that makes this executable the badly behaved adapter, before what it does.
const BAD: &str = "--misbehave";
/// The argument that makes it say one side of a conversation, before the file that holds it.
const GOLDEN: &str = "--say";

/// This executable again.
fn started(arguments: &[&str]) -> Command {
    let program = std::env::current_exe().expect("a path").into_os_string().into_string().expect("UTF-8");
    let words = [program].into_iter().chain(arguments.iter().map(|a| (*a).to_owned())).collect();
    Command { words, folder: Suite::default_root() }
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(why().into()) }
}
