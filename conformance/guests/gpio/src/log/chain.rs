//! Things that live until the end of a test.
//!
//! A test holds references and drops nothing itself, unless dropping is what it is about. Were pins and
//! pollables its own, the code that drops them on each of its ways out would be half of the component.

use core::cell::OnceCell;
use wasi_hw_guest::alloc::boxed::Box;

/// A list that only grows. Its items are dropped in reverse order.
pub struct Chain<T>(OnceCell<Box<Link<T>>>);

struct Link<T> {
    // Dropped before the item, because it stands before it.
    rest: Chain<T>,
    item: T,
}

impl<T> Default for Chain<T> {
    fn default() -> Chain<T> {
        Chain(OnceCell::new())
    }
}

impl<T> Chain<T> {
    /// Adds an item at the end.
    pub fn push(&self, item: T) -> &T {
        let mut end = self;
        while let Some(link) = end.0.get() {
            end = &link.rest;
        }
        &end.0.get_or_init(|| Box::new(Link { rest: Chain::default(), item })).item
    }
}
