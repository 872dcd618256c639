//! One guest as a command, from its start to its end: what it says on its output is for the board, the answers go to its input.
//! Whatever else it says is passed on to the error stream.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread;
use wasi_hw_protocol::{Client, Failure, How};

/// How a guest ended, and why.
pub type Ended = (How, String);

/// What each line of the dialogue begins with.
const MARK: &str = "wasi-hw ";

/// The longest line, in bytes: a message to the harness has about as many.
const MOST_LINE: u64 = 1 << 20;

/// How much is kept of what it says on its error stream, in lines.
const MOST_LAST: usize = 8;

/// What a Rust program that panics ends with.
const PANICKED: i32 = 101;

/// How far the command came.
#[derive(Default)]
struct Progress {
    /// Its test was called.
    begun: bool,
    /// Its test has returned.
    returned: bool,
    no_such_test: Option<String>,
}

/// Runs a guest.
pub fn run(mut command: Command, board: &Client) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(why) => return (How::NotRun, format!("{:?} cannot be started: {why}", command.get_program())),
    };
    let last = child.stderr.take().map(|errors| thread::spawn(move || last_words(errors)));
    let mut progress = Progress::default();
    let talked = talk(&mut child, board, &mut progress);
    if talked.is_err() {
        // It may have ended already.
        let _ = child.kill();
    }
    let status = child.wait();
    let last = last.and_then(|last| last.join().ok()).unwrap_or_default();
    match (talked, status) {
        (Err(ended), _) => ended,
        (Ok(()), Ok(status)) => ended(&progress, status, &last),
        (Ok(()), Err(why)) => (How::Crash, why.to_string()),
    }
}

/// Answers what it asks until it closes its output. The error is the end of a guest that is ended.
fn talk(child: &mut Child, board: &Client, progress: &mut Progress) -> Result<(), Ended> {
    let (Some(output), Some(mut input)) = (child.stdout.take(), child.stdin.take()) else {
        return Err((How::Crash, "a standard stream is missing".to_owned()));
    };
    let mut output = BufReader::new(output);
    while let Some(line) = next_line(&mut output)? {
        let Some(said) = line.strip_prefix(MARK) else {
            eprintln!("{line}");
            continue;
        };
        let (what, about) = said.split_once(' ').unwrap_or((said, ""));
        let answer = match what {
            "begin" => {
                progress.begun = true;
                continue;
            }
            "end" => {
                progress.returned = true;
                continue;
            }
            "no-such-test" => {
                progress.no_such_test = Some(about.to_owned());
                continue;
            }
            "ready" => Ok(Ok(())),
            "saw" => board.saw(&unescaped(about)).map(Ok),
            "cue" => board.cue(&unescaped(about)),
            "wait" => match about.parse() {
                Ok(ns) => board.wait(ns).map(Ok),
                Err(_) => return Err((How::Crash, format!("it asked to wait `{about}`"))),
            },
            _ => return Err((How::Crash, format!("it said `{said}`, which is no line of the dialogue"))),
        };
        let answer = answer.map_err(|why: Failure| (How::Timeout, why.to_string()))?;
        // One that does not listen has ended, which its output tells.
        let _ = reply(&mut input, &answer);
    }
    Ok(())
}

fn reply(input: &mut ChildStdin, answer: &Result<(), String>) -> io::Result<()> {
    match answer {
        Ok(()) => input.write_all(b"ok\n")?,
        Err(why) => writeln!(input, "err {}", why.replace(['\n', '\r'], " "))?,
    }
    input.flush()
}

/// The next line, without its end.
fn next_line(output: &mut impl BufRead) -> Result<Option<String>, Ended> {
    let mut line = Vec::new();
    let read = output.take(MOST_LINE).read_until(b'\n', &mut line);
    if read.map_err(|why| (How::Crash, why.to_string()))? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && line.len() as u64 == MOST_LINE {
        return Err((How::Crash, format!("it said a line of more than {MOST_LINE} bytes")));
    }
    Ok(Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()))
}

/// A text as it was before it was put on one line.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        plain.push(match c {
            '\\' => match rest.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            c => c,
        });
    }
    plain
}

/// Passes on what it says on its error stream, and keeps the end of it.
fn last_words(errors: impl Read) -> String {
    let mut last = VecDeque::new();
    let mut errors = BufReader::new(errors);
    while let Ok(Some(line)) = next_line(&mut errors) {
        eprintln!("{line}");
        if last.len() == MOST_LAST {
            last.pop_front();
        }
        last.push_back(line);
    }
    // Nobody may have to wait because its error stream is full.
    let _ = io::copy(&mut errors, &mut io::sink());
    Vec::from(last).join("\n")
}

