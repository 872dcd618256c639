//! `cargo hw run` on a terminal, which `script` (util-linux) makes, and elsewhere.

use std::process::{Command, Stdio};

const ARGUMENTS: [&str; 4] = ["run", "i2c/read-", "--runtime", "wasmtime"];

fn clean(command: &mut Command) -> &mut Command {
    for name in
        ["WASI_HW_RUNTIME", "WASI_HW_REPORT", "WASI_HW_ROOT", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"]
    {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").stdin(Stdio::null())
}

/// What a terminal gets of the run: both streams.
#[cfg(target_os = "linux")]
fn on_a_terminal(no_color: bool) -> String {
    let mut script = Command::new("script");
    let tool = format!("'{}' {}", env!("CARGO_BIN_EXE_wasi-hw"), ARGUMENTS.join(" "));
    clean(script.args(["-q", "-e", "-c", &tool, "/dev/null"]));
    if no_color {
        script.env("NO_COLOR", "1");
    }
    let output = script.output().expect("script, of util-linux");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_has_a_bar_with_the_case_and_the_counts_and_colours_unless_they_are_not_wanted() {
    let said = on_a_terminal(false);
    let cases =
        said.split_whitespace().find_map(|word| word.strip_suffix("\r").unwrap_or(word).strip_prefix("1/"));
    let cases: usize =
        cases.unwrap_or_else(|| panic!("no counts: {said:?}")).trim_end_matches(',').parse().unwrap();
    assert!(cases > 3 && said.contains("i2c/read-"), "{said:?}");
    assert!(said.contains("\u{1b}[33mpartial\u{1b}[0m"), "{said:?}");
    assert!(!said.contains("cases, 0 failed"), "{said:?}");
    let said = on_a_terminal(true);
    assert!(
        said.contains("partial") && !said.contains("\u{1b}[3") && !said.contains("\u{1b}[1m"),
        "{said:?}"
    );
}

#[test]
fn elsewhere_there_are_plain_lines() {
    let run = |more: &[&str]| {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
        let output = clean(tool.args(ARGUMENTS).args(more)).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    };
    let (out, err) = run(&[]);
    assert!(out.starts_with("i2c   wasi:i2c@0.2.0-draft   partial         required "), "{out}");
    assert!(err.starts_with("i2c: ") && err.ends_with(" cases, 0 failed\n"), "{err}");
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out}{err}");
    assert!(run(&["--color", "always"]).0.contains("\u{1b}[33mpartial\u{1b}[0m"));
    assert!(!run(&["--color", "never"]).0.contains('\u{1b}'));
}
