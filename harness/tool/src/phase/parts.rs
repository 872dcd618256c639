//! The values that phase sheets are made of. Each is checked when it is read, so that the error names
//! the line.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Component, Path, PathBuf};

/// A text that says something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct Text(String);

/// A page at a commit, `owner/repository:path@commit`, or a thread, `owner/repository#number`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct Citation(String);

/// A day: `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct Date(String);

/// A file of this repository from its root, with or without a heading of it: `proposals/process.md#on-record`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct Pointer(String);

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Text, String> {
        if text.trim().is_empty() {
            return Err("is empty; say it, or leave the key out".into());
        }
        Ok(Text(text))
    }
}

impl TryFrom<String> for Citation {
    type Error = String;

    fn try_from(text: String) -> Result<Citation, String> {
        let named = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        };
        let repository =
            |part: &str| part.split_once('/').is_some_and(|(owner, name)| named(owner) && named(name));
        let commit = |part: &str| {
            (7..=40).contains(&part.len()) && part.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
        };
        let path = |part: &str| !part.is_empty() && !part.contains([' ', '\t', '@', '#']);
        let page = text.split_once(':').is_some_and(|(repo, rest)| {
            repository(repo) && rest.split_once('@').is_some_and(|(file, at)| path(file) && commit(at))
        });
        let thread = text.split_once('#').is_some_and(|(repo, number)| {
            repository(repo) && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
        });
        if page || thread {
            return Ok(Citation(text));
        }
        Err(format!(
            "`{text}` is no source; write `owner/repository:path@commit` or `owner/repository#number`"
        ))
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Date, String> {
        let numbers: Vec<u32> = text.split('-').map_while(|part| part.parse().ok()).collect();
        let form = text.len() == 10
            && text
                .char_indices()
                .all(|(i, c)| if matches!(i, 4 | 7) { c == '-' } else { c.is_ascii_digit() });
        if let ([year, month, day], true) = (&numbers[..], form) {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                4 | 6 | 9 | 11 => 30,
                2 if leap => 29,
                2 => 28,
                1..=12 => 31,
                _ => 0,
            };
            if (1..=last).contains(day) {
                return Ok(Date(text));
            }
        }
        Err(format!("`{text}` is no day; write it as \"2026-03-05\", in quotes"))
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Pointer, String> {
        let pointer = Pointer(text);
        let path = pointer.path();
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if path.as_os_str().is_empty() || !inside || pointer.0.contains('\\') || pointer.heading() == Some("")
        {
            return Err(format!(
                "`{pointer}` is no pointer; write the path from the root of this repository, and `#heading` if it is a heading"
            ));
        }
        Ok(pointer)
    }
}

impl Citation {
    /// Where it can be read.
    pub fn url(&self) -> String {
        match self.parts() {
            Parts::Page { repository, path, commit } => {
                format!("https://github.com/{repository}/blob/{commit}/{path}")
            }
            Parts::Thread { repository, number } => {
                format!("https://github.com/{repository}/issues/{number}")
            }
        }
    }

    /// What it consists of.
    pub(super) fn parts(&self) -> Parts<'_> {
        // The form was checked, and neither a repository nor a path has `#`.
        match self.0.split_once('#') {
            Some((repository, number)) => Parts::Thread { repository, number },
            None => {
                let (repository, rest) = self.0.split_once(':').unwrap_or((&self.0, ""));
                let (path, commit) = rest.split_once('@').unwrap_or((rest, "HEAD"));
                Parts::Page { repository, path, commit }
            }
        }
    }
}

/// A citation, taken apart.
pub(super) enum Parts<'a> {
    /// `repository:path@commit`.
    Page {
        /// Owner and name.
        repository: &'a str,
        /// The page.
        path: &'a str,
        /// The commit.
        commit: &'a str,
    },
    /// `repository#number`.
    Thread {
        /// Owner and name.
        repository: &'a str,
        /// The number of the issue or the pull request.
        number: &'a str,
    },
}

