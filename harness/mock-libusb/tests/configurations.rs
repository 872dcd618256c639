//! A device may send anything as a configuration: what was kept for the fuzz target of the descriptors, and what damage makes
//! of it, is read to its end.

use std::fs;
use std::path::Path;
use wasi_hw_mock_libusb::reads_configuration;

#[test]
fn a_configuration_may_be_anything() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/descriptors");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut read, mut refused) = (0, 0);
    for file in files {
        let bytes = fs::read(file).unwrap();
        // A speed and a device descriptor come first.
        let configuration = bytes.get(19..).unwrap_or_default();
        for end in 0..=configuration.len() {
            let cut = &configuration[..end];
            *if reads_configuration(cut) { &mut read } else { &mut refused } += 1;
        }
        for at in 0..configuration.len() {
            let mut damaged = configuration.to_vec();
            for value in [0, 1, 2, 4, 5, 9, 0x20, 0x7f, 0xff] {
                damaged[at] = value;
                *if reads_configuration(&damaged) { &mut read } else { &mut refused } += 1;
            }
        }
    }
    assert!(read > 1_000 && refused > 1_000, "{read} read, {refused} refused");
}
