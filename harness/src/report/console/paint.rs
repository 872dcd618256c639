//! Text for a terminal: each piece is made safe, then painted, so that no colour is there but ours.

use crate::text;
use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use std::fmt::Display;

/// Whether text has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal that has colours, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Wherever it goes
    Always,
    /// Nowhere
    Never,
}

impl Color {
    /// How to write to this stream.
    pub fn of(self, stream: &impl RawStream) -> Paint {
        match self {
            Color::Always => Paint(true),
            Color::Never => Paint(false),
            // Asks the variables NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM as well.
            Color::Auto => Paint(AutoStream::choice(stream) != ColorChoice::Never),
        }
    }
}

/// How text is written: with colours, or without, which is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint(bool);

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Plain,
    /// What went wrong.
    Bad,
    Good,
    /// Neither.
    Doubtful,
    /// The statement.
    Strong,
    /// What stands around.
    Faint,
}

impl Role {
    fn style(self) -> Style {
        let plain = Style::new();
        let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        match self {
            Role::Plain => plain,
            Role::Bad => color(AnsiColor::Red).bold(),
            Role::Good => color(AnsiColor::Green),
            Role::Doubtful => color(AnsiColor::Yellow),
            Role::Strong => plain.bold(),
            Role::Faint => plain.dimmed(),
        }
    }
}

/// A text on its way.
pub(crate) struct Page {
    paint: Paint,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn new(paint: Paint) -> Page {
        Page { paint, text: String::new() }
    }

    /// Adds text of ours; line ends stay.
    pub(crate) fn add(&mut self, role: Role, what: impl Display) -> &mut Page {
        let what = text::block(&what.to_string(), usize::MAX);
        match self.paint.0 && role != Role::Plain && !what.is_empty() {
            true => self.text.push_str(&format!("{0}{what}{0:#}", role.style())),
            false => self.text.push_str(&what),
        }
        self
    }

    /// Adds a line of somebody else's, of which so many bytes are shown.
    pub(crate) fn quote(&mut self, role: Role, what: &str, most: usize) -> &mut Page {
        self.add(role, text::line(what, most))
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, Page, Paint, Role};

    #[test]
    fn only_our_own_colours_come_through() {
        let mut page = Page::new(Paint(true));
        page.add(Role::Bad, "FAIL \u{1b}[32m").quote(Role::Plain, " a\nb", 99).end();
        assert_eq!(page.text, "\u{1b}[1m\u{1b}[31mFAIL \\u{1b}[32m\u{1b}[0m a\\nb\n");
        let mut page = Page::new(Paint::default());
        page.add(Role::Bad, "FAIL").quote(Role::Faint, "0123456789", 4).end();
        assert_eq!(page.text, "FAIL0123… (10 bytes)\n");
    }

    #[test]
    fn colour_is_there_where_it_was_asked_for() {
        assert_eq!(Color::Always.of(&std::io::stdout()), Paint(true));
        assert_eq!(Color::Never.of(&std::io::stdout()), Paint(false));
    }
}
