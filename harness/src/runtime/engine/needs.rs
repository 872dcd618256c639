//! What a guest needs of its host, for the message that tells a host why it does not fit.

use wit_component::DecodedWasm;
use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, WorldItem};

/// The reason for which a component was not linked, with the type that the guest needs of the item which the
/// runtime names. `why` is the runtime's text; it names interface and item in backquotes, or it is given back
/// as it is.
pub(crate) fn link_failure(why: &str, component: &[u8]) -> String {
    let named: Vec<_> = why.split('`').skip(1).step_by(2).collect();
    match needed(component, &named) {
        Some(needed) => format!("{why}; the guest needs {needed}"),
        None => why.to_owned(),
    }
}

fn needed(component: &[u8], named: &[&str]) -> Option<String> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component).ok()? else { return None };
    let mut interfaces = resolve.worlds[world].imports.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => Some((resolve.name_world_key(key), &resolve.interfaces[*id])),
        _ => None,
    });
    let (_, interface) = interfaces.find(|(name, _)| named.contains(&name.as_str()))?;
    let function = named.iter().find_map(|name| interface.functions.get(*name))?;
    Some(format!("`{}: {}`", function.item_name(), signature(&resolve, function)))
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
