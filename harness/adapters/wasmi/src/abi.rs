//! A call of an import, with the checks of the canonical ABI: `conformance/ABI.md` has them in one table.
//!
//! Whatever a guest passes that the ABI does not allow ends it: an error of these functions is a trap. Bytes are copied out
//! of the guest's memory, because whoever calls its allocator may move it.

use crate::handles::Kind;
use crate::state::State;
use wasmi::{Caller, Error, Extern, Memory, Val};

/// What an import gives, or a trap.
pub type Ran<T = ()> = Result<T, Error>;

/// A trap, and why.
pub fn trap<T>(why: impl Into<String>) -> Ran<T> {
    Err(Error::new(why.into()))
}

/// A call.
pub struct Call<'a> {
    caller: Caller<'a, State>,
    arguments: std::slice::Iter<'a, Val>,
    /// What the function itself gives, where that is not written to memory.
    pub result: Option<u32>,
}

/// An error of spi or gpio: one of the cases by its position, with the string of the case that has one.
pub struct Fault {
    /// Which case.
    pub case: u8,
    /// Its string, of the last case.
    pub why: Option<String>,
}

impl Fault {
    /// A case that has a name.
    pub fn named(case: u8) -> Fault {
        Fault { case, why: None }
    }
}

impl<'a> Call<'a> {
    /// A call with these arguments.
    pub fn new(caller: Caller<'a, State>, arguments: &'a [Val]) -> Call<'a> {
        Call { caller, arguments: arguments.iter(), result: None }
    }

    /// The host's state of this guest.
    pub fn state(&mut self) -> &mut State {
        self.caller.data_mut()
    }

    /// What a handle stands for; of another kind, or of nothing, it is a trap.
    pub fn borrow<K: Kind>(&mut self, handle: u32) -> Ran<&mut K> {
        self.state().handles.borrow(handle)
    }

    /// The next argument, 32 bits wide.
    pub fn u32(&mut self) -> Ran<u32> {
        match self.arguments.next() {
            Some(Val::I32(value)) => Ok(*value as u32),
            other => trap(format!("{other:?} where an i32 belongs")),
        }
    }

    /// The next argument, of which 16 bits count.
    pub fn u16(&mut self) -> Ran<u16> {
        Ok(self.u32()? as u16)
    }

    /// The next argument, of which 8 bits count.
    pub fn u8(&mut self) -> Ran<u8> {
        Ok(self.u32()? as u8)
    }

    /// The next argument: one of so many cases.
    pub fn case(&mut self, cases: u32, of: &str) -> Ran<u32> {
        let case = self.u32()?;
        if case < cases { Ok(case) } else { trap(format!("{of} has no case {case}")) }
    }

    /// The next argument, 64 bits wide.
    pub fn u64(&mut self) -> Ran<u64> {
        match self.arguments.next() {
            Some(Val::I64(value)) => Ok(*value as u64),
            other => trap(format!("{other:?} where an i64 belongs")),
        }
    }

    /// The next argument, a float.
    pub fn f32(&mut self) -> Ran<f32> {
        match self.arguments.next() {
            Some(Val::F32(value)) => Ok(value.to_float()),
            other => trap(format!("{other:?} where an f32 belongs")),
        }
    }

    /// The next two arguments: a list of bytes.
    pub fn bytes(&mut self) -> Ran<Vec<u8>> {
        let (at, count) = (self.u32()?, self.u32()?);
        Ok(self.read(at, count, 1, 1)?.to_vec())
    }

    /// The next two arguments: a string.
    pub fn text(&mut self) -> Ran<String> {
        String::from_utf8(self.bytes()?).or_else(|_| trap("a string is not UTF-8"))
    }

    /// The last argument: where the result goes.
    pub fn ret(&mut self, size: u32, align: u32) -> Ran<u32> {
        let at = self.u32()?;
        self.read(at, 1, size, align)?;
        Ok(at)
    }

    /// The operations of a transaction as they lie in memory, 16 bytes each, or none where there are too many of them.
    pub fn operations(&self, at: u32, count: u32) -> Ran<Option<Vec<Operation>>> {
        let operations = self.read(at, count, 16, 8)?;
        if count > MOST_OPERATIONS {
            return Ok(None);
        }
        let each = operations.chunks_exact(16);
        Ok(Some(each.map(|bytes| Operation { case: bytes[0], payload: number::<8>(bytes, 8) }).collect()))
    }

    /// Elements in memory.
    pub fn read(&self, at: u32, count: u32, size: u32, align: u32) -> Ran<&[u8]> {
        if !at.is_multiple_of(align) {
            return trap(format!("the address {at:#x} is no multiple of {align}"));
        }
        let bytes = u64::from(count) * u64::from(size);
        let memory = self.memory()?.data(&self.caller);
        let part = usize::try_from(bytes).ok().and_then(|len| memory.get(at as usize..)?.get(..len));
        part.map_or_else(|| trap(format!("{bytes} bytes at {at:#x} are not in the memory")), Ok)
    }

    /// Puts bytes into memory, at a place that was checked.
    pub fn write(&mut self, at: u32, bytes: &[u8]) -> Ran {
        self.memory()?.write(&mut self.caller, at as usize, bytes).or_else(|why| trap(why.to_string()))
    }

    /// Asks the guest for room, and puts bytes there: address and `count` of what they are.
    pub fn give(&mut self, bytes: &[u8], count: usize, align: u32) -> Ran<[u32; 2]> {
        let (Ok(length), Ok(count)) = (i32::try_from(bytes.len()), u32::try_from(count)) else {
            return trap("a list of more than 2 GiB");
        };
        let Some(realloc) = self.caller.get_export("cabi_realloc").and_then(Extern::into_func) else {
            return trap("no `cabi_realloc`");
        };
        let realloc = realloc.typed::<(i32, i32, i32, i32), i32>(&self.caller)?;
        // What the guest calls from there it calls in the middle of a call.
        self.state().may_not_leave = true;
        let at = realloc.call(&mut self.caller, (0, 0, align as i32, length));
        self.state().may_not_leave = false;
        let at = at? as u32;
        self.read(at, length as u32, 1, align)?;
        self.write(at, bytes)?;
        Ok([at, count])
    }

    /// The result is ok, with a number or a handle at 4.
    pub fn write_number(&mut self, ret: u32, value: u32) -> Ran {
        self.write(ret, &laid_out(8, &[(4, &value.to_le_bytes())]))
    }

    /// The result is ok, with a list of bytes at 4.
    pub fn write_bytes(&mut self, ret: u32, bytes: &[u8]) -> Ran {
        let bytes = self.give(bytes, bytes.len(), 1)?;
        self.write(ret, &laid_out(12, &[(4, &list(bytes))]))
    }

    /// The result is an error with nothing but a string, at 4.
    pub fn write_failure(&mut self, ret: u32, why: &str) -> Ran {
        let text = self.give(why.as_bytes(), why.len(), 1)?;
        self.write(ret, &laid_out(12, &[(0, &[1]), (4, &list(text))]))
    }

    /// The result is an error of spi or gpio: its case at 4, and the string of one that has one at 8.
    pub fn write_fault(&mut self, ret: u32, fault: &Fault) -> Ran {
        let mut result = laid_out(16, &[(0, &[1]), (4, &[fault.case])]);
        if let Some(why) = &fault.why {
            let text = self.give(why.as_bytes(), why.len(), 1)?;
            result[8..].copy_from_slice(&list(text));
        }
        self.write(ret, &result)
    }

    fn memory(&self) -> Ran<Memory> {
        let memory = self.caller.get_export("memory").and_then(Extern::into_memory);
        memory.map_or_else(|| trap("no `memory`"), Ok)
    }
}

