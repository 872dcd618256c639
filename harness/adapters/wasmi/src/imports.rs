//! What a guest can import.

use crate::abi::{Call, Ran, trap};
use crate::board::{self, State};
use crate::{i2c, spi};
use wasmi::{FuncType, Linker, Val, ValType};

/// A function for guests.
pub struct Import {
    /// The module, as a core module names it.
    pub module: &'static str,
    /// The function.
    pub name: &'static str,
    /// Its flat signature, in WAMR's letters.
    pub signature: &'static str,
    /// The function itself. An error is a trap.
    pub call: fn(&mut Call<'_>) -> Ran,
}

impl Import {
    /// The signature, as the engine has it.
    fn ty(&self) -> FuncType {
        let types = |letters: &str| {
            let ty = |letter| match letter {
                'I' => ValType::I64,
                'f' => ValType::F32,
                _ => ValType::I32,
            };
            letters.trim_start_matches('(').chars().map(ty).collect::<Vec<_>>()
        };
        let (parameters, results) = self.signature.split_once(')').unwrap_or_default();
        FuncType::new(types(parameters), types(results))
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Import> {
    board::IMPORTS.iter().chain(i2c::IMPORTS).chain(spi::IMPORTS)
}

/// The first import of a module that no host has, or that every host has otherwise: the item, and why.
pub fn missing(module: &wasmi::Module) -> Option<(String, String)> {
    module.imports().find_map(|wanted| {
        let item = || format!("{}#{}", wanted.module(), wanted.name());
        let found = all().find(|import| import.module == wanted.module() && import.name == wanted.name());
        match (found, wanted.ty().func()) {
            (None, _) => Some((item(), "no host has it".to_owned())),
            (Some(import), Some(ty)) if *ty == import.ty() => None,
            (Some(import), _) => Some((item(), format!("the host's signature is {}", import.signature))),
        }
    })
}

/// Adds all of them.
pub fn link(linker: &mut Linker<State>) -> Result<(), wasmi::errors::LinkerError> {
    for import in all() {
        linker.func_new(import.module, import.name, import.ty(), |mut caller, arguments, results| {
            if caller.data_mut().may_not_leave {
                return trap(format!("{} was called from cabi_realloc", import.name));
            }
            let mut call = Call::new(caller, arguments);
            (import.call)(&mut call)?;
            if let (Some(result), Some(to)) = (call.result, results.first_mut()) {
                *to = Val::I32(result as i32);
            }
            Ok(())
        })?;
    }
    Ok(())
}
