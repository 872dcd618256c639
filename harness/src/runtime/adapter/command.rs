//! How an adapter is started.

use super::socket::Socket;
use anyhow::{bail, ensure};
use process_wrap::std::{ChildWrapper, CommandWrap};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use wasi_hw_protocol::SOCKET;

/// A program with its arguments. No shell is asked.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program, then its arguments.
    pub words: Vec<String>,
    /// Where it runs.
    pub folder: PathBuf,
}

impl Command {
    /// What is behind `cmd:`: words apart by spaces; a word with spaces in it stands in quotation marks, double or single.
    pub fn parse(text: &str, folder: &Path) -> anyhow::Result<Command> {
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let quoted = matches!(first, '"' | '\'');
            let body = if quoted { &rest[1..] } else { rest };
            let end =
                if quoted { body.find(first) } else { body.find(char::is_whitespace).or(Some(body.len())) };
            let Some(end) = end else { bail!("`{text}` has a {first} that is not closed") };
            words.push(body[..end].to_owned());
            rest = body[end + usize::from(quoted)..].trim_start();
        }
        ensure!(!words.is_empty(), "no command behind `cmd:`; write 'cmd:node my-adapter.mjs', for example");
        Ok(Command { words, folder: folder.to_owned() })
    }

    /// Starts it, with its three standard streams in our hands, and the address of a socket in its environment. It leads a
    /// group of processes of its own, so that all that it starts ends with it.
    pub(super) fn spawn(&self, socket: &Socket) -> io::Result<Box<dyn ChildWrapper>> {
        self.first_that_is_there(|mut command| {
            command.env(SOCKET, socket.address());
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut command = CommandWrap::from(command);
            #[cfg(unix)]
            command.wrap(process_wrap::std::ProcessGroup::leader());
            #[cfg(windows)]
            command.wrap(process_wrap::std::JobObject);
            command.spawn()
        })
    }

    /// Runs it to its end, with our own standard streams.
    pub fn run(&self) -> io::Result<process::ExitStatus> {
        self.first_that_is_there(|mut command| command.status())
    }

    /// On Windows some tools (npm among them) are scripts, which a program is not found as.
    fn first_that_is_there<T>(&self, start: impl Fn(process::Command) -> io::Result<T>) -> io::Result<T> {
        let (program, arguments) = self.words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let start = |program: &str| {
            let mut command = process::Command::new(program);
            command.args(arguments).current_dir(&self.folder);
            start(command)
        };
        match start(program) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && cfg!(windows) => {
                start(&format!("{program}.cmd"))
            }
            result => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Command;
    use std::path::Path;

    #[test]
    fn words_are_apart_by_spaces_or_in_quotation_marks() {
        let words = |text| Command::parse(text, Path::new(".")).map(|command| command.words);
        assert_eq!(words("node  my-adapter.mjs").unwrap(), ["node", "my-adapter.mjs"]);
        assert_eq!(words(" 'a b' \"c 'd'\" e ").unwrap(), ["a b", "c 'd'", "e"]);
        assert!(words("  ").is_err() && words("node 'a").is_err());
    }
}
