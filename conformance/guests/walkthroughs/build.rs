//! Takes the Rust code out of each proposal's explainer.

use std::path::Path;
use std::{env, fs};

fn main() {
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let pages = [("i2c", "README"), ("spi", "overview"), ("gpio", "README"), ("usb", "README")];
    for (proposal, page) in pages {
        let page = format!("../../../proposals/{proposal}/{page}.md");
        println!("cargo::rerun-if-changed={page}");
        let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{page}: {error}"));
        let code: String =
            text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(!code.is_empty(), "{page} has no code block in Rust");
        fs::write(Path::new(&out).join(format!("{proposal}.rs")), code).expect("the folder is cargo's");
    }
}
