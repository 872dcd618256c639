//! Stands between the harness and an adapter that knows nothing of it: before a line goes on to the one, the kernel has done what
//! the other was told of.

use super::bus::Bus;
use crate::board::TICK;
use anyhow::Context;
use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::{Errno, read, write};
use serde_json::Value;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What the threads share.
pub(super) struct Shared {
    bus: Mutex<Bus>,
    /// Rung when there is something new to wait for.
    bell: OwnedFd,
    /// How many guests of the run have not ended.
    guests: Mutex<usize>,
    /// Why the board is broken.
    fault: Mutex<Option<String>>,
}

impl Shared {
    pub(super) fn new(bus: Bus) -> io::Result<Arc<Shared>> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let shared = Shared { bus: Mutex::new(bus), bell, guests: Mutex::default(), fault: Mutex::default() };
        Ok(Arc::new(shared))
    }

    pub(super) fn bus(&self) -> MutexGuard<'_, Bus> {
        self.bus.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn fault(&self) -> MutexGuard<'_, Option<String>> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn guests(&self) -> MutexGuard<'_, usize> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the bus. What breaks is the case's.
    pub(super) fn with(&self, f: impl FnOnce(&mut Bus) -> anyhow::Result<()>) {
        let done = f(&mut self.bus());
        // The bell has room for whoever rings it.
        let _ = write(&self.bell, &1_u64.to_ne_bytes());
        if let Err(why) = done {
            self.fault().get_or_insert(format!("the board in the kernel: {why:#}"));
        }
    }

    /// Answers the kernel, for ever; and plugs in and unplugs what the board has by then, if nobody else says when.
    pub(super) fn answer(&self, follows: bool) {
        loop {
            let (inotify, sockets) = self.bus().sources();
            let mut sources =
                vec![PollFd::new(&self.bell, PollFlags::IN), PollFd::new(&*inotify, PollFlags::IN)];
            sources.extend(sockets.iter().map(|socket| PollFd::new(&**socket, PollFlags::IN)));
            match poll(&mut sources, follows.then_some(&TICK)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
            let _ = read(&self.bell, &mut [0; 8]);
            loop {
                let busy = self.serve(follows);
                match busy {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(why) => {
                        self.fault().get_or_insert(format!("the board in the kernel: {why:#}"));
                        break;
                    }
                }
                // Whoever waits for the bus gets it.
                thread::yield_now();
            }
        }
    }

    fn serve(&self, follows: bool) -> anyhow::Result<bool> {
        let mut bus = self.bus();
        if follows {
            bus.look()?;
        }
        bus.serve()
    }
}

/// Starts the adapter, and goes between it and the harness until it has ended. It calls itself `name`.
pub(super) fn run(shared: &Arc<Shared>, name: &str, command: &[OsString]) -> anyhow::Result<ExitStatus> {
    let (program, arguments) = command.split_first().context("no adapter")?;
    let mut adapter = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.to_string_lossy()))?;
    let (to, from) =
        (adapter.stdin.take().context("its input")?, adapter.stdout.take().context("its output")?);
    let there = Arc::clone(shared);
    thread::spawn(move || forth(&there, to));
    let answering = Arc::clone(shared);
    thread::spawn(move || answering.answer(false));
    back(shared, name, BufReader::new(from))?;
    Ok(adapter.wait()?)
}

/// From the harness to the adapter.
fn forth(shared: &Shared, mut to: ChildStdin) {
    // On a busy machine a case that went wrong is run again: the first one is known by its tests.
    let mut first = None;
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(run) = message.get("run") {
            if first.get_or_insert_with(|| run.get("tests").cloned()) != &run.get("tests").cloned() {
                shared.bus().mend();
            }
            *shared.guests() = run.get("tests").and_then(Value::as_array).map_or(1, Vec::len);
            shared.fault().take();
            shared.with(Bus::begin);
        } else if message.get("answer").is_some() {
            // What came or went at a cue, or with time, is there before the guest goes on.
            shared.with(Bus::follow);
        }
        if writeln!(to, "{line}").and_then(|()| to.flush()).is_err() {
            return;
        }
    }
}

/// From the adapter to the harness.
fn back(shared: &Shared, name: &str, from: impl BufRead) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for line in from.lines() {
        let mut line = line?;
        let mut message: Value = serde_json::from_str(&line).unwrap_or_default();
        let mut last = false;
        if message.get("ask").is_some() {
            shared.with(Bus::settle);
        } else if let Some(done) = message.get_mut("done") {
            shared.with(Bus::settle);
            let mut guests = shared.guests();
            *guests = guests.saturating_sub(1);
            last = *guests == 0;
            if let Some(why) = &*shared.fault() {
                done["how"] = Value::from("harness-error");
                done["why"] = Value::from(why.as_str());
                line = message.to_string();
            }
        } else if let Some(started) = message.get_mut("started") {
            started["name"] = Value::from(name);
            started["lacks"] = lacks();
            started["seams"] = serde_json::json!({ "usb": "transfers" });
            line = message.to_string();
        }
        if last {
            shared.bus().leave();
        }
        writeln!(out, "{line}")?;
        out.flush()?;
        if last {
            shared.with(Bus::end);
        }
    }
    Ok(())
}

/// What no host has on this kernel.
fn lacks() -> Value {
    // `vhci_hcd` has no streams.
    serde_json::json!(["streams"])
}
