//! Wakes who waits for an edge: a thread for each line that is waited for, which ends with the line.

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::io::{Errno, read, write};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread::{self, JoinHandle};

/// The thread of a line.
pub(super) struct Waking {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// Readable when `state` has changed.
    bell: OwnedFd,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waker: Option<Waker>,
    over: bool,
}

impl Waking {
    /// Waits, from the first [`Waking::wake`] on, for a descriptor to be readable.
    pub(super) fn new(line: impl AsFd) -> io::Result<Waking> {
        let line = line.as_fd().try_clone_to_owned()?;
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let shared = Arc::new(Shared { bell, state: Mutex::default() });
        let inside = Arc::clone(&shared);
        let thread = thread::Builder::new().name("edges of a line".to_owned());
        let thread = thread.spawn(move || inside.run(&line))?;
        Ok(Waking { shared, thread: Some(thread) })
    }

    /// Wakes this one, once, when the descriptor is readable; whoever was to be woken before is not.
    pub(super) fn wake(&self, waker: &Waker) {
        self.shared.state().waker = Some(waker.clone());
        self.shared.ring();
    }
}

impl Drop for Waking {
    fn drop(&mut self) {
        self.shared.state().over = true;
        self.shared.ring();
        if let Some(thread) = self.thread.take() {
            // It does nothing that could panic but wake.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn run(&self, line: &OwnedFd) {
        loop {
            let waits = {
                let state = self.state();
                if state.over {
                    return;
                }
                state.waker.is_some()
            };
            let mut both = [PollFd::new(&self.bell, PollFlags::IN), PollFd::new(line, PollFlags::IN)];
            let watched = if waits { &mut both[..] } else { &mut both[..1] };
            match poll(watched, None) {
                Ok(_) | Err(Errno::INTR) => {}
                // Nobody could be woken any more by waiting; who polls again sees the error for themselves.
                Err(_) => return self.call(),
            }
            let [bell, line] = both.map(|one| !one.revents().is_empty());
            if bell {
                let _ = read(&self.bell, &mut [0; 8]);
            }
            if line {
                self.call();
            }
        }
    }

    fn call(&self) {
        let waker = self.state().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn ring(&self) {
        // It cannot be full before somebody has rung 2^64 times.
        let _ = write(&self.bell, &1_u64.to_ne_bytes());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Waking;
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::sync::{Arc, mpsc};
    use std::task::{Wake, Waker};

    struct Bell(mpsc::Sender<()>);

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            let _ = self.0.send(());
        }
    }

    #[test]
    fn who_waits_is_woken_once_for_each_time_that_they_asked() {
        let (mut from, to) = UnixStream::pair().unwrap();
        let waking = Waking::new(&to).unwrap();
        let (sender, woken) = mpsc::channel();
        let waker = Waker::from(Arc::new(Bell(sender)));
        waking.wake(&waker);
        from.write_all(b"x").unwrap();
        woken.recv().unwrap();
        // It is readable still, so that who asks again is woken again.
        waking.wake(&waker);
        woken.recv().unwrap();
        drop(waking);
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn a_line_that_is_given_back_wakes_nobody_and_ends_its_thread() {
        let (_from, to) = UnixStream::pair().unwrap();
        let waking = Waking::new(&to).unwrap();
        let (sender, woken) = mpsc::channel();
        waking.wake(&Waker::from(Arc::new(Bell(sender))));
        drop(waking);
        // The thread had the one sender, with the waker.
        assert!(woken.recv().is_err());
    }
}
