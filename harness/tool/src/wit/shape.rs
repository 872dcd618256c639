//! The shape of a package: names, types and functions, without prose.
//!
//! Two packages of one shape are one ABI. The order in which interfaces, types and functions are
//! declared is no part of it; the order of a record's fields, a variant's cases, an enum's and a flags
//! type's members and a function's parameters is. A type is what it resolves to: where `address` is
//! another name of `u16`, the two are the same as a parameter.

use std::collections::BTreeMap;
use wit_parser::{
    Function, FunctionKind, Handle, InterfaceId, PackageId, Resolve, Span, Stability, Type, TypeDef,
    TypeDefKind, TypeId, TypeOwner, WorldItem, WorldKey,
};

/// The items of a package by name, such as `i2c.i2c.read`.
pub type Shape = BTreeMap<String, Item>;

/// An item without its prose.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is, such as `func(len: u64) -> result<list<u8>, spi.error>`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The shape of a package.
pub fn of(resolve: &Resolve, package: PackageId) -> Shape {
    written(resolve, package, false)
}

/// The same for people to read, with the names of types that it was written with.
pub(super) fn readable(resolve: &Resolve, package: PackageId) -> Shape {
    written(resolve, package, true)
}

fn written(resolve: &Resolve, package: PackageId, aliases: bool) -> Shape {
    let mut writer = Writer { resolve, package, aliases, shape: Shape::new() };
    for (name, interface) in &resolve.packages[package].interfaces {
        writer.interface(name, *interface);
    }
    for (name, world) in &resolve.packages[package].worlds {
        let world = &resolve.worlds[*world];
        writer.add(format!("world {name}"), &world.stability, world.span, "world".into());
        for (side, items) in [("import", &world.imports), ("export", &world.exports)] {
            for (key, item) in items {
                writer.world_item(&format!("world {name} {side}"), key, item);
            }
        }
    }
    writer.shape
}

/// How `found` differs from `expected`, an item a line, with where `found` has it.
pub fn differences(expected: &Shape, found: &Shape) -> Vec<(Option<Span>, String)> {
    let mut lines = Vec::new();
    for (name, item) in expected {
        match found.get(name) {
            None => lines.push((None, format!("`{name}` is missing; the shape has `{}`", item.text))),
            Some(here) if here.text != item.text => {
                let line = format!("`{name}` is `{}`; the shape has `{}`", here.text, item.text);
                lines.push((Some(here.span), line));
            }
            Some(_) => {}
        }
    }
    for (name, item) in found.iter().filter(|(name, _)| !expected.contains_key(*name)) {
        lines.push((Some(item.span), format!("`{name}` is `{}`; the shape has no such item", item.text)));
    }
    lines
}

struct Writer<'a> {
    resolve: &'a Resolve,
    package: PackageId,
    /// Another name of a type is written, not what it stands for.
    aliases: bool,
    shape: Shape,
}