/// The most operations of a transaction.
const MOST_OPERATIONS: u32 = 1 << 12;

/// An operation of a transaction.
pub struct Operation {
    /// Which case.
    pub case: u8,
    payload: u64,
}

impl Operation {
    /// The payload of a case that has a number.
    pub fn number(&self) -> u64 {
        self.payload
    }

    /// The payload of a case that has a list of bytes.
    pub fn bytes(&self, call: &Call<'_>) -> Ran<Vec<u8>> {
        Ok(call.read(self.payload as u32, (self.payload >> 32) as u32, 1, 1)?.to_vec())
    }
}

/// The bytes of a result: `size` of them, with these parts at their places.
pub fn laid_out(size: usize, parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut all = vec![0; size];
    for (at, part) in parts {
        all[*at..][..part.len()].copy_from_slice(part);
    }
    all
}

/// A list as it lies in memory.
pub fn list([at, count]: [u32; 2]) -> [u8; 8] {
    (u64::from(at) | u64::from(count) << 32).to_le_bytes()
}

/// A number in the bytes of a list or record.
pub fn number<const N: usize>(bytes: &[u8], at: usize) -> u64 {
    let mut all = [0; 8];
    all[..N].copy_from_slice(&bytes[at..at + N]);
    u64::from_le_bytes(all)
}
