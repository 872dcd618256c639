//! What guests and hosts say stays small and is text.

use super::again::findings;
use super::{Host, Shared, about, cases, host, report, session};
use std::collections::BTreeSet;
use wasi_hw_harness::report::{Console, Entry, Sinks, read};
use wasi_hw_harness::run::{self, Options};
use wasi_hw_harness::runtime::{About, Ending, Job};
use wasi_hw_harness::text::is_plain;
use wasi_hw_seam::Board;
use wasi_hw_seam::i2c::{Flags, Message};

#[test]
fn a_report_of_one_case_is_small_whatever_a_guest_and_a_host_do() {
    let session = host(|job| {
        let noise = "\u{1b}[31m\u{202e}\"\\".repeat(1_000);
        for guest in &job.guests {
            (0..9_000).for_each(|at| guest.1.push(at, &noise));
        }
        (0..200).for_each(|_| job.stderr.push(&noise));
        let mut bus = Board::i2c(job.board, "sensors").unwrap();
        // No byte is like the one before it, nor one more: such runs are one line.
        let bytes: Vec<_> = (0..4_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        (0..200).for_each(|_| bus.transfer(&mut [Message::write(0x48, Flags::NONE, &bytes)]).unwrap());
        vec![Ending::Trap("\u{2028}".repeat(1 << 20)); job.guests.len()]
    });
    let case = cases(&session, |case| case.id == "i2c/isolation-in-turns");
    let (report, _) = report(&session, &case);
    let line = report.lines().nth(1).unwrap();
    assert!(line.len() < 4 << 20, "{}", line.len());
    assert!(report.chars().all(|c| c == '\n' || is_plain(c)));
    let Some(Ok(Entry::Record(record))) = read(report.as_bytes(), "it").nth(1) else { panic!("no record") };
    let parts: BTreeSet<_> = record.cut.iter().map(|cut| cut.part.as_str()).collect();
    let guests = record.guests.iter().map(|guest| format!("guest {}", guest.name)).collect::<Vec<_>>();
    assert!(guests.iter().all(|guest| parts.contains(guest.as_str())), "{parts:?}");
    assert!(["why", "trace", "stderr"].iter().all(|part| parts.contains(part)), "{parts:?}");
    assert!(record.cut.iter().all(|cut| cut.bytes > 100_000), "{:?}", record.cut);
    // What was cut was cut before the verdict was made.
    assert_eq!(findings(&report), []);
}

#[test]
fn the_terminal_gets_nothing_that_it_obeys() {
    let loud = "\u{1b}]0;x\u{7}\r\u{202e}";
    let about = About { name: "bad".to_owned(), ..about() };
    let session = session(Host {
        about,
        run: move |job: &Job<'_>| {
            job.guests[0].1.push(0, loud);
            job.stderr.push(loud);
            vec![Ending::Crash(format!("first\nsecond {loud}")); job.guests.len()]
        },
    });
    let cases = cases(&session, |case| case.id == "i2c/read-one-frame");
    let shown = Shared::default();
    let console = Console::new(shown.clone(), &session.header(1));
    let finished =
        run::run(&session, &cases, Sinks::default().with(console), Options::default(), &|_, _| {}).unwrap();
    assert_eq!(finished.code(), 1);
    let text = shown.text();
    assert!(
        text.contains("CRASH i2c/read-one-frame") && text.contains(r"second \u{1b}]0;x\u{7}\r\u{202e}"),
        "{text}"
    );
    assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text:?}");
}
