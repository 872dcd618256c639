//! What the system says of a host: how much of the processors it has used, and whether it would use more if it could.

use std::time::Duration;

/// What is measured of a host.
pub trait Meter: Send {
    /// Its reading now; `None` where the system says nothing.
    fn read(&mut self) -> Option<Reading>;
}

/// A reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Time of processors, all together, since some moment that is the same for all readings of a meter.
    pub used: Duration,
    /// Whether a part of it runs, waits for a processor, or for what the system fetches from a disk.
    pub wants_to_run: bool,
}

/// Makes the meter of a process, by its id; the process leads a group, and all of the group is measured.
pub type Meters = fn(u32) -> Box<dyn Meter>;

/// The system's own.
pub fn of_group(leader: u32) -> Box<dyn Meter> {
    system::group(leader)
}

/// Of one thread of this process: the one that asks.
pub(crate) fn of_this_thread() -> Box<dyn Meter> {
    system::this_thread()
}

/// `/proc`, which Linux has.
#[cfg(target_os = "linux")]
mod system {
    use super::{Meter, Reading};
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    /// A group's processes are looked for again after so many readings: few start others, and there may be thousands.
    const SEARCH: u32 = 10;

    /// What `sysconf(_SC_CLK_TCK)` is on every architecture.
    const TICKS_A_SECOND: u64 = 100;

    struct Group {
        leader: u32,
        processes: Vec<u32>,
        readings: u32,
        tasks: Tasks,
    }

    struct Thread {
        folder: Option<PathBuf>,
        tasks: Tasks,
    }

    /// What the threads have used: those that have ended, too.
    #[derive(Default)]
    struct Tasks {
        seen: BTreeMap<PathBuf, u64>,
        ticks: u64,
    }

    pub(super) fn group(leader: u32) -> Box<dyn Meter> {
        Box::new(Group { leader, processes: Vec::new(), readings: 0, tasks: Tasks::default() })
    }

    pub(super) fn this_thread() -> Box<dyn Meter> {
        let folder = fs::read_link("/proc/thread-self").ok();
        Box::new(Thread {
            folder: folder.map(|folder| Path::new("/proc").join(folder)),
            tasks: Tasks::default(),
        })
    }

    impl Meter for Group {
        fn read(&mut self) -> Option<Reading> {
            if self.readings.is_multiple_of(SEARCH) {
                self.processes =
                    processes()?.filter(|(_, group)| *group == self.leader).map(|(id, _)| id).collect();
            }
            self.readings = self.readings.wrapping_add(1);
            let folders = self.processes.iter().map(|id| PathBuf::from(format!("/proc/{id}/task")));
            // One that has ended meanwhile has no folder.
            let threads = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
            let threads: Vec<_> = threads.map(|thread| thread.path()).collect();
            Some(self.tasks.read(threads))
        }
    }

    impl Meter for Thread {
        fn read(&mut self) -> Option<Reading> {
            let folder = self.folder.clone()?;
            Some(self.tasks.read(vec![folder]))
        }
    }

    impl Tasks {
        fn read(&mut self, threads: Vec<PathBuf>) -> Reading {
            let mut wants_to_run = false;
            for folder in threads {
                let Some(stat) = stat(&folder) else { continue };
                wants_to_run |= matches!(stat.state, 'R' | 'D');
                let before = self.seen.insert(folder, stat.ticks).unwrap_or(0);
                self.ticks += stat.ticks.saturating_sub(before);
            }
            let used = Duration::from_millis(self.ticks.saturating_mul(1_000 / TICKS_A_SECOND));
            Reading { used, wants_to_run }
        }
    }

    /// The processes that there are, with their groups.
    fn processes() -> Option<impl Iterator<Item = (u32, u32)>> {
        let all = fs::read_dir("/proc").ok()?.flatten();
        Some(all.filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            Some((id, stat(&entry.path())?.group))
        }))
    }

    struct Stat {
        state: char,
        group: u32,
        ticks: u64,
    }

    /// `stat` of a process or a thread, as proc(5) has it.
    fn stat(folder: &Path) -> Option<Stat> {
        parse(&fs::read_to_string(folder.join("stat")).ok()?)
    }

    fn parse(text: &str) -> Option<Stat> {
        // The name, in parentheses, may have anything in it.
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<_> = rest.split(' ').collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        Some(Stat {
            state: fields.first()?.chars().next()?,
            group: u32::try_from(number(2)?).ok()?,
            ticks: number(11)?.saturating_add(number(12)?),
        })
    }

    #[cfg(test)]
    mod tests {
        use super::{group, parse, this_thread};
        use std::hint::black_box;
        use std::os::unix::process::CommandExt;
        use std::process::{Command, Stdio};
        use std::time::Duration;

        #[test]
        fn a_name_may_have_anything_in_it() {
            let stat =
                parse("12 (a) R 1 2 (b) S 7 42 42 0 -1 4194560 100 0 0 0 25 17 3 4 20 0 1 0 5 6").unwrap();
            assert_eq!((stat.state, stat.group, stat.ticks), ('S', 42, 42));
            assert!(parse("12 (cat) S 7").is_none() && parse("").is_none());
        }

        #[test]
        fn a_thread_that_works_has_used_something() {
            let mut meter = this_thread();
            let begin = meter.read().unwrap();
            assert!(begin.wants_to_run);
            while meter.read().unwrap().used < begin.used + Duration::from_millis(50) {
                black_box((0..10_000_u64).map(black_box).sum::<u64>());
            }
        }

        #[test]
        fn a_group_is_measured_with_what_it_has_started() {
            // What burns is a child of the leader, which ends it when there is nothing to read any more.
            let mut shell = Command::new("sh")
                .args(["-c", "sh -c 'while :; do :; done' & read x; kill $!; wait"])
                .stdin(Stdio::piped())
                .process_group(0)
                .spawn()
                .unwrap();
            let mut meter = group(shell.id());
            while meter.read().unwrap().used < Duration::from_millis(50) {}
            drop(shell.stdin.take());
            shell.wait().unwrap();
        }
    }
}

/// Elsewhere nothing is measured: messages and silence count.
#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Meter, Reading};

    struct Nothing;

    impl Meter for Nothing {
        fn read(&mut self) -> Option<Reading> {
            None
        }
    }

    pub(super) fn group(_: u32) -> Box<dyn Meter> {
        Box::new(Nothing)
    }

    pub(super) fn this_thread() -> Box<dyn Meter> {
        Box::new(Nothing)
    }
}
