//! Writes packages as a registry holds them: OCI image layouts, from which any OCI client can push.
//!
//! An image layout has tags and no repositories, and two packages can have the same version. So each
//! package gets a layout of its own, in the folder that is its repository in a registry:
//! `DIR/<namespace>/<name>`. The tag equals the WIT version. Manifest and config follow the CNCF's Wasm
//! OCI artifact layout, in the form that the crate oci-wasm writes: one layer, the package as a Wasm
//! binary.
//!
//! The bytes depend on the package and on the release of wit-component alone. The config has to have
//! a time of creation; it is always the Unix epoch, so that whoever publishes a version, and whenever,
//! gets the digest that everybody else got.

use super::{Package, Wit};
use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_harness::suite::problem::Source;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";
const TAG: &str = "org.opencontainers.image.ref.name";
const LAYOUT_VERSION: &str = "1.0.0";

/// A package in its layout.
#[derive(Debug)]
pub struct Published {
    /// The package.
    pub name: String,
    /// Its layout.
    pub layout: PathBuf,
    /// Its tag.
    pub tag: String,
    /// The digest of its manifest.
    pub digest: String,
    /// The size of the Wasm binary.
    pub bytes: usize,
    /// It was there already, the same.
    pub unchanged: bool,
}

/// Writes packages into layouts below `dir`. A tag that is there already stays as it is: the same
/// package again changes nothing, and another one is an error. Nothing is written if one of them fails.
pub fn publish(wit: &Wit, packages: &[&Package], dir: &Path) -> anyhow::Result<Vec<Published>> {
    usable(dir)?;
    let mut images = Vec::new();
    for package in packages {
        let image = image(wit, package).with_context(|| format!("`{}` cannot be published", package.name))?;
        let layout = dir.join(&package.name.namespace).join(&package.name.name);
        let mut index = index(&layout)?;
        let unchanged = index.tag(&image, &layout)?;
        images.push((package, layout, index, image, unchanged));
    }
    let mut published = Vec::new();
    for (package, layout, index, image, unchanged) in images {
        if !unchanged {
            write(&layout, &index, &image)
                .with_context(|| format!("{} cannot be written", layout.display()))?;
        }
        published.push(Published {
            name: package.name.to_string(),
            layout,
            tag: image.tag,
            digest: image.manifest.digest,
            bytes: image.blobs[0].1.len(),
            unchanged,
        });
    }
    Ok(published)
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: &'static str,
    digest: String,
    size: usize,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'static str, String>,
}

