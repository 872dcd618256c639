//! The code of the proposals' explainers compiles against the packages.

use std::process::Command;

#[test]
fn the_code_of_the_explainers_compiles() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "check",
        "--quiet",
        "--locked",
        "--package",
        "walkthroughs",
        "--target-dir",
        "../../target/guests",
    ]);
    let output = cargo.current_dir(format!("{root}/conformance/guests")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
