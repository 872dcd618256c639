//! The code of the proposals' explainers, to see that it compiles. Each stands where its reader would put
//! it: beside the bindings of the proposal's world.

#![allow(dead_code, reason = "nobody calls the code of a document")]

macro_rules! walkthrough {
    ($proposal:ident, $path:literal) => {
        mod $proposal {
            wit_bindgen::generate!({ path: $path, world: "imports", generate_all });
            include!(concat!(env!("OUT_DIR"), "/", stringify!($proposal), ".rs"));
        }
    };
}

walkthrough!(i2c, "../../../wit/i2c/0.2.0-draft");
walkthrough!(spi, "../../../wit/spi/0.2.0-draft");
walkthrough!(gpio, "../../../wit/gpio/0.2.0");
walkthrough!(usb, "../../../wit/usb/0.2.1");
