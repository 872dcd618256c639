//! What a wrong host remembers.

use std::collections::BTreeMap;
use wasmtime::Result;
use wasmtime::component::{Resource, ResourceTable};

/// What a wrong host remembers of the handles that it made, by their numbers: two numbers each. It lies in
/// the resource table with the rest of a store's things.
#[derive(Default)]
struct Made(BTreeMap<u32, (u32, u32)>);

/// How many handles of a store are looked at for what it remembers. Guests have fewer when they begin
/// to wait.
const FIRST_HANDLES: u32 = 64;

/// What this host remembers.
pub(super) fn made(table: &mut ResourceTable) -> Result<&mut BTreeMap<u32, (u32, u32)>> {
    let handle =
        (0..FIRST_HANDLES).map(Resource::<Made>::new_borrow).find(|handle| table.get(handle).is_ok());
    let handle = match handle {
        Some(handle) => handle,
        None => table.push(Made::default())?,
    };
    Ok(&mut table.get_mut(&handle)?.0)
}
