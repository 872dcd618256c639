//! The interface under a name of the embedder's, for components that import it once for each device.
//!
//! The Component Model calls such an import one that `implements` an interface: `import flash: wasi:spi/spi;`. An engine has to
//! be told that components may have them, wasmtime 48 by `Config::wasm_component_model_implements`. Each name has a context of
//! its own, so what one import gives no other does.
//!
//! ```
//! # use wasi_hw_wasmtime::spi::{Spi, SpiCtx, SpiCtxView, named};
//! # use wasmtime::component::{Linker, ResourceTable};
//! struct State {
//!     flash: SpiCtx,
//!     display: SpiCtx,
//!     table: ResourceTable,
//! }
//!
//! # fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
//! named::add_to_linker::<_, Spi>(linker, "flash", |state| SpiCtxView {
//!     ctx: &mut state.flash,
//!     table: &mut state.table,
//! })?;
//! named::add_to_linker::<_, Spi>(linker, "display", |state| SpiCtxView {
//!     ctx: &mut state.display,
//!     table: &mut state.table,
//! })
//! # }
//! ```

use super::Device;
use crate::bindings::spi::wasi::spi::spi::{Host, HostSpiDevice, Operation};
use wasmtime::component::{HasData, Linker, Resource, ResourceType};

/// Adds the interface to a linker, under `name`. `view` gives what it works on, for [`Spi`](super::Spi) the context of that
/// name with the resource table.
pub fn add_to_linker<T, D>(
    linker: &mut Linker<T>,
    name: &str,
    view: impl for<'a> Fn(&'a mut T) -> D::Data<'a> + Copy + Send + Sync + 'static,
) -> wasmtime::Result<()>
where
    T: Send + 'static,
    D: HasData,
    for<'a> D::Data<'a>: Host + HostSpiDevice,
{
    type Handle = Resource<Device>;
    let mut spi = linker.instance(name)?;
    spi.resource("spi-device", ResourceType::host::<Device>(), move |mut store, handle| {
        HostSpiDevice::drop(&mut view(store.data_mut()), Resource::new_own(handle))
    })?;
    spi.func_wrap("open", move |mut store, (name,): (String,)| Ok((view(store.data_mut()).open(name)?,)))?;
    spi.func_wrap("[method]spi-device.read", move |mut store, (device, len): (Handle, u64)| {
        Ok((view(store.data_mut()).read(device, len)?,))
    })?;
    spi.func_wrap("[method]spi-device.write", move |mut store, (device, data): (Handle, Vec<u8>)| {
        Ok((view(store.data_mut()).write(device, data)?,))
    })?;
    spi.func_wrap("[method]spi-device.transfer", move |mut store, (device, data): (Handle, Vec<u8>)| {
        Ok((view(store.data_mut()).transfer(device, data)?,))
    })?;
    spi.func_wrap(
        "[method]spi-device.transaction",
        move |mut store, (device, list): (Handle, Vec<Operation>)| {
            Ok((view(store.data_mut()).transaction(device, list)?,))
        },
    )
}
