//! Wrong hosts of `wasi:i2c`.

use super::Defect;

pub(super) fn defects() -> Vec<Defect> {
    Vec::new()
}

pub(super) fn liars() -> Vec<Defect> {
    Vec::new()
}
