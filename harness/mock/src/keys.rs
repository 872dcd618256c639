//! Maps whose keys are numbers, from formats whose keys are strings.

use serde::de::{Deserialize, Deserializer, Error};
use std::collections::BTreeMap;

/// Parses `0x1f` or `31`.
pub(crate) fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Deserializes a table such as `{ 0x0f = 0xd3, 16 = 1 }`.
pub(crate) fn bytes_by_address<'de, D>(from: D) -> Result<BTreeMap<u32, u8>, D::Error>
where
    D: Deserializer<'de>,
{
    let table = BTreeMap::<String, u8>::deserialize(from)?;
    table
        .into_iter()
        .map(|(key, value)| {
            number(&key)
                .map(|key| (key, value))
                .ok_or_else(|| D::Error::custom(format!("key `{key}` is not a number such as 0x0f or 15")))
        })
        .collect()
}

/// Deserializes a table such as `{ 1 = "text", 0x10 = "more" }`.
pub(crate) fn by_number<'de, D, T>(from: D) -> Result<BTreeMap<u32, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let table = BTreeMap::<String, T>::deserialize(from)?;
    let number = |(key, value): (String, T)| match number(&key) {
        Some(key) => Ok((key, value)),
        None => Err(D::Error::custom(format!("key `{key}` is not a number such as 0x0f or 15"))),
    };
    table.into_iter().map(number).collect()
}