impl Descriptor {
    fn of(media_type: &'static str, bytes: &[u8]) -> Descriptor {
        let digest = format!("sha256:{}", sha256(bytes));
        Descriptor { media_type, digest, size: bytes.len(), annotations: BTreeMap::new() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageManifest<'a> {
    schema_version: u8,
    media_type: &'static str,
    config: &'a Descriptor,
    layers: [&'a Descriptor; 1],
    annotations: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    created: &'static str,
    architecture: &'static str,
    os: &'static str,
    layer_digests: [&'a str; 1],
    component: Component,
}

/// What a registry shows of the binary. A WIT package exports its interfaces and worlds.
#[derive(Serialize)]
struct Component {
    exports: BTreeSet<String>,
    imports: [String; 0],
}

struct Image {
    tag: String,
    manifest: Descriptor,
    /// Layer, config, manifest.
    blobs: [(String, Vec<u8>); 3],
}

fn image(wit: &Wit, package: &Package) -> anyhow::Result<Image> {
    let Some(version) = &package.name.version else {
        bail!("it has no version, and a tag equals the version of its package");
    };
    ensure!(version.build.is_empty(), "no tag can have the `+` of {version}");
    let tag = version.to_string();
    let wasm = wit_component::encode(&wit.resolve, package.id)?;
    let layer = Descriptor::of(LAYER, &wasm);

    let this = &wit.resolve.packages[package.id];
    let interfaces = this.interfaces.keys().chain(this.worlds.keys());
    let exported = this.worlds.values().flat_map(|world| wit.resolve.worlds[*world].exports.keys());
    let exports = interfaces.map(|name| package.name.interface_id(name));
    let exports = exports.chain(exported.map(|key| wit.resolve.name_world_key(key))).collect();
    let config = serde_json::to_vec(&Config {
        created: "1970-01-01T00:00:00Z",
        architecture: "wasm",
        os: "wasip2",
        layer_digests: [&layer.digest],
        component: Component { exports, imports: [] },
    })?;
    let config_descriptor = Descriptor::of(CONFIG, &config);

    let mut annotations = BTreeMap::from([
        ("org.opencontainers.image.version", tag.clone()),
        ("org.opencontainers.image.licenses", env!("CARGO_PKG_LICENSE").to_owned()),
    ]);
    let docs = this.docs.contents.as_deref().unwrap_or_default();
    if let Some(first) = docs.split("\n\n").next().filter(|first| !first.is_empty()) {
        annotations.insert("org.opencontainers.image.description", first.replace('\n', " "));
    }
    let manifest = serde_json::to_vec(&ImageManifest {
        schema_version: 2,
        media_type: MANIFEST,
        config: &config_descriptor,
        layers: [&layer],
        annotations,
    })?;
    let mut descriptor = Descriptor::of(MANIFEST, &manifest);
    descriptor.annotations.insert(TAG, tag.clone());
    let blobs =
        [(layer.digest, wasm), (config_descriptor.digest, config), (descriptor.digest.clone(), manifest)];
    Ok(Image { tag, manifest: descriptor, blobs })
}

/// `index.json`. What others wrote into it is kept.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: u8,
    #[serde(default)]
    manifests: Vec<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Index {
    /// Adds an image under its tag. True if it is there already.
    fn tag(&mut self, image: &Image, layout: &Path) -> anyhow::Result<bool> {
        let tagged = |manifest: &&Value| manifest["annotations"][TAG] == image.tag.as_str();
        if let Some(there) = self.manifests.iter().find(tagged) {
            ensure!(
                there["digest"] == image.manifest.digest.as_str(),
                "{} has another package under the tag {}, and what is published never changes; give the package a \
                 new version, or name an empty folder",
                layout.display(),
                image.tag,
            );
            return Ok(true);
        }
        self.manifests.push(serde_json::to_value(&image.manifest)?);
        Ok(false)
    }
}

#[derive(Deserialize)]
struct Marker {
    #[serde(rename = "imageLayoutVersion")]
    version: String,
}

/// The index of a layout, or of a new one where nothing is.
fn index(layout: &Path) -> anyhow::Result<Index> {
    if is_empty(layout)? {
        let rest = Map::from_iter([("mediaType".to_owned(), INDEX.into())]);
        return Ok(Index { schema_version: 2, manifests: Vec::new(), rest });
    }
    let read = |file: &str| {
        Source::read(layout, file)
            .map(|source| source.text)
            .map_err(|problem| anyhow::anyhow!("{} is no OCI image layout: {problem}", layout.display()))
    };
    let no_layout = |file: &str| format!("{} is no OCI image layout: {file} is wrong", layout.display());
    let marker: Marker =
        serde_json::from_str(&read("oci-layout")?).with_context(|| no_layout("oci-layout"))?;
    let version = marker.version;
    ensure!(
        version == LAYOUT_VERSION,
        "{} is an OCI image layout of version {version}; this tool writes {LAYOUT_VERSION}",
        layout.display()
    );
    serde_json::from_str(&read("index.json")?).with_context(|| no_layout("index.json"))
}

/// Refuses a folder that holds anything but layouts of packages: a mistyped path should not be
/// filled with them.
fn usable(dir: &Path) -> anyhow::Result<()> {
    if is_empty(dir)? {
        return Ok(());
    }
    let advice = "name an empty folder, or one that this command has written";
    ensure!(
        !dir.join("oci-layout").exists(),
        "{} is itself an OCI image layout, and each package has one of its own, in <namespace>/<name>; {advice}",
        dir.display()
    );
    for namespace in entries(dir)? {
        ensure!(namespace.is_dir(), "{} is not a folder of OCI image layouts; {advice}", namespace.display());
        for layout in entries(&namespace)? {
            let is_layout = layout.join("oci-layout").is_file();
            ensure!(is_layout, "{} is not an OCI image layout; {advice}", layout.display());
        }
    }
    Ok(())
}

fn is_empty(dir: &Path) -> anyhow::Result<bool> {
    Ok(!dir.exists() || entries(dir)?.is_empty())
}

fn entries(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listed = || format!("{} cannot be listed", dir.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(listed)? {
        found.push(entry.with_context(listed)?.path());
    }
    found.sort();
    Ok(found)
}

/// Blobs first, then what refers to them: a layout that was cut short is one without the image.
fn write(layout: &Path, index: &Index, image: &Image) -> anyhow::Result<()> {
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    for (digest, bytes) in &image.blobs {
        fs::write(blobs.join(digest.trim_start_matches("sha256:")), bytes)?;
    }
    fs::write(layout.join("index.json"), serde_json::to_vec(index)?)?;
    fs::write(layout.join("oci-layout"), format!(r#"{{"imageLayoutVersion":"{LAYOUT_VERSION}"}}"#))?;
    Ok(())
}
