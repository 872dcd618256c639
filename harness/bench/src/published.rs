//! The published USB host beside ours, over the same mock libusb: how many instructions a transfer takes in each.
//!
//! Callgrind counts them, and they are the same in every run. Each host is an adapter of the suite, built with
//! optimisations, and runs one guest twice, with some transfers and with more; the difference is what the transfers took.
//! Of it stands here what was done in the adapter's executable and in the code that the engine made of the guest. The mock
//! libusb, which both call as often, and the C library are left out.

use crate::guest::Guests;
use crate::process::Program;
use anyhow::{Context, anyhow, ensure};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wasi_hw_harness::runtime::adapter::{Adapters, Command};
use wasi_hw_harness::runtime::start::RuntimeFile;
use wasi_hw_harness::runtime::{Ending, Job, Limits, Runtime, Stderr, Transcript};
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::fixture::Fixture;
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_harness::text;
use wasi_hw_mock::Board;
use wasi_hw_protocol::Form;

/// The two hosts, ours first, with the folder that its executable is built in.
const HOSTS: [&str; 2] = ["libusb", "wasmtime-wasi-usb"];

/// How often 64 bytes go out and come back, in the two runs of a host.
const TIMES: [u32; 2] = [100, 500];

/// What a transfer takes.
#[derive(Debug, Serialize)]
pub struct Instructions {
    /// In which host, as the suite calls it.
    pub host: &'static str,
    /// Its adapter's name and version.
    pub version: String,
    /// Instructions of a bulk transfer of 64 bytes, half of them in and half out; or why they were not counted.
    pub a_transfer: Result<f64, String>,
}

/// Counts. A host that is not there optimised is not measured, which its row says.
pub fn measure(program: &Program) -> anyhow::Result<Vec<Instructions>> {
    let guests = Guests::new()?;
    let suite = Suite::discover(&program.root);
    let folder = tempfile::tempdir()?;
    let count = |host: &'static str| -> anyhow::Result<Instructions> {
        let told = |version, a_transfer| Instructions { host, version, a_transfer };
        let command = match command(&program.root, host)? {
            Ok(command) => command,
            Err(why) => return Ok(told(String::new(), Err(why))),
        };
        let [few, many] = TIMES.map(|times| run(&suite, &guests, &command, times, folder.path()));
        let transfers = f64::from(2 * (TIMES[1] - TIMES[0]));
        Ok(match few.and_then(|few| Ok((few, many?))) {
            Ok(((version, few), (_, many))) => told(version, Ok((many as f64 - few as f64) / transfers)),
            Err(why) => {
                told(String::new(), Err(format!("not measured: {}", text::line(&format!("{why:#}"), 200))))
            }
        })
    };
    HOSTS.into_iter().map(count).collect()
}

/// The words that start an adapter which is built with optimisations, under callgrind; or why there are none.
fn command(root: &Path, host: &str) -> anyhow::Result<Result<Vec<String>, String>> {
    let file = RuntimeFile::find(root, host).map_err(|problem| anyhow!("{problem}"))?;
    let file = file.with_context(|| format!("conformance/runtimes has no {host}.toml"))?;
    let mut words = Vec::new();
    for word in &file.command {
        if let Some((folder, name)) = word.split_once("/debug/") {
            let optimised = format!("{folder}/release/{name}");
            if !root.join(&optimised).is_file() {
                let with =
                    "not measured: set it up, then run the `cargo build` of its setup with `--release`";
                return Ok(Err(with.to_owned()));
            }
            words.extend(["valgrind".to_owned(), "--tool=callgrind".to_owned(), OUT.to_owned(), optimised]);
        } else {
            words.push(word.clone());
        }
    }
    let there = std::process::Command::new("valgrind").arg("--version").output().is_ok();
    Ok(if there { Ok(words) } else { Err("not measured: valgrind is not installed".to_owned()) })
}

/// Stands for the option that names callgrind's file.
const OUT: &str = "--callgrind-out-file=";

