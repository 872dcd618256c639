//! The secret of a socket, which nobody is told but the process that it is for.

use std::io;

/// What stands in the place of the secret, where somebody has said it.
const HIDDEN: &str = "(the secret of the socket)";

/// A secret: 32 hexadecimal digits. It differs from process to process, so that a report with it in it would not be the same
/// bytes twice.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    /// A new one, of the system's random bytes.
    pub(super) fn new() -> io::Result<Secret> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Secret(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// A text without it.
    pub(super) fn hide(&self, text: &mut String) {
        if text.contains(&self.0) {
            *text = text.replace(&self.0, HIDDEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn each_is_another_one_and_is_hidden() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert!(one.text().len() == 32 && one.text() != other.text());
        let mut text = format!("{}{}", one.text(), other.text());
        one.hide(&mut text);
        assert_eq!(text, format!("(the secret of the socket){}", other.text()));
    }
}
