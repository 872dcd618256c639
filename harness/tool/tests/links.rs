//! Every link in this repository's pages that leads to a file of this repository opens, and so does
//! the heading that it names.

use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::Suite;
use wasi_hw_tool::markdown::{headings, links};

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is listed") {
        let entry = entry.expect("an entry");
        let (path, name) = (entry.path(), entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            // What is built, fetched or hidden is not ours.
            if !["target", "node_modules"].iter().any(|skip| name == *skip)
                && !name.to_string_lossy().starts_with('.')
            {
                pages(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

/// Whether a page has an anchor: a heading's, or one that is set by hand.
fn has_anchor(page: &str, anchor: &str) -> bool {
    headings(page).iter().any(|heading| heading.slug == anchor)
        || page.contains(&format!("<a id=\"{anchor}\">"))
}

#[test]
fn every_link_opens() {
    let root = &Suite::default_root();
    let mut found = Vec::new();
    pages(root, &mut found);
    assert!(found.len() > 10, "only {found:?}");
    let mut broken = Vec::new();
    for page in found {
        let text = fs::read_to_string(&page).expect("a page is text");
        let at = page.strip_prefix(root).unwrap_or(&page).display();
        for link in links(&text) {
            let (path, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
            // `https:` and `mailto:` lead elsewhere; a colon after `#` or a slash is part of an anchor or a name.
            if path.split('/').next().is_some_and(|first| first.contains(':')) {
                continue;
            }
            let target = if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            if !target.exists() {
                broken.push(format!("{at}:{}: no `{}`", link.line, link.target));
            } else if !anchor.is_empty() && target.is_file() {
                let there = fs::read_to_string(&target).expect("a page is text");
                if !has_anchor(&there, anchor) {
                    broken.push(format!("{at}:{}: no heading `{}`", link.line, link.target));
                }
            }
        }
    }
    assert!(broken.is_empty(), "links that do not open:\n{}", broken.join("\n"));
}
