//! Sizes that no memory holds.

use crate::device::claimed;
use crate::exchange::{Plan, bulk, control, isochronous, recall};
use crate::log::mark;

fn try_plan(handle: &crate::device::Handle, name: &'static str, plan: &Plan) {
    let Some(transfer) = handle.new_transfer(name, plan) else { return };
    if transfer.submit(&[]) {
        transfer.wait();
    }
}

/// The largest `buf-size`, for every type and direction.
pub fn buf_size() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    mark("begin");
    try_plan(&handle, "receiving", &bulk(0x81, u32::MAX).timeout(20));
    try_plan(&handle, "sending", &bulk(0x02, u32::MAX).timeout(20));
    try_plan(&handle, "control", &recall(1, u32::MAX).timeout(20));
    try_plan(&handle, "storing", &control(0x40, 0x01, 1, 0, u32::MAX - 7).timeout(20));
    try_plan(&handle, "isochronous", &isochronous(0x85, u32::MAX, 1).timeout(20));
    mark("end");
    handle.remember(1, &[0x0f, 0xd3]);
}

/// More packets than there are bytes, or frames in a week.
pub fn iso_packets() {
    let Some(handle) = claimed() else { return };
    handle.claim(2);
    mark("begin");
    try_plan(&handle, "receiving", &isochronous(0x85, 48, 1 << 31).timeout(20));
    try_plan(&handle, "most", &isochronous(0x85, 0, u32::MAX).timeout(20));
    try_plan(&handle, "sending", &isochronous(0x06, 0, 1 << 31).timeout(20));
    mark("end");
    handle.remember(1, &[0x0f, 0xd3]);
}
