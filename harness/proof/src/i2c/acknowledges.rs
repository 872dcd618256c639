//! Wrong drivers and functions: acknowledges that are not looked at, and errors that say something else than they mean.

use super::driver::{Done, Memory, Twist};
use super::lie::{Answer, Lie, View};
use super::{lie, twist};
use crate::Defect;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Data, Flags, Message};
use wasi_hw_wasmtime::bindings::i2c::wasi::i2c::i2c::{ErrorCode, HostI2c, NoAcknowledgeSource, Operation};
use wasi_hw_wasmtime::i2c::Bus as Handle;
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<LastByteUnseen>("i2c/does-not-look-at-the-last-acknowledge", &["I2C-22"]),
        twist::<LaterAddressesUnseen>("i2c/looks-at-the-first-address-alone", &["I2C-21", "I2C-22b"]),
        twist::<GoesOnWithoutTarget>("i2c/goes-on-though-nobody-answered", &["I2C-22b"]),
        twist::<DataNackIsOther>("i2c/a-refused-byte-is-other", &["I2C-22c"]),
        lie::<SourceUnknown>("i2c/says-unknown-though-it-was-told", &["I2C-21b"]),
        lie::<ListsFailOtherwise>("i2c/a-list-of-one-fails-with-other", &["I2C-41"]),
        lie::<HalvesFailWithBus>(
            "i2c/write-read-fails-with-bus-whatever-happened",
            &["I2C-24", "I2C-26", "I2C-41"],
        ),
        twist::<KeepsTheRefused>("i2c/sends-what-is-left-of-a-refused-call", &["I2C-28"]),
    ]
}

struct LastByteUnseen;
impl Twist for LastByteUnseen {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let [Message { address, flags, data: Data::Write(bytes) }] = &*messages else {
            return bus.transfer(messages);
        };
        let Some((last, before)) = bytes.split_last().filter(|(_, before)| !before.is_empty()) else {
            return bus.transfer(messages);
        };
        // One frame as before; only the last byte is sent without regard to its acknowledge.
        let careless = *flags | Flags::NO_START | Flags::IGNORE_NACK;
        bus.transfer(&mut [
            Message::write(*address, *flags, before),
            Message::write(*address, careless, std::slice::from_ref(last)),
        ])
    }
}

struct LaterAddressesUnseen;
impl Twist for LaterAddressesUnseen {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        for message in messages.iter_mut().skip(1).filter(|message| message.reads()) {
            message.flags = message.flags | Flags::IGNORE_NACK;
        }
        bus.transfer(messages)
    }
}

struct GoesOnWithoutTarget;
impl Twist for GoesOnWithoutTarget {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let result = bus.transfer(messages);
        if let (Err(Refusal::AddressNack), [_, .., last]) = (result, messages) {
            last.flags = Flags(last.flags.0 & !Flags::NO_START.0);
            let _ = bus.transfer(std::slice::from_mut(last));
        }
        result
    }
}

struct DataNackIsOther;
impl Twist for DataNackIsOther {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        bus.transfer(messages).map_err(|why| if why == Refusal::DataNack { Refusal::Other } else { why })
    }
}

/// The byte that a refused write of two began with goes out before the next write of one.
struct KeepsTheRefused;
impl Twist for KeepsTheRefused {
    fn transfer(memory: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        if let [Message { address, flags, data: Data::Write(bytes) }] = &*messages
            && let Some((_, mut left)) = memory.owed.pop()
        {
            left.extend_from_slice(bytes);
            return bus.transfer(&mut [Message::write(*address, *flags, &left)]);
        }
        let result = bus.transfer(messages);
        if let (Err(Refusal::AddressNack), [Message { address, data: Data::Write(bytes), .. }]) =
            (result, &*messages)
        {
            memory.owed.extend(bytes.first().map(|first| (*address, vec![*first])));
        }
        result
    }
}

fn unknown<T>(result: Result<T, ErrorCode>) -> Result<T, ErrorCode> {
    result.map_err(|why| match why {
        ErrorCode::NoAcknowledge(_) => ErrorCode::NoAcknowledge(NoAcknowledgeSource::Unknown),
        why => why,
    })
}

struct SourceUnknown;
impl Lie for SourceUnknown {
    fn read(real: View<'_, '_>, bus: Resource<Handle>, address: u16, len: u64) -> Answer<Vec<u8>> {
        Ok(unknown(real.read(bus, address, len)?))
    }

    fn write(real: View<'_, '_>, bus: Resource<Handle>, address: u16, data: Vec<u8>) -> Answer<()> {
        Ok(unknown(real.write(bus, address, data)?))
    }
}

struct HalvesFailWithBus;
impl Lie for HalvesFailWithBus {
    fn write_read(
        real: View<'_, '_>,
        bus: Resource<Handle>,
        address: u16,
        write: Vec<u8>,
        len: u64,
    ) -> Answer<Vec<u8>> {
        let result = real.write_read(bus, address, write, len)?;
        // A target that is not there it tells apart.
        Ok(result.map_err(|why| match why {
            ErrorCode::ArbitrationLoss | ErrorCode::Overrun => ErrorCode::Bus,
            why => why,
        }))
    }
}

struct ListsFailOtherwise;
impl Lie for ListsFailOtherwise {
    fn transaction(
        real: View<'_, '_>,
        bus: Resource<Handle>,
        address: u16,
        list: Vec<Operation>,
    ) -> Answer<Vec<Vec<u8>>> {
        let alone = list.len() == 1;
        let result = real.transaction(bus, address, list)?;
        Ok(result.map_err(|why| if alone { ErrorCode::Other } else { why }))
    }
}
