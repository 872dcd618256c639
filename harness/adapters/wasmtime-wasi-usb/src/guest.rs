//! Guests, each in a store of its own with the host under test.

use serde_json::Value;
use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread;
use wasi_hw_protocol::{
    Count, Cue, Done, Empty, Failure, FromAdapter, Harness, How, Op, Over, Run, Saw, Wait, Woken,
};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Cache, CacheConfig, Config, Engine, Store, StoreLimits, StoreLimitsBuilder, Trap};
use wasmtime_wasi::ResourceTable;
use wasmtime_wasi_usb::{WasiUsbCtx, WasiUsbCtxView, WasiUsbView};

/// The conversation.
pub type Shared = Arc<Harness<Value>>;

/// What runs guests.
pub struct Guests {
    engine: Engine,
    hotplug: bool,
    /// The component that was made ready, by its file: a process has one.
    loaded: OnceLock<(String, Result<InstancePre<State>, Ended>)>,
}

/// How a guest ended, and why.
type Ended = (How, Option<String>);

/// What a store holds.
struct State {
    table: ResourceTable,
    usb: WasiUsbCtx,
    limits: StoreLimits,
    harness: Shared,
    guest: u32,
}

impl WasiUsbView for State {
    fn usb(&mut self) -> WasiUsbCtxView<'_> {
        WasiUsbCtxView { ctx: &mut self.usb, table: &mut self.table }
    }
}

impl Guests {
    /// Starts the engine. `hotplug` is what the host is told about hotplug support.
    pub fn new(hotplug: bool) -> anyhow::Result<Guests> {
        let mut config = Config::new();
        config.consume_fuel(true);
        // Each process runs one case; what is compiled is kept beside the executable.
        let mut cache = CacheConfig::new();
        let program = std::env::current_exe()?;
        cache.with_directory(program.parent().unwrap_or(Path::new("/")).join("components"));
        config.cache(Some(Cache::new(cache)?));
        Ok(Guests { engine: Engine::new(&config)?, hotplug, loaded: OnceLock::new() })
    }

    /// Makes a component ready. What is wrong with it its case says.
    pub fn load(&self, path: &str) {
        self.loaded.get_or_init(|| (path.to_owned(), self.ready(Path::new(path))));
    }

    /// Runs the guests of a case: one in this thread, several in a thread each.
    pub fn run(&self, harness: &Shared, run: &Run<Value>) -> Result<(), Over> {
        let loaded = self.loaded.get().filter(|(path, _)| *path == run.component.path);
        let ready = match loaded {
            Some((_, ready)) => ready.clone(),
            None => self.ready(Path::new(&run.component.path)),
        };
        let done = |guest: u32, (how, why): Ended| {
            harness.send(&FromAdapter::Done(Done { run: run.run, guest, how, why, item: None }))
        };
        let one = |guest: u32, test: &str| match &ready {
            Ok(ready) => done(guest, self.guest(ready, harness, run, guest, test)),
            Err(ended) => done(guest, ended.clone()),
        };
        if let [test] = &run.tests[..] {
            return one(0, test);
        }
        let one = &one;
        thread::scope(|scope| {
            let guests = run.tests.iter().zip(0..).map(|(test, guest)| {
                scope.spawn(move || {
                    harness.go(guest)?;
                    one(guest, test)
                })
            });
            let guests: Vec<_> = guests.collect();
            let mut ended = guests.into_iter().map(|guest| guest.join());
            ended.try_for_each(|end| {
                end.unwrap_or_else(|_| Err(Over::Broken("a guest's thread died".to_owned())))
            })
        })
    }

    fn ready(&self, path: &Path) -> Result<InstancePre<State>, Ended> {
        let not_run = |why: String| (How::NotRun, Some(why));
        let bytes = fs::read(path).map_err(|why| not_run(format!("{}: {why}", path.display())))?;
        let component = Component::new(&self.engine, &bytes).map_err(|why| not_run(format!("{why:#}")))?;
        let link = || {
            let mut linker = Linker::<State>::new(&self.engine);
            wasmtime_wasi_usb::add_to_linker(&mut linker)?;
            board(&mut linker)?;
            linker.instantiate_pre(&component)
        };
        link().map_err(|why| (How::LinkFailure, Some(format!("{why:#}"))))
    }

    fn guest(
        &self,
        ready: &InstancePre<State>,
        harness: &Shared,
        run: &Run<Value>,
        guest: u32,
        test: &str,
    ) -> Ended {
        let memory = usize::try_from(run.limits.memory).unwrap_or(usize::MAX);
        let state = State {
            table: ResourceTable::new(),
            usb: WasiUsbCtx::new(self.hotplug),
            limits: StoreLimitsBuilder::new().memory_size(memory).build(),
            harness: Arc::clone(harness),
            guest,
        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.limits);
        let called = catch_unwind(AssertUnwindSafe(|| {
            store.set_fuel(run.limits.fuel)?;
            // The host wakes whoever awaits a transfer from its own thread; any executor will do.
            let executor = tokio::runtime::Builder::new_current_thread().build()?;
            executor.block_on(call(ready, &mut store, test))
        }));
        match called {
            Ok(Ok(Ok(()))) => (How::Returned, None),
            Ok(Ok(Err(why))) => (How::NoSuchTest, Some(why)),
            Ok(Err(why)) if why.downcast_ref() == Some(&Trap::OutOfFuel) => {
                (How::Timeout, Some(format!("{why:#}")))
            }
            Ok(Err(why)) => (How::Trap, Some(format!("{why:#}"))),
            Err(panic) => {
                // What the host left in this state, nobody should touch again.
                std::mem::forget(store);
                (How::Crash, Some(format!("the host panicked: {}", message(&*panic))))
            }
        }
    }
}

async fn call(
    ready: &InstancePre<State>,
    store: &mut Store<State>,
    test: &str,
) -> wasmtime::Result<Result<(), String>> {
    let instance = ready.instantiate_async(&mut *store).await?;
    let run = instance.get_typed_func::<(&str,), (Result<(), String>,)>(&mut *store, "run")?;
    let (result,) = run.call_async(&mut *store, (test,)).await?;
    Ok(result)
}

/// The guest's own imports: operations of the harness, and nothing more.
fn board(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut board = linker.instance("wasi-hw:conformance/board@0.1.0")?;
    board.func_wrap("saw", |store, (line,): (String,)| {
        let Empty {} = store.data().ask(Op::Saw(Saw { line }))?;
        Ok(())
    })?;
    board.func_wrap("cue", |store, (name,): (String,)| match store.data().ask(Op::Cue(Cue { name })) {
        Ok(Empty {}) => Ok((Ok::<_, String>(()),)),
        Err(Failure::Refused(refused)) => Ok((Err(refused.why),)),
        Err(why) => Err(why.into()),
    })?;
    board.func_wrap("wait", |store, (ns,): (u64,)| {
        let _: Woken = store.data().ask(Op::Wait(Wait { ns: Some(Count(ns)), ..Wait::default() }))?;
        Ok(())
    })
}

impl State {
    fn ask<T: serde::de::DeserializeOwned>(&self, op: Op) -> Result<T, Failure> {
        self.harness.ask(self.guest, op)
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or(panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}
