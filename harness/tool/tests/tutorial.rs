//! Does what `harness/adapters/README.md` says, in an empty folder.
//!
//! A block marked `js FILE` is a file, `diff` changes it, `sh` has commands, and `text` has lines of what the last one
//! printed, in this order, among others; `…` stands for anything. A command ends well, unless `# exits with N` stands
//! behind it. Other blocks are for reading. What comes out at the end is the template.
//!
//! Without Node, or where npm cannot install anything, the rest is not checked. Under CI that is an error.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use wasi_hw_harness::suite::Suite;

/// What the page calls the reader's folder.
const FOLDER: &str = "../my-adapter";
/// How the page's adapter is called, and how the template is.
const NAMES: (&str, &str) = ("name: 'my-host'", "name: 'template'");

#[test]
fn the_tutorial_does_what_it_says() {
    let page = read("harness/adapters/README.md");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tutorial-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder is made");
    let mut reader = Reader { folder, text: String::new(), printed: String::new() };
    let blocks = blocks(&page);
    assert!(blocks.len() > 20, "the page has only {} blocks", blocks.len());
    if let Err(why) = node().and_then(|()| blocks.iter().try_for_each(|block| reader.take(block))) {
        return not_checked(&why);
    }
    let built = reader.text.replacen(NAMES.0, NAMES.1, 1);
    let template = read("harness/adapters/template/adapter.mjs");
    for (n, (built, template)) in (1..).zip(built.lines().zip(template.lines())) {
        assert_eq!(built, template, "line {n}: what the page builds, and what the template has");
    }
    assert_eq!(built.len(), template.len(), "one of the page's adapter and the template goes on");
    let _ = std::fs::remove_dir_all(reader.folder);
}

#[test]
fn the_template_has_at_most_120_lines() {
    let lines = read("harness/adapters/template/adapter.mjs").lines().count();
    assert!(lines <= 120, "it has {lines}");
}

/// A fenced block of the page.
struct Block<'a> {
    line: usize,
    mark: &'a str,
    text: &'a str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open, mut at) = (Vec::new(), None, 0);
    for (line, n) in page.split_inclusive('\n').zip(1..) {
        let end = at + line.len();
        if let Some(mark) = line.strip_prefix("```") {
            open = match open {
                None => Some((n, mark.trim(), end)),
                Some((line, mark, from)) => {
                    blocks.push(Block { line, mark, text: &page[from..at] });
                    None
                }
            };
        }
        at = end;
    }
    assert!(open.is_none(), "a block of the page is not closed");
    blocks
}

/// Somebody who does what the page says.
struct Reader {
    folder: PathBuf,
    /// The adapter as it is now.
    text: String,
    /// What the last command printed.
    printed: String,
}

impl Reader {
    /// Does what a block says. The error is that something is missing on this machine.
    fn take(&mut self, block: &Block<'_>) -> Result<(), String> {
        let at = |what: &str| format!("harness/adapters/README.md:{}: {what}", block.line);
        match block.mark {
            "js adapter.mjs" => self.write(block.text.to_owned()),
            "diff" => {
                let side = |drop: char| -> String {
                    let kept = block.text.split_inclusive('\n').filter(|line| !line.starts_with(drop));
                    kept.map(|line| line.get(1..).filter(|rest| !rest.is_empty()).unwrap_or(line)).collect()
                };
                let (old, new) = (side('+'), side('-'));
                assert_eq!(self.text.matches(&old).count(), 1, "{}\n{old}", at("this must be there once"));
                self.write(self.text.replacen(&old, &new, 1));
            }
            "sh" => block.text.lines().try_for_each(|line| self.run(line, &at))?,
            "text" => self.expect(block.text, &at),
            "" => {}
            other => panic!("{}", at(&format!("nothing is known of blocks of `{other}`"))),
        }
        Ok(())
    }

    fn write(&mut self, text: String) {
        std::fs::write(self.folder.join("adapter.mjs"), &text).expect("the adapter is written");
        self.text = text;
    }