/// How it ended. A command has no more than its status to say it with: a trap of the guest and a runtime that fails are told
/// apart by how far it had come, and by the status that a panic has.
fn ended(progress: &Progress, status: ExitStatus, last: &str) -> Ended {
    let why = || format!("the command ended with {status}; it said: {last}");
    match progress {
        Progress { no_such_test: Some(why), .. } => (How::NoSuchTest, why.clone()),
        Progress { returned: true, .. } if status.success() => (How::Returned, String::new()),
        Progress { returned: true, .. } => (How::Crash, why()),
        _ if status.code().is_none_or(|code| code == PANICKED) => (How::Crash, why()),
        Progress { begun: false, .. } => (How::LinkFailure, why()),
        _ if status.success() => (How::Crash, "the command ended well before its test had".to_owned()),
        _ => (How::Trap, why()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Ended, next_line, run, unescaped};
    use std::io::Cursor;
    use std::process::Command;
    use std::sync::Arc;
    use wasi_hw_protocol::{Client, Harness, How};

    #[test]
    fn a_text_is_what_it_was() {
        assert_eq!(unescaped(r"a\nb\\n\r"), "a\nb\\n\r");
        assert_eq!(unescaped("\\"), "\\");
    }

    #[test]
    fn a_line_has_an_end() {
        let long = vec![b'x'; 2 << 20];
        assert!(next_line(&mut &long[..]).is_err());
        assert_eq!(next_line(&mut &b"one\r\ntwo"[..]).ok(), Some(Some("one".to_owned())));
        assert_eq!(next_line(&mut &b""[..]).ok(), Some(None));
    }

    /// A command that is this script of a shell, and a harness that agrees to everything it is asked.
    fn shell(script: &str) -> Ended {
        let answers = "{\"answer\":{\"ok\":{}}}\n".repeat(100);
        let harness = Harness::<()>::new(Cursor::new(answers), std::io::sink());
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, &Client::new(Arc::new(harness), 0))
    }

    #[test]
    fn a_command_that_plays_along_has_returned() {
        let script = "echo 'wasi-hw ready'; read a; echo 'wasi-hw begin'; echo 'wasi-hw saw x'; read b; \
                      echo 'wasi-hw end'; [ \"$a$b\" = okok ]";
        assert_eq!(shell(script), (How::Returned, String::new()));
    }

    #[test]
    fn a_command_that_misbehaves_has_an_end_with_a_reason() {
        let ends = [
            ("exit 3", How::LinkFailure, "exit status: 3"),
            ("echo lost >&2; exit 3", How::LinkFailure, "it said: lost"),
            ("echo 'wasi-hw fly'", How::Crash, "it said `fly`, which is no line of the dialogue"),
            ("echo 'wasi-hw wait soon'", How::Crash, "it asked to wait `soon`"),
            ("echo 'wasi-hw wait -1'", How::Crash, "it asked to wait `-1`"),
            ("head -c 2000000 /dev/zero", How::Crash, "a line of more than 1048576 bytes"),
            ("printf 'wasi-hw \\377\\376\\n'", How::Crash, "which is no line of the dialogue"),
            ("echo 'wasi-hw begin'", How::Crash, "ended well before its test had"),
            ("echo 'wasi-hw begin'; exit 1", How::Trap, "exit status: 1"),
            ("echo 'wasi-hw begin'; exit 101", How::Crash, "exit status: 101"),
            ("echo 'wasi-hw begin'; kill -9 $$", How::Crash, "signal: 9"),
            ("echo 'wasi-hw begin'; echo 'wasi-hw end'; exit 1", How::Crash, "exit status: 1"),
            ("echo 'wasi-hw no-such-test x'", How::NoSuchTest, "x"),
            // One that does not read its answer is not waited for.
            ("exec <&-; echo 'wasi-hw begin'; echo 'wasi-hw saw x'; exit 1", How::Trap, "exit status: 1"),
        ];
        for (script, how, why) in ends {
            let ended = shell(script);
            assert!(ended.0 == how && ended.1.contains(why), "{script}: {ended:?}");
        }
    }

    #[test]
    fn a_command_without_a_program_is_not_run() {
        let harness = Harness::<()>::new(Cursor::new(""), std::io::sink());
        let ended = run(Command::new("./no-such-runtime"), &Client::new(Arc::new(harness), 0));
        assert!(ended.0 == How::NotRun && ended.1.contains("cannot be started"), "{ended:?}");
    }
}
