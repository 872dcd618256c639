//! Wrong hosts of `wasi:spi`.

mod driver;
mod functions;
mod liars;
mod lie;
mod list;

pub(super) use liars::liars;

use super::Defect;
use crate::reference::{Reference, SpiDriver};
use lie::{Lie, link};

pub(super) fn defects() -> Vec<Defect> {
    let mut all = functions::defects();
    all.extend(driver::defects());
    all.extend(list::defects());
    all
}

/// A wrong host whose functions are wrong.
fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect { id, violates, make: Box::new(|| Reference { link_spi: link::<L>, ..Reference::default() }) }
}

/// A wrong host over `embedded-hal`, with this driver.
fn over_hal(id: &'static str, violates: &'static [&'static str], spi_device: SpiDriver) -> Defect {
    Defect { id, violates, make: Box::new(move || Reference { spi_device, ..Reference::default() }) }
}

/// A wrong host over lists of transfers, with this driver: what a host at `embedded-hal` cannot break.
fn over_transfers(id: &'static str, violates: &'static [&'static str], spi_device: SpiDriver) -> Defect {
    Defect { id, violates, make: Box::new(move || Reference { spi_device, ..Reference::kernel() }) }
}
