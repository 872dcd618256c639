//! Host implementations for wasmtime, tested in this process.
//!
//! An [`Embedding`] says how to link the host and what state it has; [`InProcess`] makes a
//! [`Runtime`] of it. The guests' own imports come from here: `board` always, and of the others what the
//! embedding adds ([`board_i2c`]).

use crate::executor::{Deadlock, block_on};
use crate::fixture::HostConfig;
use crate::needs;
use crate::panics;
use crate::runtime::{About, Ending, Job, Runtime, Transcript};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use wasi_hw_mock::Board;
use wasmtime::component::{Component, InstancePre, Linker, Resource};
use wasmtime::{Config, Engine, OptLevel, Store, StoreLimits, StoreLimitsBuilder, Trap};

/// A host implementation for wasmtime, and how to embed it.
pub trait Embedding: Send + Sync + 'static {
    /// What it keeps in a store.
    type Data: Send + 'static;

    /// Who it is, and what it speaks.
    fn about(&self) -> About;

    /// Adds its packages to the linker, and the board interfaces that hand out its resources.
    fn link(&self, linker: &mut Linker<Guest<Self::Data>>) -> wasmtime::Result<()>;

    /// Makes the state of one store: the host as `host` says, over the devices of `board`.
    fn data(&self, host: &HostConfig, board: &Board) -> Self::Data;
}

/// What a store holds: the embedding's state, and the harness's.
pub struct Guest<D> {
    /// The embedding's state.
    pub data: D,
    board: Board,
    transcript: Transcript,
    limits: StoreLimits,
}

/// The board interface of `wasi:i2c`: `open_bus` and `open_delay` push the host's own resources `B`
/// and `D` into its table. An error is told to the guest.
pub fn board_i2c<T: 'static, B: 'static, D: 'static>(
    linker: &mut Linker<Guest<T>>,
    open_bus: fn(&mut T, &str) -> Result<Resource<B>, String>,
    open_delay: fn(&mut T) -> wasmtime::Result<Resource<D>>,
) -> wasmtime::Result<()> {
    let mut board = linker.instance("wasi-hw:conformance/board-i2c@0.1.0")?;
    board.func_wrap("open-bus", move |mut store, (label,): (String,)| {
        Ok((open_bus(&mut store.data_mut().data, &label),))
    })?;
    board.func_wrap("open-delay", move |mut store, (): ()| Ok((open_delay(&mut store.data_mut().data)?,)))
}

fn board<T: 'static>(linker: &mut Linker<Guest<T>>) -> wasmtime::Result<()> {
    let mut board = linker.instance("wasi-hw:conformance/board@0.1.0")?;
    board.func_wrap("saw", |store, (line,): (String,)| {
        let guest: &Guest<T> = store.data();
        guest.transcript.push(guest.board.now(), &line);
        Ok(())
    })?;
    board.func_wrap("cue", |store, (name,): (String,)| Ok((store.data().board.cue(&name),)))?;
    board.func_wrap("wait", |store, (ns,): (u64,)| {
        store.data().board.wait(ns);
        Ok(())
    })
}

/// An engine, and the components that it compiled: each once, whoever links them.
pub struct Compiler {
    engine: Engine,
    components: Slots<Component>,
}

/// Things that are made once, by the file of the component.
type Slots<T> = Mutex<HashMap<String, Arc<OnceLock<Result<T, Ending>>>>>;

fn once<T: Clone>(
    slots: &Slots<T>,
    file: &str,
    make: impl FnOnce() -> Result<T, Ending>,
) -> Result<T, Ending> {
    let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
    let slot = Arc::clone(slots.entry(file.to_owned()).or_default());
    drop(slots);
    slot.get_or_init(make).clone()
}

impl Compiler {
    /// A new engine.
    pub fn new() -> wasmtime::Result<Arc<Compiler>> {
        let mut config = Config::new();
        config.consume_fuel(true);
        // The guests are small and run once: compiling them is most of the work.
        config.cranelift_opt_level(OptLevel::None);
        Ok(Arc::new(Compiler { engine: Engine::new(&config)?, components: Mutex::default() }))
    }

