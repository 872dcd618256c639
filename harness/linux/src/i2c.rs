//! I²C: `/dev/i2c-N`. Documentation/i2c/dev-interface.rst, include/uapi/linux/i2c.h and i2c-dev.h.

use crate::errno;
use crate::failure::Report;
use rustix::ioctl::{self, Getter, Updater};
use std::ffi::{c_ulong, c_void};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::i2c::{self, Data, Flags, Message};

/// Bits of `I2C_FUNCS`.
const FUNC_I2C: c_ulong = 0x1;
const FUNC_10BIT_ADDR: c_ulong = 0x2;
const FUNC_PROTOCOL_MANGLING: c_ulong = 0x4;
const FUNC_NOSTART: c_ulong = 0x10;

/// `I2C_M_RD`; the direction is no flag of the seam.
const READ: u16 = 0x0001;

/// `I2C_RDWR_IOCTL_MAX_MSGS`.
const MOST_MESSAGES: usize = 42;

/// `struct i2c_msg`.
#[repr(C)]
struct RawMessage {
    address: u16,
    flags: u16,
    length: u16,
    bytes: *mut c_void,
}

/// `struct i2c_rdwr_ioctl_data`.
#[repr(C)]
struct RawTransfer {
    messages: *mut RawMessage,
    count: u32,
}

type Funcs = Getter<0x0705, c_ulong>;
type Rdwr<'a> = Updater<'a, 0x0707, RawTransfer>;

/// An open adapter.
pub(crate) struct Bus {
    file: File,
    node: PathBuf,
    functionality: c_ulong,
    report: Report,
}

impl Bus {
    pub(crate) fn open(node: &Path, report: &Report) -> Result<Bus, Refusal> {
        let file = OpenOptions::new().read(true).write(true).open(node);
        let file = file.map_err(|error| report.refused(node, "open", errno::OPEN, error))?;
        // SAFETY: I2C_FUNCS writes one unsigned long.
        let functionality = unsafe { ioctl::ioctl(&file, Funcs::new()) };
        let functionality =
            functionality.map_err(|error| report.refused(node, "I2C_FUNCS", errno::I2C, error))?;
        if functionality & FUNC_I2C == 0 {
            // An SMBus adapter: it has no transfers.
            return Err(report.tell(node, "I2C_FUNCS", 0, Refusal::Unsupported));
        }
        Ok(Bus { file, node: node.to_owned(), functionality, report: report.clone() })
    }

    /// What the kernel would pass on to the adapter unchecked.
    fn admit(&self, messages: &[Message<'_>]) -> Result<(), Refusal> {
        if messages.is_empty() || messages.len() > MOST_MESSAGES {
            return Err(Refusal::Invalid);
        }
        for (n, message) in messages.iter().enumerate() {
            let ten = message.flags.has(Flags::TEN);
            let continues = message.flags.has(Flags::NO_START);
            if message.address > if ten { 0x3ff } else { 0x7f }
                || continues && (n == 0 || messages[n - 1].reads() != message.reads())
            {
                return Err(Refusal::Invalid);
            }
            let mut known = Flags::NONE;
            for (flags, bit) in [
                (Flags::TEN, FUNC_10BIT_ADDR),
                (Flags::NO_START, FUNC_NOSTART),
                (Flags::NO_READ_ACK | Flags::IGNORE_NACK | Flags::STOP, FUNC_PROTOCOL_MANGLING),
            ] {
                if self.functionality & bit != 0 {
                    known = known | flags;
                }
            }
            if message.flags.0 & !known.0 != 0 {
                return Err(Refusal::Unsupported);
            }
        }
        Ok(())
    }
}

impl i2c::Bus for Bus {
    /// One `I2C_RDWR`. Messages of more than 8192 bytes are [`Refusal::Invalid`], as i2c-dev has it.
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        self.admit(messages)?;
        let mut raw = Vec::with_capacity(messages.len());
        for message in messages {
            let length = u16::try_from(message.len()).map_err(|_| Refusal::Invalid)?;
            let Message { address, flags, data } = message;
            let (direction, bytes) = match data {
                // The kernel copies from there, and nothing to it.
                Data::Write(bytes) => (0, bytes.as_ptr().cast_mut()),
                Data::Read(buffer) => (READ, buffer.as_mut_ptr()),
            };
            raw.push(RawMessage {
                address: *address,
                flags: flags.0 | direction,
                length,
                bytes: bytes.cast(),
            });
        }
        let mut transfer = RawTransfer { messages: raw.as_mut_ptr(), count: raw.len() as u32 };
        // SAFETY: I2C_RDWR takes this structure. Each message has the address and the length of a slice that lives until the
        // call is over, and that is exclusively borrowed where the kernel writes.
        let done = unsafe { ioctl::ioctl(&self.file, Rdwr::new(&mut transfer)) };
        done.map_err(|error| self.report.refused(&self.node, "I2C_RDWR", errno::I2C, error))
    }

    fn no_start(&self) -> bool {
        self.functionality & FUNC_NOSTART != 0
    }
}
