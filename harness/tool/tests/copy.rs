//! A copy of the parts of this repository that the checks read, to be broken one place at a time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use wasi_hw_harness::suite::Suite;

/// A copy below the target folder. It goes with the test, unless that fails.
pub(crate) struct Copy {
    /// Its root.
    pub(crate) root: PathBuf,
}

/// This repository.
pub(crate) fn repository() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(Suite::default_root);
    &ROOT
}

impl Copy {
    /// A fresh copy. The name is for whoever looks at one that a failed test left.
    pub(crate) fn new(name: &str) -> Copy {
        let folders = ["proposals", "wit", "harness/tool/tests/shapes", "harness/wasmtime-host/src"];
        Copy::of(name, &[&folders[..], &["conformance/guests", "harness/mock/src"]].concat())
    }

    /// A copy of some folders only.
    pub(crate) fn of(name: &str, folders: &[&str]) -> Copy {
        // Tests run side by side, in one process or in several.
        static COPIES: AtomicUsize = AtomicUsize::new(0);
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let folder = format!("{name}-{}-{number}", std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        for folder in folders {
            copy(&repository().join(folder), &root.join(folder));
        }
        Copy { root }
    }

    /// Replaces the first `from` in a file, which has to be there.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has no `{from}`");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// A file's text.
    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Writes a file.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder is made");
    for entry in fs::read_dir(from).expect("the folder is listed") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the file is copied");
        }
    }
}
