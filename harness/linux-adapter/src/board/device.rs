//! `/dev/wasi-hw-board`, as `harness/kernel/wasi_hw_board.h` has it.

use super::message::{MOST_BYTES, Request};
use rustix::io::Errno;
use rustix::ioctl::{self, Ioctl, IoctlOutput, Opcode};
use std::ffi::c_void;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;

const PATH: &str = "/dev/wasi-hw-board";

/// `O_NONBLOCK`: a request may be gone between poll(2) and read(2), with who made it.
const NONBLOCK: i32 = 0o4000;

/// The open board.
pub(crate) struct Node(File);

impl Node {
    pub(crate) fn open() -> io::Result<Node> {
        let file = OpenOptions::new().read(true).write(true).custom_flags(NONBLOCK).open(PATH);
        file.map(Node).map_err(|error| io::Error::new(error.kind(), format!("{PATH}: {error}")))
    }

    pub(crate) fn file(&self) -> &File {
        &self.0
    }

    /// Adds an object: N of its nodes.
    pub(crate) fn add<T: Object>(&self, object: &mut T) -> io::Result<u32> {
        // SAFETY: the number belongs to the structure, of which the kernel reads as many bytes as it has.
        let number = unsafe { ioctl::ioctl(&self.0, Add(object)) }?;
        u32::try_from(number).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    /// How long the kernel waits for an answer, in milliseconds from 1 to 60,000; 5000 unless set.
    pub(crate) fn limit(&self, ms: u16) -> io::Result<()> {
        const LIMIT: Opcode = ioctl::opcode::none(0xb7, 4);
        // SAFETY: WHB_IOC_LIMIT takes the number itself.
        Ok(unsafe { ioctl::ioctl(&self.0, ioctl::IntegerSetter::<LIMIT>::new_usize(ms.into())) }?)
    }

    /// The next request; [`io::ErrorKind::WouldBlock`] if there is none.
    pub(crate) fn read(&self) -> io::Result<Request> {
        let mut bytes = vec![0; MOST_BYTES];
        let length = (&self.0).read(&mut bytes)?;
        bytes.truncate(length);
        Request::parse(&bytes)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a request makes no sense"))
    }

    /// Writes a message.
    pub(crate) fn write(&self, message: &[u8]) -> io::Result<()> {
        match (&self.0).write(message)? {
            length if length == message.len() => Ok(()),
            _ => Err(io::ErrorKind::WriteZero.into()),
        }
    }
}

/// A structure that describes an object.
pub(crate) trait Object {
    /// The number of its ioctl.
    const NUMBER: u8;
}

struct Add<'a, T>(&'a mut T);

// SAFETY: the pointer is to a whole `T`, whose size is in the opcode; what comes back is a number.
unsafe impl<T: Object> Ioctl for Add<'_, T> {
    type Output = i32;
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        ioctl::opcode::write::<T>(0xb7, T::NUMBER)
    }

    fn as_ptr(&mut self) -> *mut c_void {
        std::ptr::from_mut(self.0).cast()
    }

    unsafe fn output_from_ptr(output: IoctlOutput, _: *mut c_void) -> Result<i32, Errno> {
        Ok(output)
    }
}

/// `struct whb_adapter`.
#[repr(C)]
pub(crate) struct Adapter {
    pub(crate) name: [u8; 48],
    pub(crate) functionality: u32,
}

/// `struct whb_controller`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Controller {
    pub(crate) mode_bits: u32,
    pub(crate) bits_per_word_mask: u32,
    pub(crate) min_hz: u32,
    pub(crate) max_hz: u32,
    pub(crate) count: u32,
    /// Mode and greatest rate of each.
    pub(crate) devices: [[u32; 2]; 8],
}

/// `struct whb_chip`.
#[repr(C)]
pub(crate) struct Chip {
    pub(crate) label: [u8; 32],
    pub(crate) flags: u32,
    pub(crate) count: u32,
    pub(crate) lines: [ChipLine; 64],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct ChipLine {
    pub(crate) name: [u8; 32],
    pub(crate) flags: u32,
}

impl Object for Adapter {
    const NUMBER: u8 = 1;
}

impl Object for Controller {
    const NUMBER: u8 = 2;
}

impl Object for Chip {
    const NUMBER: u8 = 3;
}

const _: () =
    assert!(size_of::<Adapter>() == 52 && size_of::<Controller>() == 84 && size_of::<Chip>() == 2344);

/// A name in a field, ended by 0, cut where it has no room.
pub(crate) fn name<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    for (to, from) in field[..N - 1].iter_mut().zip(text.bytes().filter(|byte| *byte != 0)) {
        *to = from;
    }
    field
}
