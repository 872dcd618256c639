//! The code of the proposals' explainers compiles against the packages.

use std::process::Command;
use wasi_hw_harness::suite::Suite;

#[test]
fn the_code_of_the_explainers_compiles() {
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
    let guests = Suite::default_root().join("conformance/guests");
    let output = cargo.current_dir(guests).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
