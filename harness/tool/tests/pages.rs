//! What the documents show of the suite is what a user sees.

use std::sync::Arc;
use wasi_hw_harness::suite::Suite;
use wasi_hw_tool::pages::stale;

#[test]
fn the_parts_that_are_made_from_the_suite_are_current() {
    let suite = Arc::new(Suite::discover(&Suite::default_root()));
    let stale: Vec<_> = stale(&suite).unwrap().into_iter().map(|(page, _)| page).collect();
    assert!(stale.is_empty(), "run `cargo hw pages --write`: {stale:?}");
}
