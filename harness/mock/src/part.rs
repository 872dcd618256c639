//! What a board asks of its parts, one a proposal.

use crate::config::Action;
use crate::now::Now;

/// The devices of one proposal on a board, with their physics. The board tells each part of all that happens;
/// a part looks at what is its own.
pub(crate) trait Part {
    /// Whether an action can happen here: nothing if it is another part's, and otherwise what is wrong with it.
    fn check(&self, action: &Action) -> Option<Result<(), String>>;

    /// Lets an action happen, if it is one of this part.
    fn act(&mut self, action: &Action, now: &mut Now);

    /// The next time at which something happens by itself.
    fn next(&self) -> Option<u64> {
        None
    }

    /// Does what is due by now.
    fn advance(&mut self, _now: &mut Now) {}

    /// Whether something happened, since this was asked last, that a driver may wait for.
    fn woke(&mut self) -> bool {
        false
    }

    /// Says what the board was told to expect and did not see. Called once, at the end.
    fn finish(&self, _now: &mut Now) {}
}
