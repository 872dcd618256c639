//! Where records go.

use super::{Footer, Record};

/// One form of a report. It has the header before the first record comes.
pub trait Sink: Send {
    /// Takes the record of the `place`th case of the run, from 0. Records come in this order, each as soon as those before
    /// it are there. One that was not run leaves a gap.
    fn record(&mut self, place: usize, record: &Record) -> anyhow::Result<()>;

    /// Takes what came of the run; nothing comes after it.
    fn finish(self: Box<Self>, footer: &Footer) -> anyhow::Result<()>;
}

/// Several sinks. One that fails gets no more, and the others go on.
#[derive(Default)]
pub struct Sinks<'a> {
    sinks: Vec<Box<dyn Sink + 'a>>,
    failed: Vec<anyhow::Error>,
}

impl<'a> Sinks<'a> {
    /// Adds a sink.
    pub fn with(mut self, sink: impl Sink + 'a) -> Sinks<'a> {
        self.sinks.push(Box::new(sink));
        self
    }

    /// Whether there were sinks, and none is left that takes anything.
    pub fn all_failed(&self) -> bool {
        self.sinks.is_empty() && !self.failed.is_empty()
    }

    /// Hands a record to all of them.
    pub fn record(&mut self, place: usize, record: &Record) {
        let failed = &mut self.failed;
        self.sinks.retain_mut(|sink| match sink.record(place, record) {
            Ok(()) => true,
            Err(error) => {
                failed.push(error);
                false
            }
        });
    }

    /// Ends them all. What went wrong with any of them is what comes back.
    pub fn finish(mut self, footer: &Footer) -> Vec<anyhow::Error> {
        let ended = self.sinks.into_iter().filter_map(|sink| sink.finish(footer).err());
        self.failed.extend(ended);
        self.failed
    }
}
