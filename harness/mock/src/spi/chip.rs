//! Models of SPI devices: what they say, byte by byte.

use super::config::{Flash, Model, ScriptFrame};
use std::collections::VecDeque;

/// What a device does with what it sees. One that says `None` does not drive MISO.
pub(super) trait Chip: Send {
    /// Its chip select is asserted.
    fn select(&mut self) {}
    /// A byte is clocked: it hears one and says one at the same time.
    fn exchange(&mut self, hears: u8) -> Option<u8>;
    /// Its chip select is deasserted.
    fn release(&mut self) {}
    /// How many frames it was told to expect and did not see.
    fn unused(&self) -> usize {
        0
    }
}

pub(super) fn build(model: &Model) -> Result<Box<dyn Chip>, String> {
    Ok(match model {
        Model::Loopback => Box::new(Loopback),
        Model::Shift { first } => Box::new(Shift { first: *first, held: *first }),
        Model::Counter { first } => Box::new(Counter { next: *first }),
        Model::Echo => Box::new(Echo::default()),
        Model::Flash(flash) => Box::new(Nor::new(flash)?),
        Model::Script { frame } => {
            Box::new(Script { frames: frame.iter().cloned().collect(), at: 0, wrong: false, selected: false })
        }
        Model::Absent => Box::new(Absent),
    })
}

struct Loopback;

impl Chip for Loopback {
    fn exchange(&mut self, hears: u8) -> Option<u8> {
        Some(hears)
    }
}

struct Shift {
    first: u8,
    held: u8,
}

impl Chip for Shift {
    fn select(&mut self) {
        self.held = self.first;
    }

    fn exchange(&mut self, hears: u8) -> Option<u8> {
        Some(std::mem::replace(&mut self.held, hears))
    }
}

struct Counter {
    next: u8,
}

impl Chip for Counter {
    fn exchange(&mut self, _hears: u8) -> Option<u8> {
        let says = self.next;
        self.next = says.wrapping_add(1);
        Some(says)
    }
}

#[derive(Default)]
struct Echo {
    heard: Vec<u8>,
    says: VecDeque<u8>,
}

impl Chip for Echo {
    fn select(&mut self) {
        self.says = std::mem::take(&mut self.heard).into();
    }

    fn exchange(&mut self, hears: u8) -> Option<u8> {
        self.heard.push(hears);
        self.says.pop_front()
    }
}

struct Absent;

impl Chip for Absent {
    fn exchange(&mut self, _hears: u8) -> Option<u8> {
        None
    }
}

struct Nor {
    id: [u8; 3],
    memory: Vec<u8>,
    write_enabled: bool,
    /// The command, and the bytes of its address.
    head: Vec<u8>,
    /// How many bytes came after them.
    at: usize,
    /// What a page program has heard.
    page: Vec<u8>,
}

const PAGE: usize = 256;

impl Nor {
    fn new(config: &Flash) -> Result<Nor, String> {
        let size = config.size.unwrap_or(4096);
        if size == 0 || size % PAGE as u32 != 0 || size > 1 << 20 {
            return Err(format!("a flash cannot have {size} bytes: a multiple of {PAGE}, at most 1 MiB"));
        }
        let mut memory = vec![0xff; size as usize];
        for (address, value) in &config.contents {
            let cell = memory.get_mut(*address as usize);
            *cell.ok_or(format!("the address {address:#x} is not below {size:#x}"))? = *value;
        }
        let (head, page) = (Vec::new(), Vec::new());
        Ok(Nor { id: config.id, memory, write_enabled: false, head, at: 0, page })
    }

    fn address(&self) -> usize {
        match self.head[..] {
            [_, high, middle, low] => usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low),
            _ => 0,
        }
    }

    /// What stands at the address, for reading onwards.
    fn next(&self) -> u8 {
        self.memory[(self.address() + self.at) % self.memory.len()]
    }
}

impl Chip for Nor {
    fn select(&mut self) {
        self.head.clear();
        self.page.clear();
        self.at = 0;
    }

    fn exchange(&mut self, hears: u8) -> Option<u8> {
        let long = matches!(self.head.first(), Some(0x02 | 0x03));
        if self.head.is_empty() || long && self.head.len() < 4 {
            self.head.push(hears);
            return None;
        }
        let says = match self.head[0] {
            0x9f => Some(self.id[self.at % 3]),
            0x05 => Some(if self.write_enabled { 0x02 } else { 0x00 }),
            0x03 => Some(self.next()),
            _ => None,
        };
        if self.head[0] == 0x02 {
            // The buffer of a page is what the chip has; more than that overwrites its beginning.
            if self.page.len() < PAGE {
                self.page.push(hears);
            } else {
                self.page[self.at % PAGE] = hears;
            }
        }
        self.at += 1;
        says
    }

    fn release(&mut self) {
        match (self.head.first(), self.head.len()) {
            (Some(0x06), 1) => self.write_enabled = true,
            (Some(0x04), 1) => self.write_enabled = false,
            (Some(0x02), 4) if self.write_enabled => {
                self.write_enabled = false;
                let address = self.address() % self.memory.len();
                let page = address / PAGE * PAGE;
                for (n, byte) in self.page.iter().enumerate() {
                    self.memory[page + (address + n) % PAGE] &= byte;
                }
            }
            _ => {}
        }
        self.select();
    }
}

struct Script {
    frames: VecDeque<ScriptFrame>,
    at: usize,
    wrong: bool,
    selected: bool,
}

impl Chip for Script {
    fn select(&mut self) {
        (self.at, self.wrong, self.selected) = (0, false, true);
    }

    fn exchange(&mut self, hears: u8) -> Option<u8> {
        let frame = self.frames.front()?;
        self.wrong |= frame.hears.get(self.at).is_some_and(|expected| *expected != hears);
        let says = frame.says.get(self.at).copied();
        self.at += 1;
        says.filter(|_| !self.wrong)
    }

    fn release(&mut self) {
        let whole = self.frames.front().is_some_and(|f| f.hears.len().max(f.says.len()) == self.at);
        if std::mem::take(&mut self.selected) && whole && !self.wrong {
            self.frames.pop_front();
        }
    }

    fn unused(&self) -> usize {
        self.frames.len()
    }
}
