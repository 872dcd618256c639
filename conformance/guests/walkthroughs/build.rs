//! Takes the Rust code out of each proposal's explainer, and puts it beside the bindings of that proposal's
//! world.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const PROPOSALS: &str = "../../../proposals";

fn main() {
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    println!("cargo::rerun-if-changed={PROPOSALS}");
    let mut modules = String::new();
    for entry in fs::read_dir(PROPOSALS).expect("the proposals are listed") {
        let folder = entry.expect("an entry").path();
        if folder.is_dir() {
            let name = folder.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
            modules.push_str(&module(name, &folder));
        }
    }
    fs::write(Path::new(&out).join("walkthroughs.rs"), modules).expect("the folder is cargo's");
}

fn module(name: &str, folder: &Path) -> String {
    // A proposal whose overview is offered upstream as a page of its own has its example there.
    let overview = folder.join("overview.md");
    let page = if overview.exists() { overview } else { folder.join("README.md") };
    let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let code: String = text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!code.is_empty(), "{} has no code block in Rust", page.display());
    let mut module = String::new();
    write!(
        module,
        "mod {name} {{\n\
         wit_bindgen::generate!({{ path: \"../../../wit/{name}/{}\", world: \"imports\", generate_all }});\n\
         {code}}}\n",
        version(folder)
    )
    .expect("a String takes everything");
    module
}

/// The version of the canonical package, which the head of the requirements names; its folder is called so.
fn version(folder: &Path) -> String {
    let file = folder.join("requirements.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let package = text.lines().find_map(|line| line.strip_prefix("package = \"")?.strip_suffix('"'));
    let version = package.and_then(|package| package.split_once('@'));
    let (_, version) =
        version.unwrap_or_else(|| panic!("{} names no package with a version", file.display()));
    version.to_owned()
}
