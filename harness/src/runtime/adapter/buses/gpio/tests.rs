//! GPIO on both sides of the protocol.

use crate::runtime::adapter::both::{both, config};
use std::task::{Context, Waker};
use wasi_hw_seam::{Board, gpio};

fn lines(board: &dyn Board, said: &mut Vec<String>) {
    use gpio::{Direction, Edges, Level, Request, Sample};
    let mut say = |what: String| said.push(what);
    let out = Request { drive: Some(Sample::Level(Level::Low)), ..Request::digital(Direction::Out) };
    let both = Request { edges: Edges::Both, ..Request::digital(Direction::In) };
    say(format!("{:?}", board.gpio("nowhere", &out).err()));
    let mut lamp = board.gpio("lamp", &out).unwrap();
    let mut button = board.gpio("button", &both).unwrap();
    say(format!("{:?}", board.gpio("lamp", &out).err()));
    say(format!("{} {}", lamp.greatest(), lamp.has_settled()));
    say(format!("{} {:?}", button.has_event(), lamp.set(Sample::Level(Level::High))));
    say(format!("{} {:?}", button.has_event(), button.get()));
    let event = button.poll_event(&mut Context::from_waker(Waker::noop()));
    say(format!("{:?}", event.map(|event| event.map(|event| (event.sequence, event.now)))));
    say(format!("{:?}", button.poll_event(&mut Context::from_waker(Waker::noop())).is_pending()));
    say(format!("{:?}", button.set(Sample::Level(Level::High))));
    say(format!("{:?}", lamp.configure(&Request { open_drain: true, ..out })));
    let dimmer = Request { drive: Some(Sample::Value(3)), ..Request::analog(Direction::Out) };
    let mut dimmer = board.gpio("dimmer", &dimmer).unwrap();
    say(format!("{} {:?}", dimmer.greatest(), dimmer.set(Sample::Value(4_000))));
    say(format!("{:?}", dimmer.set(Sample::Value(4_096))));
}

#[test]
fn lines_levels_values_and_events() {
    let (said, trace) = both(
        &config(
            "[gpio.lamp]
         wire = ['button']
         [gpio.button]
         [gpio.dimmer]
         analog = { direction = 'out', greatest = 4095 }",
        ),
        lines,
    );
    assert_eq!(said[0], "Some(Missing)");
    assert_eq!(said[3], "false Ok(())");
    assert_eq!(said[5], "Ready(Ok((1, Level(High))))");
    assert!(trace.contains(&"dimmer: VALUE 4000/4095".to_owned()), "{trace:#?}");
}
