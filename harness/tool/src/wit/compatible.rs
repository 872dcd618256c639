//! Whether a package keeps the promise of its version towards the release before it.

use super::{Package, Wit};
use wasi_hw_harness::suite::problem::Problem;
use wit_parser::PackageName;

/// Compares a package with the last release before it, and says what was compared.
pub(super) fn check(wit: &Wit, package: &Package, problems: &mut Vec<Problem>) -> String {
    let Some(version) = &package.name.version else {
        return "no version, so no release to compare with".into();
    };
    let same_name =
        |p: &&Package| p.name.namespace == package.name.namespace && p.name.name == package.name.name;
    let earlier = wit.packages.iter().filter(same_name).filter(|p| p.name.version.as_ref() < Some(version));
    let earlier = earlier.filter_map(|p| Some((p.name.version.as_ref()?, p)));
    let Some((before, earlier)) = earlier.max_by_key(|(version, _)| *version) else {
        return "no earlier release".into();
    };
    // A pre-release is its own track: it is linked by its exact version and promises nothing.
    if PackageName::version_compat_track(before) != PackageName::version_compat_track(version) {
        return format!("{before} before it, to which {version} promises nothing");
    }
    for (name, old) in wit.worlds(earlier.id) {
        let new = wit.worlds(package.id).find(|(other, _)| *other == name);
        let result = match new {
            None => Err(format!("the world `{name}` is gone")),
            Some((_, new)) => wit_component::semver_check(wit.resolve.clone(), old, new)
                .map_err(|error| format!("the world `{name}` has changed: {error:#}")),
        };
        if let Err(why) = result {
            let message = format!(
                "`{}` is no compatible successor of {}: {why}; give it a version that promises less",
                package.name,
                earlier.folder.display()
            );
            problems.push(Problem { file: package.folder.clone(), line: None, message });
        }
    }
    format!("compatible with {before}")
}
