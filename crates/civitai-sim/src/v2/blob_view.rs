//! Files as replies show them.

use serde_json::Value;

use super::blob::{Blob, MATURE};
use super::link::{link, plain_link};
use super::maturity::Maturity;
use super::state::State;
use super::workflow::Workflow;

/// A file; `workflow` is the one it belongs to, if any.
pub(crate) fn shown_blob(
    state: &State,
    blob: &Blob,
    workflow: Option<&Workflow>,
    typed: bool,
    hide: bool,
) -> Value {
    let withheld = withheld(blob, workflow, hide);
    let can_be_had = blob.made.is_some() && withheld.is_none();
    let link = can_be_had.then(|| {
        if blob.public {
            return (plain_link(state, &blob.id), None);
        }
        let (link, expires) = link(state, &blob.id, blob.streamed);
        (link, Some(expires))
    });
    blob.view(typed, link, withheld.filter(|_| blob.made.is_some()))
}

/// A file with the workflow that it belongs to, as it is shown on its own.
pub(crate) fn own_view(state: &State, blob: &Blob) -> Value {
    shown_blob(state, blob, owner(state, blob), true, false)
}

/// Whether a file must not be seen.
pub(crate) fn is_withheld(state: &State, blob: &Blob) -> bool {
    withheld(blob, owner(state, blob), false).is_some()
}

/// The workflow that a file belongs to.
fn owner<'a>(state: &'a State, blob: &Blob) -> Option<&'a Workflow> {
    let (workflow, _) = blob.maker.as_ref()?;
    state.store.all().get(*workflow)
}

/// Why a file is withheld, if it is.
fn withheld<'a>(blob: &'a Blob, workflow: Option<&Workflow>, hide: bool) -> Option<&'a str> {
    if let Some(reason) = &blob.blocked {
        return Some(reason);
    }
    let allowed = workflow.is_none_or(Workflow::allows_mature) && !hide;
    (blob.level.is_some_and(Maturity::is_mature) && !allowed).then_some(MATURE)
}
