//! What callers may change: metadata, tags, maturity, and cancelling.

use civitai_api::v2::limits;
use serde_json::{Map, Value, json};

use crate::core::fields::Fields;
use crate::core::problem::{FieldErrors, Problem};

use super::events::emit;
use super::patch::patched;
use super::prepare::change_lane;
use super::price::price_of_lane;
use super::settle::upgrade;
use super::state::State;
use super::status::Status;
use super::step_run::end_step;
use super::submission::{check_tags, flag, map, read_lane, texts};
use super::template::Priority;
use super::view::view;
use super::wallet::Currency;

/// What an update asks for.
struct Change {
    metadata: Option<Map<String, Value>>,
    tags: Option<Vec<String>>,
    allow: Option<bool>,
    lane: Option<Priority>,
    cancels: bool,
}

/// Carries out an update of a workflow; members that are absent or null stay as they are.
pub(crate) fn update(state: &mut State, workflow: usize, change: &Value) -> Result<(), Problem> {
    let change = read_change(state, change)?;
    // What costs Buzz comes first, since it may fail.
    if let Some(lane) = change.lane {
        change_lane(state, workflow, lane)?;
    }
    match change.allow {
        Some(true) => upgrade(state.store.edit(workflow), &mut state.wallet)?,
        Some(false) => state.store.edit(workflow).allow_mature(false),
        None => {}
    }
    let edited = state.store.edit(workflow);
    if let Some(metadata) = change.metadata {
        edited.set_metadata(metadata);
    }
    if let Some(tags) = change.tags {
        edited.set_tags(tags);
    }
    if change.cancels {
        cancel(state, workflow);
    }
    Ok(())
}

/// Stops everything of a workflow that has not ended.
pub(crate) fn cancel(state: &mut State, workflow: usize) {
    for step in 0..state.store.workflow(workflow).steps().len() {
        let reason = Some("canceled".to_owned());
        end_step(state, workflow, step, Status::Canceled, reason);
    }
    emit(state);
}

/// Stops a workflow and forgets it and its files.
pub(crate) fn delete(state: &mut State, workflow: usize) {
    cancel(state, workflow);
    state.store.edit(workflow).delete();
    state.blobs.forget(workflow);
}

/// The workflow with what it would cost after an update; nothing changes.
pub(crate) fn price_of_update(
    state: &State,
    number: usize,
    change: &Value,
) -> Result<Value, Problem> {
    let change = read_change(state, change)?;
    let workflow = state.store.workflow(number);
    let mut shown = view(state, workflow, false);
    let mut cost = workflow.order().cost.clone();
    let mut moves = Vec::new();
    let mut lacks_buzz = false;
    if let Some(lane) = change.lane {
        let (price, parts) = price_of_lane(state, workflow, lane);
        cost.boost += price;
        lacks_buzz = parts.is_none();
        let parts = parts.unwrap_or_default().into_iter();
        moves.extend(parts.map(|(currency, amount)| ("debit", currency, amount)));
    }
    if change.allow == Some(true) {
        let paid = workflow.paid().into_iter();
        let other: Vec<_> = paid.filter(|(one, _)| *one != Currency::Yellow).collect();
        let amount: u64 = other.iter().map(|(_, amount)| amount).sum();
        moves.extend(other.iter().map(|(one, amount)| ("credit", *one, *amount)));
        moves.extend((amount > 0).then_some(("debit", Currency::Yellow, amount)));
        lacks_buzz |= state.wallet.balance(Currency::Yellow) < amount;
    }
    shown["cost"] = cost.view(state.settings.shape);
    let list = shown["transactions"]["list"].as_array_mut();
    let moves = moves.into_iter().map(|(kind, currency, amount)| {
        json!({"type": kind, "amount": amount, "accountType": currency.as_str()})
    });
    list.into_iter().for_each(|list| list.extend(moves.clone()));
    shown["transactions"]["insufficientBuzz"] = lacks_buzz.into();
    Ok(shown)
}

fn read_change(state: &State, change: &Value) -> Result<Change, Problem> {
    let mut errors = FieldErrors::new();
    for violation in limits::UPDATE_WORKFLOW_REQUEST.check(change) {
        let message = format!("The value {}.", violation.what());
        errors.insert(violation.path().to_owned(), vec![message]);
    }
    let nothing = Map::new();
    let fields = Fields::new("", change.as_object().unwrap_or(&nothing));
    let metadata = fields
        .value("metadata")
        .map(|_| map(&fields, "metadata", &mut errors));
    let tags = fields.value("tags").map(|tags| texts(Some(tags)));
    if let Some(tags) = &tags {
        check_tags(tags, &mut errors);
    }
    let allow = flag(&fields, "allowMatureContent", &mut errors);
    let lane = if state.settings.shape.is_new() {
        read_lane(&fields, &mut errors)
    } else {
        None
    };
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    Ok(Change {
        metadata,
        tags,
        allow,
        lane,
        cancels: fields.value("status").is_some(),
    })
}

/// Applies a JSON patch to what may change of a workflow.
pub(crate) fn patch(state: &mut State, workflow: usize, changes: &Value) -> Result<(), Problem> {
    let template = state.store.workflow(workflow).template();
    let before = json!({
        "metadata": template.metadata,
        "tags": template.tags,
        "allowMatureContent": template.allow_mature,
        "status": null,
    });
    let mut after = patched(&before, changes)?;
    // What is taken away is empty from then on.
    after.entry("metadata").or_insert_with(|| json!({}));
    after.entry("tags").or_insert_with(|| json!([]));
    // What stayed the same is no change: lifting the block on mature content costs Buzz.
    after.retain(|name, value| before.get(name) != Some(value));
    update(state, workflow, &after.into())
}

pub(crate) fn add_tag(state: &mut State, workflow: usize, tag: String) -> Result<(), Problem> {
    let mut tags = state.store.workflow(workflow).template().tags.clone();
    if !tags.contains(&tag) {
        tags.push(tag);
    }
    let mut errors = FieldErrors::new();
    check_tags(&tags, &mut errors);
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    state.store.edit(workflow).set_tags(tags);
    Ok(())
}

/// Takes one tag off a workflow, or all.
pub(crate) fn remove_tags(state: &mut State, workflow: usize, tag: Option<&str>) {
    let mut tags = state.store.workflow(workflow).template().tags.clone();
    tags.retain(|kept| tag.is_some_and(|tag| tag != kept));
    state.store.edit(workflow).set_tags(tags);
}

pub(crate) fn update_step(
    state: &mut State,
    workflow: usize,
    step: usize,
    change: &Value,
) -> Result<(), Problem> {
    let Some(metadata) = change.get("metadata").and_then(Value::as_object) else {
        return Err(Problem::field("metadata", "Must be an object."));
    };
    let step = state.store.edit_step(workflow, step);
    step.set_metadata(metadata.clone());
    Ok(())
}

pub(crate) fn patch_step(
    state: &mut State,
    workflow: usize,
    step: usize,
    changes: &Value,
) -> Result<(), Problem> {
    let metadata = state.store.step(workflow, step).metadata();
    let mut after = patched(&json!({ "metadata": metadata }), changes)?;
    after.entry("metadata").or_insert_with(|| json!({}));
    update_step(state, workflow, step, &after.into())
}
