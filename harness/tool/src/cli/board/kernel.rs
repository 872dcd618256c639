//! A fixture's devices in this machine's kernel.
//!
//! What is built is built by whoever calls, and what is done to the machine is done by sudo, line by line.

use super::{Options, fixture};
use anyhow::{Context as _, anyhow, ensure};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use wasi_hw_harness::{say, text};
use wasi_hw_mock::Board;

/// What the module makes.
const NODE: &str = "/dev/wasi-hw-board";

/// The drivers behind the other nodes: what the module registers, they show. `modprobe` does nothing about one that is built in.
const DRIVERS: [&str; 3] = ["i2c-dev", "spidev", "vhci-hcd"];

/// The variable that names an adapter that is built already.
const ADAPTER: &str = "WASI_HW_LINUX_ADAPTER";

pub(super) fn main(root: &Path, name: &Path, options: &Options) -> anyhow::Result<ExitCode> {
    let (file, source, fixture) = fixture(root, name)?;
    // Before anything is built or asked of root.
    Board::new(&fixture.device).map_err(|why| anyhow!("{}", source.problem(None, why)))?;
    let root = root.canonicalize().context("the suite's folder")?;
    let running = if Path::new(NODE).exists() { None } else { Some(Running::find()?) };
    let adapter = adapter(&root)?;
    if let Some(kernel) = running {
        kernel.load(&root)?;
    }
    let mut arguments: Vec<OsString> = vec!["--fixture".into(), file.into()];
    if let Some(cues) = &options.cues {
        arguments.extend(["--cues".into(), cues.into()]);
    }
    arguments.extend(options.program.iter().cloned());
    run_instead(as_root(adapter.as_os_str(), arguments)?)
}

/// The program that makes the devices, and answers for them.
fn adapter(root: &Path) -> anyhow::Result<PathBuf> {
    if let Some(built) = std::env::var_os(ADAPTER) {
        return Ok(built.into());
    }
    let built = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .args(["build", "--locked", "--package", "wasi-hw-linux-adapter", "--target-dir", "target"])
        .current_dir(root)
        .stdout(Stdio::null())
        .status()
        .with_context(|| {
            format!("cargo cannot be started to build the adapter; {ADAPTER} names one that is built")
        })?;
    ensure!(built.success(), "wasi-hw-linux-adapter does not build");
    Ok(root.join("target/debug/wasi-hw-linux-adapter"))
}

/// The kernel that runs, which has no module yet.
struct Running {
    release: String,
    headers: PathBuf,
}

impl Running {
    fn find() -> anyhow::Result<Running> {
        let release = fs::read_to_string("/proc/sys/kernel/osrelease").context("which kernel this is")?;
        let release = release.trim().to_owned();
        let headers = Path::new("/lib/modules").join(&release).join("build");
        ensure!(
            headers.join("Makefile").exists(),
            "{NODE} is not there, and for its module {} is missing, the headers of this kernel. On Debian: sudo apt-get install \
             make gcc linux-headers-{release}. Without them, and without root, harness/linux-adapter/board.sh has the fixture's \
             devices in a machine of its own",
            headers.display()
        );
        Ok(Running { release, headers })
    }

    /// Builds the module for it, and loads it.
    fn load(&self, root: &Path) -> anyhow::Result<()> {
        let Running { release, headers } = self;
        // Of a folder of its own: another kernel has other objects.
        let place = root.join("target/kernel-module").join(release);
        let module = place.join("module");
        fs::create_dir_all(&module).with_context(|| format!("{} cannot be made", module.display()))?;
        let kernel = root.join("harness/kernel");
        copy(&kernel.join("wasi_hw_board.h"), &place)?;
        for entry in fs::read_dir(kernel.join("module")).context("harness/kernel/module")? {
            copy(&entry?.path(), &module)?;
        }
        let log = place.join("make.log");
        let made = Command::new("make")
            .arg("-C")
            .arg(headers)
            .arg(format!("M={}", module.display()))
            .arg("CONFIG_WASI_HW_BOARD=m")
            .stdout(fs::File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?)
            .status()
            .context("make cannot be started; on Debian: sudo apt-get install make gcc")?;
        let built = module.join("wasi_hw_board.ko");
        ensure!(
            made.success() && built.exists(),
            "the module does not build for Linux {release}, see {}; it is written for 6.1 and tried with 6.12",
            log.display()
        );
        let drivers = as_root("modprobe", ["--all"].iter().chain(&DRIVERS))?;
        ensure!(done(drivers)?, "this kernel lacks one of these drivers: {}", DRIVERS.join(", "));
        ensure!(
            done(as_root("insmod", [&built])?)?,
            "the kernel does not take the module; where it wants modules to be signed (Secure Boot), none of one's own can be \
             loaded before its key is enrolled"
        );
        say::note("the module stays until `sudo rmmod wasi_hw_board`");
        Ok(())
    }
}

/// A file that is the same keeps its time, so that it is not compiled again.
fn copy(file: &Path, to: &Path) -> anyhow::Result<()> {
    let to = to.join(file.file_name().unwrap_or_default());
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    if fs::read(&to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::write(&to, bytes).with_context(|| format!("{} cannot be written", to.display()))
}

/// What does it as root; said on the error stream.
fn as_root(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> anyhow::Result<Command> {
    let mut command = match is_root()? {
        true => Command::new(program),
        false => {
            let mut sudo = Command::new("sudo");
            sudo.arg(program);
            sudo
        }
    };
    command.args(arguments);
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let line = words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ");
    say::plain(format_args!("+ {}", text::line(&line, text::MOST_LINE)));
    Ok(command)
}

/// Whose this process is, the kernel's files on it say.
fn is_root() -> anyhow::Result<bool> {
    let status = fs::read_to_string("/proc/self/status").context("whose process this is")?;
    let mut ids =
        status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap_or_default().split_whitespace();
    // The real one, and the effective one.
    Ok(ids.nth(1) == Some("0"))
}

fn done(mut command: Command) -> anyhow::Result<bool> {
    let status = command.status();
    Ok(status.with_context(|| cannot(&command))?.success())
}

/// In the place of this process: a signal reaches the one that has the devices, and its exit code is this one's.
#[cfg(unix)]
fn run_instead(mut command: Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let why = command.exec();
    Err(anyhow::Error::new(why).context(cannot(&command)))
}

#[cfg(not(unix))]
fn run_instead(_: Command) -> anyhow::Result<ExitCode> {
    Err(anyhow!("this is of Linux alone"))
}

fn cannot(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    format!("{program} cannot be started; all of this is root's, and a user has it by sudo")
}
