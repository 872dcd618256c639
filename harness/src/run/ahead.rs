//! Components made ready before the cases that need them.

use super::session::Session;
use crate::runtime::engine::panics;
use crate::suite::Case;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

impl Session {
    /// Begins to make ready the components that these cases need, all at once. The first cases of a run are of one world:
    /// they would wait for one compilation, while the other cores have nothing to do.
    pub(super) fn load_ahead(self: &Arc<Self>, cases: &[Arc<Case>]) {
        let found = cases.iter().filter_map(|case| Some((case, self.component(case).as_ref().ok()?)));
        let needed: BTreeMap<_, _> =
            found.map(|(case, (component, _))| (component.sha256.clone(), case)).collect();
        if needed.len() == 1 {
            // The first case makes it ready.
            return;
        }
        for case in needed.into_values() {
            let (session, case) = (Arc::clone(self), Arc::clone(case));
            // Nobody waits for the thread: a case waits for what it makes, or makes it itself.
            let _ = thread::Builder::new().name("loading".to_owned()).spawn(move || {
                if let Ok((component, bytes)) = session.component(&case) {
                    // A host that panics here does so again in each of its cases, which say it.
                    let _ = panics::catch(|| session.runtime.load(component, bytes));
                }
            });
        }
    }
}
