//! Whatever a guest calls, in whatever order: the host of wasi:usb does not panic, does not hang, and leaks
//! no claim and no handle. And hosts that do are found.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use wasi_hw_proof::usb_sequences::{Call, Fault, Host, Reached, Sequences};

/// How many sequences the reference host has to stand.
const SEQUENCES: u64 = 100_000;

/// Within how many a wrong host is found.
const ENOUGH: u64 = 1_000;

/// A host that hangs in a call of its own never comes back; then the test does.
const PATIENCE: Duration = Duration::from_secs(300);

/// Runs the sequences with these seeds, on all cores.
fn run(host: Host, seeds: u64) -> (Reached, Option<Fault>) {
    let threads = thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let (send, results) = mpsc::channel();
    for first in 0..threads {
        let send = send.clone();
        thread::spawn(move || {
            let sequences = Sequences::new().unwrap();
            let mut reached = Reached::default();
            let mut seeds = (first..seeds).step_by(threads as usize);
            let fault = seeds.find_map(|seed| sequences.run(host, seed, &mut reached).err());
            let _ = send.send((reached, fault));
        });
    }
    let (mut all, mut first) = (Reached::default(), None::<Fault>);
    for _ in 0..threads {
        let (reached, fault) = results.recv_timeout(PATIENCE).expect("a sequence came to no end");
        all.pairs.extend(reached.pairs);
        for (end, count) in reached.ends {
            *all.ends.entry(end).or_default() += count;
        }
        first = first.into_iter().chain(fault).min_by_key(|fault| fault.seed);
    }
    (all, first)
}

#[test]
fn the_reference_host_stands_any_order_of_calls() {
    let (reached, fault) = run(Host::Reference, SEQUENCES);
    assert!(fault.is_none(), "{fault:#?}");
    for first in Call::ALL {
        for second in Call::ALL {
            assert!(reached.pairs.contains(&(first, second)), "{second:?} never came after {first:?}");
        }
    }
    // The sequences go deep enough to see calls succeed, and fail in every way that they can cause.
    let ends =
        |call| reached.ends.keys().filter(|(of, _)| *of == call).map(|(_, end)| *end).collect::<Vec<_>>();
    assert_eq!(ends(Call::Open), ["no-device", "ok"]);
    assert_eq!(ends(Call::Claim), ["busy", "invalid-param", "no-device", "not-found", "ok"]);
    assert_eq!(ends(Call::Cancel), ["not-found", "ok"]);
    assert_eq!(ends(Call::New), ["invalid-param", "no-device", "no-mem", "ok"]);
    assert_eq!(ends(Call::Submit), ["busy", "invalid-param", "no-device", "not-found", "ok"]);
    assert_eq!(
        ends(Call::Await),
        ["interrupted", "io", "no-device", "not-found", "ok", "overflow", "pipe", "timeout"]
    );
}

#[test]
fn wrong_hosts_are_found() {
    let wrong = [
        (Host::DoubleSubmit, "the buffer is lent out"),
        (Host::UseAfterClose, "the handle was taken"),
        (Host::DropInFlight, "freed while in flight"),
        (Host::LeaksHandles, "the table is not empty"),
        (Host::LeaksClaims, "on the machine"),
        (Host::Hangs, "hangs"),
    ];
    for (host, why) in wrong {
        let (_, fault) = run(host, ENOUGH);
        let fault = fault.unwrap_or_else(|| panic!("{host:?} is not found in {ENOUGH} sequences"));
        let leak = host == Host::LeaksHandles && fault.what.contains("on the machine");
        assert!(leak || fault.what.contains(why), "{host:?} is found for another reason: {fault:#?}");
    }
}
