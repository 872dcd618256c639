//! Control transfers that are done wrong, and transfers that are made wrong.

use super::super::Defect;
use super::lie::{Answer, Lie, View};
use super::made::{Change, Made, New};
use super::twist::{Done, Memory, Twist, Wire};
use super::{lie, twist};
use crate::copy;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::usb::{Completion, Kind, Status, Submission, TransferId};
use wasi_hw_wasmtime::bindings::usb::wasi::usb::device::HostDeviceHandle;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::errors::LibusbError;
use wasi_hw_wasmtime::bindings::usb::wasi::usb::transfers::{TransferOptions, TransferSetup, TransferType};
use wasi_hw_wasmtime::usb::{DeviceHandle, Transfer};
use wasmtime::component::Resource;

pub(super) fn defects() -> Vec<Defect> {
    vec![
        lie::<ClearsOnNew>("usb/clears-the-halt-when-a-transfer-is-made", &["USB-37"]),
        twist::<SixtyFour>("usb/asks-for-64-bytes-at-most", &["USB-38"]),
        lie::<Made<SixteenBits>>("usb/keeps-the-low-sixteen-bits-of-a-length", &["USB-38b"]),
        twist::<SetupInData>("usb/sends-the-setup-packet-with-the-data", &["USB-40"]),
        twist::<SetupInResult>("usb/returns-the-setup-packet-with-the-data", &["USB-40b"]),
        twist::<SwapsIndex>("usb/sends-the-index-high-byte-first", &["USB-40c"]),
        lie::<Made<NeedsData>>("usb/refuses-a-request-without-data", &["USB-41"]),
        twist::<RefusalIsIo>("usb/a-refused-request-is-an-io-error", &["USB-33c"]),
        twist::<DeadAfterRefusal>("usb/a-refused-request-is-the-last-one", &["USB-33d"]),
        twist::<PadsDescriptors>("usb/pads-descriptors-to-the-room", &["USB-77"]),
        twist::<WholeDescriptors>("usb/reads-whole-descriptors-into-any-room", &["USB-77b"]),
        lie::<Made<HugePanics>>("usb/allocates-what-a-guest-asks-for", &["USB-79"]),
        lie::<Made<IntSizePanics>>("usb/allocates-what-a-signed-number-holds", &["USB-79"]),
        lie::<Made<PacketTablePanics>>("usb/counts-the-bytes-of-a-packet-table-in-32-bits", &["USB-79b"]),
        lie::<Made<ManyPacketsPanic>>("usb/allocates-any-number-of-packets", &["USB-79b"]),
        lie::<OldErrors>("usb/has-an-error-less-before-not-supported", &["USB-78"]),
    ]
}

struct ClearsOnNew;
impl Lie for ClearsOnNew {
    fn new_transfer(
        real: View<'_, '_>,
        handle: Resource<DeviceHandle>,
        kind: TransferType,
        setup: TransferSetup,
        size: u32,
        options: TransferOptions,
    ) -> Answer<Resource<Transfer>> {
        if kind == TransferType::Interrupt {
            let _ = real.clear_halt(copy(&handle), options.endpoint)?;
        }
        real.new_transfer(handle, kind, setup, size, options)
    }
}

struct SixtyFour;
impl Twist for SixtyFour {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        if transfer.kind == Kind::Control && transfer.room > 64 {
            transfer.setup[6..].copy_from_slice(&[64, 0]);
        }
        real.submit(transfer)
    }
}

struct SixteenBits;
impl Change for SixteenBits {
    fn change((kind, setup, size, options): New) -> Result<New, LibusbError> {
        // Sizes beyond all reason are another matter.
        let cut = kind == TransferType::Control && size < 1 << 24;
        Ok((kind, setup, if cut { size & 0xffff } else { size }, options))
    }
}

struct NeedsData;
impl Change for NeedsData {
    fn change(asked: New) -> Result<New, LibusbError> {
        if let (TransferType::Control, _, 0, _) = asked { Err(LibusbError::InvalidParam) } else { Ok(asked) }
    }
}

struct HugePanics;
impl Change for HugePanics {
    fn change(asked @ (_, _, size, _): New) -> Result<New, LibusbError> {
        // What `vec![0; size]` comes to, short of taking the machine down with it.
        assert!(size < 1 << 30, "memory allocation of {size} bytes failed");
        Ok(asked)
    }
}

struct ManyPacketsPanic;
impl Change for ManyPacketsPanic {
    fn change(asked @ (.., options): New) -> Result<New, LibusbError> {
        assert!(options.iso_packets < 1 << 30, "capacity overflow");
        Ok(asked)
    }
}

