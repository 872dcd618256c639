//! Control transfers: the standard requests of USB 2.0 §9.4, and the requests of the fixture.

use super::bytes::Bytes;
use super::config::Reply;
use super::device::Device;
use super::pipe::{Answer, Transfer};
use crate::notation::bytes;
use crate::now::Now;
use wasi_hw_seam::usb::Status;

const GET_STATUS: u8 = 0;
const CLEAR_FEATURE: u8 = 1;
const SET_FEATURE: u8 = 3;
const GET_DESCRIPTOR: u8 = 6;
const GET_CONFIGURATION: u8 = 8;
const SET_CONFIGURATION: u8 = 9;
const GET_INTERFACE: u8 = 10;
const SET_INTERFACE: u8 = 11;

impl Device {
    /// A control transfer.
    pub(super) fn control(&mut self, transfer: &mut Transfer, now: &mut Now) -> Option<Status> {
        let setup = transfer.request.setup;
        let length = usize::from(u16::from_le_bytes([setup[6], setup[7]]));
        let answer = match transfer.answer.clone() {
            Some(answer) => answer,
            None => {
                self.line(now, format!("SETUP {}", bytes(&setup)));
                let answer = self.answer(setup, now.ns);
                transfer.answer = Some(answer.clone());
                let waits = answer.reply == Reply::Nak || answer.ready_at > now.ns;
                if waits {
                    self.line(now, "NAK 0x00");
                }
                answer
            }
        };
        let pipe = self.pipe(0);
        if answer.reply == Reply::Nak || answer.ready_at > now.ns {
            pipe.wait_until((answer.reply != Reply::Nak).then_some(answer.ready_at));
            return None;
        }
        pipe.wait_until(None);
        let input = transfer.is_in();
        let data = match answer.reply {
            Reply::Stall => return Some(Status::Stall),
            Reply::Error => return Some(Status::Error),
            Reply::Gone => {
                self.fell = true;
                return None;
            }
            Reply::Babble => {
                let packet = vec![0xba; length + 1];
                self.line(now, format!("BABBLE 0x00 [{}]", bytes(&packet)));
                return Some(Status::Overflow);
            }
            Reply::Recall(name) => self.memory.get(&name).cloned().unwrap_or_default(),
            Reply::Store(name) => {
                self.memory.insert(name, transfer.request.data.clone());
                Vec::new()
            }
            Reply::Data(data) => data.0,
            _ => Vec::new(),
        };
        if length > 0 {
            let data = if input { &data[..length.min(data.len())] } else { &transfer.request.data };
            self.line(now, format!("{} 0x00 [{}]", if input { "IN" } else { "OUT" }, bytes(data)));
            if input {
                let data = data.to_vec();
                transfer.receive(data);
            }
        }
        self.line(now, "STATUS");
        Some(Status::Completed)
    }

    fn answer(&mut self, setup: [u8; 8], now: u64) -> Answer {
        let fits = |pattern: &[Option<u8>]| {
            pattern.iter().zip(&setup).all(|(want, is)| want.is_none_or(|want| want == *is))
        };
        let rule = self.config.control.iter().position(|control| fits(&control.setup.0));
        let Some((at, rule)) = rule.map(|at| (at, &self.config.control[at])) else {
            return Answer { ready_at: now, reply: self.standard(setup).unwrap_or(Reply::Stall) };
        };
        let asked = self.asked[at];
        self.asked[at] += 1;
        let reply = rule.reply.get(asked).or(rule.reply.last()).cloned().unwrap_or(Reply::Ack);
        Answer { ready_at: now.saturating_add(rule.after_ns), reply }
    }

    /// A standard request; nothing if the device refuses it.
    fn standard(&mut self, setup: [u8; 8]) -> Option<Reply> {
        let [kind, request, value, value_high, index, ..] = setup;
        let give = |data: &[u8]| Some(Reply::Data(Bytes(data.to_vec())));
        match (kind, request) {
            (0x80, GET_DESCRIPTOR) => self.descriptor(value_high, value).map(|data| Reply::Data(Bytes(data))),
            (0x80, GET_CONFIGURATION) => give(&[self.configuration]),
            (0x00, SET_CONFIGURATION) => {
                let known = value == 0 || self.layouts.iter().any(|layout| layout.value == value);
                known.then(|| {
                    self.configuration = value;
                    self.alternates.clear();
                    self.pipes.values_mut().for_each(|pipe| pipe.device_fresh());
                    Reply::Ack
                })
            }
            (0x81, GET_INTERFACE) => {
                self.device_layout()?.has(index).then_some(())?;
                give(&[self.alternates.get(&index).copied().unwrap_or(0)])
            }
            (0x01, SET_INTERFACE) => {
                let setting = self.device_layout()?.setting(index, value)?;
                let endpoints: Vec<_> = setting.endpoints.iter().map(|endpoint| endpoint.address).collect();
                self.alternates.insert(index, value);
                endpoints.into_iter().for_each(|endpoint| self.pipe(endpoint).device_fresh());
                Some(Reply::Ack)
            }
            (0x80, GET_STATUS) => {
                let attributes = self.device_layout().map_or(0, |layout| layout.attributes);
                give(&[attributes >> 6 & 1, 0])
            }
            (0x81, GET_STATUS) => self.device_layout()?.has(index).then(|| give(&[0, 0]))?,
            (0x82, GET_STATUS) => {
                let halted = index & 0x7f != 0 && self.known(index)? && self.pipe(index).halted;
                give(&[u8::from(halted), 0])
            }
            (0x02, CLEAR_FEATURE | SET_FEATURE) if value == 0 => {
                self.known(index).filter(|known| *known)?;
                self.pipe(index).device_fresh();
                self.pipe(index).halted = request == SET_FEATURE;
                Some(Reply::Ack)
            }
            // DEVICE_REMOTE_WAKEUP, which changes nothing that could be seen here.
            (0x00, CLEAR_FEATURE | SET_FEATURE) if value == 1 => Some(Reply::Ack),
            _ => None,
        }
    }

    fn known(&self, endpoint: u8) -> Option<bool> {
        self.endpoint(endpoint).map(|_| true)
    }

    fn device_layout(&self) -> Option<&super::layout::Layout> {
        self.layouts.iter().find(|layout| self.configuration != 0 && layout.value == self.configuration)
    }

    fn descriptor(&self, kind: u8, index: u8) -> Option<Vec<u8>> {
        match kind {
            1 if index == 0 => Some(self.config.device.bytes(self.config.configuration.len())),
            2 => self.config.configuration.get(usize::from(index)).map(|bytes| bytes.0.clone()),
            // The table of languages: US English.
            3 if index == 0 && !self.config.string.is_empty() => Some(vec![4, 3, 9, 4]),
            3 => self.config.string.get(&u32::from(index)).map(|text| {
                let text: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                // The length was checked when the board was built.
                let length = u8::try_from(text.len() + 2).unwrap_or(u8::MAX);
                [&[length, 3], text.as_slice()].concat()
            }),
            _ => None,
        }
    }
}
