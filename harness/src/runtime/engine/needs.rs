//! What a guest needs of its host, for the message that tells a host why it does not fit.

use wasmtime::component::{Component, Linker, ResourceType};
use wit_parser::decoding::DecodedWasm;
use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, WorldItem};

/// The reason for which a component was not linked: everything that the host lacks or has of another type, in one
/// paragraph. `why` is the engine's text, which names the first thing only; it stands where nothing more was found.
pub fn link_failure<T: 'static>(
    linker: &Linker<T>,
    component: &Component,
    bytes: &[u8],
    why: String,
) -> String {
    let Some(needs) = needs(bytes) else { return why };
    let look = Look { linker, component, needs: &needs };
    let wrong: Vec<_> = needs.iter().filter_map(|needed| look.at(needed)).collect();
    if wrong.is_empty() { why } else { wrong.join("; ") }
}

/// An interface that a component imports.
struct Needed {
    name: String,
    resources: Vec<String>,
    /// The functions, with their types.
    functions: Vec<(String, String)>,
}

fn needs(bytes: &[u8]) -> Option<Vec<Needed>> {
    let DecodedWasm::Component(resolve, world) = wit_parser::decoding::decode(bytes).ok()? else {
        return None;
    };
    let imports = resolve.worlds[world].imports.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => Some((resolve.name_world_key(key), &resolve.interfaces[*id])),
        _ => None,
    });
    let needed = imports.map(|(name, interface)| {
        let resources = interface.types.iter();
        let resources = resources.filter(|(_, id)| matches!(resolve.types[**id].kind, TypeDefKind::Resource));
        let functions = interface.functions.iter().map(|(name, function)| {
            (name.clone(), format!("{}: {}", function.item_name(), signature(&resolve, function)))
        });
        Needed {
            name,
            resources: resources.map(|(name, _)| name.clone()).collect(),
            functions: functions.collect(),
        }
    });
    Some(needed.collect())
}

/// A type that no host has.
struct Nothing;

/// A linker that a component does not fit.
struct Look<'a, T: 'static> {
    linker: &'a Linker<T>,
    component: &'a Component,
    needs: &'a [Needed],
}

impl<T: 'static> Look<'_, T> {
    /// What is wrong with one interface.
    fn at(&self, needed: &Needed) -> Option<String> {
        let name = &needed.name;
        // With all others in place, whatever they are, the engine speaks of this one.
        let why = self.why_not(|other, _| other.name != *name)?;
        let items = || needed.resources.iter().chain(needed.functions.iter().map(|(function, _)| function));
        let (there, missing): (Vec<_>, Vec<_>) = items().partition(|item| self.has(name, item));
        if there.is_empty() {
            let like =
                self.like(needed).map(|other| format!(" (the host has `{other}`, which is not the same)"));
            return Some(format!("`{name}` is missing{}", like.unwrap_or_default()));
        }
        let mut wrong = Vec::new();
        if !missing.is_empty() {
            let missing: Vec<_> = missing.iter().map(|item| format!("`{item}`")).collect();
            wrong.push(format!("of `{name}` is missing {}", missing.join(", ")));
        }
        for (function, needs) in &needed.functions {
            let alone = |other: &Needed, item: &str| other.name != *name || item != function;
            let Some(why) = there.contains(&function).then(|| self.why_not(alone)).flatten() else {
                continue;
            };
            // A function of a resource that is missing elsewhere has none of the type that was put in its place.
            if why.contains("resource type mismatch") && self.lacks_a_resource() {
                continue;
            }
            wrong
                .push(format!("`{name}` has `{function}` of another type: {why}; the guest needs `{needs}`"));
        }
        if wrong.is_empty() && self.lacks_a_resource() {
            return None;
        }
        if wrong.is_empty() {
            wrong.push(format!("`{name}` does not fit: {why}"));
        }
        Some(wrong.join("; "))
    }

    fn lacks_a_resource(&self) -> bool {
        let has = |needed: &Needed| needed.resources.iter().all(|resource| self.has(&needed.name, resource));
        !self.needs.iter().all(has)
    }

