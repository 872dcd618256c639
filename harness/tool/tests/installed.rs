//! The tool by itself: a copy of the executable in an empty folder, with an empty environment, and no checkout around it.
//! `cargo test --package wasi-hw-tool --features embed --test installed`

use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use wasi_hw_harness::suite::embedded;

/// An empty folder with the tool beside it.
struct Alone {
    tool: TempDir,
    folder: TempDir,
}

impl Alone {
    fn new() -> Alone {
        // Below the target folder there would be a checkout around it.
        let (tool, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let name = format!("wasi-hw{}", std::env::consts::EXE_SUFFIX);
        fs::copy(env!("CARGO_BIN_EXE_wasi-hw"), tool.path().join(name)).unwrap();
        Alone { tool, folder }
    }

    /// Exit code, standard output, error stream.
    fn says(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut tool =
            Command::new(self.tool.path().join(format!("wasi-hw{}", std::env::consts::EXE_SUFFIX)));
        let output = tool.args(arguments).current_dir(self.folder.path()).env_clear().output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn the_suite_is_inside() {
    let names: Vec<_> = embedded::files().map(|(name, _)| name).collect();
    for part in [
        "conformance/cases/i2c/read-one-frame.toml",
        "conformance/components/MANIFEST.toml",
        "conformance/components/usb.wasm",
        "fixtures/i2c/register-file.toml",
        "harness/protocol/schema/from-adapter.json",
        "proposals/capabilities.toml",
        "proposals/spi/requirements.toml",
        "wit/i2c/0.2.0-draft/i2c.wit",
    ] {
        assert!(names.contains(&part), "{part}");
    }
    assert!(names.is_sorted() && names.iter().all(|name| !name.contains("..") && !name.starts_with('/')));
}

#[test]
fn a_vendor_without_a_checkout_lists_runs_judges_and_explains() {
    let alone = Alone::new();
    let listed = alone.says(&["list", "i2c/read-one-frame"]);
    assert!(listed.0 == 0 && listed.1.starts_with("i2c/read-one-frame"), "{listed:?}");
    let ran = alone.says(&["run", "i2c", "--suite", "next", "--report", "r.jsonl"]);
    assert!(ran.0 == 0 && ran.1.contains("wasi:i2c@0.2.0-draft   conformant"), "{ran:?}");
    let judged = alone.says(&["judge", "r.jsonl"]);
    assert!(judged.0 == 0 && judged.1.contains("all as written"), "{judged:?}");
    let child = alone.says(&[
        "run",
        "i2c/read-one-frame",
        "--exact",
        "--suite",
        "next",
        "--runtime",
        "wasmtime-child",
    ]);
    assert!(child.0 == 0, "{child:?}");
    let told = alone.says(&["explain", "I2C-09"]);
    assert!(told.0 == 0 && told.1.contains("case: i2c/"), "{told:?}");
    // An adapter's command runs where the vendor is.
    let missing = alone.says(&["run", "--runtime", "cmd:./my-adapter"]);
    assert!(missing.0 == 2 && missing.2.contains("my-adapter"), "{missing:?}");
    let left: Vec<_> = fs::read_dir(alone.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["r.jsonl"]);
}

#[test]
#[cfg(unix)]
fn a_vendors_own_list_of_known_failures_is_read_and_written_where_the_vendor_is() {
    let alone = Alone::new();
    let lazy = alone.folder.path().join("lazy.sh");
    let about = r#""protocol":"1.0.0","version":"1","packages":["wasi:i2c@0.2.0-draft"],"name":"lazy""#;
    fs::write(&lazy, format!(
        "while read -r line; do\n  run=$(printf '%s' \"$line\" | /bin/sed -n 's/.*\"run\":\\([0-9]*\\),.*/\\1/p;s/.*\"run\":\\([0-9]*\\)}}.*/\\1/p')\n  \
         case \"$line\" in\n    *'\"start\"'*) printf '{{\"started\":{{{about}}}}}\\n' ;;\n    *'\"sync\"'*) printf '{{\"synced\":{{\"run\":%s}}}}\\n' \"$run\" ;;\n    \
         *'\"stop\"'*) exit ;;\n    *) printf '{{\"done\":{{\"run\":%s,\"how\":\"returned\"}}}}\\n' \"$run\" ;;\n  esac\ndone\n"
    )).unwrap();
    let runtime = ["--suite", "next", "--runtime", "cmd:/bin/sh lazy.sh"];
    let case = ["run", "i2c/read-one-frame", "--exact"];
    assert_eq!(alone.says(&[&case[..], &runtime].concat()).0, 1);
    let updated = alone.says(&[&case[..], &["--update"], &runtime].concat());
    let list = alone.folder.path().join("conformance/runtimes/lazy.toml");
    let text = fs::read_to_string(&list).unwrap_or_else(|error| panic!("{error}: {updated:?}"));
    assert!(text.contains("case = \"i2c/read-one-frame\""), "{text}");
    let from = text.find("reason = ").unwrap();
    let to = from + text[from..].find('\n').unwrap();
    fs::write(&list, format!("{}reason = \"it does nothing\"{}", &text[..from], &text[to..])).unwrap();
    let known = alone.says(&[&case[..], &runtime].concat());
    assert_eq!(known.0, 0, "{known:?}");
}

#[test]
fn what_has_no_release_inside_makes_no_evidence_and_what_has_one_does() {
    let alone = Alone::new();
    let release = embedded::files().find_map(|(name, _)| {
        let name = name.strip_prefix("conformance/releases/")?.strip_suffix(".toml")?;
        (!name.contains('/') && name != "withdrawn").then_some(name)
    });
    let Some(release) = release else {
        let ran = alone.says(&["run", "--suite", "0.1.0"]);
        assert!(ran.0 == 2 && ran.2.contains("there is no release `0.1.0`; there are: next"), "{ran:?}");
        return;
    };
    for runtime in ["wasmtime", "wasmtime-kernel"] {
        let report = format!("{runtime}.jsonl");
        let ran = alone.says(&["run", "--suite", release, "--runtime", runtime, "--report", &report]);
        assert!(matches!(ran.0, 0 | 1), "{ran:?}");
    }
    let runs = ["wasmtime.jsonl", "wasmtime-kernel.jsonl"];
    let made = alone.says(&[&["evidence", "--proposal", "i2c", "--out", "package"], &runs[..]].concat());
    assert_eq!(made.0, 0, "{made:?}");
    let fingerprint = made.1.rsplit(' ').next().unwrap().trim();
    let verified = alone.says(&["verify", "package", "--fingerprint", fingerprint]);
    assert!(verified.0 == 0 && verified.1.contains("nothing was edited"), "{verified:?}");
    let file = alone.folder.path().join("package/claims.txt");
    fs::write(&file, fs::read_to_string(&file).unwrap().replacen('c', "C", 1)).unwrap();
    let edited = alone.says(&["verify", "package"]);
    assert!(edited.0 == 1 && edited.1.contains("claims.txt: was edited"), "{edited:?}");
    assert!(Path::new(&file).exists());
}
