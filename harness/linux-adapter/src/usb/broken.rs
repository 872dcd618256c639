//! Devices that answer what they may not, for the tests: nothing of it may hang the kernel, or be taken for the host's doing.

use super::urb::taken_back;
use crate::board::Manner;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::Write;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

/// How long the kernel is given to let go of a device that answers so.
const LIMIT: Timespec = Timespec { tv_sec: 5, tv_nsec: 0 };

/// In the place of the answer to a submission. One that would be late is given in time: only what was taken back can be answered too
/// late, for the kernel sets a transfer no limit.
pub(super) fn answer(manner: Manner, socket: &UnixStream, answer: &[u8]) {
    let mut said = answer.to_vec();
    match manner {
        Manner::Dies => {
            let _ = socket.shutdown(Shutdown::Both);
            said.clear();
        }
        Manner::Late => {}
        Manner::Twice => said.extend(answer),
        // There is no such command.
        Manner::Nonsense => said[..4].fill(0xff),
    }
    say(socket, &said);
}

/// The submission is answered when the kernel has been told that it was taken back.
pub(super) fn late(socket: &UnixStream, unlinking: u32, answer: &[u8]) {
    say(socket, &[&taken_back(unlinking), answer].concat());
}

/// What becomes of it is told with the case that it happens in: so the kernel's end of it is waited for.
fn say(mut socket: &UnixStream, bytes: &[u8]) {
    // It may have let go of the device meanwhile.
    let _ = socket.write_all(bytes);
    let _ = poll(&mut [PollFd::new(socket, PollFlags::empty())], Some(&LIMIT));
}
