//! `wasi:io/poll@0.2.4`, of which a guest has the pollables that gpio gives it.

use crate::abi::{Call, Ran, list, number, trap};
use crate::gpio::Watch;
use crate::handles::resource_drop;
use crate::imports::Imports;
use crate::state::ended;

const POLL: &str = "wasi:io/poll@0.2.4";

/// The imports.
pub fn imports(all: &mut Imports) {
    all.add(POLL, "poll", "(iii)", poll);
    all.add(POLL, "[method]pollable.ready", "(i)i", ready);
    all.add(POLL, "[method]pollable.block", "(i)", block);
    all.add(POLL, "[resource-drop]pollable", "(i)", resource_drop::<Watch>);
}

/// The most pollables of one `poll`.
const MOST: u32 = 1 << 12;

fn poll(call: &mut Call<'_>) -> Ran {
    let (at, count, ret) = (call.u32()?, call.u32()?, call.ret(8, 4)?);
    let handles = call.read(at, count, 4, 4)?;
    if count == 0 || count > MOST {
        return trap(format!("poll of {count} pollables"));
    }
    let handles: Vec<u32> = handles.chunks_exact(4).map(|handle| number::<4>(handle, 0) as u32).collect();
    let ready = wait_for(call, &handles)?;
    let places: Vec<u8> = ready.iter().flat_map(|place| place.to_le_bytes()).collect();
    let places = call.give(&places, ready.len(), 4)?;
    call.write(ret, &list(places))
}

fn ready(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    call.result = Some(call.borrow::<Watch>(this)?.is_ready().into());
    Ok(())
}

fn block(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    wait_for(call, &[this]).map(drop)
}

/// Blocks until one of them is ready; the places of all that are then.
fn wait_for(call: &mut Call<'_>, handles: &[u32]) -> Ran<Vec<u32>> {
    loop {
        let mut ready = Vec::new();
        for (place, handle) in (0..).zip(handles) {
            // Each is asked: what it is not ready for is awaited.
            if call.borrow::<Watch>(*handle)?.is_ready() {
                ready.push(place);
            }
        }
        if !ready.is_empty() {
            return Ok(ready);
        }
        ended(call.state().board.idle())?;
    }
}
