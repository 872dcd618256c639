//! Wrong drivers: what reaches the bus, and what comes back from it.

use super::driver::{Done, Memory, Twist};
use super::twist;
use crate::Defect;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{Bus, Data, Flags, Message};

pub(super) fn defects() -> Vec<Defect> {
    vec![
        twist::<ShiftsLowAddresses>("i2c/shifts-an-address-below-0x40", &["I2C-03"]),
        twist::<AliasesTenBit>("i2c/aliases-ten-bits-to-seven", &["I2C-04", "I2C-04b"]),
        twist::<NackIsOther>("i2c/an-absent-address-is-other", &["I2C-21"]),
        twist::<NackIsOk>("i2c/an-absent-address-is-ok", &["I2C-21"]),
        twist::<DataNackIsAddress>("i2c/a-refused-byte-is-a-refused-address", &["I2C-22"]),
        twist::<GoesOnAfterNack>("i2c/goes-on-after-a-refused-byte", &["I2C-22b"]),
        twist::<DeadAfterNack>("i2c/fails-for-ever-after-a-refused-byte", &["I2C-28"]),
        twist::<PostsWrites>("i2c/returns-before-a-write-is-done", &["I2C-31"]),
        twist::<ProbesOnDrop>("i2c/probes-on-drop", &["I2C-33"]),
        twist::<PanicsWhenGone>("i2c/panics-when-the-bus-is-gone", &["I2C-39"]),
        twist::<RetriesOnNack>("i2c/retries-when-nobody-answers", &["I2C-32"]),
    ]
}

struct ShiftsLowAddresses;
impl Twist for ShiftsLowAddresses {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        for message in &mut *messages {
            message.address = if message.address < 0x40 { message.address << 1 } else { message.address };
        }
        bus.transfer(messages)
    }
}

struct AliasesTenBit;
impl Twist for AliasesTenBit {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        for message in &mut *messages {
            message.address &= 0x7f;
            message.flags = Flags(message.flags.0 & !Flags::TEN.0);
        }
        bus.transfer(messages)
    }
}

struct NackIsOther;
impl Twist for NackIsOther {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        bus.transfer(messages).map_err(|why| if why == Refusal::AddressNack { Refusal::Other } else { why })
    }
}

struct NackIsOk;
impl Twist for NackIsOk {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        bus.transfer(messages).or_else(|why| if why == Refusal::AddressNack { Ok(()) } else { Err(why) })
    }
}

struct DataNackIsAddress;
impl Twist for DataNackIsAddress {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        bus.transfer(messages)
            .map_err(|why| if why == Refusal::DataNack { Refusal::AddressNack } else { why })
    }
}

struct GoesOnAfterNack;
impl Twist for GoesOnAfterNack {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let result = bus.transfer(messages);
        if let (Err(Refusal::DataNack), [_, .., last]) = (result, messages) {
            // It begins a transfer of its own now.
            last.flags = Flags(last.flags.0 & !Flags::NO_START.0);
            let _ = bus.transfer(std::slice::from_mut(last));
        }
        result
    }
}

struct DeadAfterNack;
impl Twist for DeadAfterNack {
    fn transfer(memory: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        if memory.last == Some(Refusal::DataNack) {
            return Err(Refusal::DataNack);
        }
        bus.transfer(messages)
    }
}

struct PostsWrites;
impl Twist for PostsWrites {
    fn transfer(memory: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        for (address, bytes) in std::mem::take(&mut memory.owed) {
            bus.transfer(&mut [Message::write(address, Flags::NONE, &bytes)])?;
        }
        // The first call of a handle, so that it is not the last as well.
        if let ([Message { address, data: Data::Write(bytes), .. }], 0) = (&*messages, memory.calls)
            && bytes.len() == 2
        {
            memory.owed.push((*address, bytes.to_vec()));
            return Ok(());
        }
        bus.transfer(messages)
    }
}

struct ProbesOnDrop;
impl Twist for ProbesOnDrop {
    fn dropped(memory: &mut Memory, bus: &mut dyn Bus) {
        // Only a handle that was never used: every guest drops its handles in the end.
        if memory.calls == 0 {
            let _ = bus.transfer(&mut [Message::write(0x48, Flags::NONE, &[])]);
        }
    }
}

struct PanicsWhenGone;
impl Twist for PanicsWhenGone {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        let result = bus.transfer(messages);
        assert_ne!(result, Err(Refusal::Gone), "no such device");
        result
    }
}

struct RetriesOnNack;
impl Twist for RetriesOnNack {
    fn transfer(_: &mut Memory, messages: &mut [Message<'_>], bus: &mut dyn Bus) -> Done {
        match bus.transfer(messages) {
            Err(Refusal::AddressNack) => bus.transfer(messages),
            result => result,
        }
    }
}
