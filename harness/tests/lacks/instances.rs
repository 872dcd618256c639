//! A host that runs one instance at a time, as a microcontroller does.

use super::{count, lack, run, told, wrong};
use std::collections::BTreeSet;
use wasi_hw_harness::report::{Claim, Verdict};
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::runtime::{About, Ending, Job, Runtime};

/// The reference host, of which there is room for one instance.
struct OneInstance(InProcess<Reference>);

impl Runtime for OneInstance {
    fn about(&self) -> About {
        About { lacks: vec![lack("instances", None)], ..self.0.about() }
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        match job.guests.len() {
            1 => self.0.run(job),
            several => vec![Ending::NotRun("there is room for one instance".to_owned()); several],
        }
    }
}

#[test]
fn a_host_of_one_instance_is_conformant_in_every_world_without_instances() {
    let host = OneInstance(InProcess::new(Reference::default()).unwrap());
    let (session, records) = run(Box::new(host), None, &[]);
    assert!(wrong(&records).is_empty(), "{:?}", wrong(&records));
    // What is only recorded of two guests is not recorded here.
    let shared = session.suite.cases.iter().filter(|case| case.instances.len() > 1 && case.level.scored());
    let shared: BTreeSet<_> = shared.map(|case| case.id.as_str()).collect();
    let skipped = records.iter().filter(|record| record.verdict == Verdict::NotApplicable);
    assert_eq!(skipped.map(|record| record.case.as_str()).collect::<BTreeSet<_>>(), shared);
    assert!(shared.len() > 10);
    for (proposal, world) in &session.footer(&records).worlds {
        assert_eq!(world.claim, Claim::Conformant, "{proposal}");
        let told = told(&session, &records, proposal);
        assert!(told.contains("instances"), "{told}");
    }
}

#[test]
fn a_host_that_has_room_for_more_is_told_so() {
    let about = About { lacks: vec![lack("instances", None)], ..Reference::default().about };
    let host = InProcess::new(Reference { about, ..Reference::default() }).unwrap();
    let (session, records) = run(Box::new(host), Some("i2c"), &[]);
    assert!(count(&records, Verdict::NotLacking) > 0);
    assert_ne!(session.footer(&records).worlds["i2c"].claim, Claim::Conformant);
}
