//! An adapter's error stream: its end is kept, and belongs to the case in which it was written.

use std::process::ChildStderr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::{io, mem};

/// How much is kept for a case.
const MOST: usize = 64 << 10;

/// How much is read at once.
const PART: usize = 4096;

/// The stream, which somebody always reads: nobody may have to wait because it is full.
pub(super) struct Errors {
    #[cfg(unix)]
    stream: Arc<std::fs::File>,
    tail: Arc<Mutex<Tail>>,
    reader: Option<JoinHandle<()>>,
}

/// The end of what came.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    lost: usize,
}

impl Tail {
    fn push(&mut self, part: &[u8]) {
        self.bytes.extend_from_slice(part);
        let surplus = self.bytes.len().saturating_sub(MOST);
        self.bytes.drain(..surplus);
        self.lost += surplus;
    }
}

fn lock(tail: &Mutex<Tail>) -> MutexGuard<'_, Tail> {
    tail.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Errors {
    /// What came since this was last asked: the end of it, and how many bytes came before. What an adapter wrote before its
    /// last message is in it, however late this process gets to read it.
    pub(super) fn take(&self) -> (Vec<u8>, usize) {
        let mut tail = lock(&self.tail);
        // A pipe holds no more, whoever goes on writing.
        #[cfg(unix)]
        for _ in 0..MOST / PART {
            if !pipe::is_ready(&self.stream) || !pipe::read(&self.stream, &mut tail) {
                break;
            }
        }
        (mem::take(&mut tail.bytes), mem::take(&mut tail.lost))
    }

    /// The thread that reads, once: it ends when nobody can write any more.
    pub(super) fn take_reader(&mut self) -> Option<JoinHandle<()>> {
        self.reader.take()
    }
}

fn reader(read: impl FnMut() -> bool + Send + 'static) -> io::Result<JoinHandle<()>> {
    let mut read = read;
    thread::Builder::new().name("stderr of an adapter".to_owned()).spawn(move || while read() {})
}

#[cfg(unix)]
impl Errors {
    pub(super) fn new(stream: ChildStderr) -> io::Result<Errors> {
        let stream = Arc::new(std::fs::File::from(std::os::fd::OwnedFd::from(stream)));
        let tail = Arc::<Mutex<Tail>>::default();
        let (from, into) = (Arc::clone(&stream), Arc::clone(&tail));
        // Nobody reads without the lock, so what is not in the tail is in the pipe; and nobody waits with it.
        let reader = reader(move || {
            pipe::wait(&from) && {
                let mut into = lock(&into);
                !pipe::is_ready(&from) || pipe::read(&from, &mut into)
            }
        })?;
        Ok(Errors { stream, tail, reader: Some(reader) })
    }
}

#[cfg(unix)]
mod pipe {
    use super::{PART, Tail};
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::fs::File;
    use std::io::Read;
    use std::os::fd::AsFd;

    /// Reads a part. False where nothing will come any more.
    pub(super) fn read(mut pipe: &File, tail: &mut Tail) -> bool {
        let mut part = [0; PART];
        let read = pipe.read(&mut part).unwrap_or_default();
        tail.push(&part[..read]);
        read > 0
    }

    /// Whether a read would return at once.
    pub(super) fn is_ready(pipe: &File) -> bool {
        ready(pipe, PollTimeout::ZERO)
    }

    /// Blocks until something came, or nothing will.
    pub(super) fn wait(pipe: &File) -> bool {
        ready(pipe, PollTimeout::NONE)
    }

    fn ready(pipe: &File, limit: PollTimeout) -> bool {
        let mut one = [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)];
        loop {
            match poll(&mut one, limit) {
                Err(Errno::EINTR) => {}
                ready => return ready.is_ok_and(|ready| ready > 0),
            }
        }
    }
}

/// On Windows nobody can ask such a pipe whether it has something: what is read late is the next case's.
#[cfg(not(unix))]
impl Errors {
    pub(super) fn new(mut stream: ChildStderr) -> io::Result<Errors> {
        let tail = Arc::<Mutex<Tail>>::default();
        let into = Arc::clone(&tail);
        let reader = reader(move || {
            let mut part = [0; PART];
            let read = io::Read::read(&mut stream, &mut part).unwrap_or_default();
            lock(&into).push(&part[..read]);
            read > 0
        })?;
        Ok(Errors { tail, reader: Some(reader) })
    }
}
