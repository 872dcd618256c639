//! Where everything stands: a column for each event, lanes below one another, time at the bottom.

use super::pen::{Pen, width};
use super::{gpio, i2c, spi, usb};
use crate::safe;
use crate::sides::Side;
use crate::wire::Bus;

/// The most columns. A side with more is drawn around its first difference.
const MOST: usize = 240;

/// What stands left of the first column, for the names of the wires.
const LEFT: i32 = 76;
const TITLE: i32 = 16;
const BREAK: i32 = 44;

/// A column: where it begins, how wide it is, and the time of the event that it was made for.
#[derive(Clone, Copy, Default)]
struct Column {
    x: i32,
    w: i32,
    at: Option<u64>,
    /// So much time passed before it that it is told.
    gap: Option<u64>,
}

/// A lane: its events, each in a column.
struct Lane<'a> {
    title: String,
    events: Vec<(usize, &'a str)>,
    difference: Option<usize>,
    selects: Vec<String>,
}

/// Draws the wires; gives the drawing, its width and its height.
pub(super) fn draw(bus: Bus, wires: &[&Side<'_>], guests: &[&Side<'_>]) -> (Pen, i32, i32) {
    let mut pen = Pen::default();
    // Every event that was seen has a column, in the order of time; of one time, channel by channel.
    let mut seen: Vec<(u64, usize, usize)> = Vec::new();
    for (wire, side) in wires.iter().enumerate() {
        seen.extend(side.seen.iter().enumerate().map(|(place, line)| (line.at, wire, place)));
    }
    seen.sort_unstable();
    let place_of: std::collections::HashMap<(usize, usize), usize> =
        seen.iter().enumerate().map(|(column, (_, wire, place))| ((*wire, *place), column)).collect();
    let longest = wires.iter().map(|side| side.expected.len().saturating_sub(side.seen.len())).max();
    let all = seen.len() + longest.unwrap_or_default();
    let mut columns = vec![Column::default(); all];
    for (column, (at, ..)) in seen.iter().enumerate() {
        columns[column].at = Some(*at);
    }
    let mut lanes = Vec::new();
    for (wire, side) in wires.iter().enumerate() {
        let column = |place: usize| match place_of.get(&(wire, place)) {
            Some(column) => *column,
            None => seen.len() + place - side.seen.len(),
        };
        let texts = side.expected.iter().map(String::as_str).chain(side.seen.iter().map(|line| &*line.text));
        let selects = if bus == Bus::Spi { spi::selects(texts) } else { Vec::new() };
        let difference = side.difference.map(column).filter(|column| *column < all);
        let name = safe::name(&side.name);
        if side.difference.is_some() {
            let more = if side.open { ", as far as the record tells" } else { "" };
            let events = side.expected.iter().enumerate().map(|(n, text)| (column(n), &**text)).collect();
            lanes.push(Lane {
                title: format!("{name}, expected{more}"),
                events,
                difference,
                selects: selects.clone(),
            });
        }
        let title = if side.difference.is_some() {
            format!("{name}, seen")
        } else {
            format!("{name}, seen as expected")
        };
        let events = side.seen.iter().enumerate().map(|(n, line)| (column(n), &*line.text)).collect();
        lanes.push(Lane { title, events, difference, selects });
    }
    let first = lanes.iter().filter_map(|lane| lane.difference).min().unwrap_or_default();
    let from = if all > MOST { first.saturating_sub(MOST / 4) } else { 0 };
    let to = all.min(from + MOST);
    let right = place(bus, &mut columns[from..to], from, &lanes);
    let mut y = 0;
    if from > 0 || to < all {
        let text =
            format!("{from} earlier and {} later events are not drawn; the lines beside have them", all - to);
        pen.text(4, 12, "l", text);
        y += TITLE;
    }
    y = guest_marks(&mut pen, &columns[from..to], guests, y);
    let top = y;
    for lane in &lanes {
        y = draw_lane(bus, &mut pen, lane, &columns, from..to, y, right);
    }
    after_the_guests(&mut pen, &columns[from..to], guests, (top, y), right);
    time(&mut pen, &columns[from..to], y, right);
    (pen, right + 8, y + 48)
}

