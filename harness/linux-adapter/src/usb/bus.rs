//! The devices of a board, in the kernel: they are plugged in where the board has them, and what programs do with them is seen
//! where the kernel shows it.
//!
//! A URB says nothing of the file that it came by. Who has opened a device tells inotify, which interfaces are claimed tells
//! sysfs, and that nothing is on its way any more the number of URBs that were submitted.

use super::device::Plugged;
use super::opened::What;
use super::port::Port;
use super::udev;
use crate::board::{Manner, TICK};
use anyhow::{Context, ensure};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::inotify;
use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use wasi_hw_harness::say;
use wasi_hw_seam::usb::{Change, Device, DeviceId, Usb, Watch};

/// How long the kernel is given to read a device's descriptors, or to let go of it.
const LIMIT: Duration = Duration::from_secs(5);

/// When the kernel has asked nothing for so long, it waits for nothing.
const QUIET: Duration = Duration::from_millis(30);

/// When it has asked nothing of a device that it does not know yet for so long, it has given it up.
const GIVEN_UP: Duration = Duration::from_secs(2);

/// How long what was submitted may be on its way.
const ON_ITS_WAY: Duration = Duration::from_millis(500);

/// Lets time pass on the board, and comes back soon.
pub(crate) type Idle = Box<dyn Fn() + Send>;

/// All of it.
pub(crate) struct Bus {
    usb: Box<dyn Usb>,
    idle: Option<Idle>,
    watch: Option<Box<dyn Watch>>,
    plugged: Vec<Plugged>,
    /// By watch of inotify: which stay of which device.
    watched: BTreeMap<i32, DeviceId>,
    inotify: Arc<OwnedFd>,
    /// How the devices that are plugged in break.
    broken: Option<Manner>,
}

impl Bus {
    pub(crate) fn new(usb: Box<dyn Usb>, idle: Option<Idle>, broken: Option<Manner>) -> anyhow::Result<Bus> {
        let flags = inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC;
        let inotify = Arc::new(inotify::init(flags).context("inotify")?);
        let (watched, plugged) = (BTreeMap::new(), Vec::new());
        Ok(Bus { usb, idle, watch: None, plugged, watched, inotify, broken })
    }

    /// What a person calls each device that the kernel has taken, and its device node.
    pub(super) fn places(&self) -> Vec<(String, String)> {
        let place = |device: &Plugged| {
            let descriptor = &device.about.descriptor;
            let word = |at: usize| Some(u16::from_le_bytes([*descriptor.get(at)?, *descriptor.get(at + 1)?]));
            Some((format!("{:04x}:{:04x}", word(8)?, word(10)?), device.node.as_ref()?.display().to_string()))
        };
        self.plugged.iter().filter_map(place).collect()
    }

    /// From now on devices do not break.
    pub(super) fn mend(&mut self) {
        self.broken = None;
    }

    /// Plugs in what the board has.
    pub(crate) fn begin(&mut self) -> anyhow::Result<()> {
        self.watch = self.usb.watch().ok();
        let devices = self.usb.devices().context("the board's devices")?;
        self.plug(devices)
    }

    /// Leaves everything open, for the board to see.
    pub(crate) fn leave(&mut self) {
        if let Some(watch) = self.watch.take() {
            std::mem::forget(watch);
        }
        self.plugged.iter_mut().for_each(Plugged::leave);
    }

    /// Unplugs everything, without a word to the board, which goes.
    pub(crate) fn end(&mut self) -> anyhow::Result<()> {
        self.leave();
        self.plugged.iter_mut().for_each(Plugged::unplug);
        let plugged = std::mem::take(&mut self.plugged);
        for number in std::mem::take(&mut self.watched).into_keys() {
            // Of a file that is gone there is none.
            let _ = inotify::remove_watch(&*self.inotify, number);
        }
        wait(|| plugged.iter().all(|device| !device.port.is_there()), || {})
    }

    /// What can be waited for: commands of the kernel, and files that are opened and closed.
    pub(super) fn sources(&self) -> (Arc<OwnedFd>, Vec<Arc<UnixStream>>) {
        (Arc::clone(&self.inotify), self.plugged.iter().filter_map(|device| device.socket.clone()).collect())
    }

    /// Answers what has come, and what is over by now. Whether something is in flight.
    pub(super) fn serve(&mut self) -> anyhow::Result<bool> {
        self.observe();
        while self.answer()? {}
        if self.plugged.iter().any(Plugged::is_busy) {
            match &self.idle {
                Some(idle) => idle(),
                None => self.pause()?,
            }
            self.plugged.iter_mut().for_each(Plugged::land);
        }
        if self.plugged.iter().any(|device| device.lost) {
            self.plugged.iter_mut().for_each(|device| device.lost = false);
            self.follow()?;
        }
        Ok(self.plugged.iter().any(Plugged::is_busy))
    }

    fn answer(&mut self) -> anyhow::Result<bool> {
        let mut some = false;
        for device in &mut self.plugged {
            some |= device.serve()?;
        }
        Ok(some)
    }

