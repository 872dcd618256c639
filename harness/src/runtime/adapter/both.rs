//! A board behind the adapter protocol against the same board in this process: what a driver of the one says, a driver
//! of the other says, and the wires see the same.

use crate::runtime::adapter::Socket;
use std::io::BufReader;
use std::net::TcpStream;
use std::sync::Arc;
use wasi_hw_mock::{self as mock, BoardConfig};
use wasi_hw_protocol::{Client, Harness, ToAdapter};
use wasi_hw_seam::Board;

/// Calls drivers, and writes down what they say.
pub(super) type Script = fn(&dyn Board, &mut Vec<String>);

pub(super) fn config(text: &str) -> BoardConfig {
    toml::from_str(text).unwrap()
}

/// What the drivers of both say, and the lines of the trace with their channels: the same, or the test fails.
pub(super) fn both(config: &BoardConfig, script: Script) -> (Vec<String>, Vec<String>) {
    let ended = |board: &mock::Board, said: Vec<String>| {
        let trace = board.trace();
        let lines = trace.entries().iter().map(|entry| format!("{}: {}", entry.channel, entry.text));
        (said, lines.collect::<Vec<_>>())
    };
    let board = mock::Board::new(config).unwrap();
    let mut said = Vec::new();
    script(&board, &mut said);
    let here = ended(&board, said);

    let board = mock::Board::new(config).unwrap();
    let socket = Socket::open().unwrap();
    socket.serve_board(&board);
    let stream = TcpStream::connect(socket.address()).unwrap();
    let harness = Harness::<()>::new(BufReader::new(stream.try_clone().unwrap()), stream);
    assert!(matches!(harness.next(), Ok(ToAdapter::Start(_))));
    let mut said = Vec::new();
    script(&Client::new(Arc::new(harness), 0), &mut said);
    let there = ended(&board, said);
    assert_eq!(here, there);
    here
}
