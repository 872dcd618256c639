//! Whether this process was asked to end: by Ctrl-C (SIGINT), or by SIGTERM.
//!
//! A run that was asked to end writes down what there is and ends what it has started; asked once more, the process is gone at
//! once.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// From now on the process is not ended by a signal at once, and whoever runs something asks [`is_asked`]. Called once, by
/// a program's `main`: a signal is of the whole process.
pub fn listen() -> io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds nothing set yet.
        flag::register_conditional_shutdown(
            signal,
            code_of(signal.unsigned_abs()).into(),
            Arc::clone(&ASKED),
        )?;
        flag::register_usize(signal, Arc::clone(&SIGNAL), signal.unsigned_abs() as usize)?;
        flag::register(signal, Arc::clone(&ASKED))?;
    }
    Ok(())
}

/// Whether the process was asked to end.
pub fn is_asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// The exit code of a process that was asked to end, as a shell has it: 130 after Ctrl-C, 143 after SIGTERM.
pub fn code() -> Option<u8> {
    is_asked().then(|| code_of(u32::try_from(SIGNAL.load(Ordering::SeqCst)).unwrap_or_default()))
}

fn code_of(signal: u32) -> u8 {
    128_u8.saturating_add(u8::try_from(signal).unwrap_or_default())
}
