//! Wrong drivers over `embedded-hal`.

use super::super::{Defect, over};
use super::driver::{Done, Memory, Operation, Twist};
use super::over_hal;
use super::shared::Shared;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::Device;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        over_hal::<LeavesBytes>("spi/leaves-the-bytes-of-a-write-to-the-next-read", &["SPI-13"]),
        over_hal::<RoundsDown>("spi/pauses-whole-microseconds-rounded-down", &["SPI-21"]),
        over_hal::<SixteenBits>("spi/pauses-at-most-65535-microseconds", &["SPI-21"]),
        over_hal::<LastPause>("spi/keeps-the-last-of-several-pauses", &["SPI-21"]),
        over_hal::<SkipsPauses>("spi/does-not-pause-without-bytes", &["SPI-23"]),
        over_hal::<TrimsPauses>("spi/drops-pauses-at-the-ends", &["SPI-24"]),
        over_hal::<SleepsOnDrop>("spi/sends-a-frame-on-drop", &["SPI-09"]),
        over_hal::<GoesOn>("spi/goes-on-after-a-failure", &["SPI-25"]),
        over_hal::<FailsAfterError>("spi/fails-the-call-after-an-error", &["SPI-27"]),
        over_hal::<EmptyAfterError>("spi/a-pause-of-zero-gives-the-error-before-it", &["SPI-22"]),
        over_hal::<AllAreOther>("spi/tells-no-error-from-another", &["SPI-28", "SPI-29"]),
        over_hal::<OnesAreNobody>("spi/takes-ones-for-nobody", &["SPI-31"]),
        over_hal::<PostsWrites>("spi/returns-before-a-write-is-done", &["SPI-37"]),
        over_hal::<AddsIn32Bits>("spi/adds-pauses-in-32-bits", &["SPI-21"]),
        over_hal::<BeginsThenRefuses>("spi/refuses-long-pauses-after-it-has-begun", &["SPI-21c"]),
        over_hal::<SendsOldBytes>("spi/sends-what-was-written-last-while-it-reads", &["SPI-12b"]),
        over_hal::<TriesAgain>("spi/tries-a-failed-frame-again", &["SPI-25c"]),
        over_hal::<NoChipSelectFaults>("spi/takes-no-notice-of-chip-select-faults", &["SPI-28", "SPI-28b"]),
        over::<Shared>("spi/an-error-waits-for-the-next-call-of-any-handle", &["SPI-27b"]),
        over_hal::<LetsOthersIn>("spi/lets-others-in-after-the-third-operation", &["SPI-34", "SPI-15"]),
    ]
}

struct LeavesBytes;
impl Twist for LeavesBytes {
    fn frame(memory: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        match list {
            [Operation::Write(data)] if data.len() == 3 => {
                let mut input = vec![0; data.len()];
                let result = real.frame(&mut [Operation::Transfer(&mut input, data)]);
                memory.bytes = input;
                result
            }
            [Operation::Read(buffer)] => {
                real.frame(&mut [Operation::Read(buffer)])?;
                for (cell, stale) in buffer.iter_mut().zip(memory.bytes.drain(..)) {
                    *cell = stale;
                }
                Ok(())
            }
            list => real.frame(list),
        }
    }
}

/// Does the list with other pauses.
fn with_pauses(list: &mut [Operation<'_, u8>], real: &mut dyn Device, pause: impl Fn(u32) -> u32) -> Done {
    for operation in &mut *list {
        if let Operation::DelayNs(ns) = operation {
            *ns = pause(*ns);
        }
    }
    real.frame(list)
}

fn is_pause(operation: &Operation<'_, u8>) -> bool {
    matches!(operation, Operation::DelayNs(_))
}

struct RoundsDown;
impl Twist for RoundsDown {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        with_pauses(list, real, |ns| ns / 1_000 * 1_000)
    }
}

struct SixteenBits;
impl Twist for SixteenBits {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        with_pauses(list, real, |ns| ns.min(65_535_000))
    }
}

struct LastPause;
impl Twist for LastPause {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        for at in 1..list.len() {
            if let [Operation::DelayNs(before), Operation::DelayNs(_)] = &mut list[at - 1..=at] {
                *before = 0;
            }
        }
        real.frame(list)
    }
}

struct SkipsPauses;
impl Twist for SkipsPauses {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        if !list.is_empty() && list.iter().all(is_pause) { Ok(()) } else { real.frame(list) }
    }
}

