//! The folder that a site is written to. Nothing is written over that a site of this tool did not write, nothing is
//! written through a link, and what an earlier site had and this one has not is taken away.

use anyhow::{Context, bail, ensure};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Its list of files, which says that the folder is a site's.
const LIST: &str = "wasi-hw-site.txt";
const HEAD: &str =
    "The files of a site made by `cargo hw site`, which writes and removes these and no others.";

/// The most bytes of the list.
const MOST_LIST: u64 = 64 << 20;

/// A folder that belongs to a site.
pub(super) struct Folder {
    root: PathBuf,
    before: BTreeSet<String>,
    written: BTreeSet<String>,
    list: File,
}

impl Folder {
    /// Opens a folder: a new or an empty one, or one of an earlier site.
    pub(super) fn open(root: &Path) -> anyhow::Result<Folder> {
        let shown = root.display();
        match fs::symlink_metadata(root) {
            Ok(there) => ensure!(there.is_dir(), "{shown} is no folder; name another"),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(root).with_context(|| format!("{shown} cannot be made"))?;
            }
            Err(error) => return Err(error).with_context(|| format!("{shown} cannot be read")),
        }
        let list = root.join(LIST);
        let mut before = BTreeSet::new();
        match fs::symlink_metadata(&list) {
            Ok(there) => {
                ensure!(
                    there.is_file() && there.len() <= MOST_LIST,
                    "{} is no list of a site; name another folder",
                    list.display()
                );
                let text = fs::read_to_string(&list)
                    .with_context(|| format!("{} cannot be read", list.display()))?;
                ensure!(
                    text.lines().next() == Some(HEAD),
                    "{} is no list of a site; name another folder",
                    list.display()
                );
                before.extend(text.lines().skip(1).filter(|file| is_inside(file)).map(str::to_owned));
            }
            Err(_) => {
                let mut entries = fs::read_dir(root).with_context(|| format!("{shown} cannot be listed"))?;
                if entries.next().is_some() {
                    bail!(
                        "{shown} has files, and is no site of `cargo hw site` (it has no {LIST}); name a new folder"
                    );
                }
                fs::write(&list, format!("{HEAD}\n"))
                    .with_context(|| format!("{} cannot be written", list.display()))?;
            }
        }
        let appended = OpenOptions::new().append(true).open(&list);
        let appended = appended.with_context(|| format!("{} cannot be written", list.display()))?;
        Ok(Folder { root: root.to_owned(), before, written: BTreeSet::new(), list: appended })
    }

    /// Writes a file, whose path is from the folder and has nothing but what [`is_inside`] allows.
    pub(super) fn write(&mut self, file: &str, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let path = self.place(file)?;
        fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))
    }

    /// The same with the bytes of another file.
    pub(super) fn copy(&mut self, from: &Path, file: &str) -> anyhow::Result<()> {
        let path = self.place(file)?;
        fs::copy(from, &path)
            .map(drop)
            .with_context(|| format!("{} cannot be copied to {}", from.display(), path.display()))
    }

    fn place(&mut self, file: &str) -> anyhow::Result<PathBuf> {
        ensure!(is_inside(file), "`{file}` is no name of a page");
        ensure!(
            self.written.insert(file.to_owned()),
            "two pages would be {file}; the ids are too much alike"
        );
        if !self.before.contains(file) {
            writeln!(self.list, "{file}").with_context(|| format!("{LIST} cannot be written"))?;
        }
        let mut path = self.root.clone();
        let mut parts = file.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            match (fs::symlink_metadata(&path), parts.peek()) {
                (Ok(there), Some(_)) => {
                    ensure!(there.is_dir(), "{} is no folder; is it a link?", path.display());
                }
                (Ok(there), None) => {
                    ensure!(there.is_file(), "{} is no file; is it a link?", path.display());
                    ensure!(
                        self.before.contains(file),
                        "{} is no file of a site; take it away first",
                        path.display()
                    );
                }
                (Err(_), Some(_)) => {
                    fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
                }
                (Err(_), None) => {}
            }
        }
        Ok(path)
    }

    /// Takes away what an earlier site had and this one has not.
    pub(super) fn finish(self) -> anyhow::Result<usize> {
        for file in self.before.difference(&self.written) {
            let folders = file.match_indices('/').map(|(at, _)| self.root.join(&file[..at]));
            let mut real =
                folders.map(|folder| fs::symlink_metadata(folder).is_ok_and(|there| there.is_dir()));
            let path = self.root.join(file);
            if real.all(|real| real) && fs::symlink_metadata(&path).is_ok_and(|there| there.is_file()) {
                fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
            }
        }
        let mut text = format!("{HEAD}\n");
        self.written.iter().for_each(|file| text.extend([file, "\n"]));
        fs::write(self.root.join(LIST), text).with_context(|| format!("{LIST} cannot be written"))?;
        Ok(self.written.len())
    }
}

/// Whether a path can only lead to a file below the folder: names of letters, digits, `.`, `-`, `_` and `~`, none of which
/// begins with a dot.
fn is_inside(file: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~');
    file != LIST
        && file.split('/').all(|name| !name.is_empty() && !name.starts_with('.') && name.chars().all(plain))
}
