//! Wrong hosts of `wasi:usb`.

mod codes;
mod controls;
mod descriptors;
mod ends;
mod handles;
mod liars;
mod lie;
mod made;
mod numbers;
mod plugging;
pub mod sequences;
mod settings;
mod sizes;
mod transfers;
mod twist;

pub(super) use liars::liars;

use super::{Defect, over};
use lie::Lie;
use twist::{Devices, Twist};
use wasi_hw_harness::runtime::reference::Reference;

pub(super) fn defects() -> Vec<Defect> {
    let lists = [
        descriptors::defects(),
        handles::defects(),
        settings::defects(),
        controls::defects(),
        transfers::defects(),
        plugging::defects(),
        codes::defects(),
        ends::defects(),
        numbers::defects(),
        sizes::defects(),
    ];
    lists.into_iter().flatten().collect()
}

/// A host with a wrong function.
fn lie<L: Lie>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    Defect::new(id, violates, || Reference {
        link_usb: lie::link,
        instead: lie::instead::<L>(),
        ..Reference::default()
    })
}

/// A host that asks its driver for something wrong.
fn twist<T: Twist>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Devices<T>>(id, violates)
}
