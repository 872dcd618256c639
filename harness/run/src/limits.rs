//! What a component may take: each number that it can drive has a bound, and each bound a default.

use wasmtime::{ResourceLimiter, Result};

/// Bytes that an element of a table takes.
const ELEMENT: usize = 8;

/// The most tables, memories and instances of a component: composed ones have a few for each part.
const MOST_PARTS: usize = 1_000;

/// What a component may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Seconds of real time; none: as long as it likes.
    pub(crate) seconds: Option<u64>,
    /// Bytes of all its memories and tables together.
    pub(crate) memory: usize,
    /// Handles that it has at one time, of whatever kind.
    pub(crate) handles: usize,
    /// Seconds of one delay.
    pub(crate) longest_delay: u64,
}

/// Counts memories and tables, of all parts of a component together.
pub(crate) struct Taken {
    bytes: usize,
    most: usize,
    refused: bool,
}

impl Taken {
    pub(crate) fn new(most: usize) -> Taken {
        Taken { bytes: 0, most, refused: false }
    }

    /// Whether it asked for more than there was: a guest that ends after that ends for that reason, mostly.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    fn grow(&mut self, by: usize) -> bool {
        let bytes = self.bytes.checked_add(by).filter(|bytes| *bytes <= self.most);
        self.bytes = bytes.unwrap_or(self.bytes);
        self.refused |= bytes.is_none();
        bytes.is_some()
    }
}

impl ResourceLimiter for Taken {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(ELEMENT)))
    }

    fn instances(&self) -> usize {
        MOST_PARTS
    }

    fn tables(&self) -> usize {
        MOST_PARTS
    }

    fn memories(&self) -> usize {
        MOST_PARTS
    }
}

#[cfg(test)]
mod tests {
    use super::Taken;
    use wasmtime::ResourceLimiter;

    #[test]
    fn all_memories_and_tables_share_what_there_is() {
        let mut taken = Taken::new(1_000);
        assert!(taken.memory_growing(0, 600, None).unwrap());
        assert!(!taken.memory_growing(0, 401, None).unwrap() && taken.refused());
        assert!(taken.table_growing(0, 50, None).unwrap());
        assert!(!taken.table_growing(50, 51, None).unwrap());
        assert!(!taken.memory_growing(600, usize::MAX, None).unwrap());
    }
}
