//! Where the suite is that a command works on.

use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wasi_hw_harness::runtime::start::FOLDER as RUNTIMES;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::embedded;
use wasi_hw_harness::suite::manifest::{COMPONENTS, MANIFEST};

/// A suite's folder: the one that was named, the checkout around the current folder, or the suite inside this executable,
/// unpacked for as long as the command runs.
pub(super) struct Place {
    /// The suite's root.
    pub(super) root: PathBuf,
    /// Where the user's own runtimes lie, if not in the suite.
    home: Option<PathBuf>,
    /// Dropped, it is gone.
    _unpacked: Option<TempDir>,
}

impl Place {
    pub(super) fn find(named: Option<PathBuf>) -> anyhow::Result<Place> {
        let is_checkout = |folder: &&Path| folder.join(COMPONENTS).join(MANIFEST).is_file();
        let named = named.or_else(|| std::env::var_os("WASI_HW_ROOT").map(PathBuf::from));
        if let Some(root) = named {
            return Ok(Place { root, home: None, _unpacked: None });
        }
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        if !embedded::is_there() {
            let root = here.ancestors().find(is_checkout).map_or_else(Suite::default_root, Path::to_owned);
            return Ok(Place { root, home: None, _unpacked: None });
        }
        if let Some(root) = here.ancestors().find(is_checkout) {
            return Ok(Place { root: root.to_owned(), home: None, _unpacked: None });
        }
        let folder = tempfile::Builder::new().prefix("wasi-hw-").tempdir();
        let folder = folder.context("no folder can be made for the suite that is inside this program")?;
        embedded::unpack(folder.path())
            .context("the suite that is inside this program cannot be unpacked")?;
        copy(&here, folder.path())?;
        Ok(Place { root: folder.path().to_owned(), home: Some(here), _unpacked: Some(folder) })
    }

    /// Where the commands of adapters run.
    pub(super) fn folder(&self) -> &Path {
        self.home.as_deref().unwrap_or(&self.root)
    }

    /// Takes lists of known failures that a command wrote to where the user keeps them.
    pub(super) fn keep_lists(&self) -> anyhow::Result<()> {
        self.home.as_ref().map_or(Ok(()), |home| copy(&self.root, home))
    }
}

/// Copies the files of runtimes from one root to another.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let (from, to) = (from.join(RUNTIMES), to.join(RUNTIMES));
    for entry in fs::read_dir(&from).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_file()) && path.extension().is_some_and(|e| e == "toml")
        {
            let target = to.join(entry.file_name());
            fs::create_dir_all(&to)
                .and_then(|()| fs::copy(&path, &target))
                .with_context(|| format!("{} cannot be written", target.display()))?;
        }
    }
    Ok(())
}
