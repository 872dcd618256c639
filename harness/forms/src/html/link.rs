//! From a page to the report that it was made from.

use crate::Run;
use std::path::{Component, Path};

/// The most folders that a link goes up.
const MOST_UP: usize = 8;

/// The report as a page in `folder` links to it; none where that cannot be said, as for one that came from a pipe.
pub(crate) fn link(folder: &Path, run: &Run) -> Option<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let (folder, report) = (folder.canonicalize().ok()?, run.path.as_ref()?.canonicalize().ok()?);
    relative(&folder, &report)
}

fn relative(folder: &Path, report: &Path) -> Option<String> {
    let common = folder.components().zip(report.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().count() - common;
    // What has nothing in common but the root would tell a reader how a machine's folders are called.
    if up > MOST_UP || common < 2 && up > 0 {
        return None;
    }
    let mut parts = vec!["..".to_owned(); up];
    for part in report.components().skip(common) {
        let Component::Normal(name) = part else { return None };
        parts.push(encoded(name.to_str()?));
    }
    Some(parts.join("/"))
}

/// With a `%` for each byte that an address gives a meaning of its own.
pub(crate) fn encoded(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::relative;
    use std::path::Path;

    #[test]
    fn a_link_goes_from_folder_to_file() {
        let link = |folder, report| relative(Path::new(folder), Path::new(report));
        assert_eq!(link("/a/b", "/a/b/run.jsonl").as_deref(), Some("run.jsonl"));
        assert_eq!(link("/a/b/c", "/a/d/a \"#.jsonl").as_deref(), Some("../../d/a%20%22%23.jsonl"));
        assert_eq!(link("/", "/a/run.jsonl").as_deref(), Some("a/run.jsonl"));
        assert_eq!(link("/a/b", "/c/run.jsonl"), None);
    }
}
