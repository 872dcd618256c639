//! The packages that guests are built against.
//!
//! The one file here that the manifest's `inputs` does not cover: what a guest gets from these packages is its
//! world, and `inputs` covers the world as it is resolved. So a package more in this list makes no component stale.

/// `wit_bindgen::generate!` over the packages of `wit/`, each after those that it uses. All worlds of guests are of
/// one package, so each guest is built against everything that one of those worlds needs.
#[doc(hidden)]
#[macro_export]
macro_rules! generate_over_packages {
    ($($option:tt)*) => {
        wit_bindgen::generate!({
            path: [
                "../../../wit/i2c/0.2.0-draft",
                "../../../wit/spi/0.2.0-draft",
                "../../../wit/spi/unversioned",
                "../../../wit/gpio/0.2.0",
                "../../../wit/usb/0.2.1",
                "../../../wit/usb/component-0.2.1",
                "../../../wit/conformance/0.1.0",
            ],
            $($option)*
        });
    };
}
