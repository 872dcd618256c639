//! Changes of wires, one after another.

use std::collections::BTreeMap;
use std::io;
use vcd::{IdCode, Value};

/// The changes of a file on their way.
pub(super) struct Tape {
    writer: vcd::Writer<Vec<u8>>,
    now: u64,
    stamped: Option<u64>,
    values: BTreeMap<IdCode, Value>,
}

impl Default for Tape {
    fn default() -> Tape {
        Tape { writer: vcd::Writer::new(Vec::new()), now: 0, stamped: None, values: BTreeMap::new() }
    }
}

impl Tape {
    /// What was written.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        self.writer.writer()
    }

    /// The tick.
    pub(super) fn now(&self) -> u64 {
        self.now
    }

    /// Writes the time, once.
    pub(super) fn stamp(&mut self) -> io::Result<()> {
        if self.stamped != Some(self.now) {
            self.writer.timestamp(self.now)?;
            self.stamped = Some(self.now);
        }
        Ok(())
    }

    /// Goes on to a tick; never back.
    pub(super) fn go_to(&mut self, tick: u64) {
        self.now = self.now.max(tick);
    }

    /// So many ticks pass.
    pub(super) fn wait(&mut self, ticks: u64) {
        self.now = self.now.saturating_add(ticks);
    }

    /// A wire has this level from now on.
    pub(super) fn set(&mut self, wire: IdCode, value: Value) -> io::Result<()> {
        if self.values.insert(wire, value) == Some(value) {
            return Ok(());
        }
        self.stamp()?;
        self.writer.change_scalar(wire, value)
    }

    /// The same of one with two levels.
    pub(super) fn level(&mut self, wire: IdCode, high: bool) -> io::Result<()> {
        self.set(wire, if high { Value::V1 } else { Value::V0 })
    }

    /// The level that a wire has.
    pub(super) fn is_high(&self, wire: IdCode) -> bool {
        self.values.get(&wire) == Some(&Value::V1)
    }

    /// A line has this value from now on.
    pub(super) fn real(&mut self, wire: IdCode, value: f64) -> io::Result<()> {
        self.stamp()?;
        self.writer.change_real(wire, value)
    }
}
