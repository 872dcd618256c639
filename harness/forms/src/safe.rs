//! What a form may show of a record: text without control characters and marks that turn its direction, of a length
//! that a reader can bear. Markup is each form's own matter.

use wasi_hw_harness::text;

/// The most bytes of a line that a form shows; the record has it whole.
pub const MOST_LINE: usize = 2_000;

/// The most lines of a transcript or a channel that a form shows.
pub const MOST_LINES: usize = 400;

/// One line.
pub fn line(of: &str) -> String {
    text::line(of, MOST_LINE)
}

/// A name: of a host, a channel, a case.
pub fn name(of: &str) -> String {
    text::line(of, text::MOST_NAME)
}

/// Several lines.
pub fn block(of: &str) -> String {
    text::block(of, text::MOST_WHY)
}

/// An address that a page may link to: on the web, with nothing in it that ends an attribute or a line. Whatever
/// else a record has there is shown as text.
pub fn address(of: &str) -> Option<&str> {
    let known = of.starts_with("https://") || of.starts_with("http://");
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | '`' | '\\');
    (known && of.len() <= text::MOST_ADDRESS && of.chars().all(text::is_plain) && !of.contains(ends))
        .then_some(of)
}

/// Board time with its unit.
pub fn time(ns: u64) -> String {
    let (value, unit) = match ns {
        0..1_000 => return format!("{ns} ns"),
        1_000..1_000_000 => (ns as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (ns as f64 / 1e6, "ms"),
        _ => (ns as f64 / 1e9, "s"),
    };
    let digits = format!("{value:.3}");
    format!("{} {unit}", digits.trim_end_matches('0').trim_end_matches('.'))
}

/// What an anchor or a file can be called: an id of a case or a requirement, with nothing but letters, digits, `.`, `-`
/// and `_`. Another character becomes `~` and its number, so that two ids stay apart.
pub fn slug(id: &str) -> String {
    let mut out = String::new();
    for c in id.chars().take(200) {
        match c {
            '/' => out.push('.'),
            c if c.is_ascii_alphanumeric() || c == '-' || c == '_' => out.push(c),
            c => out.push_str(&format!("~{:x}", u32::from(c))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{address, slug, time};

    #[test]
    fn an_address_leads_to_the_web_or_is_none() {
        assert_eq!(address("https://example.org/a?b=1"), Some("https://example.org/a?b=1"));
        for bad in
            ["javascript:alert(1)", "https://a\"b", "https://a b", "https://\u{202e}", "ftp://a", "data:x"]
        {
            assert_eq!(address(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_slug_is_a_file_s_name_and_two_ids_stay_apart() {
        assert_eq!(slug("i2c/read-one-frame"), "i2c.read-one-frame");
        assert_eq!(slug("../../x"), "~2e~2e.~2e~2e.x");
        assert_ne!(slug("a b"), slug("a\tb"));
    }

    #[test]
    fn times_have_the_unit_that_suits_them() {
        assert_eq!(time(999), "999 ns");
        assert_eq!(time(1_500), "1.5 µs");
        assert_eq!(time(20_016_231), "20.016 ms");
        assert_eq!(time(2_000_000_000), "2 s");
    }
}
