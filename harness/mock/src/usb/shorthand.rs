//! What fixtures say in short: the descriptor of a plain device by its ids, and a request that keeps data.

use super::bytes::{Bytes, parse};
use super::config::{ControlConfig, DeviceConfig, DeviceDescriptor, Pattern, Reply};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use std::fmt;

/// The name under which `stores` keeps data.
const KEPT: &str = "kept";

impl DeviceDescriptor {
    /// The bytes, of a device with so many configurations.
    pub(super) fn bytes(&self, configurations: usize) -> Vec<u8> {
        let (vendor, product) = match self {
            DeviceDescriptor::Bytes(bytes) => return bytes.0.clone(),
            DeviceDescriptor::Plain { vendor, product } => (vendor.to_le_bytes(), product.to_le_bytes()),
        };
        let mut bytes = vec![0x12, 0x01, 0x00, 0x02, 0xff, 0x00, 0x00, 0x40];
        bytes.extend(vendor);
        bytes.extend(product);
        bytes.extend([0x00, 0x01, 1, 2, 3, u8::try_from(configurations).unwrap_or(u8::MAX)]);
        bytes
    }
}

impl DeviceConfig {
    /// The same device with everything written out.
    pub(super) fn written_out(&self) -> Result<DeviceConfig, String> {
        let mut config = self.clone();
        config.device = DeviceDescriptor::Bytes(Bytes(self.device.bytes(self.configuration.len())));
        if let Some(Pattern(out)) = config.stores.take() {
            let mut back = out.clone();
            match back.first_mut() {
                Some(Some(request_type)) if *request_type & 0x80 == 0 => *request_type |= 0x80,
                _ => {
                    return Err(
                        "`stores` begins with the type of a request that sends data, such as 40".to_owned()
                    );
                }
            }
            let rule =
                |setup, reply| ControlConfig { setup: Pattern(setup), reply: vec![reply], after_ns: 0 };
            config.control.push(rule(out, Reply::Store(KEPT.to_owned())));
            config.control.push(rule(back, Reply::Recall(KEPT.to_owned())));
        }
        Ok(config)
    }
}

impl<'de> Deserialize<'de> for DeviceDescriptor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<DeviceDescriptor, D::Error> {
        struct Both;
        impl<'de> Visitor<'de> for Both {
            type Value = DeviceDescriptor;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the ids of a plain device, such as \"1209:0001\", or the descriptor's bytes")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<DeviceDescriptor, E> {
                match text.split_once(':') {
                    None => parse(text).map(Bytes).map(DeviceDescriptor::Bytes).map_err(E::custom),
                    Some((vendor, product)) => match (id(vendor), id(product)) {
                        (Some(vendor), Some(product)) => Ok(DeviceDescriptor::Plain { vendor, product }),
                        _ => {
                            Err(E::custom(format!("`{text}` is not VENDOR:PRODUCT in four hex digits each")))
                        }
                    },
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<DeviceDescriptor, A::Error> {
                Bytes::deserialize(SeqAccessDeserializer::new(list)).map(DeviceDescriptor::Bytes)
            }
        }
        from.deserialize_any(Both)
    }
}

fn id(text: &str) -> Option<u16> {
    let hex = text.len() == 4 && text.bytes().all(|c| c.is_ascii_hexdigit());
    u16::from_str_radix(text, 16).ok().filter(|_| hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written_out(text: &str) -> Result<DeviceConfig, String> {
        toml::from_str::<DeviceConfig>(text).map_err(|error| error.to_string())?.written_out()
    }

    #[test]
    fn ids_stand_for_a_descriptor_and_stores_for_two_requests() {
        let short = written_out(
            "device = \"1209:0102\"\nconfiguration = [\"00\", \"01\"]\nstores = \"40 01\"\n\
             control = [{ setup = \"c0 01 09\", reply = [\"nak\"] }]",
        );
        let long = written_out(
            "device = \"12 01 00 02 ff 00 00 40 09 12 02 01 00 01 01 02 03 02\"\nconfiguration = [\"00\", \"01\"]\n\
             control = [{ setup = \"c0 01 09\", reply = [\"nak\"] },\n\
               { setup = \"40 01\", reply = [{ store = \"kept\" }] },\n\
               { setup = \"c0 01\", reply = [{ recall = \"kept\" }] }]",
        );
        assert_eq!(format!("{:?}", short.unwrap()), format!("{:?}", long.unwrap()));
    }

    #[test]
    fn what_stands_for_nothing_is_an_error() {
        for bad in ["device = \"1209:1\"", "device = \"1209:000g\"", "device = \"12:34:56\"", "device = 7"] {
            assert!(written_out(bad).is_err(), "{bad}");
        }
        for bad in ["c0 01", ".. 01", ""] {
            let error = written_out(&format!("stores = \"{bad}\"")).unwrap_err();
            assert!(error.contains("`stores`"), "{error}");
        }
    }
}
