//! I²C: what the fixture says as the reference host's policy, and a board's buses under it.

use super::State;
use crate::suite::fixture::{I2cAccess, I2cBusHost};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasi_hw_seam::{Board, i2c as seam};
use wasi_hw_wasmtime::i2c::{Access, Bus, BusPolicy, I2cCtx, I2cCtxView, I2cView};

impl I2cView for State {
    fn i2c(&mut self) -> I2cCtxView<'_> {
        I2cCtxView { ctx: &mut self.i2c, table: &mut self.table }
    }
}

/// What the host keeps in a store, over a board's devices: the configuration of a fixture as the host's own.
pub fn context(
    host: &BTreeMap<String, I2cBusHost>,
    board: &Arc<dyn Board>,
    under: fn(Box<dyn seam::Bus>) -> Bus,
) -> I2cCtx {
    let clock = Arc::clone(board);
    let mut i2c = I2cCtx::new(move || Box::new(clock.delay()));
    for (label, bus) in host {
        let (name, board) = (label.clone(), Arc::clone(board));
        i2c.bus(label, policy(bus), move || board.i2c(&name).map(under));
    }
    i2c
}

fn policy(bus: &I2cBusHost) -> BusPolicy {
    let mut policy = if bus.allow.is_none() { BusPolicy::allow_all() } else { BusPolicy::new() };
    for allow in bus.allow.iter().flatten() {
        let access = match allow.access {
            I2cAccess::Read => Access::Read,
            I2cAccess::Write => Access::Write,
            I2cAccess::ReadWrite => Access::ReadWrite,
        };
        policy = policy.allow(allow.address, access);
    }
    match bus.most_bytes {
        Some(most) => policy.most_bytes(most as usize),
        None => policy,
    }
}
