//! The code of the proposals' explainers, to see that it compiles. Each stands where its reader would put
//! it: beside the bindings of the proposal's world, in a module that the build script makes.

#![allow(dead_code, reason = "nobody calls the code of a document")]

include!(concat!(env!("OUT_DIR"), "/walkthroughs.rs"));
