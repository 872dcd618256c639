//! `device-handle`: the functions of an open device.

use super::open::Open;
use super::{Error, small_answer, small_ret};
use crate::abi::{Call, Ran};
use crate::handles::{Kind, resource_drop};
use crate::imports::Imports;
use std::cell::RefCell;
use std::rc::Rc;
use wasi_hw_seam::usb::{Device, Handle};

const DEVICE: &str = "wasi:usb/device@0.2.1";

/// The functions, but for `new-transfer`, which stands with transfers.
pub fn imports(all: &mut Imports) {
    let mut add = |name, signature, function| {
        all.add(DEVICE, format!("[method]device-handle.{name}"), signature, function);
    };
    add("get-configuration", "(ii)", get_configuration);
    add("set-configuration", "(iiii)", set_configuration);
    add("claim-interface", "(iii)", |call| with_interface(call, Open::claim));
    add("release-interface", "(iii)", |call| with_interface(call, Open::release));
    add("set-interface-altsetting", "(iiii)", set_alternate);
    add("clear-halt", "(iii)", |call| with_interface(call, Open::clear_halt));
    add("reset-device", "(ii)", reset);
    add("alloc-streams", "(iiiii)", alloc_streams);
    add("free-streams", "(iiii)", free_streams);
    add("kernel-driver-active", "(iii)", kernel_driver);
    add("detach-kernel-driver", "(iii)", |call| with_interface(call, Open::detach));
    add("attach-kernel-driver", "(iii)", |call| with_interface(call, Open::attach));
    add("close", "(i)", close);
    all.add(DEVICE, "[resource-drop]device-handle", "(i)", resource_drop::<DeviceHandle>);
}

/// A guest's `device-handle`. Dropped, it is closed.
pub struct DeviceHandle(pub Rc<RefCell<Open>>);

impl Kind for DeviceHandle {
    const NAME: &'static str = "device-handle";
}

impl DeviceHandle {
    /// Of a device that a driver has opened.
    pub fn new(driver: Box<dyn Handle>, device: &Device, keep_kernel_drivers: bool) -> DeviceHandle {
        DeviceHandle(Rc::new(RefCell::new(Open::new(driver, device, keep_kernel_drivers))))
    }
}

impl Drop for DeviceHandle {
    fn drop(&mut self) {
        self.0.borrow_mut().close();
    }
}

/// Asks the open device that a guest means, and tells it the answer.
fn ask(call: &mut Call<'_>, this: u32, ret: u32, ask: impl FnOnce(&mut Open) -> Result<u8, Error>) -> Ran {
    let outcome = ask(&mut call.borrow::<DeviceHandle>(this)?.0.borrow_mut());
    small_answer(call, ret, outcome)
}

fn get_configuration(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, small_ret(call)?);
    ask(call, this, ret, Open::configuration)
}

fn set_configuration(call: &mut Call<'_>) -> Ran {
    let (this, case, value) = (call.u32()?, call.case(2, "config-value")?, call.u8()?);
    let ret = small_ret(call)?;
    ask(call, this, ret, |open| open.set_configuration((case == 1).then_some(value)).map(|()| 0))
}

/// What has the number of an interface or endpoint, and no value to give.
fn with_interface(call: &mut Call<'_>, act: fn(&mut Open, u8) -> Result<(), Error>) -> Ran {
    let (this, number, ret) = (call.u32()?, call.u8()?, small_ret(call)?);
    ask(call, this, ret, |open| act(open, number).map(|()| 0))
}

fn set_alternate(call: &mut Call<'_>) -> Ran {
    let (this, interface, alternate) = (call.u32()?, call.u8()?, call.u8()?);
    let ret = small_ret(call)?;
    ask(call, this, ret, |open| open.set_alternate(interface, alternate).map(|()| 0))
}

fn reset(call: &mut Call<'_>) -> Ran {
    let (this, ret) = (call.u32()?, small_ret(call)?);
    ask(call, this, ret, |open| open.reset().map(|()| 0))
}

fn alloc_streams(call: &mut Call<'_>) -> Ran {
    let (this, streams, endpoints) = (call.u32()?, call.u32()?, call.bytes()?);
    let ret = small_ret(call)?;
    ask(call, this, ret, |open| open.alloc_streams(streams, &endpoints).map(|()| 0))
}

fn free_streams(call: &mut Call<'_>) -> Ran {
    let (this, endpoints, ret) = (call.u32()?, call.bytes()?, small_ret(call)?);
    ask(call, this, ret, |open| open.free_streams(&endpoints).map(|()| 0))
}

fn kernel_driver(call: &mut Call<'_>) -> Ran {
    let (this, interface, ret) = (call.u32()?, call.u8()?, small_ret(call)?);
    ask(call, this, ret, |open| open.kernel_driver(interface).map(u8::from))
}

fn close(call: &mut Call<'_>) -> Ran {
    let this = call.u32()?;
    call.borrow::<DeviceHandle>(this)?.0.borrow_mut().close();
    Ok(())
}
