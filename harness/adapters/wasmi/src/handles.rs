//! The handles of a guest: numbers from 1, each for a resource of one kind.

use crate::abi::{Call, Ran, trap};
use std::any::Any;

/// What may stand behind a handle.
pub trait Kind: Any {
    /// What the package calls it.
    const NAME: &'static str;
}

/// The handles that a guest holds. They go with its instance, and with them every driver that it had.
#[derive(Default)]
pub struct Handles(Vec<Option<Box<dyn Any>>>);

/// There are too many.
pub const TOO_MANY: &str = "too many handles";

/// The most handles of a guest.
const MOST: usize = 4096;

impl Handles {
    /// A handle for a resource; `None` where there are too many.
    pub fn insert<K: Kind>(&mut self, resource: K) -> Option<u32> {
        let free = self.0.iter().position(Option::is_none);
        let place = match free {
            Some(place) => place,
            None if self.0.len() < MOST => {
                self.0.push(None);
                self.0.len() - 1
            }
            None => return None,
        };
        self.0[place] = Some(Box::new(resource));
        Some(place as u32 + 1)
    }

    /// What a handle stands for.
    pub fn borrow<K: Kind>(&mut self, handle: u32) -> Ran<&mut K> {
        let held = place(handle).and_then(|place| self.0.get_mut(place)?.as_mut()?.downcast_mut());
        held.map_or_else(|| wrong::<K, _>(handle), Ok)
    }

    /// Takes what a handle stands for.
    pub fn take<K: Kind>(&mut self, handle: u32) -> Ran<K> {
        self.borrow::<K>(handle)?;
        let held = place(handle).and_then(|place| self.0[place].take()?.downcast().ok());
        held.map_or_else(|| wrong::<K, _>(handle), |held| Ok(*held))
    }
}

fn place(handle: u32) -> Option<usize> {
    (handle as usize).checked_sub(1)
}

fn wrong<K: Kind, T>(handle: u32) -> Ran<T> {
    trap(format!("the handle {handle} is no {}", K::NAME))
}

/// `[resource-drop]` of a kind.
pub fn resource_drop<K: Kind>(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    call.state().handles.take::<K>(this).map(drop)
}
