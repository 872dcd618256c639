//! Puts the suite into the library, so that a tool or a test target needs no checkout: in a release build, with the
//! feature `embed`. In other builds it stays outside, so that an edited case needs no build: in a checkout around this
//! crate, and in a packaged crate in `suite/`, which has links to the same folders here.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What is taken of the suite: folders, and the ending of the files in them.
const PARTS: [(&str, &[&str]); 6] = [
    ("conformance/cases", &["toml"]),
    ("conformance/components", &["toml", "wasm"]),
    ("conformance/releases", &["toml", "wasm", "wit"]),
    ("fixtures", &["toml"]),
    ("harness/protocol/schema", &["json"]),
    ("wit", &["wit"]),
];

/// The files of a proposal that a run is measured by, and the table of what a host may lack.
const REQUIREMENTS: [&str; 2] = ["requirements.toml", "capabilities.toml"];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the manifest is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    println!("cargo::rerun-if-changed=build.rs");
    let asked_for = env::var_os("CARGO_FEATURE_EMBED").is_some()
        || env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let checkout = here.join("..");
    let whole = |root: &Path| root.join("conformance/components").is_dir();
    let root = asked_for.then(|| if whole(&checkout) { checkout } else { here.join("suite") });
    let mut files = Vec::new();
    if let Some(root) = &root {
        for (part, endings) in PARTS {
            let takes = |path: &Path| {
                path.extension().is_some_and(|ending| endings.iter().any(|other| ending == *other))
            };
            collect(root, Path::new(part), &takes, &mut files);
        }
        let takes = |path: &Path| REQUIREMENTS.iter().any(|name| path.ends_with(name));
        collect(root, Path::new("proposals"), &takes, &mut files);
    }
    files.sort();
    let mut text = "/// The files, each with its path from the suite's root.\n".to_owned();
    text.push_str("pub(super) static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in files {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    ({name:?}, include_bytes!({:?})),", path.display().to_string());
    }
    text.push_str("];\n");
    fs::write(out.join("embedded.rs"), text).expect("the list of files can be written");
}

fn collect(root: &Path, folder: &Path, takes: &dyn Fn(&Path) -> bool, files: &mut Vec<(String, PathBuf)>) {
    println!("cargo::rerun-if-changed={}", root.join(folder).display());
    // Before the first release there is no folder of them.
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    for entry in entries {
        let path = folder.join(entry.expect("an entry of the suite").file_name());
        if root.join(&path).is_dir() {
            collect(root, &path, takes, files);
        } else if takes(&path) {
            let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
            files.push((parts.collect::<Vec<_>>().join("/"), root.join(&path)));
        }
    }
}
