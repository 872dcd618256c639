//! Records in the order of the listing, whatever the order in which they come.

use crate::report::Record;
use std::collections::{BTreeMap, BTreeSet};

/// How many bytes of records may wait for one that takes longer, roughly. Beyond that no case begins until it is there.
const MOST_WAITING: usize = 64 << 20;

/// The records that wait for those before them.
#[derive(Default)]
pub(super) struct Order {
    next: usize,
    waiting: BTreeMap<usize, Record>,
    bytes: usize,
    running: BTreeSet<usize>,
}

impl Order {
    /// Whether the case of this place may begin: not while too much waits for one that runs.
    pub(super) fn may_begin(&self) -> bool {
        self.bytes < MOST_WAITING || !self.running.contains(&self.next)
    }

    /// The case of this place begins.
    pub(super) fn begins(&mut self, place: usize) {
        self.running.insert(place);
    }

    /// Nothing will come of the case of this place.
    pub(super) fn give_up(&mut self, place: usize) {
        self.running.remove(&place);
    }

    /// Takes the record of a place, and gives those whose turn it is.
    pub(super) fn take(&mut self, place: usize, record: Record) -> Vec<(usize, Record)> {
        self.running.remove(&place);
        self.bytes += record.size();
        self.waiting.insert(place, record);
        let mut ready = Vec::new();
        while let Some(record) = self.waiting.remove(&self.next) {
            self.bytes = self.bytes.saturating_sub(record.size());
            ready.push((self.next, record));
            self.next += 1;
        }
        ready
    }

    /// What is left, in order, though something before it never came.
    pub(super) fn rest(&mut self) -> Vec<(usize, Record)> {
        std::mem::take(&mut self.waiting).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Order;
    use crate::report::Record;
    use serde_json::json;

    fn record(bytes: usize) -> Record {
        let record = json!({
            "case": "i2c/x", "title": "", "proposal": "i2c", "package": "-", "fixture": "", "clock": "board",
            "level": "must", "proves": [], "ends": "returned", "verdict": "pass", "expectation": "as-expected",
            "guests": [], "trace": {}, "board-ns": 0, "stderr": "x".repeat(bytes)
        });
        serde_json::from_value(record).unwrap()
    }

    fn places(ready: Vec<(usize, Record)>) -> Vec<usize> {
        ready.into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn a_record_waits_for_those_before_it_and_for_no_other() {
        let mut order = Order::default();
        (0..4).for_each(|place| order.begins(place));
        assert!(order.take(2, record(1)).is_empty());
        assert_eq!(places(order.take(0, record(1))), [0]);
        assert_eq!(places(order.take(1, record(1))), [1, 2]);
        assert!(order.take(5, record(1)).is_empty());
        assert_eq!(places(order.rest()), [5]);
    }

    #[test]
    fn no_case_begins_while_too_much_waits_for_one_that_runs() {
        let mut order = Order::default();
        (0..40).for_each(|place| order.begins(place));
        (1..40).for_each(|place| drop(order.take(place, record(2 << 20))));
        assert!(!order.may_begin());
        order.give_up(0);
        assert!(order.may_begin());
        order.begins(0);
        assert_eq!(places(order.take(0, record(1))).len(), 40);
        assert!(order.may_begin());
        // One that nobody runs is not waited for.
        (42..90).for_each(|place| drop(order.take(place, record(2 << 20))));
        assert!(order.may_begin());
    }
}
