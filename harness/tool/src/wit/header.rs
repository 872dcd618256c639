//! The packages as C headers, for hosts of the core form: `cargo hw wit headers`.
//!
//! A header has the imports of one package, each with its flat signature, and the layout of every type that crosses. It
//! belongs to no engine: the signatures are in WAMR's letters, and a table of all imports is a list of macros.

mod types;

use super::{Package, Wit};
use std::collections::BTreeMap;
use std::path::PathBuf;
use types::Types;
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Function, FunctionKind, InterfaceId, PackageId, Type, TypeDefKind, WorldItem};

/// Where they lie.
pub const FOLDER: &str = "conformance/include";

/// What no package has of its own.
const COMMON: &str = include_str!("header/common.h");
const COMMON_FILE: &str = "wasi_hw_abi.h";

/// Columns of a line.
const WIDTH: usize = 120;

/// All headers, by file: one for each package of which a conformance guest of a canonical package imports something.
pub fn headers(wit: &Wit) -> BTreeMap<PathBuf, String> {
    let mut interfaces: BTreeMap<PackageId, Vec<InterfaceId>> = BTreeMap::new();
    for id in worlds(wit) {
        for item in wit.resolve.worlds[id].imports.values() {
            let WorldItem::Interface { id, .. } = item else { continue };
            let Some(package) = wit.resolve.interfaces[*id].package else { continue };
            let known = interfaces.entry(package).or_default();
            if !known.contains(id) {
                known.push(*id);
            }
        }
    }
    let folder = PathBuf::from(FOLDER);
    let mut all = BTreeMap::from([(folder.join(COMMON_FILE), COMMON.to_owned())]);
    for (package, interfaces) in interfaces {
        let name = &wit.resolve.packages[package].name.name;
        all.insert(folder.join(format!("wasi_hw_{}.h", snake(name))), header(wit, package, &interfaces));
    }
    all
}

/// The worlds of the guests that test the canonical packages.
fn worlds(wit: &Wit) -> Vec<wit_parser::WorldId> {
    let own: Vec<&Package> = wit.packages.iter().filter(|package| !package.of_a_proposal()).collect();
    let guest = |proposal: &str| {
        let worlds = own.iter().map(|package| &wit.resolve.packages[package.id].worlds);
        worlds.filter_map(|worlds| worlds.get(&format!("{proposal}-guest"))).copied().next()
    };
    wit.proposals.iter().filter_map(|proposal| guest(&proposal.name)).collect()
}

fn header(wit: &Wit, package: PackageId, interfaces: &[InterfaceId]) -> String {
    let name = &wit.resolve.packages[package].name;
    let prefix = snake(&format!("{}-{}", name.namespace, name.name));
    let guard = format!("{}_IN_THE_CORE_FORM_H", prefix.to_uppercase());
    let mut types = Types::new(wit, &prefix);
    let (mut modules, mut declared, mut tables) = (String::new(), String::new(), Vec::new());
    for id in interfaces {
        let interface = &wit.resolve.interfaces[*id];
        interface.types.values().for_each(|ty| types.need(&Type::Id(*ty)));
        let functions = functions(wit, *id);
        if functions.is_empty() {
            continue;
        }
        let module = wit.resolve.id_of(*id).unwrap_or_default();
        let short = interface.name.as_deref().unwrap_or_default();
        let constant = snake(&format!("{prefix}-{short}")).to_uppercase();
        modules.push_str(&format!("#define {constant} \"{module}\"\n"));
        let mut rows = Vec::new();
        for function in functions {
            let Import { symbol, name, signature, parameters, returns } =
                import(wit, &prefix, &function, &mut types);
            let mut names = vec!["struct guest *guest".to_owned()];
            names.extend(parameters.iter().map(|(name, ty)| format!("{} {name}", c_type(*ty))));
            let result = returns.map_or("void", c_type);
            declared.push_str(&wrapped(&format!("{result} {symbol}("), &names, ");"));
            let arguments: Vec<_> = ["guest".to_owned()]
                .into_iter()
                .chain(parameters.iter().enumerate().map(|(n, (_, ty))| format!("v[{n}].{}", member(*ty))))
                .collect();
            let assigned = returns.map_or(String::new(), |ty| format!("v[0].{} = ", member(ty)));
            rows.push(format!(
                "    ROW({symbol}, {constant}, \"{name}\", \"{signature}\", \\\n        {assigned}{symbol}({}))",
                arguments.join(", ")
            ));
        }
        tables.push((format!("{constant}_IMPORTS"), rows));
    }
    let all: Vec<_> = tables.iter().map(|(name, _)| format!("    {name}(ROW)")).collect();
    tables.push((format!("{}_IMPORTS", prefix.to_uppercase()), all));
    let of = tables.iter().filter(|(_, rows)| !rows.is_empty());
    let table: String =
        of.map(|(name, rows)| format!("#define {name}(ROW) \\\n{}\n", rows.join(" \\\n"))).collect();
    format!(
        "/* {name} in the core form: what a guest imports of it, and how its types lie in memory. \n \
         * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */\n\n#ifndef {guard}\n#define {guard}\n\n\
         #include \"{COMMON_FILE}\"\n\n/* The modules of the imports. */\n{modules}\n\
         /* --- Types: positions of cases, sizes and alignments in memory, values. */\n\n{}\
         /* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; \n \
         * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */\n\n{declared}\n\
         /* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,\n \
         * and one of them all. */\n{table}\n\
         #endif\n",
        types.text(),
    )
}

