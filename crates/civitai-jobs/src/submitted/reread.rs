//! Replies that are not quite what the contract says: what can be read of them is, since whoever has
//! paid for a workflow has to be able to follow it.

use civitai_api::v2::types::{
    CursedArrayOfTelemetryCursorAndWorkflow as Page, Workflow, WorkflowStep,
};
use serde_json::{Value, json};

/// Reads a workflow that could not be decoded: a step of another form is kept as it came, and what is
/// left out counts as empty. It must tell its status and when it was made.
pub(crate) fn workflow(error: &civitai_api::Error) -> Option<Workflow> {
    loosely(body(error)?)
}

/// The same for each workflow of a page.
pub(crate) fn page(error: &civitai_api::Error) -> Option<Page> {
    let mut page = body(error)?;
    let Value::Array(items) = page.get_mut("items")?.take() else {
        return None;
    };
    let items: Option<Vec<_>> = items.into_iter().map(loosely).collect();
    let next = page.get("next").and_then(Value::as_str);
    Some(Page {
        items: items?,
        next: next.map(str::to_owned),
    })
}

fn body(error: &civitai_api::Error) -> Option<Value> {
    error.decode_error()?;
    serde_json::from_slice(error.body()?).ok()
}

fn loosely(mut reply: Value) -> Option<Workflow> {
    let steps = reply.as_object_mut()?.remove("steps");
    let tips = json!({"civitai": 0, "creators": 0});
    let empty = json!({
        "metadata": {}, "tags": [], "arguments": {}, "steps": [], "callbacks": [],
        "currencies": [], "tips": tips, "upgradeMode": "manual", "forceRefunded": false,
        "cost": {"base": 0, "total": 0, "tips": tips},
    });
    complete(&mut reply, &empty);
    let mut workflow: Workflow = serde_json::from_value(reply).ok()?;
    if let Some(Value::Array(steps)) = steps {
        workflow.steps = steps.into_iter().filter_map(step).collect();
    }
    Some(workflow)
}

/// Adds the members that an object lacks or has as null.
fn complete(value: &mut Value, with: &Value) {
    let (Value::Object(members), Value::Object(with)) = (value, with) else {
        return;
    };
    for (name, with) in with {
        match members.get_mut(name).filter(|member| !member.is_null()) {
            Some(member) => complete(member, with),
            None => drop(members.insert(name.clone(), with.clone())),
        }
    }
}

fn step(value: Value) -> Option<WorkflowStep> {
    match (serde_json::from_value(value.clone()), value) {
        (Ok(step), _) => Some(step),
        (Err(_), Value::Object(members)) => Some(WorkflowStep::Raw(members.into())),
        _ => None,
    }
}
