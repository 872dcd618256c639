//! Writes down each operation on a driver as it is done, in the words of the suite's traces.
//!
//! A driver says what it asked for and what came back, and not what each wire did in between: so no byte has an ACK of its own
//! here, and an operation that was refused says so at its end.

mod usb;

use std::fmt::Write;
use std::sync::Arc;
use std::task::{Context, Poll};
use wasi_hw_harness::say;
use wasi_hw_seam::gpio::{Event, Level, Line, Request, Sample};
use wasi_hw_seam::i2c::{Bus, Data, Flags, Message};
use wasi_hw_seam::spi::{Device, Settings, Transfer};
use wasi_hw_seam::{Board, Over, Refusal, gpio};

/// A board whose drivers write down what they do, on the error stream.
pub(crate) fn board(under: Arc<dyn Board>) -> Arc<dyn Board> {
    Arc::new(Traced(under))
}

struct Traced(Arc<dyn Board>);

/// What is under a name, with its name.
struct Named<T: ?Sized> {
    name: String,
    under: Box<T>,
}

impl<T: ?Sized> Named<T> {
    fn say(&self, words: impl AsRef<str>) {
        say::plain(format_args!("{}  {}", self.name, words.as_ref()));
    }

    fn did<R>(&self, words: impl AsRef<str>, done: &Result<R, Refusal>) {
        match done {
            Ok(_) => self.say(words),
            Err(why) => self.say(format!("{}, {why:?}", words.as_ref())),
        }
    }
}

impl Over for Traced {
    fn below(&self) -> &dyn Board {
        &*self.0
    }

    fn i2c(&self, bus: &str) -> Result<Box<dyn Bus>, Refusal> {
        Ok(Box::new(Named { name: bus.to_owned(), under: self.0.i2c(bus)? }))
    }

    fn spi(&self, device: &str) -> Result<Box<dyn Device>, Refusal> {
        Ok(Box::new(Named { name: device.to_owned(), under: self.0.spi(device)? }))
    }

    fn gpio(&self, line: &str, request: &Request) -> Result<Box<dyn Line>, Refusal> {
        let requested = self.0.gpio(line, request);
        let asked = format!("REQUEST {}", words(request));
        match requested {
            Ok(under) => {
                let named: Named<dyn Line> = Named { name: line.to_owned(), under };
                named.say(asked);
                Ok(Box::new(named))
            }
            Err(why) => {
                say::plain(format_args!("{line}  {asked}, {why:?}"));
                Err(why)
            }
        }
    }

    fn usb(&self) -> Box<dyn wasi_hw_seam::usb::Usb> {
        usb::usb(self.0.usb())
    }
}

/// Bytes, each behind a space but at the beginning of a list.
fn bytes(into: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let space = if into.ends_with('[') { "" } else { " " };
        let _ = write!(into, "{space}{byte:02x}");
    }
}

impl Bus for Named<dyn Bus> {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        let done = self.under.transfer(messages);
        let mut line = String::new();
        for (n, message) in messages.iter().enumerate() {
            let separator = if n == 0 { "" } else { " · " };
            let start = if n == 0 { "START" } else { "RESTART" };
            let direction = if message.reads() { 'R' } else { 'W' };
            let _ = match message.flags.has(Flags::NO_START) {
                true => write!(line, "{separator}(no START)"),
                false => write!(line, "{separator}{start} {:#04x} {direction}", message.address),
            };
            match &message.data {
                Data::Write(written) => bytes(&mut line, written),
                Data::Read(read) if done.is_ok() => bytes(&mut line, read),
                Data::Read(_) => {}
            }
        }
        line.push_str(" · STOP");
        self.did(line, &done);
        done
    }

    fn no_start(&self) -> bool {
        self.under.no_start()
    }
}

impl Device for Named<dyn Device> {
    fn configure(&mut self, settings: Settings) -> Result<(), Refusal> {
        let done = self.under.configure(settings);
        self.did(
            format!("CONFIGURE mode {}, {} Hz, {} bits", settings.mode, settings.hz, settings.bits),
            &done,
        );
        done
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        let done = self.under.message(transfers);
        let mut line = "SELECT".to_owned();
        for transfer in transfers.iter() {
            line.push_str(" · MOSI");
            bytes(&mut line, transfer.output);
            if done.is_ok() && !transfer.input.is_empty() {
                line.push_str(" MISO");
                bytes(&mut line, &*transfer.input);
            }
        }
        line.push_str(" · DESELECT");
        self.did(line, &done);
        done
    }
}

fn words(request: &Request) -> String {
    let mut words = if request.analog { "analog" } else { "digital" }.to_owned();
    words.push_str(match request.direction {
        gpio::Direction::In => " in",
        gpio::Direction::Out => " out",
        gpio::Direction::InOut => " in-out",
    });
    match request.pull {
        Some(gpio::Pull::Up) => words.push_str(" pull-up"),
        Some(gpio::Pull::Down) => words.push_str(" pull-down"),
        None => {}
    }
    if request.open_drain {
        words.push_str(" open-drain");
    }
    words
}

fn level(sample: Sample) -> String {
    match sample {
        Sample::Level(Level::Low) => "low".to_owned(),
        Sample::Level(Level::High) => "high".to_owned(),
        Sample::Value(value) => value.to_string(),
    }
}

impl Line for Named<dyn Line> {
    fn get(&mut self) -> Result<Sample, Refusal> {
        let got = self.under.get();
        self.did(format!("READ {}", got.map(level).unwrap_or_default()), &got);
        got
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let done = self.under.set(to);
        self.did(format!("DRIVE {}", level(to)), &done);
        done
    }

    fn greatest(&self) -> u32 {
        self.under.greatest()
    }

    fn configure(&mut self, request: &Request) -> Result<(), Refusal> {
        let done = self.under.configure(request);
        self.did(format!("CONFIGURE {}", words(request)), &done);
        done
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Event, Refusal>> {
        let polled = self.under.poll_event(context);
        if let Poll::Ready(event) = &polled {
            self.did(
                format!("LEVEL {}", event.as_ref().map(|event| level(event.now)).unwrap_or_default()),
                event,
            );
        }
        polled
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        self.under.poll_ready(context)
    }

    fn has_event(&mut self) -> bool {
        self.under.has_event()
    }

    fn has_settled(&mut self) -> bool {
        self.under.has_settled()
    }
}
