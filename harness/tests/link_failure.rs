//! A host whose types are not the package's gets `link-failure`, which names the item and the types.

use std::sync::Arc;
use wasi_hw_harness::report::{Claim, Verdict};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::runtime::About;
use wasi_hw_harness::runtime::engine::InProcess;
use wasi_hw_harness::runtime::reference::Reference;
use wasi_hw_harness::suite::Suite;

/// Upstream's interface at f1a086a: `write` returns `result<error>`, which is its success.
#[expect(unreachable_pub, reason = "the bindings export what they are given")]
mod upstream {
    wasmtime::component::bindgen!({
        inline: "
            package wasi:spi@0.2.0-draft;
            interface spi {
                variant error { overrun, mode-fault, frame-format, chip-select-fault, other(string) }
                variant operation { read(u64), write(list<u8>), transfer(list<u8>), delay-ns(u32) }
                variant operation-result { read(list<u8>), write, transfer(list<u8>), delay }
                resource spi-device {
                    read: func(len: u64) -> result<list<u8>, error>;
                    write: func(data: list<u8>) -> result<error>;
                    transfer: func(data: list<u8>) -> result<list<u8>, error>;
                    transaction: func(operations: list<operation>) -> result<list<operation-result>, error>;
                }
                open: func(name: string) -> result<spi-device, error>;
            }
            world imports { import spi; }
        ",
        imports: { default: trappable },
        with: { "wasi:spi/spi.spi-device": Nothing },
    });

    /// No guest gets as far as having one.
    pub struct Nothing;
}

struct Upstream;

impl wasmtime::component::HasData for Upstream {
    type Data<'a> = Upstream;
}

mod host {
    use super::Upstream;
    use super::upstream::Nothing;
    use super::upstream::wasi::spi::spi::{Error, Host, HostSpiDevice, Operation, OperationResult};
    use wasmtime::component::Resource;

    type Device = Resource<Nothing>;
    type Answer<T> = wasmtime::Result<Result<T, Error>>;

    impl Host for Upstream {
        fn open(&mut self, _: String) -> Answer<Device> {
            Ok(Err(Error::Overrun))
        }
    }

    impl HostSpiDevice for Upstream {
        fn read(&mut self, _: Device, _: u64) -> Answer<Vec<u8>> {
            Ok(Err(Error::Overrun))
        }

        fn write(&mut self, _: Device, _: Vec<u8>) -> wasmtime::Result<Result<Error, ()>> {
            Ok(Err(()))
        }

        fn transfer(&mut self, _: Device, _: Vec<u8>) -> Answer<Vec<u8>> {
            Ok(Err(Error::Overrun))
        }

        fn transaction(&mut self, _: Device, _: Vec<Operation>) -> Answer<Vec<OperationResult>> {
            Ok(Err(Error::Overrun))
        }

        fn drop(&mut self, _: Device) -> wasmtime::Result<()> {
            Ok(())
        }
    }
}

fn why(host: Reference) -> String {
    let suite = Suite::discover(&Suite::default_root());
    let session = Arc::new(Session::new(Arc::new(suite), Box::new(InProcess::new(host).unwrap())));
    let cases: Vec<_> = session.suite.cases.iter().filter(|case| case.proposal == "spi").cloned().collect();
    let records = session.run_all(&cases, |_, _| {});
    assert!(!records.is_empty());
    for record in &records {
        assert_eq!(record.verdict, Verdict::LinkFailure, "{}", record.case);
        // No guest code has run.
        assert!(record.guests.iter().all(|guest| guest.transcript.is_empty()), "{}", record.case);
    }
    assert_eq!(session.footer(&records).worlds["spi"].claim, Claim::NotConformant);
    records[0].why.clone().unwrap()
}

#[test]
fn a_write_of_upstream_s_type_is_named_with_the_type_that_the_guest_needs() {
    let link_spi = |linker: &mut wasmtime::component::Linker<_>| {
        upstream::wasi::spi::spi::add_to_linker::<_, Upstream>(linker, |_| Upstream)
    };
    let why = why(Reference { link_spi, ..Reference::default() });
    // wasmtime says of the host's type where it differs; that is the middle part.
    for part in [
        "wasi:spi/spi@0.2.0-draft",
        "[method]spi-device.write",
        "expected no `ok` type",
        "the guest needs `write: func(data: list<u8>) -> result<_, error>`",
    ] {
        assert!(why.contains(part), "{part} is not in: {why}");
    }
}

#[test]
fn a_package_of_another_version_is_named() {
    // The host has the variant without a version only, and claims the canonical package.
    let why = why(Reference {
        link_spi: wasi_hw_wasmtime::spi::unversioned::add_to_linker,
        ..Reference::default()
    });
    let near = "(the host has `wasi:spi/spi`, which is not the same)";
    assert_eq!(why, format!("`wasi:spi/spi@0.2.0-draft` is missing {near}"));
    let about = About { packages: vec!["wasi:spi".to_owned()], ..Reference::default().about };
    let link_spi = wasi_hw_wasmtime::spi::add_to_linker;
    let why = self::why(Reference { about, link_spi, ..Reference::default() });
    let near = "(the host has `wasi:spi/spi@0.2.0-draft`, which is not the same)";
    assert_eq!(why, format!("`wasi:spi/spi` is missing {near}"));
}

#[test]
fn a_host_that_has_nothing_of_the_package_is_told_so_in_one_sentence() {
    let why = why(Reference { link_spi: |_| Ok(()), ..Reference::default() });
    assert_eq!(why, "`wasi:spi/spi@0.2.0-draft` is missing");
}
