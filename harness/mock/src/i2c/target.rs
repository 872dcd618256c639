//! Models of I²C targets: what they answer, byte by byte.

use super::config::{Pointer, Step, TargetConfig};
use std::collections::VecDeque;

/// What a target does with what it sees.
pub(super) trait Target: Send {
    /// It is addressed, at board time `now`; the answer says whether it acknowledges.
    fn start(&mut self, read: bool, now: u64) -> bool;
    /// A byte arrives; the answer says whether it acknowledges.
    fn write(&mut self, byte: u8) -> bool;
    /// A byte is clocked out of it.
    fn read(&mut self) -> u8;
    /// The bus is free again.
    fn stop(&mut self, _now: u64) {}
    /// How many things it was told to expect and did not see.
    fn unused(&self) -> usize {
        0
    }
}

pub(super) struct Placed {
    pub(super) address: u16,
    pub(super) ten_bit: bool,
    pub(super) target: Box<dyn Target>,
}

/// What a bus with nobody driving it reads as: the lines are pulled up.
pub(super) const IDLE: u8 = 0xff;

pub(super) fn build(config: &TargetConfig) -> Result<Placed, String> {
    let seven = |address, target| Placed { address, ten_bit: false, target };
    let placed = match config {
        TargetConfig::RegisterFile { address, ten_bit, pointer, registers } => {
            let mut memory = [0; 256];
            for (register, value) in registers {
                let cell = memory.get_mut(*register as usize);
                *cell.ok_or(format!("register {register:#x} is above 0xff"))? = *value;
            }
            let target = RegisterFile { memory, pointer: 0, fresh: false, kind: *pointer };
            Placed { address: *address, ten_bit: *ten_bit, target: Box::new(target) }
        }
        TargetConfig::Eeprom { address, size, page, write_ns } => {
            if !page.is_power_of_two() || *size > 0x1_0000 || size % u32::from(*page) != 0 || *size == 0 {
                return Err(format!("an EEPROM of {size} bytes cannot have pages of {page}"));
            }
            let memory = vec![0xff; *size as usize];
            let page = usize::from(*page);
            let target = Eeprom { memory, page, write_ns: *write_ns, at: 0, got: Vec::new(), busy_until: 0 };
            seven(*address, Box::new(target) as Box<dyn Target>)
        }
        TargetConfig::Counter { address, ten_bit, first } => {
            Placed { address: *address, ten_bit: *ten_bit, target: Box::new(Counter { next: *first }) }
        }
        TargetConfig::Memory { address } => seven(*address, Box::<Memory>::default()),
        TargetConfig::Script { address, step } => {
            let steps: VecDeque<_> = step.iter().cloned().collect();
            seven(*address, Box::new(Script { steps, at: 0, open: false }))
        }
    };
    let most = if placed.ten_bit { 0x3ff } else { 0x7f };
    if placed.address > most {
        return Err(format!("the address {:#x} is above {most:#x}", placed.address));
    }
    Ok(placed)
}

struct RegisterFile {
    memory: [u8; 256],
    pointer: u8,
    fresh: bool,
    kind: Pointer,
}

impl Target for RegisterFile {
    fn start(&mut self, read: bool, _now: u64) -> bool {
        self.fresh = !read;
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        if std::mem::take(&mut self.fresh) {
            self.pointer = byte;
        } else {
            self.memory[usize::from(self.pointer)] = byte;
            self.pointer = self.pointer.wrapping_add(1);
        }
        true
    }

    fn read(&mut self) -> u8 {
        let byte = self.memory[usize::from(self.pointer)];
        self.pointer = self.pointer.wrapping_add(1);
        byte
    }

    fn stop(&mut self, _now: u64) {
        if self.kind == Pointer::LostOnStop {
            self.pointer = 0;
        }
    }
}

struct Eeprom {
    memory: Vec<u8>,
    page: usize,
    write_ns: u64,
    at: usize,
    /// What was written since the start: two bytes of address, then data.
    got: Vec<u8>,
    busy_until: u64,
}

impl Target for Eeprom {
    fn start(&mut self, _read: bool, now: u64) -> bool {
        if now < self.busy_until {
            return false;
        }
        self.latch_address();
        self.got.clear();
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        self.got.push(byte);
        true
    }

    fn read(&mut self) -> u8 {
        let byte = self.memory[self.at % self.memory.len()];
        self.at += 1;
        byte
    }

    fn stop(&mut self, now: u64) {
        self.latch_address();
        if self.got.len() > 2 {
            let page = self.at % self.memory.len() / self.page * self.page;
            for (n, byte) in self.got[2..].iter().enumerate() {
                self.memory[page + (self.at + n) % self.page] = *byte;
            }
            self.at += self.got.len() - 2;
            self.busy_until = now.saturating_add(self.write_ns);
        }
        self.got.clear();
    }
}

impl Eeprom {
    fn latch_address(&mut self) {
        if let [high, low, ..] = self.got[..] {
            self.at = usize::from(u16::from_be_bytes([high, low])) % self.memory.len();
        }
    }
}

struct Counter {
    next: u8,
}

impl Target for Counter {
    fn start(&mut self, _read: bool, _now: u64) -> bool {
        true
    }

    fn write(&mut self, _byte: u8) -> bool {
        true
    }

    fn read(&mut self) -> u8 {
        let byte = self.next;
        self.next = byte.wrapping_add(1);
        byte
    }
}

#[derive(Default)]
struct Memory {
    bytes: Vec<u8>,
    at: usize,
    fresh: bool,
}

impl Target for Memory {
    fn start(&mut self, read: bool, _now: u64) -> bool {
        self.fresh = !read;
        self.at = 0;
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        if std::mem::take(&mut self.fresh) {
            self.bytes.clear();
        }
        self.bytes.push(byte);
        true
    }

    fn read(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(IDLE);
        self.at += 1;
        byte
    }
}

struct Script {
    steps: VecDeque<Step>,
    /// How much of the first step was seen.
    at: usize,
    /// Whether the first step was begun.
    open: bool,
}

impl Script {
    fn close(&mut self) {
        if std::mem::take(&mut self.open) {
            let whole = match self.steps.front() {
                Some(Step::Write(bytes) | Step::Read(bytes)) => bytes.len() == self.at,
                None => true,
            };
            if whole {
                self.steps.pop_front();
            }
        }
        self.at = 0;
    }
}

impl Target for Script {
    fn start(&mut self, read: bool, _now: u64) -> bool {
        self.close();
        self.open = match self.steps.front() {
            Some(Step::Read(_)) => read,
            Some(Step::Write(_)) => !read,
            None => false,
        };
        self.open
    }

    fn write(&mut self, byte: u8) -> bool {
        let right =
            matches!(self.steps.front(), Some(Step::Write(bytes)) if bytes.get(self.at) == Some(&byte));
        self.at += usize::from(right);
        right
    }

    fn read(&mut self) -> u8 {
        let byte = match self.steps.front() {
            Some(Step::Read(bytes)) => bytes.get(self.at).copied(),
            _ => None,
        };
        self.at += 1;
        byte.unwrap_or(IDLE)
    }

    fn stop(&mut self, _now: u64) {
        self.close();
    }

    fn unused(&self) -> usize {
        self.steps.len()
    }
}
