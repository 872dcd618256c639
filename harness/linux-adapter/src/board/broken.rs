//! Boards that do what they may not, for the tests: nothing of it may hang the kernel, or be taken for the host's doing.

use super::device::Node;
use rustix::event::{PollFd, PollFlags, poll};
use std::io;

/// What a board does in place of its first answer.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// Whoever answers dies.
    Dies,
    /// It answers when the kernel has given up.
    Late,
    /// It answers, and then once more.
    Twice,
    /// It answers what makes no sense.
    Nonsense,
}

impl Manner {
    /// By its name.
    pub(crate) fn named(name: &str) -> Option<Manner> {
        match name {
            "dies" => Some(Manner::Dies),
            "late" => Some(Manner::Late),
            "twice" => Some(Manner::Twice),
            "nonsense" => Some(Manner::Nonsense),
            _ => None,
        }
    }

    /// After how long the kernel is to give up.
    pub(super) fn limit_ms(self) -> Option<u16> {
        matches!(self, Manner::Late).then_some(50)
    }

    /// Answers so.
    pub(super) fn write(self, node: &Node, reply: &[u8]) -> io::Result<()> {
        match self {
            Manner::Dies => panic!("as it was asked to"),
            Manner::Late => {
                // It says so without being asked for anything.
                poll(&mut [PollFd::new(node, PollFlags::empty())], None)?;
                node.write(reply)
            }
            Manner::Twice => {
                node.write(reply)?;
                node.write(reply)
            }
            Manner::Nonsense => node.write(&reply[..reply.len() - 1]),
        }
    }
}
