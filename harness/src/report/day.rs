//! The day of a run, for its readers: no verdict is made of it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Today in UTC, as `2026-11-30`; the day of SOURCE_DATE_EPOCH where that is set, so that a run can be made again to the
/// byte.
pub(super) fn today() -> String {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    day(set.unwrap_or_else(now))
}

/// The day of so many seconds after 1970 began.
fn day(seconds: u64) -> String {
    // Years that begin in March have the leap day at their end; in 400 of them there are 146,097 days.
    let days = (seconds / 86_400).min(2_932_896) + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year + u64::from(month < 3))
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn seconds_are_days() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_796_083_199, "2026-11-30"),
            (4_107_542_400, "2100-03-01"),
            (u64::MAX, "9999-12-31"),
        ] {
            assert_eq!(day(seconds), expected);
        }
    }
}
