//! What lines, chips and contacts do by themselves, whatever host stands on them.

use embedded_hal::digital::{InputPin, OutputPin, StatefulOutputPin};
use embedded_hal::pwm::SetDutyCycle;
use std::task::{Context, Poll, Waker};
use wasi_hw_mock::gpio::{Direction, Drive, Edges, Level, LineEvent, Pull, Refusal, Request, Sample};
use wasi_hw_mock::{Board, BoardConfig};

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

fn next(line: &wasi_hw_mock::gpio::Line) -> Option<Result<LineEvent, Refusal>> {
    match line.poll_event(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(event) => Some(event),
        Poll::Pending => None,
    }
}

#[test]
fn a_line_is_driven_and_what_it_drives_is_written_on_change() {
    let board = board("[gpio.lamp]");
    let request = Request { drive: Some(Drive::Level(Level::Low)), ..Request::digital(Direction::Out) };
    let lamp = board.gpio("lamp", &request).unwrap();
    lamp.set(Level::High).unwrap();
    lamp.set(Level::High).unwrap();
    assert_eq!(lamp.get(), Ok(Level::High));
    lamp.set(Level::Low).unwrap();
    drop(lamp);
    assert_eq!(lines(&board, "lamp"), ["REQUEST digital out low", "DRIVE high", "DRIVE low", "RELEASE"]);
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
    let free = board.gpio("free", &up).unwrap();
    assert_eq!(free.get(), Ok(Level::High));
    drop(free);
    assert_eq!(lines(&board, "free"), ["REQUEST digital in pull-up", "LEVEL high by pull-up", "RELEASE"]);
    assert_eq!(board.gpio("pulled", &up).unwrap().get(), Ok(Level::Low));
    assert_eq!(board.gpio("none", &up).err(), Some(Refusal::Unsupported));
}

#[test]
fn what_is_stronger_holds_the_line() {
    let board = board(
        "gpio.lamp = { held = 'low' }
         cue = [{ name = 'free', action = [{ gpio = 'lamp', event = 'let-go' }] }]",
    );
    let lamp = board.gpio("lamp", &Request::digital(Direction::InOut)).unwrap();
    lamp.set(Level::High).unwrap();
    assert_eq!((lamp.get(), lamp.driven()), (Ok(Level::Low), Some(Level::High)));
    board.cue("free").unwrap();
    assert_eq!(lamp.get(), Ok(Level::High));
    let expected = ["REQUEST digital in-out", "DRIVE high, held low", "LEVEL high by driver"];
    assert_eq!(lines(&board, "lamp"), expected);
}

#[test]
fn a_wire_joins_lines_and_an_open_drain_lets_go() {
    let board = board("gpio.a = { wire = ['b'], pull = 'up' }\ngpio.b = {}");
    let open = Request { open_drain: true, ..Request::digital(Direction::InOut) };
    let (a, b) = (board.gpio("a", &open).unwrap(), board.gpio("b", &open).unwrap());
    a.set(Level::High).unwrap();
    b.set(Level::Low).unwrap();
    assert_eq!((a.get(), b.get()), (Ok(Level::Low), Ok(Level::Low)));
    b.set(Level::High).unwrap();
    assert_eq!(a.get(), Ok(Level::High));
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
    let button = board.gpio("button", &digital(Direction::In)).unwrap();
    assert!(next(&button).is_none());
    board.wait(5_000);
    let edge = |sequence, at_ns, level| Some(Ok(LineEvent { sequence, at_ns, now: Sample::Level(level) }));
    assert_eq!(next(&button), edge(1, 1_000, Level::Low));
    assert_eq!(next(&button), edge(2, 1_100, Level::High));
    assert_eq!(next(&button), edge(3, 1_200, Level::Low));
    assert!(next(&button).is_none());
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
    let button = board.gpio("button", &digital(Direction::In)).unwrap();
    assert_eq!(button.get(), Ok(Level::High));
}

#[test]
fn only_so_many_events_wait_and_a_gap_tells_of_the_others() {
    let board = board("gpio.a = { wire = ['b'] }\ngpio.b = {}");
    let (a, b) = (
        board.gpio("a", &digital(Direction::In)).unwrap(),
        board.gpio("b", &digital(Direction::Out)).unwrap(),
    );
    for _ in 0..10 {
        b.set(Level::High).unwrap();
        b.set(Level::Low).unwrap();
    }
    let first = next(&a).unwrap().unwrap();
    assert_eq!(first.sequence, 5);
    assert_eq!(std::iter::from_fn(|| next(&a)).count(), 15);
}