    /// Whether the linker has an item: it takes none of the same name then.
    fn has(&self, interface: &str, item: &str) -> bool {
        let mut linker = self.linker.clone();
        linker.allow_shadowing(false);
        let defined = linker
            .instance(interface)
            .and_then(|mut interface| interface.func_new(item, |_, _, _, _| Ok(())));
        defined.is_err()
    }

    /// Why the component does not fit when these functions, and resources that are missing, are put in place.
    fn why_not(&self, stub: impl Fn(&Needed, &str) -> bool) -> Option<String> {
        let mut linker = self.linker.clone();
        linker.allow_shadowing(true);
        for needed in self.needs {
            // An interface of which nothing is to be put in place may be there under another version that serves.
            let functions = needed.functions.iter().map(|(function, _)| function);
            let functions: Vec<_> = functions.filter(|function| stub(needed, function)).collect();
            let resources = needed.resources.iter();
            let resources: Vec<_> = resources
                .filter(|resource| stub(needed, resource) && !self.has(&needed.name, resource))
                .collect();
            if functions.is_empty() && resources.is_empty() {
                continue;
            }
            let mut interface = linker.instance(&needed.name).ok()?;
            for resource in resources {
                interface.resource(resource, ResourceType::host::<Nothing>(), |_, _| Ok(())).ok()?;
            }
            for function in functions {
                interface.func_new(function, |_, _, _, _| Ok(())).ok()?;
            }
        }
        let error = linker.instantiate_pre(self.component).err()?;
        // The first two say in which item of which interface, which is known.
        let causes: Vec<_> = error.chain().skip(2).map(ToString::to_string).collect();
        Some(if causes.is_empty() { format!("{error:#}") } else { causes.join(": ") })
    }

    /// An interface in the linker that differs in its version, or in whose it is.
    fn like(&self, needed: &Needed) -> Option<String> {
        let (interface, _) = needed.name.split_once('@').unwrap_or((&needed.name, ""));
        let (_, name) = interface.split_once(':')?;
        let versions = ["0.1.0", "0.2.0", "0.2.1", "0.2.2", "0.3.0", "1.0.0"];
        let versions =
            versions.iter().flat_map(|version| [format!("@{version}"), format!("@{version}-draft")]);
        let versions: Vec<_> = versions.chain([String::new()]).collect();
        let names = ["wasi", "component"]
            .into_iter()
            .flat_map(|whose| versions.iter().map(move |version| format!("{whose}:{name}{version}")));
        let items = || needed.resources.iter().chain(needed.functions.iter().map(|(function, _)| function));
        names.filter(|other| *other != needed.name).find(|other| items().any(|item| self.has(other, item)))
    }
}

/// A function's type as WIT has it.
fn signature(resolve: &Resolve, function: &Function) -> String {
    // A method's first parameter is the handle, which WIT does not write.
    let handle = usize::from(matches!(function.kind, FunctionKind::Method(_)));
    let parameters = function.params.iter().skip(handle);
    let parameters: Vec<_> =
        parameters.map(|p| format!("{}: {}", p.name, type_text(resolve, &p.ty))).collect();
    let result = function.result.map(|ty| format!(" -> {}", type_text(resolve, &ty)));
    format!("func({}){}", parameters.join(", "), result.unwrap_or_default())
}

fn type_text(resolve: &Resolve, ty: &Type) -> String {
    let Type::Id(id) = ty else { return format!("{ty:?}").to_lowercase() };
    let ty = &resolve.types[*id];
    if let Some(name) = &ty.name {
        return name.clone();
    }
    let text = |ty: &Type| type_text(resolve, ty);
    match &ty.kind {
        TypeDefKind::List(item) => format!("list<{}>", text(item)),
        TypeDefKind::Option(some) => format!("option<{}>", text(some)),
        TypeDefKind::Tuple(tuple) => {
            format!("tuple<{}>", tuple.types.iter().map(text).collect::<Vec<_>>().join(", "))
        }
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{}>", text(ok)),
            (ok, Some(err)) => format!("result<{}, {}>", ok.as_ref().map_or("_".to_owned(), text), text(err)),
        },
        TypeDefKind::Handle(Handle::Own(id)) => text(&Type::Id(*id)),
        TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", text(&Type::Id(*id))),
        TypeDefKind::Type(ty) => text(ty),
        other => other.as_str().to_owned(),
    }
}
