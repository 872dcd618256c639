//! What a line carries: the strongest of those that may give it a level.
//!
//! Voltages are in parts of the supply, `0..=SUPPLY`, so that converters of any resolution agree.

use super::state::LineState;
use wasi_hw_seam::gpio::{Level, Pull, Sample};

/// The supply voltage.
pub(super) const SUPPLY: u64 = 1 << 32;

/// The voltage of a raw value.
pub(super) fn volts(value: u32, greatest: u32) -> u64 {
    rounded(u128::from(value) * u128::from(SUPPLY), greatest.into())
}

/// The raw value of a voltage.
pub(super) fn value(volts: u64, greatest: u32) -> u32 {
    let value = rounded(u128::from(volts) * u128::from(greatest), SUPPLY.into());
    u32::try_from(value).unwrap_or(greatest)
}

fn rounded(dividend: u128, divisor: u128) -> u64 {
    u64::try_from((dividend + divisor / 2) / divisor.max(1)).unwrap_or(SUPPLY)
}

/// The voltage of a level.
pub(super) fn rail(level: Level) -> u64 {
    if level == Level::High { SUPPLY } else { 0 }
}

/// What a digital line sees.
pub(super) fn level(volts: u64) -> Level {
    if volts >= SUPPLY / 2 { Level::High } else { Level::Low }
}

/// Who gives a line its voltage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Other,
    Contact,
    /// The driver of a line, by its place.
    Driver(usize),
    Pull(Pull),
    Nothing,
}

/// The voltage of lines that are joined, and who gives it.
pub(super) fn resolve<'a>(lines: impl Iterator<Item = (usize, &'a LineState)> + Clone) -> (u64, Source) {
    let pull = |pull| (rail(if pull == Pull::Up { Level::High } else { Level::Low }), Source::Pull(pull));
    let driven = |(at, line): (usize, &LineState)| Some((line.driven_volts()?, Source::Driver(at)));
    let closed =
        |line: &LineState| line.config.contact.as_ref().filter(|_| line.closed).map(|c| rail(c.closes_to));
    let all = lines.clone().map(|(_, line)| line);
    let other = all.clone().find_map(|line| line.other).map(|volts| (volts, Source::Other));
    let contact = || all.clone().find_map(closed).map(|volts| (volts, Source::Contact));
    // Where drivers disagree the low one wins, as with open drains.
    let driver = || lines.clone().filter_map(driven).min_by_key(|(volts, _)| *volts);
    let resistor = || all.clone().find_map(|line| line.config.pull).map(pull);
    let bias = || all.clone().find_map(|line| line.bias).map(pull);
    let floats = || all.clone().map(|line| rail(line.config.floats)).max().unwrap_or(0);
    let strongest = other.or_else(contact).or_else(driver).or_else(resistor).or_else(bias);
    strongest.unwrap_or_else(|| (floats(), Source::Nothing))
}

impl LineState {
    /// The voltage that the line's own driver gives, if it is on.
    pub(super) fn driven_volts(&self) -> Option<u64> {
        match self.driver? {
            Sample::Level(Level::High) if self.open_drain => None,
            Sample::Level(level) => Some(rail(level)),
            Sample::Value(value) => Some(volts(value, self.greatest())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_values_survive_being_a_voltage() {
        for greatest in [1, 2, 3, 255, 1023, 4095, 65_535, 1_000_003] {
            for part in 0..=16 {
                let raw = u32::try_from(u64::from(greatest) * part / 16).unwrap();
                assert_eq!(value(volts(raw, greatest), greatest), raw);
            }
            assert_eq!(volts(greatest, greatest), SUPPLY);
        }
    }

    #[test]
    fn high_begins_at_half_of_the_supply() {
        assert_eq!(level(SUPPLY / 2), Level::High);
        assert_eq!(level(SUPPLY / 2 - 1), Level::Low);
    }
}
