//! How time and memory grow with what is asked for: cases, devices, bytes, events, records.
//!
//! Each step has several times as much of one thing, in a process of its own. What is given beside its time and peak is
//! by how much they grew for each time that there was more: 1 is as much as the input, less than 1 is less.

use crate::guest::Guests;
use crate::process::{Program, Taken};
use anyhow::{Context, bail};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_mock::{Board, BoardConfig};
use wasi_hw_seam::i2c::{Flags, Message};
use wasi_hw_seam::{Board as _, i2c::Bus};

/// One thing, in growing numbers.
#[derive(Debug, Serialize)]
pub struct Growth {
    /// Of what.
    pub what: String,
    /// How many, and what that took.
    pub steps: Vec<Step>,
}

/// How many, and what that took.
#[derive(Debug, Serialize)]
pub struct Step {
    /// How many.
    pub of: u64,
    /// What it took.
    pub taken: Taken,
}

/// Processor time that can be told from a process's own beginning and end, in seconds.
const TELLS_S: f64 = 0.02;

impl Growth {
    /// From each step to the next: how many times more processor time there was for each time more of the thing. The
    /// first step's time, in which a process does nothing but begin, is taken off; where nothing that can be told is left of
    /// both, there is no number.
    pub fn time_factors(&self) -> Vec<Option<f64>> {
        let base = self.steps.first().map_or(0.0, |step| step.taken.cpu_seconds);
        self.factors(|taken| Some(taken.cpu_seconds - base).filter(|seconds| *seconds >= TELLS_S))
    }

    /// The same of memory.
    pub fn memory_factors(&self) -> Vec<Option<f64>> {
        self.factors(|taken| Some(taken.peak_mib))
    }

    fn factors(&self, of: impl Fn(&Taken) -> Option<f64>) -> Vec<Option<f64>> {
        let pairs = self.steps.windows(2);
        pairs
            .map(|pair| {
                Some(of(&pair[1].taken)? / of(&pair[0].taken)? / (pair[1].of as f64 / pair[0].of as f64))
            })
            .collect()
    }
}

/// Measures all of them. `tell` is told what is measured.
pub fn measure(program: &Program, quick: bool, tell: &dyn Fn(&str)) -> anyhow::Result<Vec<Growth>> {
    let folder = tempfile::tempdir()?;
    let mut all = Vec::new();

    tell("growth: cases");
    let mut cases = Growth { what: "cases of i2c: run, and reported".to_owned(), steps: Vec::new() };
    let mut reports = Vec::new();
    for copies in if quick { vec![1, 2] } else { vec![1, 10, 100] } {
        let (root, of) = copied(&program.root, folder.path(), copies)?;
        let report = folder.path().join(format!("{copies}.jsonl"));
        let program = Program { root, ..program.clone() };
        let report_name = report.display().to_string();
        let run = ["run", "--suite", "next", "--runtime", "wasmtime", "--report", &report_name, "i2c/"];
        cases.steps.push(Step { of, taken: program.takes(&run, 0)? });
        reports.push((of, report));
    }
    all.push(cases);

    for (form, file) in [("html", "page.html"), ("junit", "junit.xml"), ("markdown", "summary.md")] {
        tell(&format!("growth: records, {form}"));
        let mut growth = Growth { what: format!("records, as {form}"), steps: Vec::new() };
        for (of, report) in reports.iter().take(2) {
            let out = folder.path().join(file).display().to_string();
            let words = ["report", &report.display().to_string(), &format!("--{form}"), &out];
            growth.steps.push(Step { of: *of, taken: program.takes(&words, 0)? });
        }
        all.push(growth);
    }

    let works: [(&str, &str, &[u64]); 3] = [
        ("devices", "devices on a board, each used once", &[1, 10, 100, 1_000]),
        ("bytes", "bytes of a USB transfer, 16 of them", &[1, 1 << 10, 1 << 20, 16 << 20]),
        ("events", "events of a trace", &[1_000, 10_000, 100_000, 1_000_000]),
    ];
    for (work, what, numbers) in works {
        tell(&format!("growth: {work}"));
        let mut growth = Growth { what: what.to_owned(), steps: Vec::new() };
        for of in numbers.iter().take(if quick { 2 } else { numbers.len() }) {
            let words = ["bench", "--work", &format!("{work}={of}")];
            growth.steps.push(Step { of: *of, taken: program.takes(&words, 0)? });
        }
        all.push(growth);
    }
    Ok(all)
}

/// A tree with the cases of i2c in so many copies, and how many that are.
fn copied(root: &Path, folder: &Path, copies: usize) -> anyhow::Result<(PathBuf, u64)> {
    let tree = folder.join(format!("tree-{copies}"));
    for part in ["fixtures", "proposals", "wit", "conformance/components", "conformance/runtimes"] {
        copy(&root.join(part), &tree.join(part))?;
    }
    for (name, folder) in [("usb", "usb"), ("spi", "spi"), ("gpio", "gpio")] {
        copy(&root.join("conformance/cases").join(name), &tree.join("conformance/cases").join(folder))?;
    }
    let mut cases = 0;
    for number in 0..copies {
        let folder = if number == 0 { "i2c".to_owned() } else { format!("i2c/copy-{number}") };
        cases += copy(&root.join("conformance/cases/i2c"), &tree.join("conformance/cases").join(folder))?;
    }
    Ok((tree, cases))
}

/// Copies a folder, and says how many files it has.
fn copy(from: &Path, to: &Path) -> anyhow::Result<u64> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    let mut files = 0;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be listed", from.display()))? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files += copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
            files += 1;
        }
    }
    Ok(files)
}

/// Does so much of something, in this process.
pub fn work(what: &str, of: u64) -> anyhow::Result<()> {
    match what {
        "devices" => devices(of),
        "bytes" => bytes(of),
        "events" => events(of),
        _ => bail!("there is no such work: {what}"),
    }
}

fn board(buses: u64) -> anyhow::Result<Board> {
    let bus = |number| {
        format!(
            "[[i2c.bus-{number}.target]]\naddress = 0x48\nmodel = \"register-file\"\nregisters = {{ 0x0f = 0xd3 }}\n"
        )
    };
    let text: String = (0..buses).map(bus).collect();
    let config: BoardConfig = toml::from_str(&text)?;
    Board::new(&config).map_err(anyhow::Error::msg)
}

fn read(bus: &mut dyn Bus) -> anyhow::Result<()> {
    let mut answer = [0];
    let messages =
        &mut [Message::write(0x48, Flags::NONE, &[0x0f]), Message::read(0x48, Flags::NONE, &mut answer)];
    bus.transfer(messages).map_err(|refusal| anyhow::anyhow!("{refusal}"))
}

fn devices(of: u64) -> anyhow::Result<()> {
    let board = board(of)?;
    for number in 0..of {
        let mut bus = board.i2c(&format!("bus-{number}")).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        read(&mut *bus)?;
    }
    drop(board.trace());
    Ok(())
}

fn bytes(of: u64) -> anyhow::Result<()> {
    let mut guest = Guests::new()?.start("usb")?;
    guest.calls("bulk-in", 16, u32::try_from(of)?)
}

/// A read of a register has seven lines in the trace.
fn events(of: u64) -> anyhow::Result<()> {
    let board = board(1)?;
    let mut bus = board.i2c("bus-0").map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    for _ in 0..of.div_ceil(7) {
        read(&mut *bus)?;
    }
    drop(board.trace());
    Ok(())
}
