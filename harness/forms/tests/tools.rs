//! What is exported is what the tools of engineers read: sigrok's decoders find the bytes of I²C and SPI in the VCD, and
//! tshark finds the transfers of USB in the capture, each compared with the trace.
//!
//! `.ci/run` installs `sigrok-cli` and `tshark`. Where one is not there, that is an error under CI and said aloud elsewhere.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, OnceLock};
use wasi_hw_forms::{Run, pcapng, vcd};
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::{Entry, Record};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::suite::Suite;

/// The reference host's run of all cases.
fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let suite = Arc::new(Suite::discover(&Suite::default_root()));
        let runtime = Runtimes::known().start(None, &suite.root).unwrap();
        let session = Arc::new(Session::new(Arc::clone(&suite), runtime));
        let mut entries = vec![Ok(Entry::Header(Box::new(session.header(suite.cases.len()))))];
        let records = session.run_all(&suite.cases, |_, _| {});
        entries.extend(records.into_iter().map(|record| Ok(Entry::Record(Box::new(record)))));
        Run::collect(entries.into_iter(), "run.jsonl".to_owned()).unwrap()
    })
}

/// The records of a world that have a line of a form which none before them has: a tool takes a moment to start.
fn telling(world: &str) -> impl Iterator<Item = &'static Record> {
    let mut known = BTreeSet::new();
    run().records.iter().filter(move |record| record.proposal == world).filter(move |record| {
        let lines = record.trace.values().flat_map(|channel| &channel.seen);
        // Bytes and numbers are alike, one is not two, and two are not a run.
        let form = |text: &str| {
            let word = |word: &str| match word.trim_start_matches('[').trim_end_matches(']') {
                run if run.contains('*') => "run".to_owned(),
                byte if byte.len() == 2 && byte.bytes().all(|c| c.is_ascii_hexdigit()) => "byte".to_owned(),
                other => other.chars().filter(|c| !c.is_ascii_digit()).collect(),
            };
            text.split(' ').map(word).take(12).collect::<Vec<_>>().join(" ")
        };
        // All of them are noted, whether or not the first is new.
        lines.filter(|line| known.insert(form(&line.text))).count() > 0
    })
}

/// A record with the only bus that saw something; none if there are several.
fn of_one_bus(record: &Record) -> Option<Record> {
    let mut record = record.clone();
    record.trace.retain(|_, bus| !bus.seen.is_empty());
    (record.trace.len() == 1).then_some(record)
}

/// What a tool writes about a file of these bytes; none if there is no such tool, which is said.
fn ask(tool: &str, name: &str, bytes: &[u8], arguments: &[&str]) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let path = file.to_str().unwrap();
    let arguments: Vec<_> =
        arguments.iter().map(|argument| if *argument == "FILE" { path } else { argument }).collect();
    let ran = Command::new(tool).args(arguments).env("LC_ALL", "C.UTF-8").output();
    std::fs::remove_file(&file).unwrap();
    match ran {
        Ok(ran) => {
            let said = String::from_utf8(ran.stdout).unwrap();
            assert!(ran.status.success(), "{name}: {tool} fails: {}", String::from_utf8_lossy(&ran.stderr));
            Some(said)
        }
        Err(why) => {
            let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty());
            assert!(!ci, "NOT CHECKED: {tool} cannot be started: {why}");
            // Not by a macro, whose output nobody sees of a test that passes.
            let told =
                format!("NOT CHECKED: what {tool} reads in an export, as it cannot be started: {why}\n");
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            None
        }
    }
}

/// Bytes of the notation of traces, written one by one.
fn expanded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for part in text.split_ascii_whitespace() {
        let (first, times) = part.split_once('*').unwrap_or((part, "1"));
        let step = u8::from(first.ends_with("+1"));
        let first = u8::from_str_radix(first.trim_end_matches("+1"), 16).unwrap();
        out.extend((0..times.parse().unwrap()).map(|n: usize| first.wrapping_add(step * n as u8)));
    }
    out
}

/// What the decoder of I²C says of the bus, from the lines of its trace, up to a byte that nobody answered.
fn i2c(record: &Record) -> Vec<String> {
    let mut out = Vec::new();
    // A controller that lost the bus begins again without a STOP of its own, which looks like a repeated start.
    let (mut reads, mut begun) = (false, false);
    for line in &record.trace.values().next().unwrap().seen {
        let (rest, ack) = match line.text.rsplit_once(' ') {
            Some((rest, "ACK")) => (rest, "ACK"),
            Some((rest, "NACK")) => (rest, "NACK"),
            _ => (line.text.as_str(), ""),
        };
        let data = |byte: u8, reads| format!("Data {}: {byte:02X}", if reads { "read" } else { "write" });
        if let Some((start, rest)) = rest.split_once(' ').filter(|(start, _)| start.ends_with("START")) {
            let (address, direction) = rest.split_once(' ').unwrap();
            reads = direction == "R";
            assert!(begun || start == "START", "a RESTART begins nothing");
            out.push(if begun { "Start repeat" } else { "Start" }.to_owned());
            begun = true;
            let (word, ten) = (if reads { "read" } else { "write" }, address.strip_suffix("/10"));
            let address = u16::from_str_radix(&ten.unwrap_or(address)[2..], 16).unwrap();
            // The first byte of a ten-bit address looks like an address of seven bits.
            let first = if ten.is_some() { 0x78 | address >> 8 } else { address };
            out.push(if reads { "Read" } else { "Write" }.to_owned());
            out.push(format!("Address {word}: {first:02X}"));
            if ack.is_empty() {
                return out;
            }
            out.push(ack.to_owned());
            if ten.is_some() && !reads && ack == "ACK" {
                out.extend([data(address as u8, reads), ack.to_owned()]);
            }
        } else if line.text == "STOP" {
            out.push("Stop".to_owned());
            begun = false;
        } else if !ack.is_empty() {
            for byte in expanded(rest) {
                out.extend([data(byte, reads), ack.to_owned()]);
            }
        }
    }
    out
}

