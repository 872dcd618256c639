//! Manifests, the files of runtimes with their known failures, and the locks of releases.

use crate::source;
use wasi_hw_harness::run::known::KnownFailures;
use wasi_hw_harness::runtime::start::RuntimeFile;
use wasi_hw_harness::suite::manifest;
use wasi_hw_harness::suite::problem::Problem;
use wasi_hw_harness::suite::release::Lock;

/// What is no such file is a problem that can be told.
pub(crate) fn feed(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let told = |problem: Problem| assert!(problem.to_string().starts_with("input.toml"));
    match manifest::parse(&source) {
        Ok(components) => {
            // A component lies beside its manifest and nowhere else.
            assert!(components.iter().all(|component| !component.file.contains('/')));
        }
        Err(problem) => told(problem),
    }
    source.parse_versioned::<RuntimeFile>().map(drop).unwrap_or_else(told);
    KnownFailures::parse(&source).map(drop).unwrap_or_else(told);
    match Lock::parse(&source) {
        Ok(lock) => {
            assert!(lock.all_files().keys().all(|path| !path.contains("..") && !path.starts_with('/')))
        }
        Err(problem) => told(problem),
    }
}
