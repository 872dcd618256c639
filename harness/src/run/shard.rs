//! A part of a run, so that several machines share it.

use std::fmt;
use std::str::FromStr;

/// The `k`th of `n` parts of the cases: every `n`th of them, so that a slow proposal is spread over all parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    k: usize,
    n: usize,
}

impl Shard {
    /// Those of the cases that are of this part.
    pub fn of<T>(self, cases: Vec<T>) -> Vec<T> {
        let mine = cases.into_iter().enumerate().filter(|(place, _)| place % self.n == self.k - 1);
        mine.map(|(_, case)| case).collect()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((k, n)) if (1..=n).contains(&k) => Ok(Shard { k, n }),
            _ => Err("a part is K/N, with K from 1 to N, such as 2/8".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.k, self.n)
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn the_parts_are_the_whole_and_have_nothing_in_common() {
        let parts = (1..=3).flat_map(|k| format!("{k}/3").parse::<Shard>().unwrap().of((0..10).collect()));
        let mut all: Vec<i32> = parts.collect();
        assert_eq!(all, [0, 3, 6, 9, 1, 4, 7, 2, 5, 8]);
        all.sort();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
        assert_eq!("1/1".parse::<Shard>().unwrap().of(vec![7]), [7]);
    }

    #[test]
    fn what_is_no_part_is_told_so() {
        for text in ["0/3", "4/3", "1", "1/0", "a/b", "-1/2", "1/2/3", ""] {
            assert!(text.parse::<Shard>().unwrap_err().contains("such as 2/8"), "{text}");
        }
    }
}
