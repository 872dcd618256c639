//! Wrong drivers: the mock's device, decorated. Each does only what a host over `embedded-hal` could ask for.

use super::super::Defect;
use super::over_hal;
use embedded_hal::spi::{Error, ErrorKind, ErrorType, Operation, SpiDevice};
use std::marker::PhantomData;
use wasi_hw_mock::spi::{Device as Mock, Settings};
use wasi_hw_wasmtime::spi::Device;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        over_hal("spi/leaves-the-bytes-of-a-write-to-the-next-read", &["SPI-13"], under::<LeavesBytes>),
        over_hal("spi/pauses-whole-microseconds-rounded-down", &["SPI-21"], under::<RoundsDown>),
        over_hal("spi/pauses-at-most-65535-microseconds", &["SPI-21"], under::<SixteenBits>),
        over_hal("spi/keeps-the-last-of-several-pauses", &["SPI-21"], under::<LastPause>),
        over_hal("spi/does-not-pause-without-bytes", &["SPI-23"], under::<SkipsPauses>),
        over_hal("spi/drops-pauses-at-the-ends", &["SPI-24"], under::<TrimsPauses>),
        over_hal("spi/sends-a-frame-on-drop", &["SPI-09"], sleeping),
        over_hal("spi/goes-on-after-a-failure", &["SPI-25"], under::<GoesOn>),
        over_hal("spi/fails-for-ever-after-an-error", &["SPI-27"], under::<DeadAfterError>),
        over_hal("spi/tells-no-error-from-another", &["SPI-28", "SPI-29"], under::<AllAreOther>),
        over_hal("spi/takes-ones-for-nobody", &["SPI-31"], under::<OnesAreNobody>),
        over_hal("spi/returns-before-a-write-is-done", &["SPI-37"], under::<PostsWrites>),
        over_hal(
            "spi/lets-others-in-after-the-third-operation",
            &["SPI-34", "SPI-15"],
            under::<LetsOthersIn>,
        ),
    ]
}

type Done = Result<(), ErrorKind>;

/// What a wrong driver does instead of a transaction.
trait Twist: Send + 'static {
    /// `real` is the mock's device; a twist may ask it for several transactions, or none.
    fn transaction(state: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done;
}

/// What a wrong driver remembers between calls.
#[derive(Default)]
struct State {
    /// Bytes that came in, or that are to go out.
    bytes: Vec<u8>,
    /// How the last call ended.
    failed: bool,
}

/// The mock's device.
struct Real(Mock);

impl Real {
    fn transaction(&mut self, list: &mut [Operation<'_, u8>]) -> Done {
        self.0.transaction(list).map_err(|error| error.kind())
    }
}

struct Twisted<T> {
    state: State,
    real: Real,
    twist: PhantomData<T>,
}

/// Puts a twisted driver under the reference host.
fn under<T: Twist>(device: Mock, settings: Settings) -> Result<Device, String> {
    device.configure(settings).map_err(|why| why.to_string())?;
    Ok(Device::new(Twisted::<T> { state: State::default(), real: Real(device), twist: PhantomData }))
}

impl<T> ErrorType for Twisted<T> {
    type Error = ErrorKind;
}

impl<T: Twist> SpiDevice for Twisted<T> {
    fn transaction(&mut self, list: &mut [Operation<'_, u8>]) -> Done {
        let result = T::transaction(&mut self.state, list, &mut self.real);
        self.state.failed = result.is_err();
        result
    }
}

struct LeavesBytes;
impl Twist for LeavesBytes {
    fn transaction(state: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        match list {
            [Operation::Write(data)] if data.len() == 3 => {
                let mut input = vec![0; data.len()];
                let result = real.transaction(&mut [Operation::Transfer(&mut input, data)]);
                state.bytes = input;
                result
            }
            [Operation::Read(buffer)] => {
                real.transaction(&mut [Operation::Read(buffer)])?;
                for (cell, stale) in buffer.iter_mut().zip(state.bytes.drain(..)) {
                    *cell = stale;
                }
                Ok(())
            }
            list => real.transaction(list),
        }
    }
}

/// Does the list with other pauses.
fn with_pauses(list: &mut [Operation<'_, u8>], real: &mut Real, pause: impl Fn(u32) -> u32) -> Done {
    for operation in &mut *list {
        if let Operation::DelayNs(ns) = operation {
            *ns = pause(*ns);
        }
    }
    real.transaction(list)
}

fn is_pause(operation: &Operation<'_, u8>) -> bool {
    matches!(operation, Operation::DelayNs(_))
}

struct RoundsDown;
impl Twist for RoundsDown {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        with_pauses(list, real, |ns| ns / 1_000 * 1_000)
    }
}

struct SixteenBits;
impl Twist for SixteenBits {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        with_pauses(list, real, |ns| ns.min(65_535_000))
    }
}

struct LastPause;
impl Twist for LastPause {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        for at in 1..list.len() {
            if let [Operation::DelayNs(before), Operation::DelayNs(_)] = &mut list[at - 1..=at] {
                *before = 0;
            }
        }
        real.transaction(list)
    }
}