/// The functions of an interface, and what drops its resources: for each resource its methods, then its drop.
fn functions(wit: &Wit, id: InterfaceId) -> Vec<Callee<'_>> {
    let interface = &wit.resolve.interfaces[id];
    let mut all = Vec::new();
    for (name, ty) in &interface.types {
        if matches!(wit.resolve.types[*ty].kind, TypeDefKind::Resource) {
            let methods =
                interface.functions.values().filter(|function| function.kind.resource() == Some(*ty));
            all.extend(methods.map(Callee::Function));
            all.push(Callee::Drop(name));
        }
    }
    let free = interface.functions.values().filter(|function| function.kind == FunctionKind::Freestanding);
    all.extend(free.map(Callee::Function));
    all
}

enum Callee<'a> {
    Function(&'a Function),
    Drop(&'a str),
}

/// An import, as C and an engine know it.
struct Import {
    symbol: String,
    name: String,
    signature: String,
    parameters: Vec<(String, WasmType)>,
    returns: Option<WasmType>,
}

fn import(wit: &Wit, prefix: &str, callee: &Callee<'_>, types: &mut Types<'_>) -> Import {
    let function = match callee {
        Callee::Drop(resource) => {
            return Import {
                symbol: format!("{prefix}_{}_drop", snake(resource)),
                name: format!("[resource-drop]{resource}"),
                signature: "(i)".to_owned(),
                parameters: vec![("self".to_owned(), WasmType::I32)],
                returns: None,
            };
        }
        Callee::Function(function) => function,
    };
    let flat = wit.resolve.wasm_signature(AbiVariant::GuestImport, function);
    let mut names = Vec::new();
    for parameter in &function.params {
        flat_names(wit, &snake(&parameter.name), &parameter.ty, &mut names);
    }
    if flat.retptr {
        names.push("ret".to_owned());
    }
    if let Some(result) = &function.result {
        types.need(result);
    }
    function.params.iter().for_each(|parameter| types.need(&parameter.ty));
    assert_eq!(names.len(), flat.params.len(), "{}: each flat parameter has a name", function.name);
    let short = function.name.rsplit(']').next().unwrap_or_default().replace('.', "-");
    let letters = |types: &[WasmType]| types.iter().map(|ty| letter(*ty)).collect::<String>();
    Import {
        symbol: format!("{prefix}_{}", snake(&short)),
        name: function.name.clone(),
        signature: format!("({}){}", letters(&flat.params), letters(&flat.results)),
        parameters: names.into_iter().zip(flat.params.iter().copied()).collect(),
        returns: flat.results.first().copied(),
    }
}

/// The names of the flat parameters that a parameter becomes.
fn flat_names(wit: &Wit, name: &str, ty: &Type, names: &mut Vec<String>) {
    let Type::Id(id) = ty else {
        return if *ty == Type::String {
            names.extend([format!("{name}_at"), format!("{name}_count")]);
        } else {
            names.push(name.to_owned());
        };
    };
    let mut payloads = |cases: Vec<Option<Type>>| {
        let flattened = cases.iter().map(|case| {
            let mut names = Vec::new();
            case.iter().for_each(|ty| flat_names(wit, &format!("{name}_value"), ty, &mut names));
            names
        });
        let longest = flattened.max_by_key(Vec::len).unwrap_or_default();
        names.push(name.to_owned());
        names.extend(longest);
    };
    match &wit.resolve.types[*id].kind {
        TypeDefKind::Type(ty) => flat_names(wit, name, ty, names),
        TypeDefKind::List(_) => names.extend([format!("{name}_at"), format!("{name}_count")]),
        TypeDefKind::Record(record) => {
            record.fields.iter().for_each(|field| flat_names(wit, &snake(&field.name), &field.ty, names));
        }
        TypeDefKind::Variant(variant) => payloads(variant.cases.iter().map(|case| case.ty).collect()),
        TypeDefKind::Option(ty) => payloads(vec![Some(*ty)]),
        _ => names.push(name.to_owned()),
    }
}

/// A list in brackets, over as many lines as it takes.
fn wrapped(start: &str, items: &[String], end: &str) -> String {
    let (mut out, mut column) = (start.to_owned(), start.len());
    let indent = start.find('(').map_or(4, |at| at + 1);
    for (n, item) in items.iter().enumerate() {
        let last = n + 1 == items.len();
        let item = format!("{item}{}", if last { end } else { "," });
        if n > 0 && column + 1 + item.len() > WIDTH {
            out.push_str(&format!("\n{}", " ".repeat(indent)));
            column = indent;
        } else if n > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(&item);
        column += item.len();
    }
    out + "\n"
}

/// WAMR's letters.
fn letter(ty: WasmType) -> char {
    match ty {
        WasmType::I64 | WasmType::PointerOrI64 => 'I',
        WasmType::F32 => 'f',
        WasmType::F64 => 'F',
        WasmType::I32 | WasmType::Pointer | WasmType::Length => 'i',
    }
}

fn c_type(ty: WasmType) -> &'static str {
    match letter(ty) {
        'I' => "uint64_t",
        'f' => "float",
        'F' => "double",
        _ => "uint32_t",
    }
}

fn member(ty: WasmType) -> &'static str {
    match letter(ty) {
        'I' => "i64",
        'f' => "f32",
        'F' => "f64",
        _ => "i32",
    }
}

fn snake(name: &str) -> String {
    name.replace('-', "_").to_lowercase()
}
