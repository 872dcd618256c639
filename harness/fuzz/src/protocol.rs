//! The lines of an adapter. An input is what it says, or a whole conversation as `harness/protocol/golden` has them.

use std::path::Path;
use std::sync::LazyLock;
use wasi_hw_harness::runtime::adapter::rehearse;
use wasi_hw_harness::runtime::{Job, Limits, Stderr, Transcript};
use wasi_hw_harness::suite::fixture::{Fixture, HostConfig};
use wasi_hw_harness::suite::manifest::Component;
use wasi_hw_mock::Board;
use wasi_hw_protocol::ToAdapter;

/// A board with something on every bus.
static FIXTURE: LazyLock<Fixture> =
    LazyLock::new(|| toml::from_str(include_str!("board.toml")).expect("the board is one"));

/// Whatever it says, every guest has an end, and what is kept of it is bounded.
pub(crate) fn feed(input: &[u8]) {
    let (mut said, mut heard) = (Vec::new(), Vec::new());
    for line in input.split_inclusive(|byte| *byte == b'\n') {
        match line {
            [b'<', b' ', rest @ ..] => said.extend(rest),
            [b'>', b' ', rest @ ..] => heard.extend(rest),
            [b'#', ..] => {}
            line => said.extend(line),
        }
    }
    // What the harness says, as an adapter in Rust reads it.
    for line in heard.split(|byte| *byte == b'\n') {
        let _ = serde_json::from_slice::<ToAdapter<HostConfig, serde_json::Value>>(line);
    }
    let board = Board::new(&FIXTURE.device).expect("it was built before");
    let transcripts = [Transcript::of_several(2), Transcript::of_several(2)];
    let guests = if said.windows(9).any(|part| part == b"\"guest\":1") { 2 } else { 1 };
    let tests = ["one", "other"].into_iter().zip(transcripts.clone()).take(guests);
    let component = Component::default();
    let job = Job {
        case: "fuzz",
        component: &component,
        bytes: &[],
        path: Path::new("component.wasm"),
        guests: tests.collect(),
        host: &FIXTURE.host,
        board: &board,
        limits: Limits::default(),
        stderr: &Stderr::default(),
    };
    if let Ok(endings) = rehearse(&job, said) {
        assert!(endings.len() >= guests);
    }
    let bytes: usize = transcripts.iter().flat_map(|t| t.lines()).map(|line| line.text.len()).sum();
    assert!(bytes < 1 << 20);
    board.finish();
}
