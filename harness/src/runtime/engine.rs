//! Host implementations for wasmtime.
//!
//! An [`Embedding`] says how to link the host and what state it has; [`InProcess`] makes a
//! [`Runtime`] of it. The store holds the embedding's own type, for which it implements the traits of its host
//! (`WasiView` and the like), with a [`Guest`] in it. The guests' own imports come from here: `board` always, and of the
//! others what the embedding adds ([`BoardI2c`], [`BoardGpio`]).

pub mod executor;
mod imports;
mod linked;
mod needs;
pub mod panics;
mod seat;

pub use imports::{BoardGpio, BoardI2c};
pub use linked::Compiler;
pub(crate) use linked::Linked;
pub use needs::link_failure;
pub use seat::{AtBoard, Seat};

use crate::runtime::adapter::child;
use crate::runtime::{About, Clock, Ending, Job, Runtime, Transcript};
use crate::suite::fixture::HostConfig;
use crate::suite::manifest::Component;
use std::borrow::Cow;
use std::sync::Arc;
use std::thread;
use wasi_hw_seam::Board;
use wasmtime::StoreLimits;
use wasmtime::component::{InstancePre, Linker};

/// A host implementation for wasmtime, and how to embed it.
pub trait Embedding: Send + Sync + 'static {
    /// What a store holds: the embedding's own type.
    type Data: Send + 'static;

    /// Who it is, and what it speaks.
    fn about(&self) -> About;

    /// What runs in the place of a guest: the guest, or a component that has it inside and the same export, for a host that is
    /// itself a component.
    ///
    /// # Errors
    ///
    /// Why nothing can run, which is a link failure.
    fn component<'a>(&self, guest: &'a [u8]) -> anyhow::Result<Cow<'a, [u8]>> {
        Ok(Cow::Borrowed(guest))
    }

    /// Adds its packages to the linker, and the board interfaces that hand out its resources.
    fn link(&self, linker: &mut Linker<Self::Data>) -> wasmtime::Result<()>;

    /// Makes the state of one store: the host as `host` says, over the devices of `board`. The harness's part of it is
    /// `guest`, which is kept where [`Embedding::guest`] finds it.
    fn data(&self, host: &HostConfig, board: &Arc<dyn Board>, guest: Guest) -> Self::Data;

    /// The harness's part of the state.
    fn guest(data: &mut Self::Data) -> &mut Guest;
}

/// The harness's part of a store.
pub struct Guest {
    seat: Arc<dyn Seat>,
    limits: StoreLimits,
}

/// A [`Runtime`] over an [`Embedding`], in this process: a fresh store and instance for each guest.
pub struct InProcess<E: Embedding> {
    embedding: E,
    linked: Linked<E>,
}

impl<E: Embedding> InProcess<E> {
    /// An engine of its own for this embedding.
    pub fn new(embedding: E) -> wasmtime::Result<InProcess<E>> {
        Ok(InProcess::with(Compiler::new()?, embedding))
    }

    /// An engine that others may share.
    pub fn with(compiler: Arc<Compiler>, embedding: E) -> InProcess<E> {
        InProcess { embedding, linked: Linked::new(compiler) }
    }

    fn guest(
        &self,
        job: &Job<'_>,
        ready: &InstancePre<E::Data>,
        test: &str,
        transcript: &Transcript,
    ) -> Ending {
        let seat = Arc::new(AtBoard(job.board.clone(), transcript.clone()));
        let board: Arc<dyn Board> = Arc::new(job.board.clone());
        let data = |guest| self.embedding.data(job.host, &board, guest);
        self.linked.guest(ready, data, seat, test, job.limits)
    }
}

impl<E: Embedding> Runtime for InProcess<E> {
    fn about(&self) -> About {
        self.embedding.about()
    }

    fn serve(&self) -> Option<anyhow::Result<()>> {
        Some(child::serve(&self.embedding, &self.linked))
    }

    fn load(&self, component: &Component, bytes: &[u8]) {
        // What is wrong with it the case says.
        let _ = self.linked.ready(component, bytes, &self.embedding);
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        if self.about().clock == Clock::Own {
            let why = "a host with a clock of its own runs in processes of its own: start it by `Runtimes`";
            return vec![Ending::NotRun(why.to_owned()); job.guests.len()];
        }
        let ready = match self.linked.ready(job.component, job.bytes, &self.embedding) {
            Ok(ready) => ready,
            Err(ending) => return vec![ending; job.guests.len()],
        };
        if let [(test, transcript)] = &job.guests[..] {
            return vec![self.guest(job, &ready, test, transcript)];
        }
        job.board.make_places(job.guests.len());
        thread::scope(|scope| {
            let guests = job.guests.iter().enumerate().map(|(place, (test, transcript))| {
                let ready = &ready;
                scope.spawn(move || {
                    let _turn = job.board.take_turn(place);
                    self.guest(job, ready, test, transcript)
                })
            });
            let guests: Vec<_> = guests.collect();
            let ended = guests.into_iter().map(|guest| guest.join());
            ended
                .map(|end| end.unwrap_or_else(|_| Ending::HarnessError("a guest's thread died".into())))
                .collect()
        })
    }
}
