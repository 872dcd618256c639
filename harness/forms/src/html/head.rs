//! What stands above everything else: the host with its version, when and where it was run, and the claims.

use crate::{Run, safe};
use wasi_hw_harness::report::{self, Claim};

/// One run.
pub(crate) struct Head {
    pub(crate) host: String,
    pub(crate) homepage: Option<String>,
    pub(crate) issues: Option<String>,
    pub(crate) suite: String,
    pub(crate) digest: String,
    pub(crate) day: String,
    pub(crate) platform: String,
    pub(crate) file: String,
    /// Where the report lies, if that can be linked to.
    pub(crate) href: Option<String>,
    pub(crate) caveats: Vec<String>,
    pub(crate) worlds: Vec<World>,
}

/// What one run comes to in one world.
pub(crate) struct World {
    pub(crate) name: String,
    pub(crate) package: String,
    pub(crate) claim: String,
    pub(crate) class: &'static str,
    pub(crate) required: String,
    pub(crate) optional: String,
    pub(crate) observed: usize,
    pub(crate) remarks: Vec<String>,
}

impl Head {
    pub(crate) fn new(run: &Run, href: Option<String>) -> Head {
        let about = &run.header.runtime;
        let link = |address: &Option<String>| address.as_deref().and_then(safe::address).map(str::to_owned);
        Head {
            host: run.host(),
            homepage: link(&about.homepage),
            issues: link(&about.issues),
            suite: run.suite(),
            digest: safe::name(&run.header.suite.sha256).chars().take(12).collect(),
            day: run.day(),
            platform: run.platform(),
            file: run.file.clone(),
            href,
            caveats: run.caveats(),
            worlds: run.footer.worlds.iter().map(|(name, world)| World::new(name, world)).collect(),
        }
    }

    /// What it comes to in a world, if it has that.
    pub(crate) fn world(&self, name: &str) -> Option<&World> {
        self.worlds.iter().find(|world| world.name == name)
    }
}

impl World {
    pub(crate) fn new(name: &str, world: &report::World) -> World {
        let mut remarks = Vec::new();
        if !world.lacks.is_empty() {
            let lacks: Vec<_> = world.lacks.iter().map(|lack| safe::name(lack)).collect();
            remarks.push(format!("without {}: {} not applicable", lacks.join(", "), world.not_applicable));
        }
        if !world.not_observable.is_empty() {
            let ids: Vec<_> = world.not_observable.iter().map(|id| safe::name(id)).collect();
            remarks.push(format!("not observable at this seam: {}", ids.join(" ")));
        }
        World {
            name: safe::name(name),
            package: safe::name(&world.package),
            claim: world.claim.to_string(),
            class: match world.claim {
                Claim::Conformant => "pass",
                Claim::Partial => "part",
                Claim::NotConformant => "fail",
            },
            required: format!("{}/{}", world.required.passed, world.required.all),
            optional: format!("{}/{}", world.optional.passed, world.optional.all),
            observed: world.observed,
            remarks,
        }
    }
}
