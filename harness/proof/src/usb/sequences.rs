//! Random sequences of calls: what a guest could do in any order, on a host that must stand it.
//!
//! The functions of the host are called directly, without a guest, so that a hundred thousand sequences
//! take seconds. Each has a seed, which gives the same sequence again.

use super::lie::{Answer, Lie, closed};
use super::transfers::{DropPanics, SubmitPanics};
use super::twist::Devices;
use crate::under;
use guest::Guest;
use random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wasi_hw_harness::runtime::engine::panics;
use wasi_hw_harness::runtime::reference::usb::context;
use wasi_hw_harness::suite::fixture::UsbHost;
use wasi_hw_mock::{Board, BoardConfig};
use wasi_hw_seam as seam;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::HostDeviceHandle;
use wasi_hw_wasmtime::usb::{DeviceHandle, UsbCtxView};
use wasmtime::component::Resource;

mod guest;
mod random;

/// What a guest can do; each is a call, or, for the last one, what happens to a device meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// `usb-device.open`
    Open,
    /// `device-handle.close`
    Close,
    /// `device-handle.claim-interface`
    Claim,
    /// `device-handle.new-transfer`
    New,
    /// `transfer.submit-transfer`
    Submit,
    /// `transfer.cancel-transfer`
    Cancel,
    /// `await-transfer`
    Await,
    /// The drop of a device, a handle or a transfer.
    Drop,
    /// `device-handle.release-interface`
    Release,
    /// `device-handle.reset-device`
    Reset,
    /// The device is unplugged, or plugged in again.
    Plug,
}

impl Call {
    /// All of them.
    pub const ALL: [Call; 11] = [
        Call::Open,
        Call::Close,
        Call::Claim,
        Call::New,
        Call::Submit,
        Call::Cancel,
        Call::Await,
        Call::Drop,
        Call::Release,
        Call::Reset,
        Call::Plug,
    ];
}

/// From this the calls are drawn. Some are there more often, so that most sequences get as far as a
/// transfer in flight.
const OFTEN: [Call; 19] = [
    Call::Open,
    Call::Open,
    Call::Close,
    Call::Claim,
    Call::Claim,
    Call::Claim,
    Call::New,
    Call::New,
    Call::New,
    Call::Submit,
    Call::Submit,
    Call::Submit,
    Call::Cancel,
    Call::Await,
    Call::Drop,
    Call::Drop,
    Call::Release,
    Call::Reset,
    Call::Plug,
];

/// A host to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The reference host.
    Reference,
    /// It panics on the second submit of a transfer.
    DoubleSubmit,
    /// It panics on a call of a closed handle.
    UseAfterClose,
    /// It panics when a transfer in flight is dropped.
    DropInFlight,
    /// It does not close a handle that is dropped.
    LeaksHandles,
    /// It does not release what a handle has claimed when this is closed, but when it is dropped, if ever.
    LeaksClaims,
    /// It never tells the end of a cancelled transfer.
    Hangs,
}

/// How a sequence ended badly.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The seed of the sequence, if it has one.
    pub seed: u64,
    /// The calls until then.
    pub calls: Vec<String>,
    /// What was wrong.
    pub what: String,
}

/// What the sequences reached.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    /// Calls that followed each other.
    pub pairs: BTreeSet<(Call, Call)>,
    /// How often each call ended in which way: "ok" or the error.
    pub ends: BTreeMap<(Call, &'static str), u64>,
}

/// What is put between the host and the machine.
type Between = fn(Arc<dyn seam::Board>) -> Arc<dyn seam::Board>;

/// The machine that the sequences run on.
pub struct Sequences {
    config: BoardConfig,
}

impl Sequences {
    /// A machine with a device that answers, halts and waits, and one with a kernel driver.
    pub fn new() -> Result<Sequences, String> {
        let config =
            toml::from_str(include_str!("sequences/board.toml")).map_err(|error| error.to_string())?;
        Ok(Sequences { config })
    }

    /// Runs the sequence with this seed.
    pub fn run(&self, host: Host, seed: u64, reached: &mut Reached) -> Result<(), Fault> {
        match host {
            Host::Reference => self.sequence::<Right>(|real| real, seed, reached),
            Host::DoubleSubmit => self.sequence::<SubmitPanics>(|real| real, seed, reached),
            Host::UseAfterClose => self.sequence::<UseAfterClose>(|real| real, seed, reached),
            Host::DropInFlight => self.sequence::<Right>(under::<Devices<DropPanics>>, seed, reached),
            Host::LeaksHandles => {
                self.sequence::<super::handles::DropDoesNotClose>(|real| real, seed, reached)
            }
            Host::LeaksClaims => {
                self.sequence::<Right>(under::<Devices<super::settings::ReleaseKeeps>>, seed, reached)
            }
            Host::Hangs => {
                self.sequence::<Right>(under::<Devices<super::transfers::NeverEnds>>, seed, reached)
            }
        }
    }

    /// Runs the sequence that is made of these choices on the reference host.
    pub fn replay(&self, choices: &[u8]) -> Result<(), Fault> {
        let choices = Random::Given(choices.iter().copied().collect());
        self.chosen::<Right>(|real| real, choices, 0, &mut Reached::default())
    }

    fn sequence<L: Lie>(&self, between: Between, seed: u64, reached: &mut Reached) -> Result<(), Fault> {
        self.chosen::<L>(between, Random::Seed(seed), seed, reached)
    }

    fn chosen<L: Lie>(
        &self,
        between: Between,
        random: Random,
        seed: u64,
        reached: &mut Reached,
    ) -> Result<(), Fault> {
        let mut calls = Vec::new();
        let what = panics::catch(|| {
            let board = Board::new(&self.config)?;
            let usb = context(&UsbHost::default(), &*between(Arc::new(board.clone())));
            let mut guest = Guest::new(usb, board, random);
            let length = match &guest.random {
                Random::Seed(_) => 4 + guest.random.below(36),
                Random::Given(choices) => choices.len(),
            };
            let mut before = None;
            for _ in 0..length {
                if guest.random.is_over() {
                    break;
                }
                let call = OFTEN[guest.random.below(OFTEN.len())];
                let Some((line, end)) = guest.call::<L>(call)? else { continue };
                calls.push(format!("{line} -> {end}"));
                if let Call::Close | Call::Release | Call::Drop = call {
                    guest.nothing_leaks()?;
                }
                *reached.ends.entry((call, end)).or_default() += 1;
                reached.pairs.extend(before.replace(call).map(|before| (before, call)));
            }
            guest.finish::<L>()
        });
        match what {
            Ok(Ok(())) => Ok(()),
            Ok(Err(what)) | Err(what) => Err(Fault { seed, calls, what }),
        }
    }
}

/// The host as it is.
struct Right;
impl Lie for Right {}

struct UseAfterClose;
impl Lie for UseAfterClose {
    fn claim(real: &mut UsbCtxView<'_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<()> {
        assert!(!closed(real, &handle)?, "the handle was taken");
        real.claim_interface(handle, interface)
    }
}
