//! A round of pacman, as somebody before the terminal saw it.

use vt100::Parser;

/// What was shown.
pub(crate) struct Round {
    /// Each picture of the game.
    pub(crate) pictures: Vec<String>,
    /// What is on the screen when it is over.
    pub(crate) screen: String,
}

impl Round {
    /// Of all that was written to the terminal.
    pub(crate) fn seen(shown: &str) -> Round {
        let (round, after) = shown.split_once("\x1b[?25h").expect("the cursor comes back");
        let mut parser = Parser::default();
        let mut pictures = Vec::new();
        for part in round.split_inclusive("\x1b[K") {
            parser.process(part.as_bytes());
            let screen = parser.screen();
            assert!(
                screen.alternate_screen() && screen.hide_cursor(),
                "the shell's screen, or a cursor in the maze"
            );
            pictures.push(screen.contents());
        }
        parser.process(b"\x1b[?25h");
        parser.process(after.as_bytes());
        let screen = parser.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor(), "the shell's screen is not back");
        Round { pictures, screen: screen.contents() }
    }

    /// It is the one of `examples/pacman.cues`.
    pub(crate) fn is_won(&self, said: &str) {
        assert_eq!(self.screen, include_str!("expected/pacman-won.txt").trim_end(), "{said}");
        assert_eq!(
            self.pictures.first().map(|first| first.trim_end()),
            Some(include_str!("expected/pacman-begins.txt").trim_end())
        );
        assert_eq!(self.pictures.len(), 105, "a picture before each step");
    }
}
