//! What the host module of `wasi:spi` asks of its driver, and what it refuses without asking.

use crate::bindings::spi::wasi::spi::spi::{Error, Host, HostSpiDevice, Operation, OperationResult};
use crate::spi::{Access, Device, DevicePolicy, SpiCtx, SpiCtxView};
use embedded_hal::spi::{ErrorKind, ErrorType, Operation as Step, SpiDevice};
use std::sync::{Arc, Mutex};
use wasi_hw_seam::Refusal;
use wasi_hw_seam::spi::{Settings, Transfer};
use wasmtime::component::{Resource, ResourceTable};

/// What a driver was asked: bytes out, bytes in, and a pause in its unit.
type Asked = Arc<Mutex<Vec<(usize, usize, u32)>>>;

struct List(Asked);

impl wasi_hw_seam::spi::Device for List {
    fn configure(&mut self, _: Settings) -> Result<(), Refusal> {
        Ok(())
    }

    fn message(&mut self, transfers: &mut [Transfer<'_>]) -> Result<(), Refusal> {
        let asked = transfers.iter().map(|t| (t.output.len(), t.input.len(), u32::from(t.delay_us)));
        self.0.lock().unwrap().extend(asked);
        Ok(())
    }
}

impl ErrorType for List {
    type Error = ErrorKind;
}

impl SpiDevice for List {
    fn transaction(&mut self, list: &mut [Step<'_, u8>]) -> Result<(), ErrorKind> {
        let pause = |step: &Step<'_, u8>| if let Step::DelayNs(ns) = step { *ns } else { 0 };
        self.0.lock().unwrap().extend(list.iter().map(|step| (0, 0, pause(step))));
        Ok(())
    }
}

/// A context with one device, opened, and what its driver is asked.
struct Bench {
    spi: SpiCtx,
    table: ResourceTable,
    asked: Asked,
    device: Resource<Device>,
}

impl Bench {
    fn new(policy: DevicePolicy) -> Bench {
        let (asked, mut spi, mut table) = (Asked::default(), SpiCtx::new(), ResourceTable::new());
        let driver = Arc::clone(&asked);
        spi.device("a", policy, move || Ok(Device::over_transfers(List(Arc::clone(&driver)))));
        let mut view = SpiCtxView { ctx: &mut spi, table: &mut table };
        let device = view.open("a".to_owned()).unwrap().unwrap();
        Bench { spi, table, asked, device }
    }

    fn transaction(&mut self, list: Vec<Operation>) -> Result<Vec<OperationResult>, Error> {
        let device = Resource::new_borrow(self.device.rep());
        SpiCtxView { ctx: &mut self.spi, table: &mut self.table }.transaction(device, list).unwrap()
    }

