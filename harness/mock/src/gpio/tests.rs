//! What lines, chips and contacts do by themselves, whatever host stands on them.

use crate::{Board, BoardConfig};
use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal::pwm::SetDutyCycle;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Board as _;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Direction, Edges, Event, Level, Line, Pull, Request, Sample};

const LOW: Sample = Sample::Level(Level::Low);
const HIGH: Sample = Sample::Level(Level::High);

fn board(config: &str) -> Board {
    let config: BoardConfig = toml::from_str(config).expect("a board");
    Board::new(&config).expect("a board that can be built")
}

fn refused(config: &str) -> String {
    match toml::from_str::<BoardConfig>(config) {
        Err(why) => why.to_string(),
        Ok(config) => Board::new(&config).err().expect("a board that cannot be built"),
    }
}

fn lines(board: &Board, channel: &str) -> Vec<String> {
    board.trace().channel(channel).map(|entry| entry.text.clone()).collect()
}

fn digital(direction: Direction) -> Request {
    Request { edges: Edges::Both, ..Request::digital(direction) }
}

fn next(line: &mut dyn Line) -> Option<Result<Event, Refusal>> {
    match line.poll_event(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(event) => Some(event),
        Poll::Pending => None,
    }
}

#[test]
fn a_line_is_driven_and_what_it_drives_is_written_on_change() {
    let board = board("[gpio.lamp]");
    let request = Request { drive: Some(LOW), ..Request::digital(Direction::Out) };
    let mut lamp = board.gpio("lamp", &request).unwrap();
    lamp.set(HIGH).unwrap();
    lamp.set(HIGH).unwrap();
    assert_eq!(lamp.get(), Ok(HIGH));
    lamp.set(LOW).unwrap();
    drop(lamp);
    assert_eq!(lines(&board, "lamp"), ["REQUEST digital out low", "DRIVE high", "DRIVE low", "RELEASE"]);
}

#[test]
fn a_line_fails_until_it_is_told_to_work_and_keeps_what_it_drove() {
    let board = board(
        "gpio.lamp = {}\ncue = [{ name = 'fail', action = [{ gpio = 'lamp', event = { fails = 'timeout' } }] }, \
         { name = 'work', action = [{ gpio = 'lamp', event = 'works' }] }]",
    );
    let request = Request { drive: Some(LOW), ..Request::digital(Direction::Out) };
    let mut lamp = board.gpio("lamp", &request).unwrap();
    lamp.set(HIGH).unwrap();
    board.cue("fail").unwrap();
    for _ in 0..3 {
        assert_eq!(lamp.set(LOW), Err(Refusal::Timeout));
    }
    board.cue("work").unwrap();
    assert_eq!(lamp.get(), Ok(HIGH));
    lamp.set(LOW).unwrap();
    let seen = ["REQUEST digital out low", "DRIVE high", "TIMEOUT", "TIMEOUT", "TIMEOUT", "DRIVE low"];
    assert_eq!(lines(&board, "lamp"), seen);
}

#[test]
fn a_line_has_one_owner() {
    let board = board(
        "gpio.lamp = {}\ngpio.other = { taken = true }\ncue = [{ name = 'free', action = [{ gpio = 'other', event = 'give-back' }] }]",
    );
    let first = board.gpio("lamp", &Request::digital(Direction::In)).unwrap();
    assert_eq!(board.gpio("lamp", &Request::digital(Direction::In)).err(), Some(Refusal::Busy));
    drop(first);
    assert!(board.gpio("lamp", &Request::digital(Direction::Out)).is_ok());
    assert_eq!(board.gpio("other", &Request::digital(Direction::In)).err(), Some(Refusal::Busy));
    board.cue("free").unwrap();
    assert!(board.gpio("other", &Request::digital(Direction::In)).is_ok());
    assert_eq!(board.gpio("none", &Request::digital(Direction::In)).err(), Some(Refusal::Missing));
}

#[test]
fn resistors_give_a_floating_line_its_level_and_the_one_on_the_board_wins() {
    let board = board(
        "gpio.free = {}\ngpio.pulled = { pull = 'down', floats = 'high' }\ngpio.none = { no-bias = true }",
    );
    let up = Request { pull: Some(Pull::Up), ..Request::digital(Direction::In) };
    let mut free = board.gpio("free", &up).unwrap();
    assert_eq!(free.get(), Ok(HIGH));
    drop(free);
    assert_eq!(lines(&board, "free"), ["REQUEST digital in pull-up", "LEVEL high by pull-up", "RELEASE"]);
    assert_eq!(board.gpio("pulled", &up).unwrap().get(), Ok(LOW));
    assert_eq!(board.gpio("none", &up).err(), Some(Refusal::Unsupported));
}

