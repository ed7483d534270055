//! What steps have made, as replies show it: planned outputs keep marks in place of links, since each
//! reply signs them anew.

use serde_json::{Value, json};

use crate::core::reply::date_text;

use super::blob_view::shown_blob;
use super::blobs::Blobs;
use super::link::{archive_link, link, link_end};
use super::marks::{ARCHIVE, BLOB, EXPIRES, LINK};
use super::merge::merge;
use super::plan::plan;
use super::state::State;
use super::status::Status;
use super::step::Step;
use super::workflow::Workflow;

/// What marks are replaced from.
struct Source<'a> {
    state: &'a State,
    blobs: &'a Blobs,
    workflow: &'a Workflow,
    hide: bool,
}

/// The output of a step as replies show it; nothing before there is any.
pub(crate) fn shown_output(
    state: &State,
    workflow: &Workflow,
    step: &Step,
    hide: bool,
) -> Option<Value> {
    let mut output = step.output().clone();
    if let Some(errors) = errors(state, step).filter(|_| step.template().kind().errors) {
        let mut nothing = step.template().kind().nothing();
        nothing["errors"] = errors;
        return Some(nothing);
    }
    if !step.succeeded() {
        let list = output.get_mut(step.template().kind().grows.as_deref()?)?;
        list.as_array_mut()?.truncate(step.grown());
        if step.grown() == 0 {
            return None;
        }
    }
    Some(unmark(&source(state, workflow, hide), output))
}

/// What a priced workflow of one step would make, without any file to be had.
pub(crate) fn outcome(state: &State, number: usize) -> Value {
    let workflow = state.store.workflow(number);
    let Some(mut step) = workflow.steps().first().cloned() else {
        return Value::Null;
    };
    let mut input = step.template().input.clone();
    if step.template().kind().merges {
        // There is nothing to merge yet, and a price is no place to fail.
        input["onMissing"] = json!("partial");
        input = merge(&input, &|_| None).unwrap_or(input);
    }
    step.resolve(input);
    let (output, planned) = plan(state, number, &step);
    let mut blobs = Blobs::default();
    blobs.plan(planned);
    let source = Source {
        blobs: &blobs,
        ..source(state, workflow, false)
    };
    unmark(&source, output)
}

/// Why a step failed, where the service tells it beside jobs.
pub(crate) fn errors(state: &State, step: &Step) -> Option<Value> {
    let end = step.end()?;
    let failed = [Status::Failed, Status::Expired].contains(&end.status);
    let reason = end.reason.as_ref().filter(|_| failed)?;
    state.settings.shape.is_new().then(|| json!([reason]))
}

fn source<'a>(state: &'a State, workflow: &'a Workflow, hide: bool) -> Source<'a> {
    Source {
        state,
        blobs: &state.blobs,
        workflow,
        hide,
    }
}

/// Puts what is known now in the place of marks.
fn unmark(source: &Source<'_>, value: Value) -> Value {
    let state = source.state;
    match value {
        Value::Array(items) => {
            let items = items.into_iter();
            items.map(|item| unmark(source, item)).collect()
        }
        Value::Object(members) => {
            if let Some(id) = members.get(BLOB).and_then(Value::as_str) {
                let typed = members.contains_key("typed");
                return source.blobs.get(id).map_or(Value::Null, |blob| {
                    shown_blob(state, blob, Some(source.workflow), typed, source.hide)
                });
            }
            if let Some(id) = members.get(LINK).and_then(Value::as_str) {
                return link(state, id, false).0.into();
            }
            if let Some(id) = members.get(ARCHIVE).and_then(Value::as_str) {
                return archive_link(state, id).into();
            }
            if members.contains_key(EXPIRES) {
                return date_text(link_end(state)).into();
            }
            let members = members.into_iter();
            let shown = members.map(|(name, value)| {
                let value = unmark(source, value);
                (name, value)
            });
            Value::Object(shown.collect())
        }
        other => other,
    }
}
