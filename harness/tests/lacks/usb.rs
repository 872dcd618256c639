//! Hosts of USB over systems that lack what the contract lets them lack, as those of Windows do.

use super::{Take, count, lack, told, wrong};
use std::sync::Arc;
use wasi_hw_harness::report::{Claim, Record, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;

/// By capability, how a system is without it.
const LACKS: [(&str, Take); 6] = [
    ("set-configuration", |board| board.usb_system.no_set_configuration = true),
    ("port-reset", |board| board.usb_system.no_port_reset = true),
    ("second-opener", |board| board.usb_system.one_opener = true),
    ("hotplug", |board| board.usb_system.no_hotplug = true),
    ("isochronous", |board| board.usb_system.no_isochronous = true),
    ("streams", |board| board.usb.values_mut().for_each(|device| device.streams = 0)),
];

/// Runs every case of USB on the reference host, over a system without these, of which it declares some.
fn run(taken: &[(&str, Take)], declared: &[&str]) -> (Arc<Session>, Vec<Record>) {
    let lacks = declared.iter().map(|name| lack(name, None)).collect();
    let about = About { lacks, ..Reference::default().about };
    let host = InProcess::new(Reference { about, ..Reference::default() }).unwrap();
    let take: Vec<_> = taken.iter().map(|(_, take)| *take).collect();
    super::run(Box::new(host), Some("usb"), &take)
}

#[test]
fn a_host_that_declares_one_lack_keeps_the_contract() {
    for (name, take) in LACKS {
        let (_, records) = run(&[(name, take)], &[name]);
        assert!(wrong(&records).is_empty(), "without {name}: {:?}", wrong(&records));
        assert!(count(&records, Verdict::Unsupported) > 0, "without {name}");
    }
}

#[test]
fn a_host_that_lacks_all_of_it_keeps_the_contract_and_is_called_by_its_lacks() {
    let names = LACKS.map(|(name, _)| name);
    let (session, records) = run(&LACKS, &names);
    assert!(wrong(&records).is_empty(), "{:?}", wrong(&records));
    assert_eq!(session.footer(&records).worlds["usb"].claim, Claim::Conformant);
    let told = told(&session, &records, "usb");
    names.iter().for_each(|name| assert!(told.contains(name), "{name} is not in {told}"));
}

#[test]
fn a_lack_that_is_not_declared_is_a_failure_and_one_that_is_not_there_is_told() {
    let (_, records) = run(&LACKS[..1], &[]);
    assert!(count(&records, Verdict::Fail) > 0);
    let (_, records) = run(&[], &["port-reset"]);
    assert!(count(&records, Verdict::NotLacking) > 0);
}