    /// Waits until nothing is on its way from a program to the board.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            self.serve()?;
            let on_its_way = |device: &Plugged| {
                let counted = device.socket.as_ref().and_then(|_| device.port.submitted());
                counted.is_some_and(|counted| counted != device.received)
            };
            if !self.plugged.iter().any(on_its_way) {
                break;
            }
            if began.elapsed() > ON_ITS_WAY {
                say::note(format_args!("what was submitted to a device did not come"));
                self.count();
                break;
            }
            self.pause()?;
        }
        self.observe();
        Ok(())
    }

    /// Counts from what the kernel has counted.
    fn count(&mut self) {
        for device in &mut self.plugged {
            device.received = device.port.submitted().unwrap_or(0);
        }
    }

    /// The same where nobody says when to.
    pub(super) fn look(&mut self) -> anyhow::Result<()> {
        if self.watch.as_mut().is_some_and(|watch| watch.has_change()) {
            self.follow()?;
        }
        Ok(())
    }

    /// Plugs in and unplugs what the board has by now.
    pub(crate) fn follow(&mut self) -> anyhow::Result<()> {
        while let Some(change) = self.watch.as_mut().and_then(|watch| watch.next()) {
            match change {
                Change::Arrived(device) => self.plug(vec![device])?,
                Change::Left(device) => self.unplug(device.id)?,
            }
        }
        Ok(())
    }

    fn plug(&mut self, devices: Vec<Device>) -> anyhow::Result<()> {
        let from = self.plugged.len();
        for device in devices {
            let (ours, kernels) = UnixStream::pair()?;
            let port = Port::plug(device.speed, &kernels)?;
            self.plugged.push(Plugged::new(device, port, ours, self.broken));
        }
        let (began, mut last) = (Instant::now(), Instant::now());
        let received = |plugged: &[Plugged]| plugged.iter().map(|device| device.received).sum::<i64>();
        let mut chosen = vec![false; self.plugged.len()];
        while self.plugged[from..].iter().any(|device| !device.live) {
            let before = received(&self.plugged);
            self.serve()?;
            if received(&self.plugged) != before {
                last = Instant::now();
            }
            for (at, device) in
                self.plugged.iter_mut().enumerate().skip(from).filter(|(_, device)| !device.live)
            {
                let Some(node) = device.port.node() else { continue };
                let active = device.about.active;
                if device.configuration != active {
                    if !std::mem::replace(&mut chosen[at], true) {
                        let folder = device.port.folder.clone();
                        // It is answered here, before it returns.
                        thread::spawn(move || Port::configure(&folder, active));
                    }
                    continue;
                }
                if device.port.submitted() == Some(device.received + 1) || began.elapsed() > LIMIT / 2 {
                    device.received = device.port.submitted().unwrap_or(0);
                    let events = inotify::WatchFlags::OPEN | inotify::WatchFlags::CLOSE;
                    let number = inotify::add_watch(&*self.inotify, &node, events)?;
                    self.watched.insert(number, device.about.id);
                    device.live = true;
                    udev::tell(true, &device.port.real_folder(), &node)?;
                    device.node = Some(node);
                }
            }
            let late = self.plugged[from..].iter().find(|device| !device.live);
            if let Some(late) = late.filter(|_| began.elapsed() > LIMIT || last.elapsed() > GIVEN_UP) {
                // What a kernel does not take there is nobody to test with.
                say::note(format_args!("the kernel has not enumerated {}", late.port.folder.display()));
                break;
            }
            self.pause()?;
        }
        Ok(())
    }

    /// Waits a moment for the kernel.
    fn pause(&self) -> anyhow::Result<()> {
        let (_, sockets) = self.sources();
        let mut sources: Vec<_> =
            sockets.iter().map(|socket| PollFd::new(&**socket, PollFlags::IN)).collect();
        poll(&mut sources, Some(&TICK))?;
        Ok(())
    }

    fn unplug(&mut self, id: DeviceId) -> anyhow::Result<()> {
        let Some(at) = self.plugged.iter().position(|device| device.about.id == id) else { return Ok(()) };
        let device = &mut self.plugged[at];
        let (folder, node) = (device.port.real_folder(), device.node.clone());
        device.refuse();
        let mut quiet = Instant::now();
        while quiet.elapsed() < QUIET {
            if self.answer()? {
                quiet = Instant::now();
            }
            self.pause()?;
        }
        self.plugged[at].unplug();
        let began = Instant::now();
        while self.plugged[at].port.is_there() {
            ensure!(began.elapsed() < LIMIT, "the kernel does not let go of a device that is gone");
            self.answer()?;
            thread::sleep(Duration::from_millis(1));
        }
        if let Some(node) = node {
            udev::tell(false, &folder, &node)?;
        }
        Ok(())
    }

    /// Sees what programs have opened, closed and claimed.
    fn observe(&mut self) {
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut events: BTreeMap<i32, What> = BTreeMap::new();
        let mut reader = inotify::Reader::new(&*self.inotify, &mut room);
        while let Ok(event) = reader.next() {
            let closed = inotify::ReadFlags::CLOSE_WRITE | inotify::ReadFlags::CLOSE_NOWRITE;
            let what = events.entry(event.wd()).or_default();
            what.opened |= event.events().contains(inotify::ReadFlags::OPEN);
            what.closed |= event.events().intersects(closed);
        }
        for (number, what) in events {
            let Some(id) = self.watched.get(&number) else { continue };
            if let Some(device) = self.plugged.iter_mut().find(|device| device.about.id == *id) {
                device.changed(&mut *self.usb, what);
            }
        }
        self.plugged.iter_mut().filter(|device| device.live).for_each(Plugged::observe_claims);
    }
}

/// Waits for the kernel.
fn wait(done: impl Fn() -> bool, mut meanwhile: impl FnMut()) -> anyhow::Result<()> {
    let began = Instant::now();
    while !done() {
        ensure!(began.elapsed() < LIMIT, "the kernel does not let go of a device that is gone");
        meanwhile();
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