/// Gives the columns their places; says where the last ends.
fn place(bus: Bus, columns: &mut [Column], from: usize, lanes: &[Lane<'_>]) -> i32 {
    for lane in lanes {
        for (column, text) in &lane.events {
            let Some(column) = column.checked_sub(from).and_then(|column| columns.get_mut(column)) else {
                continue;
            };
            let w = match bus {
                Bus::I2c => i2c::columns(text),
                Bus::Spi => spi::columns(text),
                Bus::Gpio => gpio::columns(text),
                Bus::Usb => usb::columns(text),
            };
            column.w = column.w.max(w);
        }
    }
    let steps = columns.windows(2).filter_map(|pair| Some(pair[1].at?.saturating_sub(pair[0].at?)));
    let mut steps: Vec<_> = steps.filter(|step| *step > 0).collect();
    steps.sort_unstable();
    // A pause that is much longer than what lies between events otherwise is told, as it is not drawn to scale.
    let long = steps.get(steps.len() / 2).map_or(u64::MAX, |usual| usual.saturating_mul(3).max(2_000));
    let (mut x, mut before) = (LEFT, None);
    for column in columns {
        if let (Some(before), Some(at)) = (before, column.at)
            && at - before > long
        {
            column.gap = Some(at - before);
            x += BREAK;
        }
        before = column.at.or(before);
        column.x = x;
        x += column.w;
    }
    x
}

/// Where the lines of each guest stand: a line is written when its call has returned.
fn guest_marks(pen: &mut Pen, columns: &[Column], guests: &[&Side<'_>], y: i32) -> i32 {
    let mut y = y;
    for guest in guests.iter().take(4).filter(|guest| !guest.seen.is_empty()) {
        pen.text(4, y + 12, "l", format!("{}: its lines", safe::name(&guest.name)));
        let mut marks: Vec<(i32, usize, usize)> = Vec::new();
        for (n, line) in (1..).zip(guest.seen) {
            let before = columns.iter().rev().find(|column| column.at.is_some_and(|at| at <= line.at));
            let x = before.map_or(LEFT, |column| column.x + column.w) - 2;
            match marks.last_mut() {
                Some((last, _, to)) if *last == x => *to = n,
                _ => marks.push((x, n, n)),
            }
        }
        for (x, first, last) in marks {
            let text = if first == last { first.to_string() } else { format!("{first}–{last}") };
            pen.text(x - width(&text) / 2, y + 28, "t", text);
            pen.path("g", format!("M{x} {}v4", y + 31));
        }
        y += 36;
    }
    y
}

/// Marks what the wires saw after the last line of the guests: that is the host's own doing, and the teardown's.
fn after_the_guests(
    pen: &mut Pen,
    columns: &[Column],
    guests: &[&Side<'_>],
    (top, bottom): (i32, i32),
    right: i32,
) {
    let last = guests.iter().filter_map(|guest| guest.seen.last()).map(|line| line.at).max();
    let after = last.and_then(|last| columns.iter().find(|column| column.at.is_some_and(|at| at > last)));
    if let Some(column) = after {
        pen.path("a", format!("M{} {top}V{}", column.x - 3, bottom + 18));
        let text = "after the guest's last line";
        // On the other side where there is no room.
        let x = if column.x + width(text) < right { column.x } else { column.x - width(text) - 6 };
        // Below the pauses, which stand where this may begin.
        pen.text(x, bottom + 43, "t", text);
    }
}

fn time(pen: &mut Pen, columns: &[Column], y: i32, right: i32) {
    pen.path("g", format!("M{LEFT} {y}H{right}"));
    let (mut free, mut before) = (0, None);
    for column in columns {
        let Some(at) = column.at else { continue };
        if let Some(gap) = column.gap {
            let x = column.x - BREAK;
            pen.path("z", format!("M{} {}l4 -8 4 16 4 -8", x + 14, y));
            pen.text(x, y + 30, "t", format!("+{}", safe::time(gap)));
        }
        let text = safe::time(at);
        if before != Some(at) && column.x >= free {
            pen.path("g", format!("M{} {y}v4", column.x));
            free = column.x + width(&text) + 8;
            pen.text(column.x, y + 15, "t", text);
            before = Some(at);
        }
    }
}

fn draw_lane(
    bus: Bus,
    pen: &mut Pen,
    lane: &Lane<'_>,
    columns: &[Column],
    shown: std::ops::Range<usize>,
    y: i32,
    right: i32,
) -> i32 {
    let height = match bus {
        Bus::I2c => i2c::HEIGHT,
        Bus::Spi => spi::height(&lane.selects),
        Bus::Gpio => gpio::HEIGHT,
        Bus::Usb => usb::HEIGHT,
    };
    pen.text(4, y + 12, "l", lane.title.clone());
    if let Some(column) = lane.difference.filter(|column| shown.contains(column)) {
        let Column { x, w, .. } = columns[column];
        pen.rect("d", x - 3, y + TITLE, w.max(14), height);
        pen.text(x, y + 12, "dl", "first difference");
    }
    let y = y + TITLE;
    let names: Vec<(String, i32)> = match bus {
        Bus::I2c => i2c::NAMES.map(|(name, at)| (name.to_owned(), at)).into(),
        Bus::Spi => spi::names(&lane.selects),
        Bus::Gpio => Vec::new(),
        Bus::Usb => usb::NAMES.map(|(name, at)| (name.to_owned(), at)).into(),
    };
    for (name, at) in names {
        pen.text(4, y + at, "n", name.chars().take(11).collect::<String>());
    }
    let events = lane.events.iter().filter(|(column, _)| shown.contains(column));
    let events = events.map(|(column, text)| (columns[*column].x, *text));
    match bus {
        Bus::I2c => {
            let mut lane = i2c::Lane::new(y);
            events.for_each(|(x, text)| lane.event(pen, x, text));
            lane.finish(pen, right);
        }
        Bus::Spi => {
            let mut drawn = spi::Lane::new(y, &lane.selects);
            events.for_each(|(x, text)| drawn.event(pen, x, text));
            drawn.finish(pen, right);
        }
        Bus::Gpio => {
            let mut lane = gpio::Lane::new(y);
            events.for_each(|(x, text)| lane.event(pen, x, text));
            lane.finish(pen, right);
        }
        Bus::Usb => {
            let mut lane = usb::Lane::new(y);
            events.for_each(|(x, text)| lane.event(pen, x, text));
            lane.finish(pen, right);
        }
    }
    y + height
}
