//! A device that is plugged into the kernel: what the kernel asks it, the board's device answers, or what the board has told of it.

use super::broken;
use super::opened::{Openers, What};
use super::port::Port;
use super::urb::{Command, EPIPE, Incoming, Urb, ZERO_PACKET, unlinked};
use crate::board::Manner;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Device, Handle, Kind, Reset, Status, Submission, TransferId, Usb};

/// Requests of chapter 9 as SETUP packets begin: bmRequestType and bRequest.
const GET_DESCRIPTOR: [u8; 2] = [0x80, 6];
const SET_CONFIGURATION: [u8; 2] = [0x00, 9];
const SET_INTERFACE: [u8; 2] = [0x01, 11];
const CLEAR_FEATURE: [u8; 2] = [0x02, 1];

/// How the kernel begins to enumerate, after a reset too: 64 bytes of the device descriptor.
const BEGINNING: [u8; 8] = [0x80, 6, 0, 1, 0, 0, 64, 0];

/// A device and its port.
pub(super) struct Plugged {
    pub(super) about: Device,
    pub(super) port: Port,
    /// Its device node, from when it is enumerated.
    pub(super) node: Option<PathBuf>,
    /// The other end is the kernel's; absent when it is unplugged.
    pub(super) socket: Option<Arc<UnixStream>>,
    incoming: Incoming,
    /// How many URBs have come, beside those that the kernel answers itself.
    pub(super) received: i64,
    /// Whether it is enumerated: what is asked from now on is asked by whoever has opened it.
    pub(super) live: bool,
    /// The kernel reads it again, after a reset.
    again: bool,
    /// Settings that the kernel chooses again after it; the device has them.
    restores: BTreeSet<u8>,
    /// The configuration in force; 0 for none. The kernel does not tell while it asks for another, which it waits for.
    pub(super) configuration: u8,
    alternates: BTreeMap<u8, u8>,
    opened: Openers,
    flights: Vec<Flight>,
    /// It is about to be unplugged.
    refuses: bool,
    /// The board says that it is not there any more.
    pub(super) lost: bool,
    /// How it breaks, the first time that a program could notice.
    broken: Option<Manner>,
}

/// A transfer that is not over.
struct Flight {
    urb: Urb,
    opened: u32,
    id: TransferId,
}

impl Plugged {
    pub(super) fn new(about: Device, port: Port, socket: UnixStream, broken: Option<Manner>) -> Plugged {
        Plugged {
            about,
            port,
            node: None,
            socket: Some(Arc::new(socket)),
            incoming: Incoming::default(),
            received: 0,
            live: false,
            again: false,
            restores: BTreeSet::new(),
            configuration: 0,
            alternates: BTreeMap::new(),
            opened: Openers::default(),
            flights: Vec::new(),
            refuses: false,
            lost: false,
            broken,
        }
    }

    /// Whether a transfer is not over.
    pub(super) fn is_busy(&self) -> bool {
        !self.flights.is_empty()
    }

    /// Refuses everything from now on: what the kernel waits for it would wait for with a limit, once it is unplugged.
    pub(super) fn refuse(&mut self) {
        self.refuses = true;
        for Flight { urb, .. } in std::mem::take(&mut self.flights) {
            self.send(&urb.refused(Refusal::Gone));
        }
    }

    /// Tells the kernel that it is gone, whoever waits for the socket.
    pub(super) fn unplug(&mut self) {
        if let Some(socket) = self.socket.take() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Answers what has come. Whether anything had; an error if the kernel has let go of the device, which it does where it is
    /// answered what makes no sense.
    pub(super) fn serve(&mut self) -> io::Result<bool> {
        let mut some = false;
        let mut bytes = [0; 1 << 16];
        while let Some(socket) = self.socket.clone() {
            let mut readable = [PollFd::new(&*socket, PollFlags::IN)];
            if poll(&mut readable, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))? == 0 {
                break;
            }
            match (&*socket).read(&mut bytes) {
                Ok(length @ 1..) => self.incoming.push(&bytes[..length]),
                Ok(0) | Err(_) => {
                    self.socket = None;
                    self.flights.clear();
                    return Err(io::Error::other("vhci_hcd has let go of a device"));
                }
            }
            while let Some(command) = self.incoming.next()? {
                some = true;
                self.command(command);
            }
        }
        Ok(some)
    }

