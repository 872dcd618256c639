//! Hosts of all four packages for guests in the core form (`conformance/ABI.md`), on the interpreter wasmi.
//!
//! A host of its own: nothing of it is shared with the reference host but the traits of the board under it. `abi` has the
//! checks that an engine with components would make, `handles` what a guest holds, `imports` the table of what it can import,
//! `guest` runs one.

mod abi;
mod board;
mod config;
mod gpio;
mod guest;
mod handles;
mod i2c;
mod imports;
mod poll;
mod spi;
mod state;
mod usb;

use config::HostConfig;
use guest::Guests;
use std::io::{self, BufReader};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use wasi_hw_protocol::{
    Clock, Done, Features, Form, FromAdapter, Harness, How, Over, Run, Started, ToAdapter, VERSION,
};

type Shared = Arc<Harness<HostConfig>>;

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::from(2)
        }
    }
}

fn serve() -> anyhow::Result<()> {
    let harness: Shared =
        Arc::new(Harness::new(BufReader::with_capacity(64 << 10, io::stdin()), io::stdout()));
    let guests = Guests::new()?;
    loop {
        match harness.next() {
            Ok(ToAdapter::Start(_)) => harness.send(&FromAdapter::Started(started()))?,
            Ok(ToAdapter::Run(run)) => all_of(&guests, &harness, &run)?,
            Ok(ToAdapter::Sync(sync)) => harness.send(&FromAdapter::Synced(sync))?,
            Ok(ToAdapter::Stop(_)) | Err(Over::Gone(_)) => return Ok(()),
            Ok(other) => anyhow::bail!("{other:?} is for a guest, and none runs"),
            Err(why) => return Err(why.into()),
        }
    }
}

fn started() -> Started {
    Started {
        protocol: VERSION.to_owned(),
        name: "wasmi".to_owned(),
        version: format!("{}+wasmi-2.0", env!("CARGO_PKG_VERSION")),
        homepage: Some("https://github.com/wasmi-labs/wasmi".to_owned()),
        issues: None,
        packages: [gpio::PACKAGE, i2c::PACKAGE, spi::PACKAGE, usb::PACKAGE].map(str::to_owned).to_vec(),
        seams: [("spi".to_owned(), "hal".to_owned())].into(),
        features: Features { instances: true, load: false },
        lacks: Vec::new(),
        clock: Clock::Board,
        form: Form::Core,
    }
}

/// Runs the guests of a case: one in this thread, several in a thread each.
fn all_of(guests: &Guests, harness: &Shared, run: &Run<HostConfig>) -> anyhow::Result<()> {
    let one = |number: u32, test: &str| {
        let (how, why, item) = match guests.run(harness, run, number, test) {
            Ok(()) => (How::Returned, None, None),
            Err(end) => (end.how, Some(end.why), end.item),
        };
        harness.send(&FromAdapter::Done(Done { run: run.run, guest: number, how, why, item }))
    };
    if let [test] = &run.tests[..] {
        return Ok(one(0, test)?);
    }
    thread::scope(|scope| {
        let threads: Vec<_> = (0..)
            .zip(&run.tests)
            .map(|(number, test)| {
                scope.spawn(move || {
                    harness.go(number)?;
                    one(number, test)
                })
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a guest's thread died"))??;
        }
        Ok(())
    })
}