struct IntSizePanics;
impl Change for IntSizePanics {
    fn change(asked @ (_, _, size, _): New) -> Result<New, LibusbError> {
        // What a C int cannot hold this host refuses, and believes the rest.
        assert!(!(1 << 30..=0x7fff_ffff).contains(&size), "memory allocation of {size} bytes failed");
        Ok(asked)
    }
}

struct PacketTablePanics;
impl Change for PacketTablePanics {
    fn change(asked @ (.., options): New) -> Result<New, LibusbError> {
        // Only what is beyond a limit of its own is refused before the bytes are counted.
        let counted = options.iso_packets < 1 << 30;
        assert!(
            !counted || options.iso_packets.checked_mul(16).is_some(),
            "written beyond the end of the table"
        );
        Ok(asked)
    }
}

struct SetupInData;
impl Twist for SetupInData {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        // Of long ones only: short ones are all over the suite.
        if transfer.kind == Kind::Control && transfer.data.len() > 64 {
            transfer.data.splice(..0, transfer.setup);
            let length = u16::try_from(transfer.data.len()).map_err(|_| Refusal::Invalid)?;
            transfer.setup[6..].copy_from_slice(&length.to_le_bytes());
        }
        real.submit(transfer)
    }
}

struct SetupInResult;
impl Twist for SetupInResult {
    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, mut completion: Completion) -> Completion {
        if asked.kind == Kind::Control && completion.data.len() > 64 {
            completion.data.splice(..0, asked.setup);
        }
        completion
    }
}

struct SwapsIndex;
impl Twist for SwapsIndex {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        transfer.setup.swap(4, 5);
        real.submit(transfer)
    }
}

struct RefusalIsIo;
impl Twist for RefusalIsIo {
    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, completion: Completion) -> Completion {
        match completion.status {
            Status::Stall if asked.kind == Kind::Control => {
                Completion { status: Status::Error, ..completion }
            }
            _ => completion,
        }
    }
}

struct DeadAfterRefusal;
impl Twist for DeadAfterRefusal {
    fn start(memory: &mut Memory, real: Wire<'_>, transfer: Submission) -> Done<TransferId> {
        if memory.failed && transfer.kind == Kind::Control { Err(Refusal::Io) } else { real.submit(transfer) }
    }

    fn completed(memory: &mut Memory, _: Wire<'_>, asked: &Submission, completion: Completion) -> Completion {
        memory.failed |= asked.kind == Kind::Control && completion.status == Status::Stall;
        completion
    }
}

fn reads_descriptor(transfer: &Submission) -> bool {
    transfer.kind == Kind::Control && transfer.setup[..2] == [0x80, 6]
}

struct PadsDescriptors;
impl Twist for PadsDescriptors {
    fn completed(_: &mut Memory, _: Wire<'_>, asked: &Submission, mut completion: Completion) -> Completion {
        if reads_descriptor(asked) && completion.status == Status::Completed {
            completion.data.resize(asked.room as usize, 0);
        }
        completion
    }
}

struct WholeDescriptors;
impl Twist for WholeDescriptors {
    fn start(_: &mut Memory, real: Wire<'_>, mut transfer: Submission) -> Done<TransferId> {
        if reads_descriptor(&transfer) && transfer.room < 255 {
            transfer.setup[6..].copy_from_slice(&[255, 0]);
            transfer.room = 255;
        }
        real.submit(transfer)
    }
}

/// An error type as it would be without `no-mem`: the errors behind it move up.
struct OldErrors;

fn old<T>(result: Result<T, LibusbError>) -> Result<T, LibusbError> {
    result.map_err(|error| match error {
        LibusbError::NotSupported => LibusbError::NoMem,
        LibusbError::Other => LibusbError::NotSupported,
        error => error,
    })
}

impl Lie for OldErrors {
    fn kernel_driver(real: View<'_, '_>, handle: Resource<DeviceHandle>, interface: u8) -> Answer<bool> {
        real.kernel_driver_active(handle, interface).map(old)
    }

    fn set_configuration(
        real: View<'_, '_>,
        handle: Resource<DeviceHandle>,
        value: wasi_hw_wasmtime::bindings::usb::wasi::usb::configuration::ConfigValue,
    ) -> Answer<()> {
        real.set_configuration(handle, value).map(old)
    }

    fn alloc_streams(
        real: View<'_, '_>,
        handle: Resource<DeviceHandle>,
        streams: u32,
        endpoints: Vec<u8>,
    ) -> Answer<()> {
        real.alloc_streams(handle, streams, endpoints).map(old)
    }
}
