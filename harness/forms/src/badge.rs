//! A badge: an image with world, release and claim, and the JSON from which shields.io draws one (its endpoint's
//! schema 1). Green is a whole run of a release alone; a run with a filter, or one that was ended, is grey and says so, and so
//! is one between releases, whatever the records give.

use crate::{Run, safe};
use anyhow::{Context, bail};
use askama::Template;
use serde_json::json;
use wasi_hw_harness::report::Claim;
use wasi_hw_harness::suite::release::Version;

/// The colour of what claims nothing.
const GREY: &str = "#5f6368";

/// A badge of one world.
pub struct Badge {
    label: String,
    message: String,
    color: &'static str,
}

#[derive(Template)]
#[template(path = "badge.svg", escape = "html")]
struct Image<'a> {
    label: &'a str,
    message: &'a str,
    color: &'static str,
    left: usize,
    right: usize,
    whole: usize,
}

impl Badge {
    /// The badge of a run's world. `world` may be left out where the run has one only.
    pub fn new(run: &Run, world: Option<&str>) -> anyhow::Result<Badge> {
        let worlds: Vec<_> = run.footer.worlds.keys().map(|name| safe::name(name)).collect();
        let name = match (world, &worlds[..]) {
            (Some(world), _) => world,
            (None, [only]) => only,
            (None, []) => bail!("the run has no world"),
            (None, _) => bail!("a badge is of one world: add --world, one of {}", worlds.join(", ")),
        };
        let world = run.footer.worlds.get(name).with_context(|| {
            format!("the run has no world `{}`; it has {}", safe::name(name), worlds.join(", "))
        })?;
        let release = safe::name(&run.header.suite.version);
        let released = run.header.suite.version.parse::<Version>().is_ok();
        let (claim, color) = match (world.claim, run.footer.complete) {
            (Claim::NotConformant, _) => ("not conformant", "#b3261e"),
            (_, false) => ("not a whole run", GREY),
            (Claim::Conformant, true) => ("conformant", if released { "#1a7f37" } else { GREY }),
            (Claim::Partial, true) => ("partial", "#8a5a00"),
        };
        // What a host declares that it lacks is a part of the claim.
        let lacks = match (world.claim, &world.lacks[..]) {
            (Claim::Conformant, [_, ..]) if run.footer.complete => {
                format!(" without {}", safe::name(&world.lacks.join(", ")))
            }
            _ => String::new(),
        };
        let suite = if released { "suite" } else { "not a release, suite" };
        let package = if world.package == "-" { name.to_owned() } else { safe::name(&world.package) };
        Ok(Badge { label: package, message: format!("{claim}{lacks} · {suite} {release}"), color })
    }

    /// The image, as SVG.
    pub fn svg(&self) -> anyhow::Result<String> {
        // Eleven pixels of a sans-serif; a little too wide is well.
        let width = |text: &str| 12 + text.chars().count() * 13 / 2;
        let (left, right) = (width(&self.label), width(&self.message));
        let (label, message, color) = (&*self.label, &*self.message, self.color);
        Image { label, message, color, left, right, whole: left + right }.render().context("the badge")
    }

    /// What shields.io's endpoint reads.
    pub fn endpoint(&self) -> String {
        let badge =
            json!({ "schemaVersion": 1, "label": self.label, "message": self.message, "color": self.color });
        format!("{badge}\n")
    }
}
