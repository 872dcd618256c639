//! The mock libusb is found beside this adapter, wherever the repository lies.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,-rpath,$ORIGIN/../../../../mock-libusb/lib");
}
