//! The choices that a sequence is made of: random ones from a seed, the same everywhere, or given ones.

use std::collections::VecDeque;

/// Where the choices come from.
pub(super) enum Random {
    /// A generator (splitmix64).
    Seed(u64),
    /// A byte each.
    Given(VecDeque<u8>),
}

impl Random {
    /// Whether there are no choices any more, of which a seed never runs out.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, Random::Given(choices) if choices.is_empty())
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let state = match self {
            Random::Seed(state) => state,
            Random::Given(choices) => return usize::from(choices.pop_front().unwrap_or(0)) % end,
        };
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % end as u64) as usize
    }

    /// A place in a list, if it has any.
    pub(super) fn place<T>(&mut self, list: &[T]) -> Option<usize> {
        if list.is_empty() { None } else { Some(self.below(list.len())) }
    }

    /// Takes one out of a list that is not empty.
    pub(super) fn take<T>(&mut self, list: &mut Vec<T>) -> T {
        let at = self.below(list.len());
        list.swap_remove(at)
    }
}
