//! Types in C: a struct for each that has parts, where the parts lie, and what takes it out of a guest's memory and puts
//! it there.

use super::{snake, wrapped};
use crate::wit::Wit;
use std::collections::BTreeSet;
use std::fmt::Write;
use wit_parser::{Int, SizeAlign, Type, TypeDefKind};

/// Words of C that a name may not be.
const KEYWORDS: [&str; 9] =
    ["bool", "default", "double", "float", "int", "long", "register", "short", "switch"];

/// The types of a package, in the order in which C needs them.
pub(super) struct Types<'a> {
    wit: &'a Wit,
    prefix: &'a str,
    sizes: SizeAlign,
    written: BTreeSet<String>,
    out: String,
}

/// What a type is to C.
enum Shape {
    /// A number, or what is one: its type, and how many bytes it has.
    Number(&'static str, usize),
    Bool,
    Float,
    /// The position of a case.
    Enum(Vec<String>, Int),
    List(Option<Type>),
    /// Fields.
    Record(Vec<(String, Type)>),
    /// Cases, and whether they have names of their own.
    Variant(Vec<(String, Option<Type>)>, Int, bool),
}

impl<'a> Types<'a> {
    pub(super) fn new(wit: &'a Wit, prefix: &'a str) -> Types<'a> {
        let mut sizes = SizeAlign::default();
        sizes.fill(&wit.resolve);
        Types { wit, prefix, sizes, written: BTreeSet::new(), out: String::new() }
    }

    pub(super) fn text(&self) -> &str {
        &self.out
    }

    fn shape(&self, ty: &Type) -> Shape {
        let id = match ty {
            Type::Bool => return Shape::Bool,
            Type::U8 | Type::S8 => return Shape::Number("uint8_t", 1),
            Type::U16 | Type::S16 => return Shape::Number("uint16_t", 2),
            Type::U32 | Type::S32 | Type::Char => return Shape::Number("uint32_t", 4),
            Type::U64 | Type::S64 => return Shape::Number("uint64_t", 8),
            Type::F32 => return Shape::Float,
            Type::String => return Shape::List(None),
            Type::Id(id) => *id,
            Type::F64 | Type::ErrorContext => panic!("no package has a {ty:?}"),
        };
        let cases = |names: [&str; 2], types: [Option<Type>; 2]| {
            let cases = names.into_iter().zip(types).map(|(name, ty)| (name.to_owned(), ty)).collect();
            Shape::Variant(cases, Int::U8, false)
        };
        match &self.wit.resolve.types[id].kind {
            TypeDefKind::Type(ty) => self.shape(ty),
            TypeDefKind::Handle(_) | TypeDefKind::Resource => Shape::Number("uint32_t", 4),
            TypeDefKind::List(ty) => Shape::List(Some(*ty)),
            TypeDefKind::Enum(all) => {
                Shape::Enum(all.cases.iter().map(|case| case.name.clone()).collect(), all.tag())
            }
            TypeDefKind::Flags(_) => match self.sizes.size(ty).size_wasm32() {
                1 => Shape::Number("uint8_t", 1),
                2 => Shape::Number("uint16_t", 2),
                _ => Shape::Number("uint32_t", 4),
            },
            TypeDefKind::Record(all) => {
                Shape::Record(all.fields.iter().map(|field| (field.name.clone(), field.ty)).collect())
            }
            TypeDefKind::Tuple(all) => {
                Shape::Record((0..).zip(&all.types).map(|(n, ty)| (format!("f{n}"), *ty)).collect())
            }
            TypeDefKind::Variant(all) => {
                let cases = all.cases.iter().map(|case| (case.name.clone(), case.ty)).collect();
                Shape::Variant(cases, all.tag(), true)
            }
            TypeDefKind::Option(ty) => cases(["none", "some"], [None, Some(*ty)]),
            TypeDefKind::Result(all) => cases(["ok", "err"], [all.ok, all.err]),
            other => panic!("no package has a {}", other.as_str()),
        }
    }

    /// What a type is called, without the package; of one without a name what it is made of.
    fn short(&self, ty: &Type) -> String {
        let part = |ty: &Option<Type>| ty.as_ref().map_or("nothing".to_owned(), |ty| self.short(ty));
        let Type::Id(id) = ty else { return format!("{ty:?}").to_lowercase() };
        let def = &self.wit.resolve.types[*id];
        match &def.kind {
            TypeDefKind::Type(ty) => self.short(ty),
            TypeDefKind::Handle(_) | TypeDefKind::Resource => "handle".to_owned(),
            TypeDefKind::List(_) => "list".to_owned(),
            _ if def.name.is_some() => snake(def.name.as_deref().unwrap_or_default()),
            TypeDefKind::Option(ty) => format!("option_{}", self.short(ty)),
            TypeDefKind::Result(all) => format!("result_{}_{}", part(&all.ok), part(&all.err)),
            TypeDefKind::Tuple(all) => {
                format!("tuple_{}", all.types.iter().map(|ty| self.short(ty)).collect::<Vec<_>>().join("_"))
            }
            other => panic!("no package has a {} without a name", other.as_str()),
        }
    }

