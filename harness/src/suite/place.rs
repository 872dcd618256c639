//! Where in a fixture stands what the board refuses. A board is built from values and knows no file; what it says names the
//! part, `i2c.sensors: …`, and what is wrong in it.

use toml::de::{DeTable, DeValue};

/// The offset of what `why` speaks of, as near as can be found.
pub(super) fn of(text: &str, why: &str) -> Option<usize> {
    let part = part(text, why);
    let from = part.unwrap_or_default();
    let named = why.split([' ', ':', ',']).find_map(|word| {
        let word = word.trim_end_matches(['.', ';']);
        spellings(word).iter().find_map(|word| find_word(&text[from..], word))
    });
    named.map(|at| from + at).or(part)
}

/// The offset of the key of a part, of `i2c.sensors` in `[device.i2c.sensors]`.
fn part(text: &str, why: &str) -> Option<usize> {
    let (kind, name) = why.split_once(": ")?.0.split_once('.')?;
    let document = DeTable::parse(text).ok()?;
    let parts = table(table(document.get_ref(), "device")?, kind)?;
    parts.get_key_value(name).map(|(key, _)| key.span().start)
}

fn table<'a, 'i>(of: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    match of.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// How a file may spell a word of the message: a name in quotation marks, a number in either base.
fn spellings(word: &str) -> Vec<String> {
    if let Some(name) = word.strip_prefix('`').and_then(|word| word.strip_suffix('`')) {
        return vec![format!("\"{name}\""), name.to_owned()];
    }
    let number = word.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
    number.map_or_else(Vec::new, |number| {
        vec![word.to_owned(), format!("{number:#X}").replace('X', "x"), number.to_string()]
    })
}

/// Where a word stands that no digit or letter continues.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let continues = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with(continues) && !text[at + word.len()..].starts_with(continues))
}

#[cfg(test)]
mod tests {
    use super::of;

    const TEXT: &str = "version = 1
[host.i2c.sensors]
allow = [{ address = 0x90, access = 'read' }]
[[device.i2c.other.target]]
address = 144
[[device.i2c.sensors.target]]
address = 0x48
[[device.i2c.sensors.target]]
address = 144
[device.gpio.lamp]
wire = \"nowhere\"
";

    fn line(why: &str) -> Option<usize> {
        of(TEXT, why).map(|at| 1 + TEXT[..at].matches('\n').count())
    }

    #[test]
    fn what_the_board_refuses_is_found() {
        assert_eq!(line("i2c.sensors: the address 0x90 is above 0x7f"), Some(9));
        assert_eq!(line("i2c.other: the address 0x90 is above 0x7f"), Some(5));
        assert_eq!(line("i2c.sensors: something else"), Some(6));
        assert_eq!(line("gpio.lamp: a wire leads to `nowhere`, and there is no such line"), Some(11));
        assert_eq!(line("an action names the bus `sensors`; buses are: [other]"), Some(2));
        assert_eq!(line("something else"), None);
    }
}
