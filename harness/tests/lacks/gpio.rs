//! Hosts of GPIO over chips that lack what the contract lets them lack, as a plain port expander does: no converters, no
//! resistors, no interrupt. Each declares it, keeps the contract, and is told so.

use super::{count, lack, told, wrong};
use std::sync::Arc;
use wasi_hw_harness::report::{Claim, Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_seam::gpio::{Edges, Line, Request};
use wasi_hw_seam::{Board, Over, Refusal};

/// A capability, and which requests a chip without it refuses.
type Lack = (&'static str, fn(&Request) -> bool);

/// Puts something before a board.
type Before = fn(Arc<dyn Board>) -> Arc<dyn Board>;

/// What is lacked here.
const LACKS: [Lack; 3] = [
    ("analog", |request| request.analog),
    ("bias", |request| request.pull.is_some()),
    ("edges", |request| request.edges != Edges::None),
];

/// A board of such chips: whether they refuse a request is said by a function each.
struct Plain(Arc<dyn Board>, &'static [Lack]);

impl Over for Plain {
    fn below(&self) -> &dyn Board {
        &*self.0
    }

    fn gpio(&self, line: &str, request: &Request) -> Result<Box<dyn Line>, Refusal> {
        match self.1.iter().any(|(_, refuses)| refuses(request)) {
            true => Err(Refusal::Unsupported),
            false => self.0.gpio(line, request),
        }
    }
}

/// The reference host over a board without the capabilities at these places of [`LACKS`].
fn over(board: Before, declared: &[&str]) -> (Arc<Session>, Vec<Record>) {
    let lacks = declared.iter().map(|name| lack(name, None)).collect();
    let about = About { lacks, ..Reference::default().about };
    let host = InProcess::new(Reference { about, board, ..Reference::default() }).unwrap();
    super::run(Box::new(host), Some("gpio"), &[])
}

#[test]
fn a_host_that_declares_one_lack_keeps_the_contract() {
    let boards: [Before; 3] = [
        |real| Arc::new(Plain(real, &LACKS[..1])),
        |real| Arc::new(Plain(real, &LACKS[1..2])),
        |real| Arc::new(Plain(real, &LACKS[2..])),
    ];
    for ((name, _), board) in LACKS.iter().zip(boards) {
        let (session, records) = over(board, &[name]);
        assert!(wrong(&records).is_empty(), "without {name}: {:?}", wrong(&records));
        assert_eq!(session.footer(&records).worlds["gpio"].claim, Claim::Conformant, "without {name}");
        let missed = count(&records, Verdict::Unsupported) + count(&records, Verdict::NotApplicable);
        assert!(missed > 3, "without {name}: {missed}");
    }
}

#[test]
fn a_host_that_lacks_all_of_it_keeps_the_contract_and_is_called_by_its_lacks() {
    let names = LACKS.map(|(name, _)| name);
    let (session, records) = over(|real| Arc::new(Plain(real, &LACKS)), &names);
    assert!(wrong(&records).is_empty(), "{:?}", wrong(&records));
    assert_eq!(session.footer(&records).worlds["gpio"].claim, Claim::Conformant);
    let told = told(&session, &records, "gpio");
    names.iter().for_each(|name| assert!(told.contains(name), "{name} is not in {told}"));
}

#[test]
fn a_lack_that_is_not_declared_is_a_failure_and_one_that_is_not_there_is_told() {
    let (session, records) = over(|real| Arc::new(Plain(real, &LACKS)), &["analog", "edges"]);
    assert!(count(&records, Verdict::Fail) > 0, "bias is a lack");
    assert_eq!(session.footer(&records).worlds["gpio"].claim, Claim::NotConformant);
    for (name, _) in LACKS {
        let (_, records) = over(|real| real, &[name]);
        assert!(count(&records, Verdict::NotLacking) > 0, "{name}");
    }
}
