//! Memory that is given out to the host, and taken back by one of libusb's `libusb_free_*`.

use crate::error::misuse;
use crate::registry::registry;

/// A piece of memory that is given out: bytes as a C structure has them, aligned for anything in one.
pub(crate) struct Block(Vec<u64>);

impl Block {
    /// A copy of these bytes.
    pub(crate) fn new(bytes: &[u8]) -> Block {
        let words = bytes.chunks(size_of::<u64>()).map(|chunk| {
            let mut word = [0; size_of::<u64>()];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_ne_bytes(word)
        });
        Block(words.collect())
    }

    /// Where it lies. It stays there until it is taken back.
    pub(crate) fn address(&mut self) -> usize {
        self.0.as_mut_ptr().expose_provenance()
    }
}

/// Gives out a block and those that it points to. Returns the first one's address.
pub(crate) fn give<T>(first: Block, others: Vec<Block>) -> *const T {
    let mut blocks = vec![first];
    blocks.extend(others);
    let address = blocks[0].address();
    registry().blocks.insert(address, blocks);
    std::ptr::with_exposed_provenance(address)
}

/// Takes back what was given out at an address; NULL is no harm.
pub(crate) fn take_back<T>(function: &str, given: *const T) {
    if !given.is_null() && registry().blocks.remove(&given.addr()).is_none() {
        misuse(function, "it is freed already, or was never given out");
    }
}
