//! Components, compiled and linked once, and guests that run in instances of them.

use super::executor::{Deadlock, block_on};
use super::imports::board;
use super::{Embedding, Guest, Seat, needs, panics};
use crate::runtime::{Ending, Limits};
use crate::suite::manifest;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Config, Engine, OptLevel, Store, StoreLimitsBuilder, Strategy, Trap};

/// An engine, and the components that it compiled: each once, whoever links them.
pub struct Compiler {
    engine: Engine,
    components: Slots<Component>,
}

/// How much fuel a guest uses between two looks whether it was given up.
const SLICE: u64 = 1_000_000;

/// What a store holds at most beside the bytes of a memory. A component of the suite has one memory, and a few small modules
/// and tables that the encoder adds; each element of a table is eight bytes.
const MOST_MEMORIES: usize = 4;
const MOST_TABLES: usize = 16;
const MOST_ELEMENTS: usize = 1 << 16;
const MOST_INSTANCES: usize = 64;

/// Things that are made once, by the hash of the component: what came after a release may be in a file of its own, and
/// the same.
type Slots<T> = Mutex<HashMap<String, Arc<OnceLock<Result<T, Ending>>>>>;

fn once<T: Clone>(
    slots: &Slots<T>,
    sha256: &str,
    make: impl FnOnce() -> Result<T, Ending>,
) -> Result<T, Ending> {
    let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
    let slot = Arc::clone(slots.entry(sha256.to_owned()).or_default());
    drop(slots);
    slot.get_or_init(make).clone()
}

/// The guests are small and run once: compiling them is most of the work, and how fast they are is none of it.
fn config(strategy: Strategy) -> Config {
    let mut config = Config::new();
    config.consume_fuel(true).strategy(strategy).cranelift_opt_level(OptLevel::None);
    // One interface may be imported under several names.
    config.wasm_component_model_implements(true);
    config
}

impl Compiler {
    /// A new engine.
    pub fn new() -> wasmtime::Result<Arc<Compiler>> {
        // Winch has backends for x86-64 and AArch64 only.
        let engine =
            Engine::new(&config(Strategy::Winch)).or_else(|_| Engine::new(&config(Strategy::Auto)))?;
        Ok(Arc::new(Compiler { engine, components: Mutex::default() }))
    }

    fn component(&self, sha256: &str, file: &str, bytes: &[u8]) -> Result<Component, Ending> {
        once(&self.components, sha256, || self.compile(file, bytes))
    }

    fn compile(&self, file: &str, bytes: &[u8]) -> Result<Component, Ending> {
        Component::new(&self.engine, bytes).map_err(|error| {
            Ending::HarnessError(format!("the component {file} does not compile: {error:#}"))
        })
    }
}

/// Components linked to one host, by its embedding.
pub(crate) struct Linked<E: Embedding> {
    compiler: Arc<Compiler>,
    linked: Slots<InstancePre<E::Data>>,
}

impl<E: Embedding> Linked<E> {
    pub(crate) fn new(compiler: Arc<Compiler>) -> Linked<E> {
        Linked { compiler, linked: Mutex::default() }
    }

    /// Compiles and links a component, once.
    pub(crate) fn ready(
        &self,
        component: &manifest::Component,
        bytes: &[u8],
        embedding: &E,
    ) -> Result<InstancePre<E::Data>, Ending> {
        self.ready_from(&component.sha256, &component.file, embedding, || Ok(bytes))
    }

    /// The same with a component that is read for it.
    pub(crate) fn ready_from<B: AsRef<[u8]>>(
        &self,
        sha256: &str,
        file: &str,
        embedding: &E,
        bytes: impl FnOnce() -> Result<B, Ending>,
    ) -> Result<InstancePre<E::Data>, Ending> {
        once(&self.linked, sha256, || {
            let bytes = bytes()?;
            let bytes = embedding.component(bytes.as_ref()).map_err(|error| {
                Ending::LinkFailure(format!("the host cannot be put around {file}: {error:#}"))
            })?;
            let component = match &bytes {
                // Others may have compiled this guest.
                Cow::Borrowed(bytes) => self.compiler.component(sha256, file, bytes)?,
                Cow::Owned(bytes) => self.compiler.compile(file, bytes)?,
            };
            let mut linker = Linker::new(&self.compiler.engine);
            board::<E>(&mut linker).map_err(|error| {
                Ending::HarnessError(format!("the board interface cannot be linked: {error:#}"))
            })?;
            embedding.link(&mut linker).map_err(|error| {
                Ending::LinkFailure(format!("the host cannot be added to a linker: {error:#}"))
            })?;
            // The phase tells a link failure, not the text: guest code has not run yet.
            linker.instantiate_pre(&component).map_err(|error| {
                let why = format!("{error:#}");
                Ending::LinkFailure(needs::link_failure(&linker, &component, &bytes, why))
            })
        })
    }

    /// Runs one test of a component, in a store and an instance of its own.
    pub(crate) fn guest(
        &self,
        ready: &InstancePre<E::Data>,
        data: impl FnOnce(Guest) -> E::Data,
        seat: Arc<dyn Seat>,
        test: &str,
        limits: Limits,
    ) -> Ending {
        let run = || {
            let store_limits = StoreLimitsBuilder::new()
                .memory_size(limits.memory)
                .memories(MOST_MEMORIES)
                .tables(MOST_TABLES)
                .table_elements(MOST_ELEMENTS)
                .instances(MOST_INSTANCES)
                .build();
            let guest = Guest { seat: Arc::clone(&seat), limits: store_limits };
            let mut store = Store::new(&self.compiler.engine, data(guest));
            store.limiter(|data| &mut E::guest(data).limits);
            store.set_fuel(limits.fuel)?;
            // Whoever polls then looks whether the guest was given up.
            store.fuel_async_yield_interval(Some(SLICE))?;
            let call = async {
                let instance = ready.instantiate_async(&mut store).await?;
                let run = instance.get_typed_func::<(&str,), (Result<(), String>,)>(&mut store, "run")?;
                run.call_async(&mut store, (test,)).await
            };
            match block_on(&*seat, call) {
                Ok(returned) => {
                    let trap = returned.as_ref().err().and_then(|error| error.downcast_ref::<Trap>());
                    if trap == Some(&Trap::OutOfFuel) {
                        // Before the store is dropped, and with it what the guest had open.
                        seat.guest_is_ended();
                    }
                    returned.map(|(result,)| Ok(result))
                }
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
