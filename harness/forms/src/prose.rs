//! Sentences in which names stand between backticks, as pages show them.

use crate::safe;
use askama::Template;

/// A line of prose. What stands between backticks is code; where one has no other, it stands for itself.
#[derive(Template)]
#[template(
    ext = "html",
    source = "{% for (is_code, text) in self.parts() %}{% if is_code %}<code>{{ text }}</code>{% else %}{{ text }}{% endif %}{% endfor %}"
)]
pub(crate) struct Prose(String);

impl Prose {
    pub(crate) fn new(text: &str) -> Prose {
        Prose(safe::line(text))
    }

    fn parts(&self) -> impl Iterator<Item = (bool, &str)> {
        let paired = self.0.matches('`').count().is_multiple_of(2);
        let parts = self.0.split(move |c| paired && c == '`').enumerate();
        parts.map(|(n, text)| (n % 2 == 1, text))
    }
}

#[cfg(test)]
mod tests {
    use super::Prose;

    #[test]
    fn names_are_code_and_markup_is_text() {
        for (text, html) in [
            ("`open` gives <b>", "<code>open</code> gives &#60;b&#62;"),
            ("a `b`", "a <code>b</code>"),
            ("one ` only", "one ` only"),
            ("`<i>`", "<code>&#60;i&#62;</code>"),
            ("", ""),
        ] {
            assert_eq!(Prose::new(text).to_string(), html);
        }
    }
}
