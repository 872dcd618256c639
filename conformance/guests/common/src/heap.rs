//! The heap of a guest.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use dlmalloc::Dlmalloc;

/// The allocator of a guest. It begins with what its data and its stack leave of the first page of memory, so that a
/// guest which needs little runs in that page.
pub struct Heap(UnsafeCell<Dlmalloc>);

/// What is asked of the memory at a time, unless an allocation is greater. With a page at a time what is left of the first
/// one would never be enough.
const STEP: usize = 1 << 10;

impl Heap {
    /// An empty heap.
    #[allow(clippy::new_without_default, reason = "it is made once, in a constant")]
    pub const fn new() -> Heap {
        let mut heap = Dlmalloc::new();
        assert!(heap.set_granularity(STEP));
        Heap(UnsafeCell::new(heap))
    }
}

// SAFETY: a guest has one thread.
unsafe impl Sync for Heap {}

// SAFETY: dlmalloc is an allocator, and is not entered while it is inside: it calls nothing but `memory.grow`.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { (*self.0.get()).free(at, layout.size(), layout.align()) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe { (*self.0.get()).realloc(at, layout.size(), layout.align(), size) }
    }
}
