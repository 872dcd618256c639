//! `cargo hw setup`.

use super::Context;
use anyhow::{Context as _, anyhow, bail, ensure};
use std::process::ExitCode;
use wasi_hw_harness::runtime::adapter::Command;
use wasi_hw_harness::runtime::start::RuntimeFile;
use wasi_hw_harness::runtime::start::not_set_up;

/// Install or build what a runtime needs
///
/// Runs the commands under `setup` in conformance/runtimes/NAME.toml, and then looks whether what stands there
/// under `needs` exists.
///
/// Exit codes: 0, the runtime is ready; 2, it is not, and the message says why.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The runtime: a name in conformance/runtimes
    name: String,
}

pub(super) fn main(context: Context<'_>, options: &Options) -> anyhow::Result<ExitCode> {
    let name = &options.name;
    let file = RuntimeFile::find(&context.root, name).map_err(|problem| anyhow!("{problem}"))?;
    let Some(file) = file.filter(|file| !file.command.is_empty()) else {
        if wasi_hw_harness::Runtimes::known().names().contains(&name.as_str()) {
            writeln!(context.out, "{name} comes with the suite; there is nothing to set up")?;
            return Ok(ExitCode::SUCCESS);
        }
        let known = RuntimeFile::names(&context.root);
        bail!("no runtime `{name}` in conformance/runtimes; there are: [{}]", known.join(", "));
    };
    for words in &file.setup {
        let line = words.join(" ");
        writeln!(context.out, "$ {line}")?;
        context.out.flush()?;
        let tools = file.tools.as_ref().map(|tools| format!("; {name} needs {tools}")).unwrap_or_default();
        let status = Command { words: words.clone(), folder: context.root.clone() }.run();
        let status = status.with_context(|| format!("`{line}` cannot be started{tools}"))?;
        ensure!(status.success(), "`{line}` failed ({status}){tools}");
    }
    if let Some(why) = not_set_up(name, &file, &context.root) {
        bail!(
            "all commands ran, and still {why}: `needs` or `setup` of conformance/runtimes/{name}.toml is wrong"
        );
    }
    writeln!(context.out, "{name} is set up; now `cargo test -- --runtime={name}`")?;
    Ok(ExitCode::SUCCESS)
}
