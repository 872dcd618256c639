//! Wrong delays.

use crate::{Defect, Wrong, over};
use std::marker::PhantomData;
use wasi_hw_seam::{self as seam, Board, Over};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        delay::<DelaysInMicroseconds>("i2c/delays-whole-microseconds-rounded-down", &["I2C-36"]),
        delay::<DelaysSixteenBits>("i2c/delays-at-most-65535-microseconds", &["I2C-37"]),
    ]
}

/// A wrong delay.
trait Pause: Send + 'static {
    fn pause(real: &mut dyn seam::Delay, ns: u64);
}

/// A board with such a delay.
type Delays<P> = Wrong<DelaysOf<P>>;

struct DelaysOf<P>(PhantomData<P>);

impl<P: Pause> Over for Delays<P> {
    fn below(&self) -> &dyn Board {
        &*self.real
    }

    fn delay(&self) -> Box<dyn seam::Delay> {
        Box::new(Paused::<P>(self.real.delay(), PhantomData))
    }
}

struct Paused<P>(Box<dyn seam::Delay>, PhantomData<P>);

impl<P: Pause> seam::Delay for Paused<P> {
    fn wait_ns(&mut self, ns: u64) {
        P::pause(&mut *self.0, ns);
    }
}

fn delay<P: Pause>(id: &'static str, violates: &'static [&'static str]) -> Defect {
    over::<Delays<P>>(id, violates)
}

struct DelaysInMicroseconds;
impl Pause for DelaysInMicroseconds {
    fn pause(real: &mut dyn seam::Delay, ns: u64) {
        real.wait_ns(ns / 1_000 * 1_000);
    }
}

struct DelaysSixteenBits;
impl Pause for DelaysSixteenBits {
    fn pause(real: &mut dyn seam::Delay, ns: u64) {
        real.wait_ns(ns.min(65_535_000));
    }
}
