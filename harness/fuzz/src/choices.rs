//! An input as choices, a byte each.

/// What is left of an input.
pub(crate) struct Choices<'a>(pub(crate) &'a [u8]);

impl Choices<'_> {
    /// The next byte, while there is one.
    pub(crate) fn next(&mut self) -> Option<u8> {
        self.0.split_off_first().copied()
    }

    /// One of these; of an input that is used up the first.
    pub(crate) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::from(self.next().unwrap_or(0)) % all.len()].clone()
    }

    /// Up to so many bytes.
    pub(crate) fn bytes(&mut self, most: usize) -> Vec<u8> {
        let count = usize::from(self.next().unwrap_or(0)) % (most + 1);
        (0..count).map_while(|_| self.next()).collect()
    }
}