#[test]
fn sigrok_decodes_the_bytes_of_i2c() {
    let mut compared = 0;
    for record in &telling("i2c").filter_map(of_one_bus).collect::<Vec<_>>() {
        let expected = i2c(record);
        let file = vcd::vcd(run(), record).unwrap();
        let decoder = ["-I", "vcd", "-i", "FILE", "-P", "i2c:scl=scl:sda=sda", "-A", "i2c=addr-data"];
        let Some(said) = ask("sigrok-cli", "i2c.vcd", &file, &decoder) else { return };
        let said: Vec<_> = said.lines().map(|line| line.trim_start_matches("i2c-1: ")).collect();
        assert!(said.len() >= expected.len(), "{}: {said:?} of {expected:?}", record.case);
        assert_eq!(said[..expected.len()], expected, "{}", record.case);
        compared += expected.len();
    }
    assert!(compared > 400, "{compared}");
}

#[test]
fn sigrok_decodes_the_bytes_of_spi_both_ways() {
    let mut compared = 0;
    for record in &telling("spi").filter_map(of_one_bus).collect::<Vec<_>>() {
        let bus = record.trace.values().next().unwrap();
        let texts = || bus.seen.iter().map(|line| line.text.as_str());
        let mut modes: Vec<_> =
            texts().filter_map(|text| text.strip_prefix("CONFIG mode ")).map(|m| &m[..1]).collect();
        modes.dedup();
        // A decoder has one mode.
        let [mode] = modes[..] else { continue };
        let mode: u8 = mode.parse().unwrap();
        let bytes = texts().filter_map(|text| text.strip_prefix("OUT [")?.split_once("] IN ["));
        let mut expected = Vec::new();
        for (sent, read) in bytes {
            let pairs = expanded(read.trim_end_matches(']')).into_iter().zip(expanded(sent));
            expected.extend(pairs.flat_map(|(read, sent)| [read, sent]));
        }
        let decoder = format!("spi:clk=clk:mosi=mosi:miso=miso:cpol={}:cpha={}", mode >> 1, mode & 1);
        let file = vcd::vcd(run(), record).unwrap();
        // Of each byte what was read comes first.
        let decoder = ["-I", "vcd", "-i", "FILE", "-P", &decoder, "-A", "spi=miso-data:mosi-data"];
        let Some(said) = ask("sigrok-cli", "spi.vcd", &file, &decoder) else { return };
        let said: Vec<_> = said.lines().map(|line| expanded(line.trim_start_matches("spi-1: "))).collect();
        assert!(said.concat() == expected, "{}: {said:?} is not {expected:?}", record.case);
        compared += expected.len();
    }
    assert!(compared > 10_000, "{compared}");
}

#[test]
fn tshark_finds_the_transfers_of_usb() {
    const FIELDS: [&str; 7] = [
        "usb.urb_type",
        "usb.transfer_type",
        "usb.endpoint_address",
        "usb.urb_status",
        "usb.data_len",
        "usb.setup.wLength",
        "_ws.malformed",
    ];
    let mut compared = 0;
    for record in telling("usb") {
        let file = pcapng::pcapng(run(), record).unwrap();
        let mut arguments = vec!["-r", "FILE", "-T", "fields"];
        arguments.extend(FIELDS.iter().flat_map(|field| ["-e", field]));
        let Some(said) = ask("tshark", "usb.pcapng", &file, &arguments) else { return };
        let packets: Vec<Vec<&str>> = said.lines().map(|line| line.split('\t').collect()).collect();
        let done = |endpoint: &str, status: &str| {
            packets.iter().filter(|p| p[0] == "'C'" && p[2] == endpoint && p[3] == status).count()
        };
        let seen = || record.trace.values().flat_map(|device| &device.seen).map(|line| line.text.as_str());
        let count = |word: &str| seen().filter(|text| text.starts_with(word)).count();
        let on = |word: &str, endpoint: &str| {
            seen().filter(|text| text.starts_with(word) && text.contains(&format!(" {endpoint}"))).count()
        };
        assert!(packets.iter().all(|packet| packet[6].is_empty()), "{}: {packets:?}", record.case);
        let setups = packets.iter().filter(|packet| !packet[5].is_empty() && packet[0] == "'S'").count();
        let requests = count("SET_CONFIGURATION") + count("SET_INTERFACE") + count("CLEAR_HALT");
        assert_eq!(setups, count("SETUP") + requests, "{}: {packets:?}", record.case);
        for endpoint in ["0x81", "0x02", "0x83", "0x04"] {
            let data = on("IN", endpoint) + on("OUT", endpoint);
            assert_eq!(done(endpoint, "0"), data, "{} {endpoint}: {packets:?}", record.case);
            assert_eq!(
                done(endpoint, "-32"),
                on("STALL", endpoint),
                "{} {endpoint}: {packets:?}",
                record.case
            );
            assert_eq!(
                done(endpoint, "-2"),
                on("CANCEL", endpoint),
                "{} {endpoint}: {packets:?}",
                record.case
            );
        }
        for endpoint in ["0x85", "0x06"] {
            assert_eq!(done(endpoint, "0"), on("ISO", endpoint), "{} {endpoint}: {packets:?}", record.case);
        }
        compared += packets.len();
    }
    assert!(compared > 300, "{compared}");
}