#[test]
fn edges_that_were_not_asked_for_are_not_reported() {
    let board = board("gpio.a = { wire = ['b'] }\ngpio.b = {}\ngpio.plain = { no-events = true }");
    let rising = Request { edges: Edges::Rising, ..Request::digital(Direction::In) };
    let (a, b) = (board.gpio("a", &rising).unwrap(), board.gpio("b", &digital(Direction::Out)).unwrap());
    b.set(Level::High).unwrap();
    b.set(Level::Low).unwrap();
    assert_eq!(next(&a).unwrap().unwrap().now, Sample::Level(Level::High));
    assert!(next(&a).is_none());
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
    let sensor =
        board.gpio("sensor", &Request { edges: Edges::Both, ..Request::analog(Direction::In) }).unwrap();
    assert_eq!(sensor.value(), Ok(1000));
    board.wait(20_000);
    let seen = std::iter::from_fn(|| next(&sensor)).map(|event| event.map(|event| (event.at_ns, event.now)));
    let expected = [(11_000, 2000), (12_000, 3000), (13_000, 4000)];
    assert_eq!(seen.collect::<Vec<_>>(), expected.map(|(at, value)| Ok((at, Sample::Value(value)))));
    assert_eq!(
        lines(&board, "sensor")[1..],
        ["VALUE 2000/4095 by other", "VALUE 3000/4095 by other", "VALUE 4000/4095 by other"]
    );

    let mut fan = board.gpio("fan", &Request::analog(Direction::Out)).unwrap();
    assert_eq!(fan.set_value(256), Err(Refusal::Invalid));
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
    let out = board.gpio("out", &Request::analog(Direction::Out)).unwrap();
    let adc = board.gpio("in", &Request::analog(Direction::In)).unwrap();
    out.set_value(5).unwrap();
    assert_eq!(adc.value(), Ok(2048));
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
    let a = board.gpio("a", &digital(Direction::In)).unwrap();
    let c = board.gpio("c", &digital(Direction::In)).unwrap();
    board.cue("unplug").unwrap();
    assert_eq!((a.get(), next(&a)), (Err(Refusal::Gone), Some(Err(Refusal::Gone))));
    assert_eq!(c.get(), Ok(Level::Low));
    assert_eq!(board.gpio("b", &digital(Direction::In)).err(), Some(Refusal::Gone));
    board.cue("plug").unwrap();
    assert_eq!(a.get(), Err(Refusal::Gone));
    let again = board.gpio("a", &digital(Direction::In)).unwrap();
    drop(a);
    assert_eq!(again.get(), Ok(Level::Low));
    assert_eq!(lines(&board, "b"), ["GONE", "BACK"]);
}

#[test]
fn faults_come_at_their_operation_and_do_nothing_else() {
    let board = board(
        "gpio.lamp = { fault = [{ kind = 'io', operation = 2 }, { kind = 'denied', operation = 0 }] }\ngpio.dead = { fault = [{ kind = 'timeout' }] }\ngpio.lost = { fault = [{ kind = 'gone', operation = 1 }] }",
    );
    assert_eq!(board.gpio("lamp", &Request::digital(Direction::Out)).err(), Some(Refusal::Denied));
    let dead = board.gpio("dead", &digital(Direction::InOut)).unwrap();
    assert_eq!((dead.get(), dead.set(Level::High)), (Err(Refusal::Timeout), Err(Refusal::Timeout)));
    assert_eq!(lines(&board, "dead")[1..], ["TIMEOUT", "TIMEOUT"]);
    let lost = board.gpio("lost", &digital(Direction::In)).unwrap();
    assert_eq!(lost.get(), Err(Refusal::Gone));
    assert_eq!(lines(&board, "dead")[3..], ["GONE"]);
}

#[test]
fn a_line_that_settles_refuses_until_it_is_ready() {
    let board = board("gpio.slow = { settle-ns = 5000, held = 'high' }");
    let slow = board.gpio("slow", &digital(Direction::In)).unwrap();
    let ready = || slow.poll_ready(&mut Context::from_waker(Waker::noop()));
    assert_eq!((slow.get(), ready()), (Err(Refusal::NotReady), Poll::Pending));
    board.wait(5_000);
    assert_eq!((ready(), slow.get()), (Poll::Ready(Ok(())), Ok(Level::High)));
    assert_eq!(lines(&board, "slow"), ["REQUEST digital in", "READY"]);
}

#[test]
fn a_driver_that_was_released_keeps_its_level_or_lets_go() {
    let board = board("gpio.keeps = {}\ngpio.floats = { after-release = 'floats' }");
    for name in ["keeps", "floats"] {
        board.gpio(name, &Request::digital(Direction::Out)).unwrap().set(Level::High).unwrap();
    }
    assert_eq!(lines(&board, "keeps")[1..], ["DRIVE high", "RELEASE"]);
    assert_eq!(lines(&board, "floats")[1..], ["DRIVE high", "RELEASE", "LEVEL low by nothing"]);
}

#[test]
fn a_request_can_be_changed_and_operations_must_fit_it() {
    let board = board("gpio.line = {}\ngpio.adc.analog = { direction = 'in', greatest = 9 }");
    let line = board.gpio("line", &Request::digital(Direction::In)).unwrap();
    assert_eq!(line.set(Level::High), Err(Refusal::Invalid));
    let out = Request { drive: Some(Drive::Level(Level::High)), ..Request::digital(Direction::Out) };
    line.configure(&out).unwrap();
    line.configure(&Request { edges: Edges::Both, ..out }).unwrap();
    assert_eq!(lines(&board, "line"), ["REQUEST digital in", "CONFIGURE digital out high"]);
    assert_eq!(line.value(), Err(Refusal::Invalid));
    assert_eq!(board.gpio("adc", &Request::digital(Direction::In)).err(), Some(Refusal::Unsupported));
    assert_eq!(board.gpio("line", &Request::analog(Direction::In)).err(), Some(Refusal::Unsupported));
    let absurd = Request { drive: Some(Drive::Value(3)), ..Request::digital(Direction::Out) };
    assert_eq!(board.gpio("line", &absurd).err(), Some(Refusal::Invalid));
}

#[test]
fn embedded_hal_sees_the_same_line() {
    let board = board("gpio.line = { held = 'low' }");
    let mut line = board.gpio("line", &Request::digital(Direction::InOut)).unwrap();
    line.set_high().unwrap();
    assert_eq!((line.is_high(), line.is_low(), line.is_set_high()), (Ok(false), Ok(true), Ok(true)));
    line.toggle().unwrap();
    assert_eq!(line.is_set_low(), Ok(true));
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
