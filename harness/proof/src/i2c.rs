//! Wrong hosts of `wasi:i2c`.

mod acknowledges;
mod delays;
mod driver;
mod functions;
mod lengths;
mod liars;
mod lie;
mod sharing;
mod transfers;

pub(super) use liars::liars;

use super::{Defect, config, over};
use driver::{Buses, Twist};
use lie::{Lie, instead, link};
use wasi_hw_harness::runtime::reference::Reference;

pub(super) fn defects() -> Vec<Defect> {
    let policy = vec![config("i2c/allows-everything", &["I2C-35", "I2C-35b"], |host| {
        for bus in host.i2c.values_mut() {
            bus.allow = None;
        }
    })];
    [
        functions::defects(),
        lengths::defects(),
        transfers::defects(),
        acknowledges::defects(),
        delays::defects(),
        sharing::defects(),
        policy,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        link_i2c: link,
        instead: instead::<L>(),
        ..Reference::default()
    })
}

fn twist<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Buses<T>>(id, violates)
}
