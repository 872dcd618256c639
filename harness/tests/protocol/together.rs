//! Several adapters of one runtime, each for packages of its own.

use super::{BAD, ensure, started};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::runtime::{About, Clock};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("adapters_beside_each_other_are_one_runtime", one),
        Trial::test("adapters_beside_each_other_share_no_package", shared),
    ]
}

/// What a runtime says of itself whose adapters do these things.
fn about(folder: &str, hows: [&str; 2]) -> anyhow::Result<About> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    std::fs::create_dir_all(root.join("conformance/runtimes"))?;
    let [command, beside] = hows.map(|how| format!("{:?}", started(&[BAD, how]).words));
    let file = format!("version = 1\ncommand = {command}\nbeside = [{beside}]\n");
    std::fs::write(root.join("conformance/runtimes/bad.toml"), file)?;
    Ok(Runtimes::known().start(Some("bad"), &root)?.about())
}

fn one() -> Result<(), Failed> {
    let about = about("beside", ["speaks-of-i2c", "speaks-of-usb"]).map_err(|error| format!("{error:#}"))?;
    let [i2c, usb] = &about.packages[..] else { return Err(format!("{:?}", about.packages).into()) };
    let said = |package: &str| (about.clock_of(package), about.lacks_of(package).len());
    ensure((said(i2c), said(usb)) == ((Clock::Board, 0), (Clock::Own, 1)), || format!("{about:?}"))?;
    ensure(about.name == "bad" && about.version == "1.0.0", || format!("{about:?}"))
}

fn shared() -> Result<(), Failed> {
    let error = about("beside-itself", ["speaks-of-i2c", "speaks-of-i2c"]).err();
    let error = error.map_or_else(String::new, |error| format!("{error:#}"));
    ensure(error.contains("two adapters of bad speak for wasi:i2c@0.2.0-draft"), || error.clone())
}
