//! The rooms of the harness know only those below them.

use crate::root;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn no_arrow_between_the_rooms_goes_upward() {
    // Each room with those that it must not know.
    let rooms: [(&str, &[&str]); 5] = [
        ("text", &["say", "suite", "runtime", "report", "run"]),
        ("say", &["suite", "runtime", "report", "run"]),
        ("suite", &["runtime", "report", "run"]),
        ("runtime", &["report", "run"]),
        ("report", &["run"]),
    ];
    for (room, others) in rooms {
        let mut files = vec![root().join(format!("harness/src/{room}.rs"))];
        sources(&root().join("harness/src").join(room), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for (n, line) in code.enumerate() {
                let upward = others.iter().find(|other| line.contains(&format!("crate::{other}::")));
                assert!(upward.is_none(), "{} knows {upward:?}: {n}: {line}", file.display());
            }
        }
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path, files) } else { files.push(path) }
    }
}
