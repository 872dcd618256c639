//! Wrong hosts of `wasi:spi`.

mod driver;
mod functions;
mod liars;
mod lie;
mod list;
mod transactions;

pub(super) use liars::liars;

use super::Defect;
use lie::{Lie, link};
use wasi_hw_harness::runtime::reference::{Reference, SpiDriver};

pub(super) fn defects() -> Vec<Defect> {
    [functions::defects(), transactions::defects(), driver::defects(), list::defects()]
        .into_iter()
        .flatten()
        .collect()
}

/// A wrong host whose functions are wrong.
fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference { link_spi: link::<L>, ..Reference::default() })
}

/// The same over lists of transfers, where cases are scored that are not over `embedded-hal`.
fn lie_over_transfers<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference { link_spi: link::<L>, ..Reference::kernel() })
}

/// A wrong host over `embedded-hal`, with this driver.
fn over_hal(id: &'static str, violates: &'static [&'static str], spi_device: SpiDriver) -> Defect {
    Defect::new(id, violates, move || Reference { spi_device, ..Reference::default() })
}

/// A wrong host over lists of transfers, with this driver: what a host at `embedded-hal` cannot break.
fn over_transfers(id: &'static str, violates: &'static [&'static str], spi_device: SpiDriver) -> Defect {
    Defect::new(id, violates, move || Reference { spi_device, ..Reference::kernel() })
}
