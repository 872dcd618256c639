//! The wires of a case as a timing diagram, in SVG.
//!
//! From left to right is board time: a column for each event of the trace, in their order, with the time below. Within a
//! column nothing is to scale: a trace says when an event was, and the bits of a byte are drawn where a
//! decoder would look for them. Where a side differs, what was expected stands above what was seen, and the first difference is
//! marked in both.

mod gpio;
mod i2c;
mod layout;
mod pen;
mod spi;
mod usb;

use crate::sides::{Side, sides};
use crate::wire::Bus;
use anyhow::Context;
use askama::Template;
use pen::{Pen, Text};
use wasi_hw_harness::report::Record;

/// A drawing.
pub struct Diagram {
    width: i32,
    height: i32,
    label: String,
    pen: Pen,
    standalone: bool,
}

#[derive(Template)]
#[template(path = "diagram.svg", escape = "html")]
struct Image<'a> {
    width: i32,
    height: i32,
    label: &'a str,
    paths: Vec<(&'static str, String)>,
    texts: Vec<(&'static str, Vec<&'a Text>)>,
    standalone: bool,
}

impl Diagram {
    /// The diagram of a record; none if no wire saw or expected anything.
    pub fn new(record: &Record) -> Option<Diagram> {
        let bus = Bus::of(&record.proposal)?;
        let sides = sides(record);
        let (wires, guests): (Vec<_>, Vec<_>) = sides.iter().partition(|side| side.wire);
        let wires: Vec<_> =
            wires.into_iter().filter(|side| !(side.seen.is_empty() && side.expected.is_empty())).collect();
        if wires.is_empty() {
            return None;
        }
        let (pen, width, height) = layout::draw(bus, &wires, &guests);
        let differs = wires.iter().any(|side| side.difference.is_some());
        let label = match differs {
            true => format!("Timing diagram of {}: what was expected above what was seen", names(&wires)),
            false => format!("Timing diagram of {}, which saw what was expected", names(&wires)),
        };
        Some(Diagram { width, height, label, pen, standalone: false })
    }

    /// The same with its own style, as a file of its own.
    pub fn standalone(self) -> Diagram {
        Diagram { standalone: true, ..self }
    }

    /// How many events of traces it shows, those that were expected among them.
    pub fn events(&self) -> usize {
        self.pen.texts.iter().filter(|text| text.class == "e").count()
    }

    /// The drawing in SVG. Beside it, the lines of the trace are the text of what it shows.
    pub fn svg(&self) -> anyhow::Result<String> {
        let Diagram { width, height, label, pen, standalone } = self;
        let image = Image {
            width: *width,
            height: *height,
            label,
            paths: pen.paths(),
            texts: pen.texts(),
            standalone: *standalone,
        };
        image.render().context("the diagram")
    }
}

fn names(wires: &[&Side<'_>]) -> String {
    let names: Vec<_> = wires.iter().take(8).map(|side| crate::safe::name(&side.name)).collect();
    names.join(", ")
}