#[test]
fn what_is_stronger_holds_the_line() {
    let board = board(
        "gpio.lamp = { held = 'low' }
         cue = [{ name = 'free', action = [{ gpio = 'lamp', event = 'let-go' }] }]",
    );
    let mut lamp = board.gpio("lamp", &Request::digital(Direction::InOut)).unwrap();
    lamp.set(HIGH).unwrap();
    assert_eq!(lamp.get(), Ok(LOW));
    board.cue("free").unwrap();
    assert_eq!(lamp.get(), Ok(HIGH));
    let expected = ["REQUEST digital in-out", "DRIVE high, held low", "LEVEL high by driver"];
    assert_eq!(lines(&board, "lamp"), expected);
}

#[test]
fn a_wire_joins_lines_and_an_open_drain_lets_go() {
    let board = board("gpio.a = { wire = ['b'], pull = 'up' }\ngpio.b = {}");
    let open = Request { open_drain: true, ..Request::digital(Direction::InOut) };
    let (mut a, mut b) = (board.gpio("a", &open).unwrap(), board.gpio("b", &open).unwrap());
    a.set(HIGH).unwrap();
    b.set(LOW).unwrap();
    assert_eq!((a.get(), b.get()), (Ok(LOW), Ok(LOW)));
    b.set(HIGH).unwrap();
    assert_eq!(a.get(), Ok(HIGH));
    assert_eq!(
        lines(&board, "a"),
        ["REQUEST digital in-out open-drain", "DRIVE float", "LEVEL low by b", "LEVEL high by pull-up"]
    );
    let b_saw = ["REQUEST digital in-out open-drain", "DRIVE low", "DRIVE float", "LEVEL high by pull-up"];
    assert_eq!(lines(&board, "b"), b_saw);
}

#[test]
fn a_contact_bounces_and_each_edge_is_reported_with_its_time() {
    let board = board(
        "gpio.button = { pull = 'up', contact = { closes-to = 'low', bounces = 1, bounce-ns = 100 } }
         event = [{ at-ns = 1000, action = [{ gpio = 'button', event = 'press' }] }]",
    );
    let mut button = board.gpio("button", &digital(Direction::In)).unwrap();
    assert!(next(&mut *button).is_none());
    board.wait(5_000);
    let edge = |sequence, at_ns, now| Some(Ok(Event { sequence, at_ns, now }));
    assert_eq!(next(&mut *button), edge(1, 1_000, LOW));
    assert_eq!(next(&mut *button), edge(2, 1_100, HIGH));
    assert_eq!(next(&mut *button), edge(3, 1_200, LOW));
    assert!(next(&mut *button).is_none());
    let expected = ["LEVEL low by contact", "LEVEL high by pull-up", "LEVEL low by contact"];
    assert_eq!(lines(&board, "button")[1..], expected);
}

#[test]
fn a_release_ends_the_bounces_of_the_press_before_it() {
    let board = board(
        "gpio.button = { pull = 'up', contact = { closes-to = 'low', bounces = 9, bounce-ns = 100 } }
         event = [
             { at-ns = 1000, action = [{ gpio = 'button', event = 'press' }] },
             { at-ns = 1050, action = [{ gpio = 'button', event = 'release' }] },
         ]",
    );
    board.wait(100_000);
    let mut button = board.gpio("button", &digital(Direction::In)).unwrap();
    assert_eq!(button.get(), Ok(HIGH));
}

#[test]
fn only_so_many_events_wait_and_a_gap_tells_of_the_others() {
    let board = board("gpio.a = { wire = ['b'] }\ngpio.b = {}");
    let (mut a, mut b) = (
        board.gpio("a", &digital(Direction::In)).unwrap(),
        board.gpio("b", &digital(Direction::Out)).unwrap(),
    );
    for _ in 0..10 {
        b.set(HIGH).unwrap();
        b.set(LOW).unwrap();
    }
    let first = next(&mut *a).unwrap().unwrap();
    assert_eq!(first.sequence, 5);
    assert_eq!(std::iter::from_fn(|| next(&mut *a)).count(), 15);
}

#[test]
fn edges_that_were_not_asked_for_are_not_reported() {
    let board = board("gpio.a = { wire = ['b'] }\ngpio.b = {}\ngpio.plain = { no-events = true }");
    let rising = Request { edges: Edges::Rising, ..Request::digital(Direction::In) };
    let (mut a, mut b) =
        (board.gpio("a", &rising).unwrap(), board.gpio("b", &digital(Direction::Out)).unwrap());
    b.set(HIGH).unwrap();
    b.set(LOW).unwrap();
    assert_eq!(next(&mut *a).unwrap().unwrap().now, HIGH);
    assert!(next(&mut *a).is_none());
    assert_eq!(board.gpio("plain", &rising).err(), Some(Refusal::Unsupported));
    assert!(board.gpio("plain", &Request::digital(Direction::In)).is_ok());
}

