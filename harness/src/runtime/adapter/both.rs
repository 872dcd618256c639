//! A board behind the adapter protocol against the same board in this process: what a driver of the one says, a driver
//! of the other says, and the wires see the same.

use crate::runtime::adapter::Socket;
use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;
use wasi_hw_mock::{self as mock, BoardConfig};
use wasi_hw_protocol::{Client, Harness, ToAdapter, address_and_secret};
use wasi_hw_seam::Board;

/// Calls drivers, and writes down what they say.
pub(super) type Script = fn(&dyn Board, &mut Vec<String>);

pub(super) fn config(text: &str) -> BoardConfig {
    toml::from_str(text).unwrap()
}

/// What the drivers of both say, and the lines of the trace with their channels: the same, or the test fails.
pub(super) fn both(config: &BoardConfig, script: Script) -> (Vec<String>, Vec<String>) {
    let board = mock::Board::new(config).unwrap();
    let mut said = Vec::new();
    script(&board, &mut said);
    let here = (said, lines(&board));
    assert_eq!(here, over_the_protocol(config, script));
    here
}

/// The same, of the one behind the protocol alone.
pub(super) fn over_the_protocol(config: &BoardConfig, script: Script) -> (Vec<String>, Vec<String>) {
    let board = mock::Board::new(config).unwrap();
    let socket = Socket::open().unwrap();
    socket.serve_board(&board);
    let named = socket.address();
    let (address, secret) = address_and_secret(&named).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    writeln!(stream, "{secret}").unwrap();
    let harness = Harness::<()>::new(BufReader::new(stream.try_clone().unwrap()), stream);
    assert!(matches!(harness.next(), Ok(ToAdapter::Start(_))));
    let mut said = Vec::new();
    script(&Client::new(Arc::new(harness), 0), &mut said);
    (said, lines(&board))
}

fn lines(board: &mock::Board) -> Vec<String> {
    let trace = board.trace();
    trace.entries().iter().map(|entry| format!("{}: {}", entry.channel, entry.text)).collect()
}
