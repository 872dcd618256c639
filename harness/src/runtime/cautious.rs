//! A host in this process until it has died there once: then in processes of its own.

use super::{About, Ending, Job, Runtime};
use crate::suite::manifest::Component;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// How the same host is started in processes of its own.
type Apart = Box<dyn Fn() -> anyhow::Result<Box<dyn Runtime>> + Send + Sync>;

/// A host that panicked may have left anything behind, and one that hangs keeps a core and its memory: no case after it is
/// run beside that.
pub(super) struct Cautious {
    here: Box<dyn Runtime>,
    apart: Apart,
    started: OnceLock<Result<Box<dyn Runtime>, String>>,
    died: AtomicBool,
}

impl Cautious {
    pub(super) fn new(here: Box<dyn Runtime>, apart: Apart) -> Cautious {
        Cautious { here, apart, started: OnceLock::new(), died: AtomicBool::new(false) }
    }

    /// Where cases are run now.
    fn home(&self) -> Result<&dyn Runtime, &String> {
        if !self.died.load(Ordering::Acquire) {
            return Ok(&*self.here);
        }
        let started = self.started.get_or_init(|| (self.apart)().map_err(|error| format!("{error:#}")));
        started.as_deref()
    }
}

impl Runtime for Cautious {
    fn about(&self) -> About {
        self.here.about()
    }

    fn missing(&self) -> Option<String> {
        self.here.missing()
    }

    fn serve(&self) -> Option<anyhow::Result<()>> {
        self.here.serve()
    }

    fn load(&self, component: &Component, bytes: &[u8]) {
        if let Ok(home) = self.home() {
            home.load(component, bytes);
        }
    }

    fn keeps_limits(&self) -> bool {
        self.home().is_ok_and(Runtime::keeps_limits)
    }

    fn abandoned(&self) {
        self.died.store(true, Ordering::Release);
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        match self.home() {
            Ok(home) => {
                let endings = home.run(job);
                if endings.iter().any(|ending| matches!(ending, Ending::Crash(_))) {
                    self.abandoned();
                }
                endings
            }
            Err(why) => {
                let why =
                    format!("the host has died in this process, and does not start in one of its own: {why}");
                vec![Ending::NotRun(why); job.guests.len()]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cautious;
    use crate::runtime::{About, Ending, Job, Limits, Runtime, Stderr, Transcript};
    use crate::suite::fixture::HostConfig;
    use crate::suite::manifest::Component;
    use std::path::Path;
    use wasi_hw_mock::Board;

    /// Says where it is; in the case `dies` it dies.
    struct Host(&'static str);

    impl Runtime for Host {
        fn about(&self) -> About {
            About::default()
        }

        fn keeps_limits(&self) -> bool {
            self.0 == "apart"
        }

        fn run(&self, job: &Job<'_>) -> Vec<Ending> {
            vec![if job.case == "dies" { Ending::Crash } else { Ending::Trap }(self.0.to_owned())]
        }
    }

    fn run(host: &Cautious, case: &str) -> Ending {
        let nothing = r#"{"file":"","package":"","world":"","sha256":"","inputs":"","bytes":0,"pages":{"initial":0},"tests":[]}"#;
        let component: Component = serde_json::from_str(nothing).unwrap();
        let job = Job {
            case,
            component: &component,
            bytes: &[],
            path: Path::new(""),
            guests: vec![("", Transcript::default())],
            host: &HostConfig::default(),
            board: &Board::new(&Default::default()).unwrap(),
            limits: Limits::default(),
            stderr: &Stderr::default(),
        };
        host.run(&job).remove(0)
    }

    #[test]
    fn after_the_first_death_cases_run_apart() {
        let host = Cautious::new(Box::new(Host("here")), Box::new(|| Ok(Box::new(Host("apart")))));
        assert_eq!(run(&host, "well"), Ending::Trap("here".into()));
        assert!(!host.keeps_limits());
        assert_eq!(run(&host, "dies"), Ending::Crash("here".into()));
        assert_eq!(run(&host, "well"), Ending::Trap("apart".into()));
        assert_eq!(run(&host, "dies"), Ending::Crash("apart".into()));
        assert!(host.keeps_limits());
    }

    #[test]
    fn one_that_was_given_up_has_died_too() {
        let host = Cautious::new(Box::new(Host("here")), Box::new(|| anyhow::bail!("no room")));
        host.abandoned();
        assert!(matches!(run(&host, "well"), Ending::NotRun(why) if why.contains("no room")));
    }
}
