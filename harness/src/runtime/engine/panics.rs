//! Panics of a host under test: caught, with their message, and kept off the terminal.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// While this thread catches panics: where the last one was.
    static PLACE: RefCell<Option<Option<String>>> = const { RefCell::new(None) };
}

/// Calls `f`; if it panics, gives the message and the place.
pub fn catch<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            let caught = PLACE.with_borrow_mut(|place| {
                let catching = place.is_some();
                if catching {
                    *place = Some(panic.location().map(|at| {
                        let host = is_std(at.file()).then(host_frame).flatten();
                        host.unwrap_or_else(|| format!("{}:{}", file_name(at.file()), at.line()))
                    }));
                }
                catching
            });
            if !caught {
                before(panic);
            }
        }));
    });
    let outer = PLACE.replace(Some(None));
    let result = catch_unwind(AssertUnwindSafe(f));
    let place = PLACE.replace(outer).flatten();
    result.map_err(|payload| match place {
        Some(place) => format!("panicked at {place}: {}", message(&*payload)),
        None => format!("panicked: {}", message(&*payload)),
    })
}

/// Whether a source is of the standard library, whose place says nothing of who called it.
fn is_std(path: &str) -> bool {
    path.starts_with("/rustc/") || path.replace('\\', "/").contains("/rustlib/src/rust/library/")
}

/// The innermost frame of this thread outside the standard library and this file, if line tables tell.
fn host_frame() -> Option<String> {
    let trace = Backtrace::force_capture().to_string();
    let places = trace.lines().filter_map(|line| line.trim().strip_prefix("at "));
    // Without the column.
    let mut places = places.filter_map(|place| place.rsplit_once(':').map(|(place, _)| place));
    let host = places.find(|place| {
        let is_here = place.replace('\\', "/").contains("runtime/engine/panics.rs");
        // The C library is below every thread, and may have line tables where the host has none.
        let is_rust = place.rsplit_once(':').is_some_and(|(file, _)| file.ends_with(".rs"));
        is_rust && !is_here && !is_std(place) && !place.contains("/library/")
    })?;
    let (file, line) = host.rsplit_once(':')?;
    Some(format!("{}:{line}", file_name(file)))
}

/// The last two parts of a path: enough to find it, and the same on every machine.
fn file_name(path: &str) -> String {
    let mut parts: Vec<_> = path.rsplit(['/', '\\']).take(2).collect();
    parts.reverse();
    parts.join("/")
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or(payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}
