//! Runs guests: a module for each component, and an instance with hosts of its own for each test.

use crate::Shared;
use crate::config::HostConfig;
use crate::imports::Imports;
use crate::state::{Abandoned, State};
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, PoisonError};
use wasi_hw_protocol::{Client, How, Run};
use wasmi::{Config, Engine, Instance, Linker, Memory, Module, Store, StoreLimitsBuilder, TrapCode};

/// How a guest ended that did not return.
pub struct End {
    /// How.
    pub how: How,
    /// Why.
    pub why: String,
    /// Of a link failure, the import.
    pub item: Option<String>,
}

impl End {
    fn new(how: How, why: impl ToString) -> End {
        End { how, why: why.to_string(), item: None }
    }
}

/// The engine with what guests can import, and the modules that it knows already.
pub struct Guests {
    engine: Engine,
    imports: Imports,
    linker: Linker<State>,
    modules: Mutex<BTreeMap<String, Module>>,
}

impl Guests {
    /// With no module.
    pub fn new() -> anyhow::Result<Guests> {
        let mut config = Config::default();
        config.consume_fuel(true);
        let engine = Engine::new(&config);
        let imports = Imports::all();
        Ok(Guests { linker: imports.linked(&engine)?, engine, imports, modules: Mutex::default() })
    }

    /// Runs one test. When it is back, the guest's instance is gone, and with it all that it held.
    pub fn run(&self, harness: &Shared, run: &Run<HostConfig>, guest: u32, test: &str) -> Result<(), End> {
        let module = self.module(&run.component.path, &run.component.sha256)?;
        if let Some((item, why)) = self.imports.missing(&module) {
            return Err(End { item: Some(item), ..End::new(How::LinkFailure, why) });
        }
        let memory = usize::try_from(run.limits.memory).unwrap_or(usize::MAX);
        let limits = StoreLimitsBuilder::new().memory_size(memory).build();
        let state = State::new(Client::new(harness.clone(), guest), run.host.clone(), limits);
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.limits);
        store.set_fuel(run.limits.fuel).map_err(|why| End::new(How::Crash, why))?;
        let instance = self
            .linker
            .instantiate_and_start(&mut store, &module)
            .map_err(|why| End::new(How::LinkFailure, why))?;
        match call(&mut store, &instance, test) {
            Ok(None) => Ok(()),
            Ok(Some(why)) => Err(End::new(How::NoSuchTest, why)),
            Err(why) if why.as_trap_code() == Some(TrapCode::OutOfFuel) => {
                Err(End::new(How::Timeout, "it used up its fuel"))
            }
            Err(why) if why.downcast_ref::<Abandoned>().is_some() => Err(End::new(How::Timeout, why)),
            Err(why) => Err(End::new(How::Trap, why)),
        }
    }

    fn module(&self, path: &str, sha256: &str) -> Result<Module, End> {
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = modules.get(sha256) {
            return Ok(module.clone());
        }
        let file = fs::read(path).map_err(|why| End::new(How::NotRun, format!("{path}: {why}")))?;
        let core = core_module(&file)
            .ok_or_else(|| End::new(How::NotRun, format!("{path} is no component with a module in it")))?;
        let module = Module::new(&self.engine, core).map_err(|why| End::new(How::LinkFailure, why))?;
        modules.insert(sha256.to_owned(), module.clone());
        Ok(module)
    }
}

/// The first core module of a component: the content of its first section of kind 1.
fn core_module(component: &[u8]) -> Option<&[u8]> {
    let mut rest = component.strip_prefix(b"\0asm\x0d\0\x01\0")?;
    loop {
        let (kind, after) = rest.split_first()?;
        let (mut size, mut shift, mut at) = (0_u64, 0, 0);
        loop {
            let byte = *after.get(at).filter(|_| shift < 35)?;
            size |= u64::from(byte & 0x7f) << shift;
            (shift, at) = (shift + 7, at + 1);
            if byte < 0x80 {
                break;
            }
        }
        let (content, next) = after.get(at..)?.split_at_checked(usize::try_from(size).ok()?)?;
        if *kind == 1 {
            return Some(content);
        }
        rest = next;
    }
}

/// Calls the export `run`; the error of its result, if it is one.
fn call(store: &mut Store<State>, instance: &Instance, test: &str) -> Result<Option<String>, wasmi::Error> {
    let memory = instance.get_memory(&*store, "memory");
    let memory = memory.ok_or_else(|| wasmi::Error::new("the guest exports no memory"))?;
    let realloc = instance.get_typed_func::<(i32, i32, i32, i32), i32>(&*store, "cabi_realloc")?;
    let run = instance.get_typed_func::<(i32, i32), i32>(&*store, "run")?;
    let post = instance.get_typed_func::<i32, ()>(&*store, "cabi_post_run")?;
    let length = i32::try_from(test.len()).map_err(|why| wasmi::Error::new(why.to_string()))?;
    store.data_mut().may_not_leave = true;
    let at = realloc.call(&mut *store, (0, 0, 1, length))?;
    store.data_mut().may_not_leave = false;
    memory.write(&mut *store, at as u32 as usize, test.as_bytes()).map_err(outside)?;
    let ret = run.call(&mut *store, (at, length))?;
    let result = read::<12>(store, &memory, ret as u32)?;
    let word = |at: usize| u32::from_le_bytes([result[at], result[at + 1], result[at + 2], result[at + 3]]);
    let why = if result[0] == 0 {
        None
    } else {
        let mut text = vec![0; (word(8) as usize).min(4096)];
        memory.read(&*store, word(4) as usize, &mut text).map_err(outside)?;
        Some(String::from_utf8_lossy(&text).into_owned())
    };
    store.data_mut().may_not_leave = true;
    post.call(&mut *store, ret)?;
    Ok(why)
}

fn read<const N: usize>(store: &Store<State>, memory: &Memory, at: u32) -> Result<[u8; N], wasmi::Error> {
    let mut bytes = [0; N];
    memory.read(store, at as usize, &mut bytes).map_err(outside)?;
    Ok(bytes)
}

fn outside(why: impl ToString) -> wasmi::Error {
    wasmi::Error::new(format!("what the guest says is not in its memory: {}", why.to_string()))
}