    fn component(&self, job: &Job<'_>) -> Result<Component, Ending> {
        let file = &job.component.file;
        once(&self.components, file, || {
            Component::new(&self.engine, job.bytes).map_err(|error| {
                Ending::HarnessError(format!("the component {file} does not compile: {error:#}"))
            })
        })
    }
}

/// A [`Runtime`] over an [`Embedding`], in this process: a fresh store and instance for each guest.
pub struct InProcess<E: Embedding> {
    embedding: E,
    compiler: Arc<Compiler>,
    linked: Slots<InstancePre<Guest<E::Data>>>,
}

impl<E: Embedding> InProcess<E> {
    /// An engine of its own for this embedding.
    pub fn new(embedding: E) -> wasmtime::Result<InProcess<E>> {
        Ok(InProcess::with(Compiler::new()?, embedding))
    }

    /// An engine that others may share.
    pub fn with(compiler: Arc<Compiler>, embedding: E) -> InProcess<E> {
        InProcess { embedding, compiler, linked: Mutex::default() }
    }

    /// Compiles and links a component, once.
    fn ready(&self, job: &Job<'_>) -> Result<InstancePre<Guest<E::Data>>, Ending> {
        once(&self.linked, &job.component.file, || {
            let component = self.compiler.component(job)?;
            let mut linker = Linker::new(&self.compiler.engine);
            board(&mut linker).map_err(|error| {
                Ending::HarnessError(format!("the board interface cannot be linked: {error:#}"))
            })?;
            self.embedding.link(&mut linker).map_err(|error| {
                Ending::LinkFailure(format!("the host cannot be added to a linker: {error:#}"))
            })?;
            // The phase tells a link failure, not the text: guest code has not run yet.
            let failed = |why: String| Ending::LinkFailure(needs::link_failure(&why, job.bytes));
            linker.instantiate_pre(&component).map_err(|error| failed(format!("{error:#}")))
        })
    }

    fn guest(
        &self,
        job: &Job<'_>,
        ready: &InstancePre<Guest<E::Data>>,
        test: &str,
        transcript: &Transcript,
    ) -> Ending {
        let run = || {
            let guest = Guest {
                data: self.embedding.data(job.host, job.board),
                board: job.board.clone(),
                transcript: transcript.clone(),
                limits: StoreLimitsBuilder::new().memory_size(job.limits.memory).build(),
            };
            let mut store = Store::new(&self.compiler.engine, guest);
            store.limiter(|guest| &mut guest.limits);
            store.set_fuel(job.limits.fuel)?;
            let call = async {
                let instance = ready.instantiate_async(&mut store).await?;
                let run = instance.get_typed_func::<(&str,), (Result<(), String>,)>(&mut store, "run")?;
                run.call_async(&mut store, (test,)).await
            };
            match block_on(job.board, call) {
                Ok(returned) => returned.map(|(result,)| Ok(result)),
                Err(Deadlock) => Ok(Err(())),
            }
        };
        match panics::catch(run) {
            Err(panic) => Ending::Crash(panic),
            Ok(Ok(Ok(Ok(())))) => Ending::Returned,
            Ok(Ok(Ok(Err(no_test)))) => Ending::HarnessError(no_test),
            Ok(Ok(Err(()))) => Ending::Timeout("everybody waits, and nothing can happen any more".to_owned()),
            Ok(Err(error)) => match error.downcast_ref::<Trap>() {
                Some(Trap::OutOfFuel) => Ending::Timeout(format!("used up its fuel of {}", job.limits.fuel)),
                Some(trap) => Ending::Trap(trap.to_string()),
                None => Ending::Trap(format!("{:#}", error.root_cause())),
            },
        }
    }
}

impl<E: Embedding> Runtime for InProcess<E> {
    fn about(&self) -> About {
        self.embedding.about()
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let ready = match self.ready(job) {
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
