//! Message lists with flags: what a kernel driver takes, and what it checks before the wire moves.

use super::{Bus, BusState, wire};
use crate::board::State;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{self, Flags, Message};

/// The flags that the adapter knows.
const KNOWN: u16 =
    Flags::TEN.0 | Flags::NO_READ_ACK.0 | Flags::IGNORE_NACK.0 | Flags::NO_START.0 | Flags::STOP.0;

impl i2c::Bus for Bus {
    /// What the adapter cannot do is refused before the wire moves, like the kernel does; a list
    /// without messages is [`Refusal::Invalid`], as on recent Linux.
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        let mut state = self.board.lock();
        state.operation();
        let State { now, i2c, .. } = &mut *state;
        let bus = i2c.0.get_mut(&self.name).ok_or(Refusal::Gone)?;
        bus.admit(messages)?;
        bus.transfers += 1;
        let mut frame = wire::Frame::default();
        let result = bus.wire.run(messages, bus.transfers, now.ns, &bus.config, &mut frame);
        bus.gone |= result == Err(Refusal::Gone);
        for (after, line) in frame.lines {
            now.line_after(after, &bus.channel, line);
        }
        let hold = bus.config.hold_after_transfer == Some(bus.transfers);
        state.pass_time(frame.elapsed);
        if hold {
            drop(self.board.offer_turn(state));
        }
        result
    }

    fn no_start(&self) -> bool {
        true
    }
}

impl BusState {
    fn admit(&self, messages: &[Message<'_>]) -> Result<(), Refusal> {
        if self.gone {
            return Err(Refusal::Gone);
        }
        let most_messages = usize::from(self.config.most_messages.unwrap_or(42));
        let most_bytes = usize::from(self.config.most_bytes.unwrap_or(u16::MAX));
        if messages.is_empty() || messages.len() > most_messages {
            return Err(Refusal::Invalid);
        }
        for (n, message) in messages.iter().enumerate() {
            let ten = message.flags.has(Flags::TEN);
            let continues = message.flags.has(Flags::NO_START);
            if message.len() > most_bytes || message.address > if ten { 0x3ff } else { 0x7f } {
                return Err(Refusal::Invalid);
            }
            // A message that continues another must go the same way, and have one before it.
            if continues && (n == 0 || messages[n - 1].reads() != message.reads()) {
                return Err(Refusal::Invalid);
            }
            if message.flags.0 & !KNOWN != 0
                || ten && self.config.no_ten_bit
                || message.is_empty() && self.config.no_zero_length
            {
                return Err(Refusal::Unsupported);
            }
        }
        Ok(())
    }
}
