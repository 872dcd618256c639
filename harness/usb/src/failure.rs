//! What libusb refused, in words: a refusal alone does not say which device it was, and what helps.

use crate::code;
use std::ffi::c_int;
use std::fmt;
use std::sync::{Arc, OnceLock};
use wasi_hw_seam::Refusal;

/// A call that libusb refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Bus and address of the device; none if the call is of none.
    pub place: Option<(u8, u8)>,
    /// Its vendor and product.
    pub ids: (u16, u16),
    /// The function, such as `libusb_open`.
    pub call: &'static str,
    /// What it returned: a `LIBUSB_ERROR_*`.
    pub code: i32,
    /// What the caller gets.
    pub refusal: Refusal,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { place, ids: (vendor, product), call, code, refusal } = self;
        match place {
            Some((bus, address)) if cfg!(target_os = "linux") => {
                write!(f, "/dev/bus/usb/{bus:03}/{address:03} ({vendor:04x}:{product:04x}): ")?;
            }
            Some((bus, address)) => {
                write!(f, "USB device {bus}-{address} ({vendor:04x}:{product:04x}): ")?;
            }
            None => f.write_str("USB: ")?,
        }
        write!(f, "{call}: {} ({code})", code::name(*code))?;
        if *refusal != Refusal::Denied || place.is_none() {
            return Ok(());
        }
        if cfg!(target_os = "linux") {
            write!(
                f,
                "; this user may not open the file. Put this line into /etc/udev/rules.d/60-wasi-hw.rules: \
                 SUBSYSTEM==\"usb\", ATTR{{idVendor}}==\"{vendor:04x}\", ATTR{{idProduct}}==\"{product:04x}\", \
                 GROUP=\"plugdev\", MODE=\"0660\" \
                 Then `udevadm control --reload && udevadm trigger`, and add the user to the group plugdev"
            )
        } else {
            f.write_str("; this user may not open the device, or a driver of the system has it")
        }
    }
}

/// Who is told, once somebody is.
#[derive(Clone, Default)]
pub(crate) struct Report(Arc<OnceLock<Tell>>);

type Tell = Box<dyn Fn(&Failure) + Send + Sync>;

impl Report {
    pub(crate) fn to(&self, tell: Tell) {
        // Who asked first is told.
        let _ = self.0.set(tell);
    }

    /// What a code becomes for who called; the other one is told all of it.
    pub(crate) fn refused(&self, about: About, call: &'static str, code: c_int) -> Refusal {
        let refusal = code::refusal(code);
        if let Some(tell) = self.0.get() {
            let (place, ids) = about.map_or((None, (0, 0)), |(place, ids)| (Some(place), ids));
            tell(&Failure { place, ids, call, code, refusal });
        }
        refusal
    }

    /// The same of a result that is negative if it is an error.
    pub(crate) fn checked(&self, about: About, call: &'static str, result: c_int) -> Result<c_int, Refusal> {
        if result < 0 { Err(self.refused(about, call, result)) } else { Ok(result) }
    }
}

/// Of which device a call is: bus and address, vendor and product.
pub(crate) type About = Option<((u8, u8), (u16, u16))>;

#[cfg(test)]
mod tests {
    use super::Failure;
    use wasi_hw_seam::Refusal;

    #[test]
    fn a_missing_permission_names_the_device_and_what_helps() {
        let failure = |code, refusal| {
            let call = "libusb_open";
            Failure { place: Some((1, 5)), ids: (0x1209, 1), call, code, refusal }.to_string()
        };
        let denied = failure(-3, Refusal::Denied);
        assert!(denied.contains("(1209:0001): libusb_open: LIBUSB_ERROR_ACCESS (-3); this user"), "{denied}");
        if cfg!(target_os = "linux") {
            assert!(denied.starts_with("/dev/bus/usb/001/005 "), "{denied}");
            assert!(
                denied.contains(r#"ATTR{idVendor}=="1209", ATTR{idProduct}=="0001", GROUP="#),
                "{denied}"
            );
        }
        let busy = failure(-6, Refusal::Busy);
        assert!(busy.ends_with("LIBUSB_ERROR_BUSY (-6)"), "{busy}");
    }
}
