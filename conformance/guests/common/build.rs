//! Lists the packages of `wit/`, which `world!` makes bindings of.
//!
//! All worlds of guests are of one package, so each guest is built against everything that one of those worlds needs. What
//! a guest gets of it is its world.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let wit = Path::new("../../../wit");
    println!("cargo::rerun-if-changed={}", wit.display());
    let mut proposals = folders(wit)?;
    // A package comes after those that it uses.
    proposals.sort_by_key(|folder| (folder.ends_with("conformance"), folder.clone()));
    let mut packages = Vec::new();
    for proposal in proposals {
        let mut versions = folders(&proposal)?;
        versions.sort();
        packages.extend(versions);
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let packages: String = packages.iter().map(|package| format!("{package:?}, ")).collect();
    let text = format!(
        "/// `wit_bindgen::generate!` over the packages of `wit/`, and one of the guest's own.\n#[doc(hidden)]\n\
         #[macro_export]\nmacro_rules! generate_over_packages {{\n    \
         (and $own:literal, $($option:tt)*) => {{\n        \
         wit_bindgen::generate!({{ path: [{packages}$own], $($option)* }});\n    }};\n    \
         ($($option:tt)*) => {{\n        wit_bindgen::generate!({{ path: [{packages}], $($option)* }});\n    }};\n}}\n"
    );
    fs::write(Path::new(&out).join("packages.rs"), text)
}

fn folders(of: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(of)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}
