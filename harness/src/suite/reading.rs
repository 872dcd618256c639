//! Files that are read at the same time: reading some hundreds one after the other is what a listing would wait for.

use super::files::sha256_of_text;
use super::problem::{Problem, Source};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The most threads that read: a machine may have more processors than there is to do.
const MOST_THREADS: usize = 8;

/// A file that could be read, and what was made of it.
pub(super) struct Read<T> {
    pub(super) source: Source,
    pub(super) sha256: String,
    pub(super) parsed: Result<T, Problem>,
}

impl<T> Read<T> {
    /// Reads `root/file`.
    pub(super) fn new(
        root: &Path,
        file: PathBuf,
        parse: impl FnOnce(&Source) -> Result<T, Problem>,
    ) -> Result<Read<T>, Problem> {
        let source = Source::read(root, file)?;
        Ok(Read { sha256: sha256_of_text(&source.text), parsed: parse(&source), source })
    }
}

/// Does the same with each of these, in as many threads as there are processors, and gives what came of them in their order.
pub(super) fn each<T: Send, U: Send>(items: Vec<T>, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let (left, done) = (Mutex::new(items.into_iter().enumerate()), Mutex::new(Vec::new()));
    let help = || loop {
        let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((place, item)) = next else { return };
        let made = work(item);
        done.lock().unwrap_or_else(PoisonError::into_inner).push((place, made));
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // This thread does what is left, also where it can have no others.
            let _ = thread::Builder::new().name("reading".to_owned()).spawn_scoped(scope, help);
        }
        help();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn what_came_of_each_stands_in_their_order() {
        assert_eq!(each((0..1000).collect(), |n: u32| n * 2), (0..1000).map(|n| n * 2).collect::<Vec<_>>());
        assert!(each(Vec::<u32>::new(), |n| n).is_empty());
    }
}
