//! Host implementations for wasmtime, tested in this process.
//!
//! An [`Embedding`] says how to link the host and what state it has; [`InProcess`] makes a
//! [`Runtime`] of it. The guests' own imports come from here: `board` always, and of the others what the
//! embedding adds ([`BoardI2c`], [`BoardGpio`]).

pub mod executor;
mod needs;
pub mod panics;

use self::executor::{Deadlock, block_on};
use crate::runtime::{About, Ending, Job, Limits, Runtime, Transcript};
use crate::suite::fixture::HostConfig;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use wasi_hw_mock::{Board, Idle};
use wasmtime::component::{Component, ComponentType, InstancePre, Linker, LinkerInstance, Lower, Resource};
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
    seat: Arc<dyn Seat>,
    limits: StoreLimits,
}

/// Where a guest sits: what its own imports reach, and whose time passes while it waits. An error ends the
/// guest, because nobody is left who could see what it does.
pub trait Seat: Send + Sync {
    /// Writes a line down.
    fn saw(&self, line: &str) -> wasmtime::Result<()>;
    /// Makes the next thing of this name happen.
    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>>;
    /// Lets time pass.
    fn wait(&self, ns: u64) -> wasmtime::Result<()>;
    /// Lets anything happen.
    fn idle(&self) -> Idle;
}

/// A seat at the board itself.
pub struct AtBoard(pub Board, pub Transcript);

impl Seat for AtBoard {
    fn saw(&self, line: &str) -> wasmtime::Result<()> {
        self.1.push(self.0.now(), line);
        Ok(())
    }

    fn cue(&self, name: &str) -> wasmtime::Result<Result<(), String>> {
        Ok(self.0.cue(name))
    }

    fn wait(&self, ns: u64) -> wasmtime::Result<()> {
        self.0.wait(ns);
        Ok(())
    }

    fn idle(&self) -> Idle {
        self.0.idle()
    }
}

/// The board interface of `wasi:i2c`: a bus and a delay.
pub struct BoardI2c<'a, T: 'static>(LinkerInstance<'a, Guest<T>>);

impl<T: 'static> BoardI2c<'_, T> {
    /// The interface, without functions yet.
    pub fn new(linker: &mut Linker<Guest<T>>) -> wasmtime::Result<BoardI2c<'_, T>> {
        linker.instance("wasi-hw:conformance/board-i2c@0.1.0").map(BoardI2c)
    }

    /// Adds `open-bus`: it pushes the host's own resource `B` into its table. An error is told to the guest.
    pub fn open_bus<B: 'static>(
        &mut self,
        open: fn(&mut T, &str) -> Result<Resource<B>, String>,
    ) -> wasmtime::Result<()> {
        self.0.func_wrap("open-bus", move |mut store, (label,): (String,)| {
            Ok((open(&mut store.data_mut().data, &label),))
        })
    }

    /// Adds `open-delay`, which does the same with the resource `D`. An error traps.
    pub fn open_delay<D: 'static>(
        &mut self,
        open: fn(&mut T) -> wasmtime::Result<Resource<D>>,
    ) -> wasmtime::Result<()> {
        self.0.func_wrap("open-delay", move |mut store, (): ()| Ok((open(&mut store.data_mut().data)?,)))
    }
}

/// The board interface of `wasi:gpio`, one function for each kind of pin.
pub struct BoardGpio<'a, T: 'static>(LinkerInstance<'a, Guest<T>>);

impl<T: 'static> BoardGpio<'_, T> {
    /// The interface, without functions yet.
    pub fn new(linker: &mut Linker<Guest<T>>) -> wasmtime::Result<BoardGpio<'_, T>> {
        linker.instance("wasi-hw:conformance/board-gpio@0.1.0").map(BoardGpio)
    }

    /// Adds a function such as `open-digital-out`: it pushes the host's own resource `P` into its
    /// table. `E` is the host's `gpio-error`.
    pub fn open<P: 'static, E: ComponentType + Lower + 'static>(
        &mut self,
        function: &str,
        open: fn(&mut T, &str) -> Result<Resource<P>, E>,
    ) -> wasmtime::Result<()> {
        self.0.func_wrap(function, move |mut store, (label,): (String,)| {
            Ok((open(&mut store.data_mut().data, &label),))
        })
    }
}

