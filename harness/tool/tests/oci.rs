//! What `wit publish` writes is read back with the types that oci-client, and so wkg, reads it with.

use crate::copy::{Copy, repository};
use oci_spec::image::{Descriptor, ImageIndex, ImageManifest, MediaType, OciLayout};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use wasi_hw_harness::suite::manifest::sha256;
use wasi_hw_tool::wit::{Package, Wit, oci, shape};
use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::{PackageId, Resolve};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oci-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old one goes");
    }
    folder
}

fn canonical(wit: &Wit) -> Vec<&Package> {
    wit.proposals.iter().filter_map(|proposal| wit.canonical(&proposal.name)).collect()
}

fn read(root: &Path) -> Wit {
    Wit::read(root).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A blob, which is what its descriptor says.
fn blob(layout: &Path, descriptor: &Descriptor) -> Vec<u8> {
    let bytes = fs::read(layout.join("blobs/sha256").join(descriptor.digest().digest())).expect("the blob");
    assert_eq!(descriptor.digest().to_string(), format!("sha256:{}", sha256(&bytes)));
    assert_eq!(descriptor.size(), bytes.len() as u64);
    bytes
}

/// The text of a package with its docs.
fn printed(resolve: &Resolve, package: PackageId) -> String {
    let mut printer = WitPrinter::default();
    printer.print(resolve, package, &[]).expect("the package is printed");
    printer.output.to_string()
}

/// All files below a folder.
fn files(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>, below: &Path) {
    for entry in fs::read_dir(folder.join(below)).expect("the folder is listed") {
        let path = below.join(entry.expect("an entry").file_name());
        if folder.join(&path).is_dir() {
            files(folder, found, &path);
        } else {
            found.insert(path.clone(), fs::read(folder.join(&path)).expect("a file"));
        }
    }
}

#[test]
fn four_packages_read_back_equal() {
    let (wit, dir) = (read(repository()), folder("equal"));
    let packages = canonical(&wit);
    let published = oci::publish(&wit, &packages, &dir).expect("it is published");
    assert_eq!(published.len(), 4);
    for (package, published) in packages.iter().zip(published) {
        let layout = dir.join("wasi").join(&package.proposal);
        assert_eq!(published.layout, layout);
        let marker = OciLayout::from_file(layout.join("oci-layout")).expect("the marker");
        assert_eq!(marker.image_layout_version(), "1.0.0");
        let index = ImageIndex::from_file(layout.join("index.json")).expect("the index");
        let [descriptor] = &index.manifests()[..] else { panic!("{index:?}") };
        let tag =
            descriptor.annotations().as_ref().and_then(|all| all.get("org.opencontainers.image.ref.name"));
        let version = package.name.version.as_ref().map(ToString::to_string);
        assert_eq!(tag, version.as_ref());
        assert_eq!(descriptor.media_type(), &MediaType::ImageManifest);
        assert_eq!(descriptor.digest().to_string(), published.digest);

        let manifest = ImageManifest::from_reader(&blob(&layout, descriptor)[..]).expect("the manifest");
        assert_eq!(manifest.config().media_type().to_string(), "application/vnd.wasm.config.v0+json");
        let [layer] = &manifest.layers()[..] else { panic!("{manifest:?}") };
        assert_eq!(layer.media_type().to_string(), "application/wasm");
        let config: serde_json::Value =
            serde_json::from_slice(&blob(&layout, manifest.config())).expect("the config");
        assert_eq!((&config["architecture"], &config["os"]), (&"wasm".into(), &"wasip2".into()));
        assert_eq!(config["layerDigests"][0], layer.digest().to_string());
        assert!(config["created"].is_string() && config["component"]["imports"].is_array());
        let exports = config["component"]["exports"].as_array().expect("exports");
        assert!(exports.contains(&package.name.interface_id("imports").into()), "{exports:?}");

        let DecodedWasm::WitPackage(resolve, id) =
            wit_component::decode(&blob(&layout, layer)).expect("a package")
        else {
            panic!("{} is a component and no package", package.name);
        };
        assert_eq!(resolve.packages[id].name, package.name);
        let differences = shape::differences(&shape::of(&wit.resolve, package.id), &shape::of(&resolve, id));
        assert!(differences.is_empty(), "{differences:?}");
        assert_eq!(printed(&resolve, id), printed(&wit.resolve, package.id));
    }
}

#[test]
fn the_same_packages_give_the_same_bytes() {
    let (first, second) = (folder("first"), folder("second"));
    let mut all = [BTreeMap::new(), BTreeMap::new()];
    for (dir, found) in [&first, &second].into_iter().zip(&mut all) {
        let wit = read(repository());
        oci::publish(&wit, &canonical(&wit), dir).expect("it is published");
        files(dir, found, Path::new(""));
    }
    assert_eq!(all[0].len(), 20);
    assert!(all[0] == all[1], "two runs differ");
}

#[test]
fn a_tag_stays_and_a_version_joins_it() {
    let copy = Copy::new("wit-for-tags");
    let (wit, dir) = (read(&copy.root), folder("tags"));
    let publish = |wit: &Wit| oci::publish(wit, &[wit.canonical("spi").expect("spi")], &dir);
    assert!(!publish(&wit).expect("published")[0].unchanged);
    assert!(publish(&wit).expect("published again")[0].unchanged);

    copy.edit("wit/spi/0.2.0-draft/spi.wit", "open: func(name: string)", "open: func(label: string)");
    let error = publish(&read(&copy.root)).expect_err("the tag is taken");
    assert!(error.to_string().contains("has another package under the tag 0.2.0-draft"), "{error:#}");

    fs::rename(copy.root.join("wit/spi/0.2.0-draft"), copy.root.join("wit/spi/0.2.0")).expect("renamed");
    for file in ["wit/spi/0.2.0/spi.wit", "wit/spi/0.2.0/world.wit"] {
        let text = copy.text(file).replace("wasi:spi@0.2.0-draft;", "wasi:spi@0.2.0;");
        copy.write(file, &text);
    }
    copy.edit("proposals/spi/requirements.toml", "wasi:spi@0.2.0-draft", "wasi:spi@0.2.0");
    fs::remove_dir_all(copy.root.join("wit/conformance")).expect("it names the old version");
    publish(&read(&copy.root)).expect("a new version is published");
    let index = ImageIndex::from_file(dir.join("wasi/spi/index.json")).expect("the index");
    assert_eq!(index.manifests().len(), 2);
}

#[test]
fn what_cannot_be_published_says_why() {
    let wit = read(repository());
    let of = |name: &str| wit.packages.iter().find(|p| p.name.to_string() == name).expect("the package");
    let refused = |package: &Package, dir: &Path| {
        format!("{:#}", oci::publish(&wit, &[package], dir).expect_err("it is refused"))
    };
    let spi = of("wasi:spi@0.2.0-draft");
    let dir = folder("refused");
    let said = refused(of("wasi:spi"), &dir);
    assert_eq!(
        said,
        "`wasi:spi` cannot be published: it has no version, and a tag equals the version of its package"
    );
    assert!(!dir.exists(), "nothing is written before it is known that all can be");

    fs::create_dir_all(dir.join("wasi/spi")).expect("made");
    fs::write(dir.join("wasi/spi/notes.txt"), "").expect("written");
    assert!(refused(spi, &dir).contains("is not an OCI image layout; name an empty folder"));
    fs::write(dir.join("wasi/spi/oci-layout"), r#"{"imageLayoutVersion":"2.0.0"}"#).expect("written");
    assert!(refused(spi, &dir).contains("is an OCI image layout of version 2.0.0"));
    fs::write(dir.join("wasi/spi/oci-layout"), "{").expect("written");
    assert!(refused(spi, &dir).contains("is no OCI image layout: oci-layout is wrong: EOF"));
    fs::write(dir.join("wasi/spi/oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).expect("written");
    assert!(refused(spi, &dir).contains("index.json: cannot be read"));
    fs::write(dir.join("wasi/spi/index.json"), "[]").expect("written");
    assert!(refused(spi, &dir).contains("is no OCI image layout: index.json is wrong"));
    fs::write(dir.join("oci-layout"), "{}").expect("written");
    assert!(
        refused(spi, &dir).contains("is itself an OCI image layout, and each package has one of its own")
    );
    let file = dir.join("oci-layout");
    assert!(refused(spi, &file).contains("cannot be listed"));
}
