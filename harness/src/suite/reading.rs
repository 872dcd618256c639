//! The files of cases and fixtures, which are read at the same time: reading some hundreds one after the other is what a
//! listing would wait for.

use super::Suite;
use super::case::CaseFile;
use super::files::sha256_of_text;
use super::fixture::Fixture;
use super::problem::{Problem, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The most threads that read: a machine may have more processors than there is to do.
const MOST_THREADS: usize = 8;

/// How many files of cases are in memory as texts at a time: enough for any number of processors.
const AT_ONCE: usize = 512;

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

/// The boards of fixtures by their names, or what is wrong with one, until that was said.
pub(super) type Boards = BTreeMap<String, Result<Arc<Fixture>, Option<Problem>>>;

fn read_fixture(root: &Path, name: &str) -> Result<Read<Arc<Fixture>>, Problem> {
    let file = Path::new("fixtures").join(name);
    let inside = file.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !inside {
        return Err(Problem { file, line: None, message: "a fixture lies below fixtures/".into() });
    }
    Read::new(root, file, |source| Fixture::parse(source).map(Arc::new))
}

impl Suite {
    /// Adds the cases of these files.
    pub(super) fn read_cases(&mut self, files: &[PathBuf]) {
        let (mut boards, mut ids) = (Boards::new(), BTreeMap::new());
        for files in files.chunks(AT_ONCE) {
            self.read_part(files, &mut boards, &mut ids);
        }
    }

    /// Adds the cases of a part of them, whose fixtures are read if they are none of `boards`. `ids` has the files by their ids, in
    /// small letters.
    fn read_part(&mut self, files: &[PathBuf], boards: &mut Boards, ids: &mut BTreeMap<String, PathBuf>) {
        let read =
            each(files, |file| Read::<CaseFile>::new(&self.root, file.clone(), Source::parse_versioned));
        let cases = read.iter().filter_map(|read| read.as_ref().ok()?.parsed.as_ref().ok());
        let names: BTreeSet<_> = cases.map(|case| case.fixture.get_ref()).collect();
        let names: Vec<_> = names.into_iter().filter(|name| !boards.contains_key(*name)).collect();
        let fixtures = each(&names, |name| read_fixture(&self.root, name));
        for (name, read) in names.into_iter().zip(fixtures) {
            let board = read.and_then(|read| {
                self.files.note_hashed(&read.source.file, read.sha256);
                read.parsed
            });
            boards.insert(name.clone(), board.map_err(Some));
        }
        for (file, read) in files.iter().zip(read) {
            match read.map_err(|problem| vec![problem]).and_then(|read| self.case(read, boards)) {
                Ok(case) => {
                    // File systems disagree on whether case tells two names apart; ids must not.
                    if let Some(other) = ids.insert(case.id.to_lowercase(), file.clone()) {
                        let message =
                            format!("has the id `{}`, as {} has; rename one", case.id, other.display());
                        self.problems.push(Problem { file: file.clone(), line: None, message });
                        continue;
                    }
                    self.fixtures.insert(case.fixture.clone());
                    self.cases.push(Arc::new(case));
                }
                Err(mut problems) => self.problems.append(&mut problems),
            }
        }
    }
}

/// Does the same with each of these, in as many threads as there are processors, and gives what came of them in their order.
pub(super) fn each<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let (left, done) = (Mutex::new(items.iter().enumerate()), Mutex::new(Vec::new()));
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
        let items: Vec<u32> = (0..1000).collect();
        assert_eq!(each(&items, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert!(each(&[], |n: &u32| *n).is_empty());
    }
}