#[test]
fn analog_lines_have_values_ramps_and_a_greatest_value() {
    let board = board(
        "gpio.sensor.analog = { direction = 'in', greatest = 4095, value = 1000 }
         gpio.fan.analog = { direction = 'out', greatest = 255, kind = 'pwm' }
         event = [{ at-ns = 10_000, action = [{ gpio = 'sensor', event = { ramp = { to = 4000, ns = 3_000, points = 3 } } }] }]",
    );
    let mut sensor =
        board.gpio("sensor", &Request { edges: Edges::Both, ..Request::analog(Direction::In) }).unwrap();
    assert_eq!(sensor.get(), Ok(Sample::Value(1000)));
    board.wait(20_000);
    let seen =
        std::iter::from_fn(|| next(&mut *sensor)).map(|event| event.map(|event| (event.at_ns, event.now)));
    let expected = [(11_000, 2000), (12_000, 3000), (13_000, 4000)];
    assert_eq!(seen.collect::<Vec<_>>(), expected.map(|(at, value)| Ok((at, Sample::Value(value)))));
    assert_eq!(
        lines(&board, "sensor")[1..],
        ["VALUE 2000/4095 by other", "VALUE 3000/4095 by other", "VALUE 4000/4095 by other"]
    );

    let mut fan = board.gpio("fan", &Request::analog(Direction::Out)).unwrap();
    assert_eq!(fan.set(Sample::Value(256)), Err(Refusal::Invalid));
    fan.set_duty_cycle_fraction(1, 2).unwrap();
    fan.set_duty_cycle_fully_on().unwrap();
    assert_eq!(lines(&board, "fan"), ["REQUEST analog out", "DUTY 127/255", "DUTY 255/255"]);
}

#[test]
fn a_wire_from_an_output_to_a_converter_carries_the_mean() {
    let board = board(
        "gpio.out = { analog = { direction = 'out', greatest = 10, kind = 'pwm' }, wire = ['in', 'level'] }
         gpio.in.analog = { direction = 'in', greatest = 4095 }
         gpio.level = {}",
    );
    let mut out = board.gpio("out", &Request::analog(Direction::Out)).unwrap();
    let mut adc = board.gpio("in", &Request::analog(Direction::In)).unwrap();
    out.set(Sample::Value(5)).unwrap();
    assert_eq!(adc.get(), Ok(Sample::Value(2048)));
    assert_eq!(lines(&board, "in")[1..], ["VALUE 2048/4095 by out"]);
    assert_eq!(lines(&board, "level"), ["LEVEL high by out"]);
}

#[test]
fn a_chip_goes_with_all_its_lines_and_old_requests_stay_dead() {
    let board = board(
        "gpio.a = { chip = 'x' }\ngpio.b = { chip = 'x' }\ngpio.c = {}
         cue = [
             { name = 'unplug', action = [{ gpio = 'a', event = 'gone' }] },
             { name = 'plug', action = [{ gpio = 'a', event = 'back' }] },
         ]",
    );
    let mut a = board.gpio("a", &digital(Direction::In)).unwrap();
    let mut c = board.gpio("c", &digital(Direction::In)).unwrap();
    board.cue("unplug").unwrap();
    assert_eq!((a.get(), next(&mut *a)), (Err(Refusal::Gone), Some(Err(Refusal::Gone))));
    assert_eq!(c.get(), Ok(LOW));
    assert_eq!(board.gpio("b", &digital(Direction::In)).err(), Some(Refusal::Gone));
    board.cue("plug").unwrap();
    assert_eq!(a.get(), Err(Refusal::Gone));
    let mut again = board.gpio("a", &digital(Direction::In)).unwrap();
    drop(a);
    assert_eq!(again.get(), Ok(LOW));
    assert_eq!(lines(&board, "b"), ["GONE", "BACK"]);
}

#[test]
fn faults_come_at_their_operation_and_do_nothing_else() {
    let board = board(
        "gpio.lamp = { fault = [{ kind = 'io', operation = 2 }, { kind = 'denied', operation = 0 }] }\ngpio.dead = { fault = [{ kind = 'timeout' }] }\ngpio.lost = { fault = [{ kind = 'gone', operation = 1 }] }",
    );
    assert_eq!(board.gpio("lamp", &Request::digital(Direction::Out)).err(), Some(Refusal::Denied));
    let mut dead = board.gpio("dead", &digital(Direction::InOut)).unwrap();
    assert_eq!((dead.get(), dead.set(HIGH)), (Err(Refusal::Timeout), Err(Refusal::Timeout)));
    assert_eq!(lines(&board, "dead")[1..], ["TIMEOUT", "TIMEOUT"]);
    let mut lost = board.gpio("lost", &digital(Direction::In)).unwrap();
    assert_eq!(lost.get(), Err(Refusal::Gone));
    assert_eq!(lines(&board, "dead")[3..], ["GONE"]);
}

