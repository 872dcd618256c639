//! What can be wrong about waiting.

use super::driver::{Done, Memory, Polled, Twist};
use super::inputs::opposite;
use super::kinds::{AnyPin, Config, Reads, ReadsValues};
use super::lie::{Answer, Lie, Pollable, View};
use super::memory::made;
use crate::copy;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Direction, Event, Level, Line, Sample};
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::digital::PinState;
use wasi_hw_wasmtime::bindings::gpio::wasi::gpio::general::ActiveLevel;
use wasmtime::Result;
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi_io::bindings::wasi::io::poll::{Host as _, HostPollable};

/// Notes a pollable that was made for a pin.
fn noted(real: View<'_, '_>, pin: u32, answer: Answer<Pollable>) -> Answer<Pollable> {
    if let Ok(Ok(pollable)) = &answer {
        made(real.table)?.insert(pollable.rep(), (pin, 0));
    }
    answer
}

fn forgotten(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
    made(table)?.remove(&pollable.rep());
    HostPollable::drop(table, pollable)
}

pub(super) struct PollableOfItsOwn;
impl Lie for PollableOfItsOwn {
    fn watch_below<P: ReadsValues>(_: View<'_, '_>, _: Resource<P>, _: f32) -> Answer<Pollable> {
        // It is in a table of the host's own, which `wasi:io/poll` does not know.
        Ok(Ok(Resource::new_own(1 << 20)))
    }
}

pub(super) struct LevelNeedsEdge;
impl Lie for LevelNeedsEdge {
    fn watch_state<P: Reads>(real: View<'_, '_>, pin: Resource<P>, state: PinState) -> Answer<Pollable> {
        P::watch_edge(real, pin, state)
    }
}

pub(super) struct EdgeIsLevel;
impl Lie for EdgeIsLevel {
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        P::watch_state(real, pin, to)
    }
}

pub(super) struct PhysicalEdges;
impl Lie for PhysicalEdges {
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        let active = P::get_config(real, copy(&pin))?.active();
        P::watch_edge(real, pin, if active == Some(ActiveLevel::ActiveLow) { opposite(to) } else { to })
    }
}

