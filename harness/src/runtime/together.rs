//! Adapters of one runtime, each of which speaks for packages of its own: what of a host needs different processes.

use super::adapter::Adapters;
use super::{About, Apart, Ending, Job, Runtime};
use anyhow::{bail, ensure};

/// All of them as one runtime.
pub(super) struct Together {
    parts: Vec<(About, Adapters)>,
    about: About,
}

impl Together {
    /// Of one runtime are adapters that agree in all that a report says once, and share no package.
    pub(super) fn new(parts: Vec<Adapters>) -> anyhow::Result<Together> {
        let parts: Vec<_> = parts.into_iter().map(|part| (part.about(), part)).collect();
        let mut all = parts.iter().map(|(about, _)| about);
        let mut about = all.next().cloned().unwrap_or_default();
        for more in all {
            ensure!(
                (&more.name, more.form) == (&about.name, about.form),
                "of the adapters of {} one says that it is {} in the form `{}`; correct it",
                about.name,
                more.name,
                more.form,
            );
            if let Some(twice) = more.packages.iter().find(|package| about.packages.contains(package)) {
                bail!("two adapters of {} speak for {twice}; one of them is to", about.name);
            }
            if !about.version.split(", ").any(|version| version == more.version) {
                about.version = format!("{}, {}", about.version, more.version);
            }
            about.apart.push(Apart {
                packages: more.packages.clone(),
                clock: more.clock,
                lacks: more.lacks.clone(),
            });
            about.packages.extend(more.packages.iter().cloned());
            about.seams.extend(more.seams.clone());
        }
        Ok(Together { parts, about })
    }
}

impl Runtime for Together {
    fn about(&self) -> About {
        self.about.clone()
    }

    fn keeps_limits(&self) -> bool {
        true
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let speaks = |(about, _): &&(About, Adapters)| about.packages.contains(&job.component.package);
        match self.parts.iter().find(speaks) {
            Some((_, part)) => part.run(job),
            None => {
                let why = format!("none of its adapters speaks for {}", job.component.package);
                vec![Ending::NotRun(why); job.guests.len()]
            }
        }
    }
}