    fn asked(&mut self) -> Vec<(usize, usize, u32)> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

#[test]
fn pauses_are_rounded_up_and_split() {
    let mut bench = Bench::new(DevicePolicy::allow_all());
    for (ns, parts) in [
        (0, vec![0]),
        (1, vec![1]),
        (999, vec![1]),
        (1_000, vec![1]),
        (1_500, vec![2]),
        (65_535_000, vec![65_535]),
        (65_535_001, vec![65_535, 1]),
        (70_000_000, vec![65_535, 4_465]),
    ] {
        bench.transaction(vec![Operation::DelayNs(ns)]).unwrap();
        assert_eq!(bench.asked(), parts.into_iter().map(|us| (0, 0, us)).collect::<Vec<_>>(), "{ns} ns");
    }
    bench.transaction(vec![Operation::DelayNs(u32::MAX)]).unwrap();
    let all: u64 = bench.asked().iter().map(|(_, _, us)| u64::from(*us) * 1_000).sum();
    assert!((u64::from(u32::MAX)..u64::from(u32::MAX) + 1_000).contains(&all), "{all}");
}

#[test]
fn operations_become_one_list_in_their_order() {
    let mut bench = Bench::new(DevicePolicy::allow_all());
    let list = vec![
        Operation::Write(vec![1, 2]),
        Operation::DelayNs(5_000),
        Operation::Read(3),
        Operation::Transfer(vec![4]),
    ];
    let results = bench.transaction(list).unwrap();
    assert_eq!(bench.asked(), [(2, 0, 0), (0, 0, 5), (0, 3, 0), (1, 1, 0)]);
    assert!(matches!(
        &results[..],
        [OperationResult::Write, OperationResult::Delay, OperationResult::Read(r), OperationResult::Transfer(t)]
            if r.len() == 3 && t.len() == 1
    ));
}

#[test]
fn lengths_are_checked_before_memory_is_taken() {
    let mut bench = Bench::new(DevicePolicy::allow_all().most_bytes(8));
    for list in [
        vec![Operation::Read(9)],
        vec![Operation::Read(u64::MAX)],
        vec![Operation::Read(u64::MAX), Operation::Read(1)],
        vec![Operation::Write(vec![0; 5]), Operation::Transfer(vec![0; 4])],
    ] {
        assert!(matches!(bench.transaction(list), Err(Error::Other(_))));
    }
    assert_eq!(bench.asked(), []);
    assert!(bench.transaction(vec![Operation::Read(8)]).is_ok());
}

#[test]
fn a_device_for_reading_sends_nothing_of_the_guest_s() {
    let mut bench = Bench::new(DevicePolicy::new().access(Access::Read));
    assert!(bench.transaction(vec![Operation::Read(1), Operation::Write(vec![1])]).is_err());
    assert!(bench.transaction(vec![Operation::Transfer(vec![1])]).is_err());
    assert_eq!(bench.asked(), []);
    assert!(bench.transaction(vec![Operation::Read(1), Operation::DelayNs(1)]).is_ok());
}

#[test]
fn what_is_denied_looks_like_what_is_missing() {
    let mut bench = Bench::new(DevicePolicy::allow_all());
    bench.spi.device("b", DevicePolicy::new(), || panic!("it is not to be opened"));
    let mut view = SpiCtxView { ctx: &mut bench.spi, table: &mut bench.table };
    let mut text = |name: &str| match view.open(name.to_owned()).unwrap() {
        Err(Error::Other(text)) => text.replace(&format!("`{name}`"), "NAME"),
        other => panic!("{other:?}"),
    };
    assert_eq!(text("b"), text("c"));
}

#[test]
fn a_device_without_a_policy_does_nothing() {
    let (asked, mut spi, mut table) = (Asked::default(), SpiCtx::new(), ResourceTable::new());
    let device = table.push(Device::over_transfers(List(Arc::clone(&asked)))).unwrap();
    let mut view = SpiCtxView { ctx: &mut spi, table: &mut table };
    let mut list = |list| view.transaction(Resource::new_borrow(device.rep()), list).unwrap();
    assert!(list(vec![Operation::Read(1)]).is_err() && list(vec![Operation::DelayNs(1)]).is_err());
    assert_eq!(*asked.lock().unwrap(), []);
}

#[test]
fn embedded_hal_gets_pauses_as_they_are_asked() {
    let asked = Asked::default();
    let mut spi = SpiCtx::new();
    let driver = Arc::clone(&asked);
    spi.device("a", DevicePolicy::allow_all(), move || Ok(Device::new(List(Arc::clone(&driver)))));
    let mut table = ResourceTable::new();
    let mut view = SpiCtxView { ctx: &mut spi, table: &mut table };
    let device = view.open("a".to_owned()).unwrap().unwrap();
    let list = vec![Operation::DelayNs(1_500), Operation::DelayNs(0), Operation::DelayNs(u32::MAX)];
    view.transaction(device, list).unwrap().unwrap();
    assert_eq!(*asked.lock().unwrap(), [(0, 0, 1_500), (0, 0, 0), (0, 0, u32::MAX)]);
}