/// Does not throw away what the kernel had for it before the watch.
pub(super) struct KeepsTheLastEvent;
impl Twist for KeepsTheLastEvent {
    fn poll_event(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Polled {
        let event = line.poll_event(context);
        match &event {
            Poll::Ready(Ok(event)) => memory.taken.push_back(*event),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => match memory.events.pop_front() {
                Some(again) => return Poll::Ready(Ok(again)),
                None => std::mem::swap(&mut memory.events, &mut memory.taken),
            },
        }
        event
    }
}

/// Takes one event when it looks, and leaves the rest of what was waiting for the next look.
pub(super) struct TakesOneEvent;
impl Twist for TakesOneEvent {
    fn poll_event(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Polled {
        if memory.taken.pop_front().is_some() {
            // Whoever waits looks again.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let event = line.poll_event(context);
        if let Poll::Ready(Ok(event)) = &event {
            memory.taken.push_back(*event);
        }
        event
    }
}

/// Compares levels whenever it is asked, and takes no notice of what happens between.
pub(super) struct LooksWhenAsked;
impl Twist for LooksWhenAsked {
    fn poll_event(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Polled {
        if memory.request.analog || memory.request.direction == Direction::Out {
            return line.poll_event(context);
        }
        while let Poll::Ready(event) = line.poll_event(context) {
            event?;
        }
        let now = line.get()?;
        let before = memory.sample.replace(now);
        if before.is_some_and(|before| before != now) {
            // The host looks at what the line has now, and at nothing else.
            Poll::Ready(Ok(Event { sequence: 0, at_ns: 0, now }))
        } else {
            Poll::Pending
        }
    }
}

pub(super) struct AnyEdge;
impl Twist for AnyEdge {
    fn poll_event(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Polled {
        if let Some(other) = memory.events.pop_front() {
            return Poll::Ready(Ok(other));
        }
        let event = line.poll_event(context);
        if let Poll::Ready(Ok(event @ Event { now: Sample::Level(level), .. })) = event {
            let other = if level == Level::High { Level::Low } else { Level::High };
            memory.events.push_back(Event { now: Sample::Level(other), ..event });
        }
        event
    }
}

pub(super) struct DeafToUnplugging;
impl Twist for DeafToUnplugging {
    fn poll_event(_: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Polled {
        match line.poll_event(context) {
            Poll::Ready(Err(Refusal::Gone)) => Poll::Pending,
            event => event,
        }
    }
}

pub(super) struct NeverReady;
impl Twist for NeverReady {
    fn poll_ready(memory: &mut Memory, context: &mut Context<'_>, line: &mut dyn Line) -> Poll<Done<()>> {
        let ready = line.poll_ready(context);
        memory.settling |= ready.is_pending();
        if memory.settling { Poll::Pending } else { ready }
    }
}

pub(super) struct FiresOnce;
impl Lie for FiresOnce {
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        let answer = P::watch_edge(real, copy(&pin), to);
        noted(real, pin.rep(), answer)
    }

    async fn ready(table: &mut ResourceTable, pollable: Pollable) -> Result<bool> {
        let rep = pollable.rep();
        let ready = table.ready(pollable).await?;
        let times = made(table)?.get_mut(&rep).map(|(_, times)| times);
        let seen = times.map_or(0, |times| std::mem::replace(times, *times + u32::from(ready)));
        Ok(ready && seen == 0)
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        forgotten(table, pollable)
    }
}

pub(super) struct OneWatch;
impl Lie for OneWatch {
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        let rep = pin.rep();
        made(real.table)?.values_mut().filter(|(pin, _)| *pin == rep).for_each(|(_, dead)| *dead = 1);
        let answer = P::watch_edge(real, pin, to);
        noted(real, rep, answer)
    }

    async fn ready(table: &mut ResourceTable, pollable: Pollable) -> Result<bool> {
        let dead = made(table)?.get(&pollable.rep()).is_some_and(|(_, dead)| *dead == 1);
        Ok(table.ready(pollable).await? && !dead)
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        forgotten(table, pollable)
    }
}

/// Numbers its watches by how many there are, so that one that is made after a drop takes the place of the newest.
pub(super) struct CountsWatches;
impl Lie for CountsWatches {
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        let rep = pin.rep();
        let made = made(real.table)?;
        if made.remove(&DROPPED).is_some()
            && let Some((_, dead)) = made.values_mut().rfind(|(of, _)| *of == rep)
        {
            *dead = 1;
        }
        let answer = P::watch_edge(real, pin, to);
        noted(real, rep, answer)
    }

    async fn ready(table: &mut ResourceTable, pollable: Pollable) -> Result<bool> {
        OneWatch::ready(table, pollable).await
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        if made(table)?.contains_key(&pollable.rep()) {
            made(table)?.insert(DROPPED, (u32::MAX, 0));
        }
        forgotten(table, pollable)
    }
}

/// Stands for a drop among the handles.
const DROPPED: u32 = u32::MAX;

/// Tells once of each pin that it is ready.
pub(super) struct ReadyOnce;
impl Lie for ReadyOnce {
    fn watch_for_ready<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<Pollable> {
        let rep = pin.rep();
        let told = made(real.table)?.insert(DROPPED - rep, (rep, 0)).is_some();
        let pollable = P::watch_for_ready(real, pin)?;
        if told {
            made(real.table)?.insert(pollable.rep(), (rep, 1));
        }
        Ok(pollable)
    }

    async fn ready(table: &mut ResourceTable, pollable: Pollable) -> Result<bool> {
        OneWatch::ready(table, pollable).await
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        forgotten(table, pollable)
    }
}

pub(super) struct PanicsOnOrphan;
impl Lie for PanicsOnOrphan {
    fn watch_edge<P: Reads>(real: View<'_, '_>, pin: Resource<P>, to: PinState) -> Answer<Pollable> {
        let answer = P::watch_edge(real, copy(&pin), to);
        noted(real, pin.rep(), answer)
    }

    fn drop_pin<P: AnyPin>(real: View<'_, '_>, pin: Resource<P>) -> Result<()> {
        let orphans = made(real.table)?.values().any(|(of, _)| *of == pin.rep());
        assert!(!orphans, "a pollable is still there");
        P::drop_pin(real, pin)
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        forgotten(table, pollable)
    }
}

pub(super) struct PanicsOnPending;
impl Lie for PanicsOnPending {
    fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        let answer = P::watch_above(real, copy(&pin), value);
        noted(real, pin.rep(), answer)
    }

    fn drop_pollable(table: &mut ResourceTable, pollable: Pollable) -> Result<()> {
        let mine = made(table)?.remove(&pollable.rep()).is_some();
        let ready = pin!(table.ready(copy(&pollable))).poll(&mut Context::from_waker(Waker::noop()));
        assert!(!mine || matches!(ready, Poll::Ready(Ok(true))), "it is still waited for");
        HostPollable::drop(table, pollable)
    }
}

pub(super) struct BlocksShortly;
impl Lie for BlocksShortly {
    async fn block(_: &mut ResourceTable, _: Pollable) -> Result<()> {
        Ok(())
    }
}

pub(super) struct PollsTheFirst;
impl Lie for PollsTheFirst {
    async fn poll(table: &mut ResourceTable, mut list: Vec<Pollable>) -> Result<Vec<u32>> {
        list.truncate(1);
        table.poll(list).await
    }
}

pub(super) struct PollNamesOne;
impl Lie for PollNamesOne {
    async fn poll(table: &mut ResourceTable, list: Vec<Pollable>) -> Result<Vec<u32>> {
        let mut ready = table.poll(list).await?;
        ready.truncate(1);
        Ok(ready)
    }
}

pub(super) struct PollOfNothing;
impl Lie for PollOfNothing {
    async fn poll(table: &mut ResourceTable, list: Vec<Pollable>) -> Result<Vec<u32>> {
        if list.is_empty() { Ok(Vec::new()) } else { table.poll(list).await }
    }
}

pub(super) struct StrictAtTheEnd;
impl Lie for StrictAtTheEnd {
    fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        // Nothing is below nothing, so this one waits for ever.
        if value == 1.0 { P::watch_below_raw(real, pin, 0) } else { P::watch_above(real, pin, value) }
    }

