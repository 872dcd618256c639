//! What a guest can import.

use crate::abi::{Call, Ran, trap};
use crate::state::State;
use crate::{board, gpio, i2c, poll, spi, usb};
use wasmi::{Engine, FuncType, Linker, Module, Val, ValType};

/// A function for guests.
struct Import {
    /// The module, as a core module names it.
    module: &'static str,
    /// The function.
    name: String,
    /// Its flat signature, in WAMR's letters.
    signature: &'static str,
    /// The function itself. An error is a trap.
    call: fn(&mut Call<'_>) -> Ran,
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
#[derive(Default)]
pub struct Imports(Vec<Import>);

impl Imports {
    /// Those of every package.
    pub fn all() -> Imports {
        let mut all = Imports::default();
        for add in [board::imports, i2c::imports, spi::imports, poll::imports, gpio::imports, usb::imports] {
            add(&mut all);
        }
        all
    }

    /// Adds a function.
    pub fn add(
        &mut self,
        module: &'static str,
        name: impl Into<String>,
        signature: &'static str,
        call: fn(&mut Call<'_>) -> Ran,
    ) {
        self.0.push(Import { module, name: name.into(), signature, call });
    }

    /// The first import of a module that no host has, or that every host has otherwise: the item, and why.
    pub fn missing(&self, module: &Module) -> Option<(String, String)> {
        module.imports().find_map(|wanted| {
            let item = || format!("{}#{}", wanted.module(), wanted.name());
            let is_it = |import: &&Import| import.module == wanted.module() && import.name == wanted.name();
            match (self.0.iter().find(is_it), wanted.ty().func()) {
                (None, _) => Some((item(), "no host has it".to_owned())),
                (Some(import), Some(ty)) if *ty == import.ty() => None,
                (Some(import), _) => Some((item(), format!("the host's signature is {}", import.signature))),
            }
        })
    }

    /// A linker with all of them.
    pub fn linked(&self, engine: &Engine) -> Result<Linker<State>, wasmi::errors::LinkerError> {
        let mut linker = Linker::<State>::new(engine);
        for import in &self.0 {
            let (name, call) = (import.name.clone(), import.call);
            linker.func_new(
                import.module,
                &import.name,
                import.ty(),
                move |mut caller, arguments, results| {
                    if caller.data_mut().may_not_leave {
                        return trap(format!("{name} was called from cabi_realloc"));
                    }
                    let mut called = Call::new(caller, arguments);
                    call(&mut called)?;
                    if let (Some(result), Some(to)) = (called.result, results.first_mut()) {
                        *to = Val::I32(result as i32);
                    }
                    Ok(())
                },
            )?;
        }
        Ok(linker)
    }
}
