//! The adapter of the runtime `linux`: the reference host over `wasi-hw-linux`, in a machine whose devices are the
//! harness's board. `run.sh` starts it there.
//!
//! ```text
//! guest ─ reference host ─ wasi-hw-linux ─ ioctl ─► kernel ─► /dev/wasi-hw-board ─► board ─ socket ─► harness
//! ```
//!
//! The host's side and the board's side meet in the kernel alone: neither knows of the other's calls.

#[cfg(target_os = "linux")]
mod board;
#[cfg(target_os = "linux")]
mod fixture;
#[cfg(target_os = "linux")]
mod usb;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    match serve() {
        Ok(code) => std::process::ExitCode::from(code),
        Err(why) => {
            wasi_hw_harness::say::error(format_args!("{why:#}"));
            std::process::ExitCode::from(2)
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    wasi_hw_harness::say::error(format_args!("this adapter runs on Linux only"));
    std::process::ExitCode::from(2)
}

#[cfg(target_os = "linux")]
fn serve() -> anyhow::Result<u8> {
    use anyhow::{Context, ensure};
    use board::{Boards, Manner};
    use std::fs::OpenOptions;
    use std::io::BufReader;
    use std::path::Path;
    use wasi_hw_protocol::{Harness, ToAdapter};

    let usage = "usage: wasi-hw-linux-adapter SOCKET [--broken dies|late|twice|nonsense] [--usb NAME ADAPTER...], or \
                 --fixture FILE [--cues FILE] [PROGRAM...]; run.sh, usb.sh and board.sh in harness/linux-adapter start it";
    let mut arguments = std::env::args_os().skip(1);
    let socket = arguments.next().context(usage)?;
    if socket == "--fixture" {
        let file = arguments.next().context(usage)?;
        let mut command: Vec<_> = arguments.collect();
        let script = match &command[..] {
            [option, script, ..] if option == "--cues" => Some(script.clone()),
            _ => None,
        };
        command.drain(..if script.is_some() { 2 } else { 0 });
        let (file, script) = (Path::new(&file), script.as_ref().map(Path::new));
        return match command.is_empty() {
            true => fixture::show(file, script).map(|()| 0),
            false => fixture::run(file, script, &command).map(code),
        };
    }
    let mut broken = None;
    let mut under = None;
    while let Some(option) = arguments.next() {
        match option.to_str() {
            Some("--broken") => {
                let manner = arguments.next();
                broken =
                    Some(manner.as_deref().and_then(|name| Manner::named(name.to_str()?)).context(usage)?);
            }
            Some("--usb") => {
                let name = arguments.next().and_then(|name| name.into_string().ok()).context(usage)?;
                under = Some((name, arguments.by_ref().collect::<Vec<_>>()));
            }
            _ => anyhow::bail!(usage),
        }
    }
    let open = || OpenOptions::new().read(true).write(true).open(&socket);
    let from = open().with_context(|| format!("{} cannot be opened", socket.display()))?;
    let to = from.try_clone()?;
    let harness: Harness<serde_json::Value> = Harness::new(BufReader::new(from), to);
    let greeting = harness.next().context("the harness's socket")?;
    ensure!(
        matches!(greeting, ToAdapter::Start(_)),
        "the harness's socket began with something else than `start`"
    );
    if let Some((name, adapter)) = under {
        return Ok(code(usb::relay(harness, &name, &adapter, broken)?));
    }
    wasi_hw_harness::runtime::adapter::child::serve_over(&Boards::new(harness, broken))?;
    Ok(0)
}

/// As a shell says that a signal ended it.
#[cfg(target_os = "linux")]
fn code(ended: std::process::ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let code = ended.code().or(ended.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
