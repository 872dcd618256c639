//! Requirements of a proposal.

use crate::source;
use std::collections::BTreeMap;
use wasi_hw_harness::suite::proposal;

/// Whatever the file says, each requirement that is read has the proposal's prefix, or a problem says so.
pub(crate) fn feed(input: &[u8]) {
    let Some(source) = source(input) else { return };
    let (mut requirements, mut problems) = (BTreeMap::new(), Vec::new());
    let proposal = proposal::parse(&source, "i2c".to_owned(), &[], &mut requirements, &mut problems);
    assert!(proposal.is_some() || !problems.is_empty() && requirements.is_empty());
    assert!(problems.iter().all(|problem| problem.to_string().starts_with("input.toml")));
    let prefix = proposal.map(|proposal| proposal.prefix).unwrap_or_default();
    let has_prefix = |id: &String| id.strip_prefix(&prefix).is_some_and(|rest| rest.starts_with('-'));
    assert!(!problems.is_empty() || requirements.keys().all(has_prefix));
}
