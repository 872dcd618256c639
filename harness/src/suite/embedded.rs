//! The suite inside the executable: what `harness/build.rs` put there, if this is a build with one.

use std::fs;
use std::io;
use std::path::Path;

mod list {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// Whether there is one.
pub fn is_there() -> bool {
    !list::FILES.is_empty()
}

/// Its files, each by its path from the suite's root with `/`.
pub fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    list::FILES.iter().copied()
}

/// Writes it into a folder, which is then a suite's root: adapters open the components by their paths.
pub fn unpack(folder: &Path) -> io::Result<()> {
    for (name, bytes) in files() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}