fn board<T: 'static>(linker: &mut Linker<Guest<T>>) -> wasmtime::Result<()> {
    let mut board = linker.instance("wasi-hw:conformance/board@0.1.0")?;
    board.func_wrap("saw", |store, (line,): (String,)| store.data().seat.saw(&line))?;
    board.func_wrap("cue", |store, (name,): (String,)| Ok((store.data().seat.cue(&name)?,)))?;
    board.func_wrap("wait", |store, (ns,): (u64,)| store.data().seat.wait(ns))
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

    fn component(&self, file: &str, bytes: &[u8]) -> Result<Component, Ending> {
        once(&self.components, file, || {
            Component::new(&self.engine, bytes).map_err(|error| {
                Ending::HarnessError(format!("the component {file} does not compile: {error:#}"))
            })
        })
    }
}

/// Components linked to one host, whose state in a store is `D`.
pub(crate) struct Linked<D: 'static> {
    compiler: Arc<Compiler>,
    linked: Slots<InstancePre<Guest<D>>>,
}

impl<D: Send + 'static> Linked<D> {
    pub(crate) fn new(compiler: Arc<Compiler>) -> Linked<D> {
        Linked { compiler, linked: Mutex::default() }
    }

    /// Compiles and links a component, once.
    pub(crate) fn ready(
        &self,
        file: &str,
        bytes: &[u8],
        link: impl FnOnce(&mut Linker<Guest<D>>) -> wasmtime::Result<()>,
    ) -> Result<InstancePre<Guest<D>>, Ending> {
        once(&self.linked, file, || {
            let component = self.compiler.component(file, bytes)?;
            let mut linker = Linker::new(&self.compiler.engine);
            board(&mut linker).map_err(|error| {
                Ending::HarnessError(format!("the board interface cannot be linked: {error:#}"))
            })?;
            link(&mut linker).map_err(|error| {
                Ending::LinkFailure(format!("the host cannot be added to a linker: {error:#}"))
            })?;
            // The phase tells a link failure, not the text: guest code has not run yet.
            let failed = |why: String| Ending::LinkFailure(needs::link_failure(&why, bytes));
            linker.instantiate_pre(&component).map_err(|error| failed(format!("{error:#}")))
        })
    }

    /// Runs one test of a component, in a store and an instance of its own.
    pub(crate) fn guest(
        &self,
        ready: &InstancePre<Guest<D>>,
        data: impl FnOnce() -> D,
        seat: Arc<dyn Seat>,
        test: &str,
        limits: Limits,
    ) -> Ending {
        let run = || {
            let store_limits = StoreLimitsBuilder::new().memory_size(limits.memory).build();
            let guest = Guest { data: data(), seat: Arc::clone(&seat), limits: store_limits };
            let mut store = Store::new(&self.compiler.engine, guest);
            store.limiter(|guest| &mut guest.limits);
            store.set_fuel(limits.fuel)?;
            let call = async {
                let instance = ready.instantiate_async(&mut store).await?;
                let run = instance.get_typed_func::<(&str,), (Result<(), String>,)>(&mut store, "run")?;
                run.call_async(&mut store, (test,)).await
            };
            match block_on(&*seat, call) {
                Ok(returned) => returned.map(|(result,)| Ok(result)),
                Err(Deadlock) => Ok(Err(())),
            }
        };
        match panics::catch(run) {
            Err(panic) => Ending::Crash(panic),
            Ok(Ok(Ok(Ok(())))) => Ending::Returned,
            Ok(Ok(Ok(Err(no_test)))) => Ending::HarnessError(no_test),
            Ok(Ok(Err(()))) => Ending::deadlock(),
            Ok(Err(error)) => match error.downcast_ref::<Trap>() {
                Some(Trap::OutOfFuel) => Ending::Timeout(format!("used up its fuel of {}", limits.fuel)),
                Some(trap) => Ending::Trap(trap.to_string()),
                None => Ending::Trap(format!("{:#}", error.root_cause())),
            },
        }
    }
}

/// A [`Runtime`] over an [`Embedding`], in this process: a fresh store and instance for each guest.
pub struct InProcess<E: Embedding> {
    embedding: E,
    linked: Linked<E::Data>,
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
        ready: &InstancePre<Guest<E::Data>>,
        test: &str,
        transcript: &Transcript,
    ) -> Ending {
        let seat = Arc::new(AtBoard(job.board.clone(), transcript.clone()));
        let data = || self.embedding.data(job.host, job.board);
        self.linked.guest(ready, data, seat, test, job.limits)
    }
}

impl<E: Embedding> Runtime for InProcess<E> {
    fn about(&self) -> About {
        self.embedding.about()
    }

    fn run(&self, job: &Job<'_>) -> Vec<Ending> {
        let link = |linker: &mut Linker<_>| self.embedding.link(linker);
        let ready = match self.linked.ready(&job.component.file, job.bytes, link) {
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