impl Pointer {
    /// The file, from the root.
    pub fn path(&self) -> &Path {
        Path::new(self.0.split_once('#').map_or(self.0.as_str(), |(path, _)| path))
    }

    /// The anchor of the heading, if one is meant.
    pub fn heading(&self) -> Option<&str> {
        self.0.split_once('#').map(|(_, heading)| heading)
    }

    /// How a page in `folder` (from the root) refers to it.
    pub fn from(&self, folder: &Path) -> String {
        let (mut to, mut up) = (PathBuf::new(), PathBuf::new());
        let mut base = folder.components().peekable();
        for part in self.path().components() {
            if to.as_os_str().is_empty() && base.next_if_eq(&part).is_some() {
                continue;
            }
            to.push(part);
        }
        base.for_each(|_| up.push(".."));
        let path: Vec<_> =
            up.join(to).components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
        let heading = self.heading().map(|heading| format!("#{heading}")).unwrap_or_default();
        format!("{}{heading}", path.join("/"))
    }
}

/// All of them are read and written as they stand.
macro_rules! displayed {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl $name {
            /// As it stands in the file.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

displayed! { Text Citation Date Pointer }

/// An enum whose values are words, the same in TOML, JSON and on the page.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $case:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $case,)+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $($name::$case => $word,)+ })
            }
        }
    };
}

words! {
    /// Whether something holds.
    State {
        /// It does, and a pointer shows it.
        Met = "met",
        /// It does not, and a note says what is missing.
        NotMet = "not-met",
        /// Nobody can tell, and a note says why.
        Unknown = "unknown",
    }
}

words! {
    /// Whose a criterion is.
    Origin {
        /// The proposal's own.
        Upstream = "upstream",
        /// Nobody upstream has agreed to it.
        Ours = "proposed by this project",
    }
}

words! {
    /// Whether a package is published.
    Published {
        /// It is.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// The registry was not asked, or gave no answer.
        Unknown = "unknown",
    }
}

words! {
    /// A side of the interface.
    Kind {
        /// Implements the imports.
        Host = "host",
        /// Calls them.
        Guest = "guest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_page_at_a_commit_or_a_thread() {
        let url = |text: &str| Citation::try_from(text.to_owned()).map(|c| c.url());
        let page = "https://github.com/WebAssembly/WASI/blob/64080179/docs/Proposals.md";
        assert_eq!(url("WebAssembly/WASI:docs/Proposals.md@64080179").as_deref(), Ok(page));
        assert_eq!(url("a/b-c#12").as_deref(), Ok("https://github.com/a/b-c/issues/12"));
        for wrong in
            ["", "WASI#12", "a/b", "a/b#", "a/b#x", "a/b:c", "a/b:c@123", "a/b:c@main000", "a/b:c d@1234567"]
        {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_date_is_a_real_day() {
        let date = |text: &str| Date::try_from(text.to_owned()).is_ok();
        assert!(date("2026-03-05") && date("2024-02-29"));
        for wrong in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-05", "05.03.2026", "2026-03-32", "+026-03-05"]
        {
            assert!(!date(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_pointer_stays_inside_and_becomes_a_link() {
        let pointer = |text: &str| Pointer::try_from(text.to_owned());
        for wrong in ["", "/etc/passwd", "../x", "a/../../x", "./a", "#x", "a.md#", "a\\b"] {
            assert!(pointer(wrong).is_err(), "{wrong}");
        }
        let from = |text: &str| pointer(text).unwrap().from(Path::new("proposals/spi"));
        assert_eq!(from("proposals/process.md#on-record"), "../process.md#on-record");
        assert_eq!(from("proposals/spi/test.md"), "test.md");
        assert_eq!(from("wit/spi/0.2.0-draft/spi.wit"), "../../wit/spi/0.2.0-draft/spi.wit");
    }
}
