//! Descriptors (USB 2.0 §9.6), as devices send them and as they lie in a guest's memory. The bytes may be anything: what is
//! whole counts, and reading stops where they stop making sense.

use crate::abi::{Call, Ran, laid_out, list};

const DEVICE: u8 = 1;
const CONFIGURATION: u8 = 2;
const INTERFACE: u8 = 4;
const ENDPOINT: u8 = 5;

/// A device descriptor, if it is one.
pub fn device(bytes: &[u8]) -> Option<&[u8; 18]> {
    bytes.first_chunk().filter(|head: &&[u8; 18]| head[0] == 18 && head[1] == DEVICE)
}

/// A configuration: its own nine bytes, and the alternate settings, those of one interface together.
pub struct Configuration {
    head: [u8; 9],
    settings: Vec<Setting>,
}

/// An alternate setting: its own nine bytes, and its endpoints' nine, of which the last two are often 0.
struct Setting {
    head: [u8; 9],
    endpoints: Vec<[u8; 9]>,
}

impl Configuration {
    /// Reads one.
    pub fn read(bytes: &[u8]) -> Option<Configuration> {
        let head = *bytes.first_chunk::<9>().filter(|head| head[0] >= 9 && head[1] == CONFIGURATION)?;
        let total = usize::from(u16::from_le_bytes([head[2], head[3]])).min(bytes.len());
        let mut rest = bytes.get(usize::from(head[0])..total).unwrap_or_default();
        let mut settings: Vec<Setting> = Vec::new();
        // Whether the last interface was one: endpoints after one that is too short belong to nobody.
        let mut open = false;
        while let [length, kind, ..] = *rest {
            // Each has at least these two bytes.
            if length < 2 {
                break;
            }
            let Some((descriptor, after)) = rest.split_at_checked(length.into()) else { break };
            rest = after;
            if kind == INTERFACE {
                open = false;
                if let Some(head) = descriptor.first_chunk() {
                    open = true;
                    settings.push(Setting { head: *head, endpoints: Vec::new() });
                }
            } else if let (ENDPOINT, true, 7.., Some(setting)) = (kind, open, length, settings.last_mut()) {
                let mut endpoint = [0; 9];
                let known = descriptor.len().min(9);
                endpoint[..known].copy_from_slice(&descriptor[..known]);
                setting.endpoints.push(endpoint);
            }
        }
        // Where the first setting of an interface stands, all of them do.
        let order: Vec<u8> = settings.iter().map(Setting::interface).collect();
        settings.sort_by_key(|setting| order.iter().position(|number| *number == setting.interface()));
        Some(Configuration { head, settings })
    }

    /// bConfigurationValue.
    pub fn value(&self) -> u8 {
        self.head[5]
    }

    /// Whether an endpoint belongs to an interface of which `has` is true.
    pub fn has(&self, endpoint: u8, has: impl Fn(u8) -> bool) -> bool {
        let mut settings = self.settings.iter().filter(|setting| has(setting.interface()));
        settings.any(|setting| setting.endpoints.iter().any(|bytes| bytes[2] == endpoint))
    }

    /// Puts it into memory: `configuration-descriptor`, 16 bytes, and the lists in it.
    pub fn write(&self, call: &mut Call<'_>, at: u32) -> Ran {
        // A list stands where the descriptor has how many there are.
        let record =
            |head: &[u8; 9], inner| laid_out(16, &[(0, &head[..4]), (4, &list(inner)), (12, &head[5..])]);
        let settings = call.give(&vec![0; 16 * self.settings.len()], self.settings.len(), 4)?;
        for (place, setting) in (settings[0]..).step_by(16).zip(&self.settings) {
            let each = setting.endpoints.iter();
            let bytes: Vec<u8> = each.flat_map(|bytes| bytes.iter().copied().chain([0])).collect();
            let endpoints = call.give(&bytes, setting.endpoints.len(), 2)?;
            call.write(place, &record(&setting.head, endpoints))?;
        }
        call.write(at, &record(&self.head, settings))
    }
}

impl Setting {
    fn interface(&self) -> u8 {
        self.head[2]
    }
}