/// Who the adapter says it is, and how many instructions it took.
fn run(
    suite: &Suite,
    guests: &Guests,
    command: &[String],
    times: u32,
    folder: &Path,
) -> anyhow::Result<(String, u64)> {
    let counted = folder.join(format!("{times}.callgrind"));
    let words = command.iter().map(|word| match word == OUT {
        true => format!("{OUT}{}", counted.display()),
        false => word.clone(),
    });
    let adapters = Adapters::start(Command { words: words.collect(), folder: suite.root.clone() })?;
    let about = adapters.about();
    let package = about.packages.iter().find(|package| package.contains(":usb@")).context("it has no usb")?;
    let bytes = guests.for_adapters(package)?;
    let path = folder.join("guest.wasm");
    fs::write(&path, &bytes)?;
    let component = suite.component("usb", package, Form::Component).context("usb has no component")?;
    let mut component = component.clone();
    component.sha256 = sha256(&bytes);
    let fixture = fs::read_to_string(suite.root.join("fixtures/usb/loopback.toml"))?;
    let fixture: Fixture = toml::from_str(&fixture)?;
    let board = Board::new(&fixture.device).map_err(anyhow::Error::msg)?;
    let (transcript, stderr) = (Transcript::default(), Stderr::default());
    let test = times.to_string();
    let endings = adapters.run(&Job {
        case: "instructions",
        component: &component,
        bytes: &bytes,
        path: &path,
        guests: vec![(test.as_str(), transcript)],
        host: &fixture.host,
        board: &board,
        limits: Limits::default(),
        stderr: &stderr,
    });
    ensure!(endings == [Ending::Returned], "{endings:?}: {}", stderr.text().unwrap_or_default());
    // It is asked to stop, and callgrind writes its file.
    drop(adapters);
    let profile = fs::read_to_string(&counted).context("callgrind has written nothing")?;
    Ok((format!("{} {}", about.name, about.version), own(&profile)))
}

/// Of a profile: what was done in the adapter's executable, and in code that is in no file.
fn own(profile: &str) -> u64 {
    let by_object = by_object(profile);
    by_object.iter().filter(|(object, _)| !object.contains(".so")).map(|(_, count)| count).sum()
}

/// What was counted in each file of machine code.
fn by_object(profile: &str) -> BTreeMap<String, u64> {
    let (mut names, mut counts) = (BTreeMap::new(), BTreeMap::<String, u64>::new());
    let (mut object, mut of_a_call) = (String::new(), false);
    for line in profile.lines() {
        if let Some(of) = line.strip_prefix("ob=").or_else(|| line.strip_prefix("cob=")) {
            // A name stands with its number where it comes first, and later the number alone.
            let (number, name) = of.split_once(' ').unwrap_or((of, ""));
            if !name.is_empty() {
                names.insert(number.to_owned(), name.to_owned());
            }
            if line.starts_with("ob=") {
                object = names.get(number).cloned().unwrap_or_default();
            }
        } else if line.starts_with("calls=") {
            of_a_call = true;
        } else if line.starts_with(|c: char| c.is_ascii_digit() || "+-*".contains(c)) {
            // What a call took stands with who was called, too.
            let count = line.split_whitespace().nth(1).and_then(|count| count.parse::<u64>().ok());
            if !std::mem::take(&mut of_a_call) {
                *counts.entry(object.clone()).or_default() += count.unwrap_or_default();
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{by_object, own};

    #[test]
    fn what_a_call_took_counts_once() {
        let profile = "events: Ir\nob=(1) /lib/libc.so.6\nfn=(1) malloc\n10 5\n+1 7\n\nob=(2) /bin/adapter\nfn=(2) main\n\
                       1 100\ncob=(1)\ncfn=(1)\ncalls=2 10\n2 12\n3 1\n\nob=(3) ???\nfn=(3) 0x1\n0 40\nob=(2)\n* 2\n";
        let counts = by_object(profile);
        assert_eq!(counts["/lib/libc.so.6"], 12);
        assert_eq!(counts["/bin/adapter"], 103);
        assert_eq!(own(profile), 143);
    }
}
