//! Wrong hosts of `wasi:spi`.

mod driver;
mod frames;
mod functions;
mod liars;
mod lie;
mod limits;
mod list;
mod named;
mod shared;
mod transactions;

pub(super) use liars::liars;

use super::under;
use super::{Defect, over};
use driver::{Devices, Twist};
use lie::{Lie, instead, link};
use wasi_hw_harness::runtime::reference::Reference;

pub(super) fn defects() -> Vec<Defect> {
    [
        functions::defects(),
        transactions::defects(),
        frames::defects(),
        list::defects(),
        limits::defects(),
        named::defects(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A wrong host whose functions are wrong.
fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        link_spi: link,
        instead: instead::<L>(),
        ..Reference::default()
    })
}

/// The same over lists of transfers, where cases are scored that are not over `embedded-hal`.
fn lie_over_transfers<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference { link_spi: link, instead: instead::<L>(), ..Reference::kernel() })
}

/// The reference host over `embedded-hal`, with a wrong driver.
fn over_hal<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Devices<T>>(id, violates)
}

/// The same over lists of transfers: what a host at `embedded-hal` cannot break.
fn over_transfers<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference { board: under::<Devices<T>>, ..Reference::kernel() })
}