struct TrimsPauses;
impl Twist for TrimsPauses {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        let first = list.iter().position(|operation| !is_pause(operation));
        let last = list.iter().rposition(|operation| !is_pause(operation));
        match (first, last) {
            (Some(first), Some(last)) => real.frame(&mut list[first..=last]),
            _ => real.frame(list),
        }
    }
}

struct GoesOn;
impl Twist for GoesOn {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        let result = real.frame(list);
        if let (Err(_), [_, _, .., last]) = (result, list) {
            let _ = real.frame(std::slice::from_mut(last));
        }
        result
    }
}

struct FailsAfterError;
impl Twist for FailsAfterError {
    fn frame(memory: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        // A byte is there when that call was. One that writes a single time has a way of its own to the controller.
        let writes = matches!(list, [Operation::Write(_)]);
        if memory.failed && !writes && memory.bytes.pop().is_none() {
            memory.bytes.push(0);
            return Err(Refusal::Other);
        }
        memory.bytes.clear();
        real.frame(list)
    }
}

/// Leaves a failure to be fetched by what does nothing.
struct EmptyAfterError;
impl Twist for EmptyAfterError {
    fn frame(memory: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        if memory.failed && matches!(list, [] | [Operation::DelayNs(0), ..]) {
            return Err(Refusal::Other);
        }
        real.frame(list)
    }
}

struct AllAreOther;
impl Twist for AllAreOther {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        real.frame(list).map_err(|_| Refusal::Other)
    }
}

struct OnesAreNobody;
impl Twist for OnesAreNobody {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        real.frame(list)?;
        match list {
            [Operation::Read(bytes)] if bytes.len() == 3 && bytes.iter().all(|byte| *byte == 0xff) => {
                Err(Refusal::Other)
            }
            _ => Ok(()),
        }
    }
}

struct PostsWrites;
impl Twist for PostsWrites {
    fn frame(memory: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        let owed = std::mem::take(&mut memory.bytes);
        if !owed.is_empty() {
            real.frame(&mut [Operation::Write(&owed)])?;
        }
        match list {
            [Operation::Write(data)] => {
                memory.bytes = data.to_vec();
                Ok(())
            }
            list => real.frame(list),
        }
    }
}

struct LetsOthersIn;
impl Twist for LetsOthersIn {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        let (first, rest) = list.split_at_mut(list.len().min(3));
        real.frame(first)?;
        if rest.is_empty() { Ok(()) } else { real.frame(rest) }
    }
}

struct SleepsOnDrop;
impl Twist for SleepsOnDrop {
    fn dropped(memory: &mut Memory, real: &mut dyn Device) {
        // Only a device that was never used: every guest drops its handles in the end.
        if memory.frames == 0 {
            let _ = real.frame(&mut [Operation::Write(&[0xb9])]);
        }
    }
}

struct AddsIn32Bits;
impl Twist for AddsIn32Bits {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        for at in 1..list.len() {
            if let [Operation::DelayNs(before), Operation::DelayNs(after)] = &mut list[at - 1..=at] {
                *after = after.wrapping_add(std::mem::take(before));
            }
        }
        real.frame(list)
    }
}

struct BeginsThenRefuses;
impl Twist for BeginsThenRefuses {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        let pause = |operation: &Operation<'_, u8>| match operation {
            Operation::DelayNs(ns) => u64::from(*ns),
            _ => 0,
        };
        if list.iter().map(pause).sum::<u64>() > u64::from(u32::MAX) {
            real.frame(&mut list[..1])?;
            return Err(Refusal::Other);
        }
        real.frame(list)
    }
}

struct SendsOldBytes;
impl Twist for SendsOldBytes {
    fn frame(memory: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        match list {
            [Operation::Read(input)] if input.len() == memory.bytes.len() => {
                let old = std::mem::take(&mut memory.bytes);
                real.frame(&mut [Operation::Transfer(input, &old)])
            }
            [Operation::Write(output)] => {
                memory.bytes = output.to_vec();
                real.frame(&mut [Operation::Write(output)])
            }
            list => real.frame(list),
        }
    }
}

struct TriesAgain;
impl Twist for TriesAgain {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        // Lists of four: they are enough to be wrong.
        match real.frame(list) {
            Err(_) if list.len() == 4 => real.frame(list),
            result => result,
        }
    }
}

struct NoChipSelectFaults;
impl Twist for NoChipSelectFaults {
    fn frame(_: &mut Memory, list: &mut [Operation<'_, u8>], real: &mut dyn Device) -> Done {
        match real.frame(list) {
            Err(Refusal::ChipSelect) if list.len() > 1 || matches!(list, [Operation::Write(_)]) => Ok(()),
            result => result,
        }
    }
}