#[test]
fn a_line_that_settles_refuses_until_it_is_ready() {
    let board = board("gpio.slow = { settle-ns = 5000, held = 'high' }");
    let mut slow = board.gpio("slow", &digital(Direction::In)).unwrap();
    let ready = |slow: &mut dyn Line| slow.poll_ready(&mut Context::from_waker(Waker::noop()));
    assert_eq!((slow.get(), ready(&mut *slow)), (Err(Refusal::NotReady), Poll::Pending));
    board.wait(5_000);
    assert_eq!((ready(&mut *slow), slow.get()), (Poll::Ready(Ok(())), Ok(HIGH)));
    assert_eq!(lines(&board, "slow"), ["REQUEST digital in", "READY"]);
}

#[test]
fn a_driver_that_was_released_keeps_its_level_or_lets_go() {
    let board = board("gpio.keeps = {}\ngpio.floats = { after-release = 'floats' }");
    for name in ["keeps", "floats"] {
        board.gpio(name, &Request::digital(Direction::Out)).unwrap().set(HIGH).unwrap();
    }
    assert_eq!(lines(&board, "keeps")[1..], ["DRIVE high", "RELEASE"]);
    assert_eq!(lines(&board, "floats")[1..], ["DRIVE high", "RELEASE", "LEVEL low by nothing"]);
}

#[test]
fn a_request_can_be_changed_and_operations_must_fit_it() {
    let board = board(
        "gpio.line = {}\ngpio.adc.analog = { direction = 'in', greatest = 9 }\ngpio.dac.analog = { direction = 'out', greatest = 9 }",
    );
    let mut line = board.gpio("line", &Request::digital(Direction::In)).unwrap();
    assert_eq!(line.set(HIGH), Err(Refusal::Invalid));
    let out = Request { drive: Some(HIGH), ..Request::digital(Direction::Out) };
    line.configure(&out).unwrap();
    line.configure(&Request { edges: Edges::Both, ..out }).unwrap();
    assert_eq!(lines(&board, "line"), ["REQUEST digital in", "CONFIGURE digital out high"]);
    assert_eq!(line.set(Sample::Value(1)), Err(Refusal::Invalid));
    let analog = board.gpio("dac", &Request::analog(Direction::Out)).map(|mut line| line.get());
    assert_eq!(analog, Ok(Err(Refusal::Invalid)));
    assert_eq!(board.gpio("adc", &Request::digital(Direction::In)).err(), Some(Refusal::Unsupported));
    assert_eq!(board.gpio("line", &Request::analog(Direction::In)).err(), Some(Refusal::Unsupported));
    let absurd = Request { drive: Some(Sample::Value(3)), ..Request::digital(Direction::Out) };
    assert_eq!(board.gpio("line", &absurd).err(), Some(Refusal::Invalid));
}

#[test]
fn embedded_hal_sees_the_same_line() {
    let board = board("gpio.line = { held = 'low' }");
    let mut line = board.gpio("line", &Request::digital(Direction::InOut)).unwrap();
    line.set_high().unwrap();
    assert_eq!((line.is_high(), line.is_low()), (Ok(false), Ok(true)));
    line.set_low().unwrap();
    let expected = ["REQUEST digital in-out", "DRIVE high, held low", "DRIVE low"];
    assert_eq!(lines(&board, "line"), expected);
}

#[test]
fn a_board_that_makes_no_sense_is_refused() {
    assert!(refused("gpio.a.wire = ['b']").contains("no such line"));
    assert!(
        refused("gpio.a.analog = { direction = 'in', greatest = 9, value = 10 }")
            .contains("above the greatest")
    );
    assert!(refused("gpio.a.analog = { direction = 'in', greatest = 0 }").contains("nonzero"));
    let acting = |event: &str| {
        refused(&format!(
            "gpio.a = {{}}\ncue = [{{ name = 'x', action = [{{ gpio = 'a', event = {event} }}] }}]"
        ))
    };
    assert!(acting("'press'").contains("no contact"));
    assert!(acting("{ value = 1 }").contains("not analog"));
    assert!(acting("{ ramp = { to = 1, ns = 1, points = 0 } }").contains("points"));
    let missing = refused("gpio.a = {}\ncue = [{ name = 'x', action = [{ gpio = 'b', event = 'gone' }] }]");
    assert!(missing.contains("lines are: [a]"));
}
