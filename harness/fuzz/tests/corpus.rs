//! Every input that was kept, every file of the suite that is one, and what a little damage makes of those: fed to their
//! targets, the same way each time.

use std::fs;
use std::path::Path;
use wasi_hw_fuzz::{TARGETS, Target};

/// How many damaged inputs are made of each.
const DAMAGED: u64 = 3;

/// The largest input that is damaged: a long one takes longer, and its parts are in shorter ones.
const MOST_DAMAGED: usize = 8 << 10;

fn inputs(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            inputs(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// The next of a row of numbers, the same for the same input.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// The input with a few bytes changed, taken out, or put there twice.
fn damaged(input: &[u8], state: &mut u64) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 + next(state) % 4 {
        if bytes.is_empty() {
            break;
        }
        let at = next(state) % bytes.len();
        let to = bytes.len().min(at + 1 + next(state) % 16);
        match next(state) % 4 {
            0 => bytes[at] = b"0[]{}\"=\n-9"[next(state) % 10],
            1 => bytes[at] = next(state) as u8,
            2 => drop(bytes.drain(at..to)),
            _ => {
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

fn fed(name: &str) {
    let target: &Target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let mut found = Vec::new();
    target.folders().iter().for_each(|folder| inputs(folder, &mut found));
    found.sort();
    assert!(found.len() >= 10, "{name} has {} inputs", found.len());
    let mut state = found.len() as u64;
    for (file, input) in found {
        let feed = |input: &[u8], which: &str| {
            let fed = std::panic::catch_unwind(|| (target.feed)(input));
            assert!(fed.is_ok(), "{name}: {file}{which}: {:?}", String::from_utf8_lossy(input));
        };
        feed(&input, "");
        if input.len() <= MOST_DAMAGED {
            (0..DAMAGED).for_each(|_| feed(&damaged(&input, &mut state), ", damaged"));
        }
    }
}

macro_rules! fed {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            fed(stringify!($name));
        })*

        #[test]
        fn every_target_is_fed() {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

fed!(fixtures cases requirements manifests protocol descriptors calls);
