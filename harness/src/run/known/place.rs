//! Where the list of a runtime's known failures is: in the suite for the hosts that come with it, and for all others in the
//! repository of whoever tests them. A suite that is a dependency is never written into.

use super::BESIDE_MANIFEST;
use std::io;
use std::path::{Path, PathBuf};

/// Where a list is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The runtime's file in `conformance/runtimes`.
    Suite,
    /// A file of the user's.
    File(PathBuf),
    /// Nobody said.
    Nowhere,
}

impl Place {
    /// Finds it. `named` is what the user said, `ours` whether the runtime comes with the suite below `root`, `manifest` the
    /// folder of the package whose tests these are, if cargo started them, `here` the current folder.
    pub(crate) fn find(
        named: Option<&Path>,
        ours: bool,
        root: &Path,
        manifest: Option<&Path>,
        here: &Path,
    ) -> Place {
        match (named, manifest) {
            (Some(file), _) => Place::File(here.join(file)),
            (None, Some(folder)) if !ours || !is_in(folder, root) => {
                Place::File(here.join(folder).join(BESIDE_MANIFEST))
            }
            (None, None) if !ours => Place::Nowhere,
            _ => Place::Suite,
        }
    }

    /// Whether `--update` may write there: into a suite only for those who work in it.
    pub(crate) fn writable(&self, root: &Path, manifest: Option<&Path>, here: &Path) -> anyhow::Result<()> {
        let inside = is_in(manifest.unwrap_or(here), root);
        anyhow::ensure!(
            *self != Place::Suite || inside,
            "--update would write below {}, where you are not; say with --known where your list is",
            root.display()
        );
        Ok(())
    }
}

fn is_in(folder: &Path, root: &Path) -> bool {
    let both = || io::Result::Ok(folder.canonicalize()?.starts_with(root.canonicalize()?));
    both().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::Place;
    use std::path::Path;

    #[test]
    fn a_list_lies_with_whoever_tests_the_host() {
        let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (inside, outside) = (suite.join("harness"), std::env::temp_dir());
        let find = |ours, manifest| Place::find(None, ours, &suite, manifest, &inside);
        assert_eq!(find(true, Some(&inside)), Place::Suite);
        assert_eq!(find(true, None), Place::Suite);
        // A host of the vendor's, and one of the suite's in a vendor's target.
        let beside = Place::File(outside.join("wasi-hw.toml"));
        assert_eq!(find(false, Some(&outside)), beside);
        assert_eq!(find(true, Some(&outside)), beside);
        assert_eq!(find(false, None), Place::Nowhere);
        let named = Place::find(Some(Path::new("my.toml")), true, &suite, Some(&outside), &outside);
        assert_eq!(named, Place::File(outside.join("my.toml")));
    }

    #[test]
    fn a_suite_is_written_into_by_those_who_work_in_it() {
        let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let outside = std::env::temp_dir();
        assert!(Place::Suite.writable(&suite, Some(&suite.join("conformance")), &outside).is_ok());
        assert!(Place::Suite.writable(&suite, None, &suite.join("harness")).is_ok());
        assert!(Place::Suite.writable(&suite, None, &outside).is_err());
        assert!(Place::File(outside.join("my.toml")).writable(&suite, None, &outside).is_ok());
    }
}
