//! `cargo hw export`.

use super::{Context, report};
use anyhow::{Context as _, bail};
use std::path::PathBuf;
use std::process::ExitCode;
use wasi_hw_forms::diagram::Diagram;
use wasi_hw_forms::{Run, pcapng, vcd};

/// Write the wires of a case for PulseView and GTKWave (VCD), or for Wireshark (pcapng)
///
///   cargo hw export run.jsonl i2c/write-read-repeated-start --vcd wires.vcd
///   sigrok-cli -I vcd -i wires.vcd -P i2c:scl=scl:sda=sda -A i2c=addr-data
///
///   cargo hw export run.jsonl usb/transfers/stall-control --pcapng traffic.pcapng
///   tshark -r traffic.pcapng
///
///   --vcd     the wires of I2C (scl, sda), SPI (clk, mosi, miso, cs) and GPIO (each line by its name), on board time
///             in ticks of 100 ns. Clocking takes no board time, so the bits of a byte are drawn at a rate of our own.
///             Where a bus has several devices, each has its own cs_NAME
///   --pcapng  the traffic of USB as Linux's usbmon captures it (link type 220), with the lines of the trace as comments
///   --svg     the timing diagram that is in the page of `cargo hw report --html`
///
/// FILE is a file to write, or `-` for the standard output.
///
/// Exit codes: 0, it is written; 2, wrong usage, the report has no such case or the case no such wires, or a file cannot
/// be read or written.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Options {
    /// The report
    run: PathBuf,

    /// The case
    case: String,

    /// The wires, in a VCD
    #[arg(long, value_name = "FILE")]
    vcd: Option<PathBuf>,

    /// The USB traffic, in a capture
    #[arg(long, value_name = "FILE")]
    pcapng: Option<PathBuf>,

    /// The timing diagram, in SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

pub(super) fn main(mut context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let Options { run, case, vcd, pcapng, svg } = options;
    if vcd.is_none() && pcapng.is_none() && svg.is_none() {
        bail!("name a form: --vcd, --pcapng or --svg; `cargo hw export --help` says what each is");
    }
    let run = Run::open(run)?;
    let record = run.record(case).with_context(|| {
        let near =
            run.records.iter().filter(|record| record.case.contains(&**case)).map(|record| &*record.case);
        let near: Vec<_> = near.take(5).collect();
        match near[..] {
            [] => format!("{} has no record of a case `{case}`", run.file),
            _ => format!("{} has no record of a case `{case}`, but of {}", run.file, near.join(", ")),
        }
    })?;
    if let Some(file) = vcd {
        report::write(&mut context, file, vcd::vcd(&run, record)?)?;
    }
    if let Some(file) = pcapng {
        report::write(&mut context, file, pcapng::pcapng(&run, record)?)?;
    }
    if let Some(file) = svg {
        let diagram = Diagram::new(record).with_context(|| format!("{case} has no wires"))?;
        report::write(&mut context, file, diagram.standalone().svg()?)?;
    }
    Ok(ExitCode::SUCCESS)
}