    fn name(&self, ty: &Type) -> String {
        format!("{}_{}", self.prefix, self.short(ty))
    }

    fn declared(&self, ty: &Type) -> String {
        match self.shape(ty) {
            Shape::Number(name, _) => name.to_owned(),
            Shape::Bool => "bool".to_owned(),
            Shape::Float => "float".to_owned(),
            Shape::Enum(_, tag) => unsigned(tag).to_owned(),
            Shape::List(_) => "struct wasi_hw_list".to_owned(),
            Shape::Record(_) | Shape::Variant(..) => format!("struct {}", self.name(ty)),
        }
    }

    /// Writes a type, and before it those that it is made of.
    pub(super) fn need(&mut self, ty: &Type) {
        let shape = self.shape(ty);
        match &shape {
            Shape::Number(..) | Shape::Bool | Shape::Float => return,
            Shape::List(element) => return element.iter().for_each(|ty| self.need(ty)),
            Shape::Enum(..) => {}
            Shape::Record(fields) => fields.iter().for_each(|(_, ty)| self.need(ty)),
            Shape::Variant(cases, ..) => {
                cases.iter().for_each(|(_, ty)| ty.iter().for_each(|ty| self.need(ty)))
            }
        }
        let name = self.name(ty);
        if !self.written.insert(name.clone()) {
            return;
        }
        let text = match shape {
            Shape::Enum(cases, _) => enumerators(&name, &name, &cases),
            Shape::Record(fields) => self.record(ty, &name, &fields),
            Shape::Variant(cases, tag, named) => self.variant(ty, &name, &cases, tag, named),
            _ => return,
        };
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn record(&self, ty: &Type, name: &str, fields: &[(String, Type)]) -> String {
        let members: String = fields
            .iter()
            .map(|(field, ty)| format!("    {} {};\n", self.declared(ty), word(field)))
            .collect();
        let offsets = self.sizes.field_offsets(fields.iter().map(|(_, ty)| ty));
        let (mut load, mut store) = (String::new(), String::new());
        for ((field, ty), (offset, _)) in fields.iter().zip(offsets) {
            let (offset, field) = (offset.size_wasm32(), word(field));
            load.push_str(&self.load(ty, offset, &format!("to->{field}"), "    "));
            store.push_str(&self.store(ty, offset, &format!("from->{field}"), "    "));
        }
        self.whole(ty, name, &members, &load, &store)
    }

    fn variant(
        &self,
        ty: &Type,
        name: &str,
        cases: &[(String, Option<Type>)],
        tag: Int,
        named: bool,
    ) -> String {
        let payload = self.sizes.payload_offset(tag, cases.iter().map(|(_, ty)| ty.as_ref())).size_wasm32();
        let (mut parts, mut load, mut store) = (String::new(), String::new(), String::new());
        for (n, (case, ty)) in cases.iter().enumerate() {
            let Some(ty) = ty else { continue };
            let upper = name.to_uppercase();
            let tag = if named { format!("{upper}_{}", snake(case).to_uppercase()) } else { n.to_string() };
            let case = word(case);
            let _ = writeln!(parts, "        {} {case};", self.declared(ty));
            let part = self.load(ty, payload, &format!("to->value.{case}"), "        ");
            let _ = writeln!(load, "    if (to->tag == {tag}) {{\n{part}    }}");
            let part = self.store(ty, payload, &format!("from->value.{case}"), "        ");
            let _ = writeln!(store, "    if (from->tag == {tag}) {{\n{part}    }}");
        }
        let unions =
            if parts.is_empty() { String::new() } else { format!("    union {{\n{parts}    }} value;\n") };
        let kind = unsigned(tag);
        let bytes = match tag {
            Int::U8 => 1,
            Int::U16 => 2,
            _ => 4,
        };
        let members = format!("    {kind} tag;\n{unions}");
        let upper = name.to_uppercase();
        let load = format!(
            "    to->tag = ({kind})wasi_hw_load(at, {bytes});\n    if (to->tag >= {upper}_CASES)\n        return false;\n{load}"
        );
        let store = format!("    wasi_hw_store(at, from->tag, {bytes});\n{store}");
        let names: Vec<_> = cases.iter().map(|(case, _)| case.clone()).collect();
        let tags = if named {
            enumerators(&format!("{name}_case"), name, &names)
        } else {
            format!("/* {}. */\n#define {upper}_CASES {}\n", told(&names), names.len())
        };
        tags + &self.whole(ty, name, &members, &load, &store)
    }

    fn whole(&self, ty: &Type, name: &str, members: &str, load: &str, store: &str) -> String {
        let (size, align) = (self.sizes.size(ty).size_wasm32(), self.sizes.align(ty).align_wasm32());
        let upper = name.to_uppercase();
        let function = |start: &str, parameters: [String; 2]| wrapped(start, &parameters, ")");
        let load_head = function(
            &format!("static inline bool {name}_load("),
            ["const uint8_t *at".to_owned(), format!("struct {name} *to")],
        );
        let store_head = function(
            &format!("static inline void {name}_store("),
            ["uint8_t *at".to_owned(), format!("const struct {name} *from")],
        );
        format!(
            "#define {upper}_SIZE {size}\n#define {upper}_ALIGN {align}\nstruct {name} {{\n{members}}};\n\n\
             {load_head}{{\n{load}    return true;\n}}\n\n{store_head}{{\n{store}}}\n"
        )
    }

    /// Statements that take a part out of memory.
    fn load(&self, ty: &Type, offset: usize, to: &str, indent: &str) -> String {
        let at = if offset == 0 { "at".to_owned() } else { format!("at + {offset}") };
        match self.shape(ty) {
            Shape::Number(kind, bytes) => format!("{indent}{to} = ({kind})wasi_hw_load({at}, {bytes});\n"),
            Shape::Bool => format!("{indent}{to} = at[{offset}] != 0;\n"),
            Shape::Float => format!("{indent}{to} = wasi_hw_load_f32({at});\n"),
            Shape::List(_) => format!("{indent}{to} = wasi_hw_load_list({at});\n"),
            Shape::Enum(_, tag) => {
                let (kind, bytes) = (unsigned(tag), self.sizes.size(ty).size_wasm32());
                let cases = format!("{}_CASES", self.name(ty).to_uppercase());
                format!(
                    "{indent}{to} = ({kind})wasi_hw_load({at}, {bytes});\n{indent}if ({to} >= {cases})\n{indent}    return false;\n"
                )
            }
            Shape::Record(_) | Shape::Variant(..) => {
                format!("{indent}if (!{}_load({at}, &{to}))\n{indent}    return false;\n", self.name(ty))
            }
        }
    }

    /// Statements that put a part into memory.
    fn store(&self, ty: &Type, offset: usize, from: &str, indent: &str) -> String {
        let at = if offset == 0 { "at".to_owned() } else { format!("at + {offset}") };
        match self.shape(ty) {
            Shape::Number(_, bytes) => format!("{indent}wasi_hw_store({at}, {from}, {bytes});\n"),
            Shape::Bool => format!("{indent}at[{offset}] = {from} ? 1 : 0;\n"),
            Shape::Float => format!("{indent}wasi_hw_store_f32({at}, {from});\n"),
            Shape::List(_) => format!("{indent}wasi_hw_store_list({at}, {from});\n"),
            Shape::Enum(..) => {
                format!("{indent}wasi_hw_store({at}, {from}, {});\n", self.sizes.size(ty).size_wasm32())
            }
            Shape::Record(_) | Shape::Variant(..) => {
                format!("{indent}{}_store({at}, &{from});\n", self.name(ty))
            }
        }
    }
}

/// An enumerator for each case, and how many there are.
fn enumerators(tag: &str, name: &str, cases: &[String]) -> String {
    let upper = name.to_uppercase();
    let all: String =
        cases.iter().map(|case| format!("    {upper}_{},\n", snake(case).to_uppercase())).collect();
    format!("enum {tag} {{\n{all}}};\n#define {upper}_CASES {}\n", cases.len())
}

/// `0 ok, 1 err`.
fn told(names: &[String]) -> String {
    names.iter().enumerate().map(|(n, name)| format!("{n} {name}")).collect::<Vec<_>>().join(", ")
}

fn unsigned(tag: Int) -> &'static str {
    match tag {
        Int::U8 => "uint8_t",
        Int::U16 => "uint16_t",
        Int::U32 => "uint32_t",
        Int::U64 => "uint64_t",
    }
}

/// A name that C takes.
fn word(name: &str) -> String {
    let name = snake(name);
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}
