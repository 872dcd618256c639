//! Contexts: `libusb_init`, `libusb_exit`.

use crate::abi::{
    CAP_HAS_CAPABILITY, CAP_HAS_HID_ACCESS, CAP_HAS_HOTPLUG, CAP_SUPPORTS_DETACH_KERNEL_DRIVER,
    libusb_context,
};
use crate::error::{Error, OTHER, code};
use crate::harness::present;
use crate::hotplug::has_hotplug;
use crate::options::{libusb_init_option, no_discovery};
use crate::registry::{Context, pointer, registry};
use std::ffi::c_int;

/// Makes a context, or one more user of the default one where there is no place for it.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_init(context: *mut *mut libusb_context) -> c_int {
    // SAFETY: the caller gives NULL or a place for a pointer.
    unsafe { begin(context, false) }
}

/// The same, with options for this context.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_init_context(
    context: *mut *mut libusb_context,
    options: *const libusb_init_option,
    count: c_int,
) -> c_int {
    // SAFETY: the caller gives as many options as it says, and NULL or a place for a pointer.
    unsafe { no_discovery(options, count).map_or_else(|code| code, |none| begin(context, none)) }
}

/// # Safety
///
/// `context` is NULL or a place for a pointer.
unsafe fn begin(context: *mut *mut libusb_context, no_discovery: bool) -> c_int {
    code(init().map(|()| {
        let mut registry = registry();
        // Whoever has another board now asks again.
        registry.hotplug = None;
        // The first context of a process is also the one that NULL stands for, as in libusb.
        if let Some(default) = registry.default.filter(|_| context.is_null()) {
            if let Some(default) = registry.contexts.get_mut(&default) {
                default.users += 1;
            }
            return;
        }
        let number = registry.number();
        let no_discovery = no_discovery || registry.no_discovery;
        registry.contexts.insert(number, Context { users: 1, no_discovery, ..Context::default() });
        if registry.default.is_none() {
            registry.default = Some(number);
        }
        if !context.is_null() {
            // SAFETY: as above.
            unsafe { context.write(pointer(number)) };
        }
    }))
}

#[expect(clippy::print_stderr, reason = "a C library has no other way to say why")]
fn init() -> Result<(), Error> {
    present().map_err(|why| {
        eprintln!("mock libusb: libusb_init: {why}");
        OTHER
    })
}

/// Ends a context, or one use of the default one.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_exit(context: *mut libusb_context) {
    let mut registry = registry();
    let number = registry.context("libusb_exit", context);
    if context.is_null()
        && let Some(context) = registry.contexts.get_mut(&number)
        && context.users > 1
    {
        context.users -= 1;
        return;
    }
    if registry.default == Some(number) {
        registry.default = None;
    }
    registry.callbacks.retain(|_, callback| callback.context != number);
    let known = registry.contexts.remove(&number).map(|context| context.known);
    known.iter().flatten().for_each(|(_, device)| registry.unreference(*device));
}

/// Whether this library can do something.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_has_capability(capability: u32) -> c_int {
    let has = match capability {
        CAP_HAS_CAPABILITY | CAP_HAS_HID_ACCESS | CAP_SUPPORTS_DETACH_KERNEL_DRIVER => true,
        CAP_HAS_HOTPLUG => has_hotplug(),
        _ => false,
    };
    c_int::from(has)
}