impl Writer<'_> {
    fn add(&mut self, name: String, stability: &Stability, span: Span, text: String) {
        // A gate decides who sees the item at all.
        let text = match stability {
            Stability::Unknown => text,
            Stability::Stable { since, .. } => format!("@since({since}) {text}"),
            Stability::Unstable { feature, .. } => format!("@unstable({feature}) {text}"),
        };
        self.shape.insert(name, Item { text, span });
    }

    fn interface(&mut self, name: &str, id: InterfaceId) {
        let interface = &self.resolve.interfaces[id];
        self.add(name.to_owned(), &interface.stability, interface.span, "interface".into());
        for (item, id) in &interface.types {
            let (ty, text) = (&self.resolve.types[*id], self.definition(*id));
            self.add(format!("{name}.{item}"), &ty.stability, ty.span, text);
        }
        for function in interface.functions.values() {
            self.function(name, function);
        }
    }

    fn function(&mut self, prefix: &str, function: &Function) {
        let (form, resource) = match function.kind {
            FunctionKind::Freestanding => ("func", None),
            FunctionKind::AsyncFreestanding => ("async func", None),
            FunctionKind::Method(id) => ("func", Some(id)),
            FunctionKind::AsyncMethod(id) => ("async func", Some(id)),
            FunctionKind::Static(id) => ("static func", Some(id)),
            FunctionKind::AsyncStatic(id) => ("static async func", Some(id)),
            FunctionKind::Constructor(id) => ("constructor", Some(id)),
        };
        let name = match resource.and_then(|id| self.resolve.types[id].name.as_deref()) {
            Some(resource) => format!("{prefix}.{resource}.{}", function.item_name()),
            None => format!("{prefix}.{}", function.item_name()),
        };
        self.add(name, &function.stability, function.span, format!("{form}{}", self.signature(function)));
    }

    fn world_item(&mut self, prefix: &str, key: &WorldKey, item: &WorldItem) {
        match (key, item) {
            (WorldKey::Interface(id), WorldItem::Interface { stability, span, .. }) => {
                let name = self.resolve.id_of(*id).unwrap_or_default();
                self.add(format!("{prefix} {name}"), stability, *span, "interface".into());
            }
            (WorldKey::Name(name), WorldItem::Interface { id, .. }) => {
                self.interface(&format!("{prefix} {name}"), *id)
            }
            (_, WorldItem::Function(function)) => self.function(prefix, function),
            (_, WorldItem::Type { id, span }) => {
                let (ty, text) = (&self.resolve.types[*id], self.definition(*id));
                let name = ty.name.as_deref().unwrap_or_default();
                self.add(format!("{prefix} {name}"), &ty.stability, *span, text);
            }
        }
    }

    fn signature(&self, function: &Function) -> String {
        // The receiver of a method follows from its resource, which is in the name.
        let params = function.params.iter().filter(|param| param.name != "self");
        let params: Vec<_> = params.map(|param| format!("{}: {}", param.name, self.ty(&param.ty))).collect();
        match &function.result {
            Some(result) if !matches!(function.kind, FunctionKind::Constructor(_)) => {
                format!("({}) -> {}", params.join(", "), self.ty(result))
            }
            Some(result) if !self.is_own(result) => format!("({}) -> {}", params.join(", "), self.ty(result)),
            _ => format!("({})", params.join(", ")),
        }
    }

    fn is_own(&self, ty: &Type) -> bool {
        matches!(ty, Type::Id(id) if matches!(self.resolve.types[*id].kind, TypeDefKind::Handle(Handle::Own(_))))
    }

    /// What a named type is.
    fn definition(&self, id: TypeId) -> String {
        let ty = &self.resolve.types[id];
        let fields = |fields: Vec<String>| fields.join(", ");
        match &ty.kind {
            TypeDefKind::Record(record) => {
                let all = record.fields.iter().map(|field| format!("{}: {}", field.name, self.ty(&field.ty)));
                format!("record {{ {} }}", fields(all.collect()))
            }
            TypeDefKind::Variant(variant) => {
                let case = |case: &wit_parser::Case| match &case.ty {
                    Some(ty) => format!("{}({})", case.name, self.ty(ty)),
                    None => case.name.clone(),
                };
                format!("variant {{ {} }}", fields(variant.cases.iter().map(case).collect()))
            }
            TypeDefKind::Enum(all) => {
                format!("enum {{ {} }}", fields(all.cases.iter().map(|case| case.name.clone()).collect()))
            }
            TypeDefKind::Flags(all) => {
                format!("flags {{ {} }}", fields(all.flags.iter().map(|flag| flag.name.clone()).collect()))
            }
            TypeDefKind::Resource => "resource".into(),
            TypeDefKind::Type(target) if self.is_use(ty) => format!("use {}", self.ty(target)),
            _ => format!("type {}", self.anonymous(ty)),
        }
    }

    /// A type where it is used.
    fn ty(&self, ty: &Type) -> String {
        let id = match ty {
            Type::Bool => return "bool".into(),
            Type::U8 => return "u8".into(),
            Type::U16 => return "u16".into(),
            Type::U32 => return "u32".into(),
            Type::U64 => return "u64".into(),
            Type::S8 => return "s8".into(),
            Type::S16 => return "s16".into(),
            Type::S32 => return "s32".into(),
            Type::S64 => return "s64".into(),
            Type::F32 => return "f32".into(),
            Type::F64 => return "f64".into(),
            Type::Char => return "char".into(),
            Type::String => return "string".into(),
            Type::ErrorContext => return "error-context".into(),
            Type::Id(id) => *id,
        };
        let ty = &self.resolve.types[id];
        let alias = self.aliases && ty.name.is_some() && !self.is_use(ty);
        if alias { self.path(ty) } else { self.anonymous(ty) }
    }

    /// Whether a type is one of another interface, brought in by `use`.
    fn is_use(&self, ty: &TypeDef) -> bool {
        let TypeDefKind::Type(Type::Id(target)) = ty.kind else { return false };
        ![ty.owner, TypeOwner::None].contains(&self.resolve.types[target].owner)
    }

    fn anonymous(&self, ty: &TypeDef) -> String {
        let optional = |ty: &Option<Type>| ty.as_ref().map_or("_".to_owned(), |ty| self.ty(ty));
        match &ty.kind {
            TypeDefKind::Handle(Handle::Own(id)) => self.ty(&Type::Id(*id)),
            TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", self.ty(&Type::Id(*id))),
            TypeDefKind::Tuple(tuple) => {
                format!("tuple<{}>", tuple.types.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>().join(", "))
            }
            TypeDefKind::Option(ty) => format!("option<{}>", self.ty(ty)),
            TypeDefKind::Result(result) => {
                format!("result<{}, {}>", optional(&result.ok), optional(&result.err))
            }
            TypeDefKind::List(ty) => format!("list<{}>", self.ty(ty)),
            TypeDefKind::Map(key, value) => format!("map<{}, {}>", self.ty(key), self.ty(value)),
            TypeDefKind::FixedLengthList(ty, length) => format!("list<{}, {length}>", self.ty(ty)),
            TypeDefKind::Future(ty) => format!("future<{}>", optional(ty)),
            TypeDefKind::Stream(ty) => format!("stream<{}>", optional(ty)),
            TypeDefKind::Type(ty) => self.ty(ty),
            // A named type has a path, and an unknown one is gone once a package is resolved.
            _ => self.path(ty),
        }
    }

    /// The name of a type, with its interface, and with the package if it is another one.
    fn path(&self, ty: &TypeDef) -> String {
        let name = ty.name.as_deref().unwrap_or("_");
        match ty.owner {
            TypeOwner::Interface(id) => {
                let interface = &self.resolve.interfaces[id];
                let short = interface.name.as_deref().filter(|_| interface.package == Some(self.package));
                match short {
                    Some(interface) => format!("{interface}.{name}"),
                    None => format!("{}.{name}", self.resolve.id_of(id).unwrap_or_default()),
                }
            }
            TypeOwner::World(id) => format!("{}.{name}", self.resolve.worlds[id].name),
            TypeOwner::None => name.to_owned(),
        }
    }
}

/// Types and signatures for people to read, with the names that they were written with. A name stands
/// after its interface, and after its package if it is another one.
pub(super) struct Readable<'a>(Writer<'a>);

impl<'a> Readable<'a> {
    pub(super) fn new(resolve: &'a Resolve, package: PackageId) -> Readable<'a> {
        Readable(Writer { resolve, package, aliases: true, shape: Shape::new() })
    }

    pub(super) fn ty(&self, ty: &Type) -> String {
        self.0.ty(ty)
    }

    /// What an alias stands for, or where a type comes from that is only used here.
    pub(super) fn definition(&self, id: TypeId) -> String {
        self.0.definition(id)
    }
}