    fn run(&mut self, line: &str, at: &dyn Fn(&str) -> String) -> Result<(), String> {
        let (command, code) = line.split_once("# exits with ").unwrap_or((line, "0"));
        let mut words = self.words(command);
        let program = words.remove(0);
        let output = match program.as_str() {
            "cp" => {
                let (from, to) = (Suite::default_root().join(&words[0]), Path::new(&words[1]));
                let name = from.file_name().expect("a file");
                std::fs::copy(&from, to.join(name)).unwrap_or_else(|error| panic!("{}: {error}", at(line)));
                return Ok(());
            }
            "npm" => {
                let output = npm(&words)?;
                if !output.status.success() {
                    return Err(format!("`{command}` failed:\n{}", text(&output)));
                }
                output
            }
            "cargo" => {
                assert_eq!(words.remove(0), "hw", "{}", at("no command of the tool"));
                let mut tool = Command::new(env!("CARGO_BIN_EXE_wasi-hw"));
                tool.env_remove("WASI_HW_REPORT").env_remove("WASI_HW_ROOT");
                tool.args(&words).current_dir(Suite::default_root()).output().expect("the tool is there")
            }
            _ => panic!("{}", at(&format!("nothing is known of `{program}`"))),
        };
        self.printed = text(&output);
        let ended = output.status.code().map_or("nothing".to_owned(), |code| code.to_string());
        assert_eq!(ended, code.trim(), "{}\n{}", at(line), self.printed);
        Ok(())
    }

    /// A command's words, with this folder for the page's.
    fn words(&self, command: &str) -> Vec<String> {
        let here = self.folder.display().to_string();
        let mut words: Vec<String> = Vec::new();
        // Every other part stands in quotation marks.
        for (n, part) in command.split('\'').enumerate() {
            match n % 2 {
                0 => words.extend(part.split_whitespace().map(|word| word.replace(FOLDER, &here))),
                _ => {
                    let inner = part.split(' ').map(|word| quoted(word.replace(FOLDER, &here)));
                    words.push(inner.collect::<Vec<_>>().join(" "));
                }
            }
        }
        words
    }

    fn expect(&self, expected: &str, at: &dyn Fn(&str) -> String) {
        let mut printed = self.printed.lines();
        for line in expected.lines() {
            assert!(printed.any(|printed| alike(line, printed)), "{}\n{}", at(line), self.printed);
        }
    }
}

/// A word of a command behind `cmd:`, which may have spaces in the folder's name.
fn quoted(word: String) -> String {
    if word.contains(' ') { format!("\"{word}\"") } else { word }
}

/// Whether a line is the expected one, in which `…` stands for anything.
fn alike(expected: &str, printed: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = parts.next().and_then(|first| printed.strip_prefix(first)) else { return false };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.trim_end().is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Whether there is a Node that is new enough.
fn node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output();
    let output = output.map_err(|error| format!("`node` cannot be started: {error}"))?;
    let version = text(&output);
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(20..) => Ok(()),
        _ => Err(format!("Node is `{}`, and has to be 20 or newer", version.trim())),
    }
}

fn npm(words: &[String]) -> Result<Output, String> {
    let start = |program| Command::new(program).args(words).current_dir(Suite::default_root()).output();
    let output = match start("npm") {
        // On Windows it is a script.
        Err(error) if error.kind() == ErrorKind::NotFound => start("npm.cmd"),
        output => output,
    };
    output.map_err(|error| format!("`npm` cannot be started: {error}"))
}

fn not_checked(why: &str) {
    let what = "the tutorial in harness/adapters/README.md";
    let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty());
    assert!(!ci, "{what} cannot be checked here: {why}");
    // Not `eprintln!`, which a test that passes keeps to itself.
    let _ = writeln!(std::io::stderr(), "\nNOT CHECKED: {what}: {why}");
}

fn text(output: &Output) -> String {
    let utf8 = |bytes| String::from_utf8_lossy(bytes).into_owned();
    utf8(&output.stdout) + &utf8(&output.stderr)
}

/// A file of the repository; a checkout on Windows may have changed the line ends.
fn read(path: &str) -> String {
    let text = std::fs::read_to_string(Suite::default_root().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"));
    text.replace("\r\n", "\n")
}