    fn watch_above_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        // More than any converter has.
        if value > 1 << 30 { P::watch_below_raw(real, pin, 0) } else { P::watch_above_raw(real, pin, value) }
    }
}

pub(super) struct ThresholdNeedsTime;
impl Lie for ThresholdNeedsTime {
    fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        let answer = P::watch_above(real, copy(&pin), value);
        noted(real, pin.rep(), answer)
    }

    fn watch_below_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        let answer = P::watch_below_raw(real, copy(&pin), value);
        noted(real, pin.rep(), answer)
    }

    async fn ready(table: &mut ResourceTable, pollable: Pollable) -> Result<bool> {
        let first = made(table)?.remove(&pollable.rep()).is_some();
        Ok(table.ready(pollable).await? && !first)
    }
}

pub(super) struct AnyThreshold;
impl Lie for AnyThreshold {
    fn watch_above<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        P::watch_above(real, pin, if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }

    fn watch_below<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: f32) -> Answer<Pollable> {
        P::watch_below(real, pin, if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }
}

pub(super) struct Hysteresis;
impl Lie for Hysteresis {
    fn watch_above_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        P::watch_above_raw(real, pin, value.saturating_add(2))
    }

    fn watch_below_raw<P: ReadsValues>(real: View<'_, '_>, pin: Resource<P>, value: u32) -> Answer<Pollable> {
        P::watch_below_raw(real, pin, value.saturating_sub(2))
    }
}
