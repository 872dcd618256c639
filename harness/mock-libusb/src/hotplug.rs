//! Devices that come and go: who wants to be told, and the telling.

use crate::abi::{
    HOTPLUG_ARRIVED, HOTPLUG_ENUMERATE, HOTPLUG_LEFT, HOTPLUG_MATCH_ANY, libusb_context,
    libusb_hotplug_callback_fn,
};
use crate::device::devices;
use crate::error::{Error, INVALID_PARAM, NOT_SUPPORTED, code};
use crate::harness::ask;
use crate::registry::{Callback, Registry, changed, pointer, registry};
use std::collections::VecDeque;
use std::ffi::{c_int, c_void};
use std::ptr::with_exposed_provenance_mut;
use wasi_hw_protocol::{Empty, Op, usb};

/// Whether the harness tells of devices that come and go. It begins to do so with the first question.
pub(crate) fn has_hotplug() -> bool {
    if let Some(known) = registry().hotplug {
        return known;
    }
    let has = ask::<Empty>(Op::UsbWatch(Empty {})).is_ok();
    registry().hotplug = Some(has);
    has
}

/// Registers somebody to be told, by whoever handles events.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn libusb_hotplug_register_callback(
    context: *mut libusb_context,
    events: c_int,
    flags: c_int,
    vendor: c_int,
    product: c_int,
    class: c_int,
    function: Option<libusb_hotplug_callback_fn>,
    user_data: *mut c_void,
    handle: *mut c_int,
) -> c_int {
    let ids = [(vendor, 0xffff), (product, 0xffff), (class, 0xff)];
    let fits = |(id, most): (c_int, c_int)| id == HOTPLUG_MATCH_ANY || (0..=most).contains(&id);
    let known = HOTPLUG_ARRIVED | HOTPLUG_LEFT;
    let Some(function) =
        function.filter(|_| events != 0 && events & !known == 0 && ids.into_iter().all(fits))
    else {
        return INVALID_PARAM.0;
    };
    if !has_hotplug() {
        return NOT_SUPPORTED.0;
    }
    code(present(flags).map(|present| {
        let mut registry = registry();
        let context = registry.context("libusb_hotplug_register_callback", context);
        let callback = Callback {
            context,
            events,
            vendor,
            product,
            class,
            function,
            user_data: user_data.expose_provenance(),
            queue: VecDeque::new(),
        };
        registry.last_callback += 1;
        let number = registry.last_callback;
        registry.callbacks.insert(number, callback);
        for about in present {
            enqueue(&mut registry, Some(number), HOTPLUG_ARRIVED, &about);
        }
        drop(registry);
        // Whoever handles events has something more to wait for.
        changed();
        if !handle.is_null() {
            // SAFETY: the caller gives NULL or a place for a number.
            unsafe { handle.write(number) };
        }
        if flags & HOTPLUG_ENUMERATE != 0 {
            call(context);
        }
    }))
}

/// What a new callback is told of at once. What happened until now is told to those who wanted to know.
fn present(flags: c_int) -> Result<Vec<usb::Device>, Error> {
    fetch();
    if flags & HOTPLUG_ENUMERATE == 0 { Ok(Vec::new()) } else { devices() }
}

/// Forgets somebody who was registered.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_hotplug_deregister_callback(_: *mut libusb_context, handle: c_int) {
    remove(&mut registry(), handle);
}

/// What somebody who is registered gets back with each call; NULL if nobody is.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn libusb_hotplug_get_user_data(_: *mut libusb_context, handle: c_int) -> *mut c_void {
    let user_data = registry().callbacks.get(&handle).map_or(0, |callback| callback.user_data);
    with_exposed_provenance_mut(user_data)
}

fn remove(registry: &mut Registry, handle: c_int) {
    let queue = registry.callbacks.remove(&handle).map(|callback| callback.queue);
    queue.into_iter().flatten().for_each(|(_, device)| registry.unreference(device));
}

/// Tells the callbacks of a context what has happened. Says how many calls that were.
pub(crate) fn tell(context: usize) -> usize {
    fetch();
    call(context)
}

/// Asks what came and went, and keeps it for everybody who wants to know.
fn fetch() {
    // Where nothing can be asked any more nothing comes.
    let Ok(usb::Events { events }) = ask(Op::UsbEvents(Empty {})) else { return };
    let mut registry = registry();
    for event in events {
        match &event {
            usb::Event::Arrived(about) => enqueue(&mut registry, None, HOTPLUG_ARRIVED, about),
            usb::Event::Left(about) => enqueue(&mut registry, None, HOTPLUG_LEFT, about),
        }
    }
}

/// Puts an event into the queue of one callback, or of all whom it is for.
fn enqueue(registry: &mut Registry, only: Option<c_int>, event: c_int, about: &usb::Device) {
    let descriptor = &about.descriptor.0;
    let word = |at: usize| {
        descriptor.get(at..at + 2).map_or(0, |word| c_int::from(u16::from_le_bytes([word[0], word[1]])))
    };
    let class = c_int::from(descriptor.get(4).copied().unwrap_or(0));
    let matches = |wanted: c_int, is: c_int| wanted == HOTPLUG_MATCH_ANY || wanted == is;
    let wants = |callback: &Callback| {
        callback.events & event != 0
            && matches(callback.vendor, word(8))
            && matches(callback.product, word(10))
            && matches(callback.class, class)
    };
    let told = registry.callbacks.iter().filter(|(number, callback)| match only {
        Some(only) => **number == only && wants(callback),
        None => wants(callback),
    });
    let told: Vec<_> = told.map(|(number, callback)| (*number, callback.context)).collect();
    for (number, context) in told {
        let device = registry.known(context, about.clone());
        if let Some(callback) = registry.callbacks.get_mut(&number) {
            callback.queue.push_back((event, device));
        }
    }
}

fn call(context: usize) -> usize {
    let mut calls = 0;
    loop {
        let mut registry = registry();
        let mut mine = registry.callbacks.iter_mut().filter(|(_, callback)| callback.context == context);
        let next = mine.find_map(|(number, callback)| {
            let (event, device) = callback.queue.pop_front()?;
            Some((*number, callback.function, callback.user_data, event, device))
        });
        let Some((number, function, user_data, event, device)) = next else { return calls };
        drop(registry);
        let done = function(pointer(context), pointer(device), event, with_exposed_provenance_mut(user_data));
        calls += 1;
        let mut registry = crate::registry::registry();
        registry.unreference(device);
        if done != 0 {
            remove(&mut registry, number);
        }
    }
}
