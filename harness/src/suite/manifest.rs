//! The manifest of the built guests: `conformance/components/MANIFEST.toml`, written by
//! `cargo hw build-guests`.

use crate::suite::problem::Versioned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// The format's version: 1.
    pub version: u32,
    /// What made the components.
    pub tools: Tools,
    /// The components.
    #[serde(default)]
    pub component: Vec<Component>,
}

impl Versioned for Manifest {
    fn version(&self) -> u32 {
        self.version
    }
}

/// The tools that made the components; the same ones make the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tools {
    /// `rustc --version`; its commit is in the bytes.
    pub rustc: String,
    /// The release of wit-bindgen, from the guests' lock file.
    pub wit_bindgen: String,
    /// The release of wit-component, which encodes the components.
    pub wit_component: String,
}

/// A built guest.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Component {
    /// The file, beside the manifest.
    pub file: String,
    /// The proposal whose cases it runs; absent: the harness's own tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// The package under test that it imports.
    pub package: String,
    /// The world that it was built for.
    pub world: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// SHA-256 over everything that it was built from.
    pub inputs: String,
    /// The size of the file.
    pub bytes: u64,
    /// The tests inside.
    pub tests: Vec<String>,
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
