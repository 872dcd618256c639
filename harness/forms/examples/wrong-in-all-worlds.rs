//! Writes the report of a host that has a fault in each world: what the tests of the pages look at.
//!
//! ```sh
//! cargo run --package wasi-hw-forms --example wrong-in-all-worlds -- REPORT [NAME]
//! ```
//!
//! `NAME` is what the host calls itself, where several are to stand beside one another.

use anyhow::{Context, anyhow};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use wasi_hw_harness::report::{Sink, Writer};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::engine::Compiler;
use wasi_hw_harness::runtime::{About, Ending, Job, Runtime};
use wasi_hw_harness::suite::Suite;
use wasi_hw_proof::catalogue;

/// One fault in each world: on the wires, and in what the guest is told.
const FAULTS: [&str; 4] = [
    "gpio/drives-high-for-active-on-an-output",
    "i2c/write-read-with-a-stop-between",
    "spi/returns-a-byte-less-than-it-read",
    "usb/loses-the-short-packet-behind-full-ones",
];

struct Wrong {
    name: String,
    hosts: BTreeMap<String, Box<dyn Runtime>>,
}

impl Runtime for Wrong {
    fn about(&self) -> About {
        let about = self.hosts.values().next().map(|host| host.about()).expect("four hosts");
        About { name: self.name.clone(), ..about }
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let world = job.case.split('/').next().unwrap_or_default();
        self.hosts[world].run(job)
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let report = arguments.next().context("name the file of the report")?;
    let name = arguments.next().unwrap_or("wrong in all worlds".to_owned());
    let compiler = Compiler::new().map_err(|error| anyhow!("wasmtime does not start: {error:#}"))?;
    let faults = catalogue().into_iter().filter(|defect| FAULTS.contains(&defect.id));
    let hosts: BTreeMap<_, _> =
        faults.map(|defect| (defect.proposal().to_owned(), defect.start(&compiler))).collect();
    anyhow::ensure!(hosts.len() == FAULTS.len(), "the catalogue lost a defect that the pages show");
    let suite = Arc::new(Suite::discover(&Suite::default_root()));
    let session = Arc::new(Session::new(Arc::clone(&suite), Box::new(Wrong { name, hosts })));
    let mut writer = Writer::create(Path::new(&report), &session.header(suite.cases.len()))?;
    let records = session.run_all(&suite.cases, |_, _| {});
    for (place, record) in records.iter().enumerate() {
        writer.record(place, record)?;
    }
    Box::new(writer).finish(&session.footer(&records))
}
