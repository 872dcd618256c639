//! Hosts of I²C over systems that lack what the contract lets them lack, as those of an RTOS do: one number for every
//! failure, no 10-bit addresses, short transfers. Each declares it, keeps the contract, and is told so.

use super::{Take, count, lack, told, wrong};
use std::collections::BTreeSet;
use std::sync::Arc;
use wasi_hw_harness::report::{Claim, Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::suite::capability::Bound;
use wasi_hw_mock::BoardConfig;
use wasi_hw_seam::i2c::{Bus, Message};
use wasi_hw_seam::{Board, Over, Refusal};

/// A board whose I²C driver tells no more than that a transfer failed, as `i2c_transfer` of Zephyr does with -EIO.
struct OneError(Arc<dyn Board>);

impl Over for OneError {
    fn below(&self) -> &dyn Board {
        &*self.0
    }

    fn i2c(&self, bus: &str) -> Result<Box<dyn Bus>, Refusal> {
        Ok(Box::new(OneErrorBus(self.0.i2c(bus)?)))
    }
}

struct OneErrorBus(Box<dyn Bus>);

impl Bus for OneErrorBus {
    fn transfer(&mut self, messages: &mut [Message<'_>]) -> Result<(), Refusal> {
        // What a driver refuses before it touches the bus it does tell.
        self.0.transfer(messages).map_err(|why| match why {
            Refusal::Invalid | Refusal::Unsupported => why,
            _ => Refusal::Io,
        })
    }

    fn no_start(&self) -> bool {
        self.0.no_start()
    }
}

/// The reference host above such a driver, at the seam of message lists.
fn one_error() -> Reference {
    Reference { board: |real| Arc::new(OneError(real)), ..Reference::kernel() }
}

/// The most bytes that a controller of the test moves, as the TWIM of an nRF52832 does.
const MOST_BYTES: u16 = 255;

fn no_ten_bit(board: &mut BoardConfig) {
    board.i2c.values_mut().for_each(|bus| bus.no_ten_bit = true);
}

fn short_transfers(board: &mut BoardConfig) {
    for bus in board.i2c.values_mut() {
        bus.most_bytes = Some(bus.most_bytes.map_or(MOST_BYTES, |most| most.min(MOST_BYTES)));
    }
}

/// Runs every case of I²C on a host, over boards from which something was taken, and which declares some lacks.
fn run(host: Reference, take: &[Take], lacks: Vec<Bound>) -> (Arc<Session>, Vec<Record>) {
    let about = About { lacks, ..host.about.clone() };
    let host = InProcess::new(Reference { about, ..host }).unwrap();
    super::run(Box::new(host), Some("i2c"), take)
}

/// Errors other than a missing acknowledge that one number for all of them cannot tell, either: of level should, so the
/// host fails them and keeps the contract. The host says `bus` for that number.
const OTHER_ERRORS: [&str; 5] = [
    "i2c/arbitration-loss",
    "i2c/arbitration-loss-in-each-call",
    "i2c/clock-held-for-ever",
    "i2c/errno-eagain",
    "i2c/errno-etimedout",
];

#[test]
fn a_host_over_a_driver_with_one_error_is_conformant_without_acknowledge_errors_and_ten_bit() {
    let lacks = vec![lack("acknowledge-errors", None), lack("ten-bit", None)];
    let (session, records) = run(one_error(), &[no_ten_bit], lacks);
    assert_eq!(wrong(&records), BTreeSet::from(OTHER_ERRORS));
    assert!(count(&records, Verdict::Unsupported) > 5);
    assert_eq!(session.footer(&records).worlds["i2c"].claim, Claim::Conformant);
    let told = told(&session, &records, "i2c");
    for name in ["acknowledge-errors", "ten-bit"] {
        assert!(told.contains(name), "{name} is not in {told}");
    }
}

#[test]
fn a_host_over_a_controller_with_short_transfers_is_conformant_without_longer_ones() {
    let (session, records) =
        run(Reference::default(), &[short_transfers], vec![lack("call-bytes", Some(MOST_BYTES.into()))]);
    let wrong = wrong(&records);
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(count(&records, Verdict::Unsupported) > 2);
    let told = told(&session, &records, "i2c");
    assert!(told.contains("call-bytes above 255"), "{told}");
}

#[test]
fn a_lack_that_is_not_declared_is_a_failure_of_a_must() {
    let (session, records) = run(one_error(), &[], Vec::new());
    assert!(wrong(&records).contains("i2c/absent-target"));
    assert_eq!(session.footer(&records).worlds["i2c"].claim, Claim::NotConformant);
}

#[test]
fn a_lack_that_is_not_there_is_told() {
    for name in ["acknowledge-errors", "ten-bit"] {
        let (_, records) = run(Reference::default(), &[], vec![lack(name, None)]);
        assert!(records.iter().any(|record| record.verdict == Verdict::NotLacking), "{name}");
    }
    let (_, records) = run(Reference::default(), &[], vec![lack("call-bytes", Some(32))]);
    assert!(records.iter().any(|record| record.verdict == Verdict::NotLacking));
}