    /// Answers a submission.
    fn answer(&mut self, bytes: &[u8]) {
        match (self.broken.take_if(|manner| self.live && !matches!(manner, Manner::Late)), &self.socket) {
            (Some(manner), Some(socket)) => broken::answer(manner, socket, bytes),
            _ => self.send(bytes),
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        if let Some(mut socket) = self.socket.as_deref() {
            // The kernel may have let go of it meanwhile.
            let _ = socket.write_all(bytes);
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Submit(urb) => {
                self.received += 1;
                if self.live {
                    self.observe_claims();
                }
                if let Some(answer) = self.submit(urb) {
                    self.answer(&answer);
                }
            }
            Command::Unlink { seq, of } => {
                if let Some(at) = self.flights.iter().position(|flight| flight.urb.seq == of) {
                    let Flight { urb, opened, id } = self.flights.remove(at);
                    let how = self.opened.handle(opened).map(|handle| {
                        let _ = handle.cancel(id);
                        reap(handle, id)
                    });
                    let cancelled = || Completion { status: Status::Cancelled, ..Completion::default() };
                    // With its bytes, for which the answer to an unlinking has no room.
                    let answer = urb.ended(&how.flatten().unwrap_or_else(cancelled));
                    let late = self.broken.take_if(|manner| matches!(manner, Manner::Late));
                    if let (Some(_), Some(socket)) = (late, &self.socket) {
                        return broken::late(socket, seq, &answer);
                    }
                    self.send(&answer);
                }
                self.send(&unlinked(seq));
            }
        }
    }

    /// The answer, unless the transfer is in flight.
    fn submit(&mut self, urb: Urb) -> Option<Vec<u8>> {
        let setup = urb.setup;
        if self.refuses {
            return Some(urb.refused(Refusal::Gone));
        }
        if urb.endpoint & 0x0f == 0 {
            if !self.live || self.again || self.opened.is_empty() {
                return Some(self.system(&urb));
            }
            let answered = match (&setup, [setup[0], setup[1]]) {
                (&BEGINNING, _) => self.reset(),
                (_, SET_CONFIGURATION) => {
                    let value = (setup[2] != 0).then_some(setup[2]);
                    self.on(self.opened.newest(), |handle| handle.set_configuration(value)).inspect(|()| {
                        self.alternates.clear();
                        self.configuration = setup[2];
                    })
                }
                (_, SET_INTERFACE) => self.set_interface(setup[4], setup[2]),
                (_, CLEAR_FEATURE) if setup[2..4] == [0, 0] => {
                    self.on(self.of_endpoint(setup[4]), |handle| handle.clear_halt(setup[4]))
                }
                _ => return self.begin(urb, Kind::Control, self.of_request(&setup)),
            };
            return Some(match answered {
                Ok(()) if self.again => self.system(&urb),
                Ok(()) => urb.plain(0, &[], 0),
                Err(Refusal::Gone) => urb.refused(Refusal::Gone),
                Err(_) => urb.plain(EPIPE, &[], 0),
            });
        }
        let kind = match self.endpoint(urb.endpoint).map(|(_, attributes)| attributes & 3) {
            Some(1) => Kind::Isochronous,
            Some(2) => Kind::Bulk,
            _ => Kind::Interrupt,
        };
        let of = self.of_endpoint(urb.endpoint);
        self.begin(urb, kind, of)
    }

    fn begin(&mut self, urb: Urb, kind: Kind, opened: u32) -> Option<Vec<u8>> {
        let control = kind == Kind::Control;
        let submission = Submission {
            kind,
            endpoint: if control { 0 } else { urb.endpoint },
            setup: if control { urb.setup } else { [0; 8] },
            data: urb.data.clone(),
            room: if urb.is_in() { u32::try_from(urb.length).unwrap_or(u32::MAX) } else { 0 },
            packets: urb.packets.clone(),
            stream: 0,
            limit_ns: None,
            zero_packet: urb.flags & ZERO_PACKET != 0,
        };
        let Some(of) = self.opened.handle(opened) else { return Some(urb.refused(Refusal::Gone)) };
        match of.submit(submission) {
            Err(why) => {
                self.lost |= why == Refusal::Gone;
                Some(urb.refused(why))
            }
            Ok(id) => match reap(of, id) {
                Some(how) => {
                    self.lost |= how.status == Status::Gone;
                    Some(urb.ended(&how))
                }
                None => {
                    self.flights.push(Flight { urb, opened, id });
                    None
                }
            },
        }
    }

    /// Answers those that are over by now.
    pub(super) fn land(&mut self) {
        for flight in std::mem::take(&mut self.flights) {
            let Flight { urb, opened, id } = flight;
            let over = match self.opened.handle(opened) {
                Some(of) => match of.is_over(id) {
                    true => Some(reap(of, id)),
                    false => None,
                },
                None => Some(None),
            };
            match over {
                None => self.flights.push(Flight { urb, opened, id }),
                Some(how) => {
                    self.lost |= how.as_ref().is_none_or(|how| how.status == Status::Gone);
                    let answer = how.map_or_else(|| urb.refused(Refusal::Gone), |how| urb.ended(&how));
                    self.answer(&answer);
                }
            }
        }
    }

    /// What is known without asking the device: the kernel enumerates it, or asks on its own behalf.
    fn system(&mut self, urb: &Urb) -> Vec<u8> {
        let setup = urb.setup;
        let most = usize::from(u16::from_le_bytes([setup[6], setup[7]]));
        let known = match ([setup[0], setup[1]], setup[3]) {
            (GET_DESCRIPTOR, 1) => Some(&self.about.descriptor),
            (GET_DESCRIPTOR, 2) => self.about.configurations.get(usize::from(setup[2])),
            (SET_CONFIGURATION, _) => {
                // After a reset it is the last thing but the settings.
                self.again = false;
                self.configuration = setup[2];
                return urb.plain(0, &[], 0);
            }
            // Of SuperSpeed devices: exit latency, and the delay of isochronous packets.
            (SET_INTERFACE | [0x00, 3 | 0x30 | 0x31], _) => return urb.plain(0, &[], urb.length),
            _ => None,
        };
        match known {
            Some(bytes) => urb.plain(0, &bytes[..bytes.len().min(most)], 0),
            None => urb.plain(EPIPE, &[], 0),
        }
    }

    fn reset(&mut self) -> Result<(), Refusal> {
        match self.opened.handle(self.opened.newest()).ok_or(Refusal::Gone)?.reset()? {
            Reset::Same => {
                self.again = true;
                // The address that it got anew was counted, and did not come.
                self.received += 1;
                self.restores =
                    self.alternates.iter().filter(|(_, set)| **set != 0).map(|(n, _)| *n).collect();
                Ok(())
            }
            Reset::Lost => {
                self.lost = true;
                Err(Refusal::Gone)
            }
        }
    }

    fn set_interface(&mut self, interface: u8, alternate: u8) -> Result<(), Refusal> {
        if self.restores.remove(&interface) {
            return Ok(());
        }
        match self.opened.owner(interface) {
            // The kernel does so by itself when an interface is given back, and so does the board.
            None => Ok(()),
            Some(number) => {
                self.on(number, |handle| handle.set_alternate(interface, alternate))?;
                self.alternates.insert(interface, alternate);
                Ok(())
            }
        }
    }

    fn on(
        &mut self,
        number: u32,
        f: impl FnOnce(&mut dyn Handle) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let done = f(self.opened.handle(number).ok_or(Refusal::Gone)?);
        self.lost |= done == Err(Refusal::Gone);
        done
    }

    fn of_endpoint(&self, endpoint: u8) -> u32 {
        self.endpoint(endpoint)
            .map_or_else(|| self.opened.newest(), |(interface, _)| self.opened.of_interface(interface))
    }

    fn of_request(&self, setup: &[u8; 8]) -> u32 {
        match setup[0] & 0x1f {
            1 => self.opened.of_interface(setup[4]),
            2 => self.of_endpoint(setup[4]),
            _ => self.opened.newest(),
        }
    }

    /// The interface and the attributes of an endpoint, in the settings in force.
    fn endpoint(&self, address: u8) -> Option<(u8, u8)> {
        let value = Some(&self.configuration);
        let bytes = self.about.configurations.iter().find(|bytes| bytes.get(5) == value)?;
        let (mut rest, mut setting) = (&bytes[..], None);
        while let Some((length @ 2.., kind)) =
            rest.first().zip(rest.get(1)).map(|(l, k)| (usize::from(*l), *k))
        {
            let (one, behind) = rest.split_at(length.min(rest.len()));
            match (kind, one) {
                (4, [_, _, interface, alternate, ..]) => {
                    let in_force = self.alternates.get(interface).copied().unwrap_or(0) == *alternate;
                    setting = in_force.then_some(*interface);
                }
                (5, [_, _, found, attributes, ..]) if *found == address && setting.is_some() => {
                    return setting.map(|interface| (interface, *attributes));
                }
                _ => {}
            }
            rest = behind;
        }
        None
    }

    /// Somebody has opened the device's file, or closed it.
    pub(super) fn changed(&mut self, usb: &mut dyn Usb, what: What) {
        if let Some(node) = &self.node {
            self.opened.changed(usb, self.about.id, node, what);
        }
    }

    /// Looks which interfaces are claimed.
    pub(super) fn observe_claims(&mut self) {
        if !self.opened.is_empty() {
            let claimed = self.port.claimed(self.configuration).into_iter().collect();
            for interface in self.opened.claimed(&claimed) {
                self.alternates.remove(&interface);
            }
        }
    }

    /// Leaves everything as it is: what is open at the end the harness closes, and says so.
    pub(super) fn leave(&mut self) {
        self.opened.leave();
        self.flights.clear();
    }
}

fn reap(handle: &mut dyn Handle, id: TransferId) -> Option<Completion> {
    match handle.poll_reap(id, &mut Context::from_waker(Waker::noop())) {
        Poll::Pending => None,
        Poll::Ready(how) => Some(how.unwrap_or(Completion { status: Status::Gone, ..Completion::default() })),
    }
}
