//! Several drivers on one board: one runs at a time, in an order that is the same in every run.

use crate::{Board, BoardConfig, Idle};
use embedded_hal::i2c::I2c;
use std::sync::{Arc, Mutex};
use std::thread;
use wasi_hw_seam::Board as _;

fn board(config: &str) -> Board {
    let config: BoardConfig = toml::from_str(config).unwrap();
    Board::new(&config).unwrap()
}

#[test]
fn time_passes_when_everybody_waits() {
    for _ in 0..50 {
        let board = board("");
        let order = Arc::new(Mutex::new(Vec::new()));
        board.make_places(2);
        thread::scope(|scope| {
            for (place, steps) in [[10, 30], [20, 5]].into_iter().enumerate() {
                let (board, order) = (board.clone(), Arc::clone(&order));
                scope.spawn(move || {
                    let _turn = board.take_turn(place);
                    for ns in steps {
                        board.wait(ns);
                        order.lock().unwrap().push((place, board.now()));
                    }
                });
            }
        });
        assert_eq!(*order.lock().unwrap(), [(0, 10), (1, 20), (1, 25), (0, 40)]);
    }
}

#[test]
fn a_held_adapter_lets_the_others_in_between_two_transfers() {
    let board =
        board("[i2c.bus]\nhold-after-transfer = 1\n[[i2c.bus.target]]\naddress = 0x48\nmodel = 'counter'");
    board.make_places(2);
    thread::scope(|scope| {
        for place in [0, 1] {
            let board = board.clone();
            scope.spawn(move || {
                let _turn = board.take_turn(place);
                let mut bus = board.i2c("bus").unwrap();
                bus.write(0x48_u8, &[place as u8]).unwrap();
                bus.write(0x48_u8, &[place as u8]).unwrap();
            });
        }
    });
    let bytes: Vec<_> = board
        .trace()
        .channel("bus")
        .filter(|e| e.text.ends_with("0 ACK") || e.text.ends_with("1 ACK"))
        .map(|e| e.text.clone())
        .collect();
    assert_eq!(bytes, ["00 ACK", "01 ACK", "01 ACK", "00 ACK"]);
}

#[test]
fn a_board_on_which_nothing_can_happen_says_so() {
    let board =
        board("[i2c.bus]\n[[event]]\nat-ns = 7\naction = [{ i2c = 'bus', event = { note = 'seven' } }]");
    assert_eq!((board.idle(), board.now()), (Idle::Moved, 7));
    assert_eq!((board.idle(), board.now()), (Idle::Dead, 7));
}

#[test]
fn everybody_learns_that_nothing_can_happen() {
    let board = board("");
    board.make_places(3);
    let dead: usize = thread::scope(|scope| {
        let drivers: Vec<_> = (0..3)
            .map(|place| {
                let board = board.clone();
                scope.spawn(move || {
                    let _turn = board.take_turn(place);
                    while board.idle() != Idle::Dead {}
                    1
                })
            })
            .collect();
        drivers.into_iter().map(|driver| driver.join().unwrap()).sum()
    });
    assert_eq!(dead, 3);
}

#[test]
fn who_waits_for_anything_has_a_deadline_if_it_likes() {
    let event = "[i2c.bus]\n[[event]]\nat-ns = 7\naction = [{ i2c = 'bus', event = { note = 'seven' } }]";
    let alone = board(event);
    let waits = [5, 20, 20, 20].map(|until| (alone.idle_until(until), alone.now()));
    assert_eq!(waits, [5, 7, 20, 20].map(|now| (Idle::Moved, now)));

    let shared = board(event);
    shared.make_places(2);
    let seen = thread::scope(|scope| {
        let drivers: Vec<_> = [[5, 20, 20], [6, 6, 50]]
            .into_iter()
            .enumerate()
            .map(|(place, times)| {
                let board = shared.clone();
                scope.spawn(move || {
                    let _turn = board.take_turn(place);
                    times.map(|until| {
                        assert_eq!(board.idle_until(until), Idle::Moved);
                        board.now()
                    })
                })
            })
            .collect();
        drivers.into_iter().map(|driver| driver.join().unwrap()).collect::<Vec<_>>()
    });
    // Whatever happens, be it a deadline, is told to both.
    assert_eq!(seen, [[5, 6, 7], [5, 6, 7]]);
}
