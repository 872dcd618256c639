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
        Model::Flash(flash) => Box::new(Nor::new(flash)?),
        Model::Script { frame } => {
            let frames = frame.iter().map(lines).collect::<Result<_, _>>()?;
            Box::new(Script { frames, at: 0, wrong: false, selected: false })
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
        if size == 0 || !size.is_multiple_of(PAGE as u32) || size > 1 << 20 {
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

/// What is expected on the two lines, byte by byte.
type Lines = (Vec<Option<u8>>, Vec<Option<u8>>);

struct Script {
    frames: VecDeque<Lines>,
    at: usize,
    wrong: bool,
    selected: bool,
}

fn lines(frame: &ScriptFrame) -> Result<Lines, String> {
    let byte = |text: &str| match (text, u8::from_str_radix(text, 16)) {
        ("*", _) => Ok(None),
        (_, Ok(byte)) if text.len() == 2 && !text.starts_with('+') => Ok(Some(byte)),
        _ => Err(format!("`{text}` is not a byte in hexadecimal such as 9f, nor `*`")),
    };
    let line = |text: &str| text.split_whitespace().map(byte).collect::<Result<_, _>>();
    Ok((line(&frame.hears)?, line(&frame.says)?))
}

impl Chip for Script {
    fn select(&mut self) {
        (self.at, self.wrong, self.selected) = (0, false, true);
    }

    fn exchange(&mut self, hears: u8) -> Option<u8> {
        let (expected, says) = self.frames.front()?;
        let expected = expected.get(self.at).copied().flatten();
        self.wrong |= expected.is_some_and(|expected| expected != hears);
        let says = says.get(self.at).copied().flatten();
        self.at += 1;
        says.filter(|_| !self.wrong)
    }

    fn release(&mut self) {
        let whole = |(hears, says): &Lines| hears.len().max(says.len()) == self.at;
        if self.selected && !self.wrong && self.frames.front().is_some_and(whole) {
            self.frames.pop_front();
        }
        self.selected = false;
    }

    fn unused(&self) -> usize {
        self.frames.len()
    }
}