struct SkipsPauses;
impl Twist for SkipsPauses {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        if !list.is_empty() && list.iter().all(is_pause) { Ok(()) } else { real.transaction(list) }
    }
}

struct TrimsPauses;
impl Twist for TrimsPauses {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        let first = list.iter().position(|operation| !is_pause(operation));
        let last = list.iter().rposition(|operation| !is_pause(operation));
        match (first, last) {
            (Some(first), Some(last)) => real.transaction(&mut list[first..=last]),
            _ => real.transaction(list),
        }
    }
}

struct GoesOn;
impl Twist for GoesOn {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        let result = real.transaction(list);
        if let (Err(_), [_, _, .., last]) = (result, list) {
            let _ = real.transaction(std::slice::from_mut(last));
        }
        result
    }
}

struct DeadAfterError;
impl Twist for DeadAfterError {
    fn transaction(state: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        if state.failed { Err(ErrorKind::Other) } else { real.transaction(list) }
    }
}

struct AllAreOther;
impl Twist for AllAreOther {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        real.transaction(list).map_err(|_| ErrorKind::Other)
    }
}

struct OnesAreNobody;
impl Twist for OnesAreNobody {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        real.transaction(list)?;
        match list {
            [Operation::Read(bytes)] if bytes.len() == 3 && bytes.iter().all(|byte| *byte == 0xff) => {
                Err(ErrorKind::Other)
            }
            _ => Ok(()),
        }
    }
}

struct PostsWrites;
impl Twist for PostsWrites {
    fn transaction(state: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        let owed = std::mem::take(&mut state.bytes);
        if !owed.is_empty() {
            real.transaction(&mut [Operation::Write(&owed)])?;
        }
        match list {
            [Operation::Write(data)] => {
                state.bytes = data.to_vec();
                Ok(())
            }
            list => real.transaction(list),
        }
    }
}

struct LetsOthersIn;
impl Twist for LetsOthersIn {
    fn transaction(_: &mut State, list: &mut [Operation<'_, u8>], real: &mut Real) -> Done {
        let (first, rest) = list.split_at_mut(list.len().min(3));
        real.transaction(first)?;
        if rest.is_empty() { Ok(()) } else { real.transaction(rest) }
    }
}

/// Puts a device that was never used to sleep when its handle is dropped.
struct Sleeping {
    real: Mock,
    used: bool,
}

fn sleeping(device: Mock, settings: Settings) -> Result<Device, String> {
    device.configure(settings).map_err(|why| why.to_string())?;
    Ok(Device::new(Sleeping { real: device, used: false }))
}

impl ErrorType for Sleeping {
    type Error = ErrorKind;
}

impl SpiDevice for Sleeping {
    fn transaction(&mut self, list: &mut [Operation<'_, u8>]) -> Done {
        self.used = true;
        self.real.transaction(list).map_err(|error| error.kind())
    }
}

impl Drop for Sleeping {
    fn drop(&mut self) {
        if !self.used {
            let _ = self.real.transaction(&mut [Operation::Write(&[0xb9])]);
        }
    }
}
