//! The forms of a finished report, each made from its records and nothing else: [`html`] and [`site`] for people, with a
//! [`diagram`] of each case, [`vcd`] and [`pcapng`] for the tools of engineers, [`junit`], [`markdown`] and
//! [`badge`] for what a project is built with; [`diff`] lays two runs side by side.
//!
//! A report may come from anybody. [`Run::open`] judges every record again, so that no form shows a verdict or
//! a claim which the records do not give; and whatever text of a record a form shows goes through [`safe`] first,
//! then through the escapes of that form.

pub mod badge;
mod bytes;
pub mod diagram;
pub mod diff;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod pcapng;
mod prose;
mod run;
pub mod safe;
mod sides;
pub mod site;
pub mod vcd;
mod wire;

pub use run::Run;
