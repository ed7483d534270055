//! What callers may change: metadata, tags, maturity, and cancelling.

use json_patch::Patch;
use serde_json::{Map, Value, json};

use civitai_api::v2::limits;

use crate::fields::Fields;
use crate::problem::{FieldErrors, Problem};

use super::state::Orchestrator;
use super::submission::{check_tags, flag, map, read_lane, texts};
use super::template::Priority;
use super::wallet::Currency;

/// What an update asks for.
struct Change {
    metadata: Option<Map<String, Value>>,
    tags: Option<Vec<String>>,
    allow: Option<bool>,
    lane: Option<Priority>,
    cancels: bool,
}

impl Orchestrator {
    /// Carries out an update of a workflow; members that are absent or null stay as they are.
    pub(crate) fn update(&mut self, workflow: usize, change: &Value) -> Result<(), Problem> {
        let change = self.read_change(change)?;
        // What costs Buzz comes first, since it may fail.
        if let Some(lane) = change.lane {
            self.change_lane(workflow, lane)?;
        }
        match change.allow {
            Some(true) => self.upgrade(workflow)?,
            Some(false) => self.workflows[workflow].template.allow_mature = Some(false),
            None => {}
        }
        let template = &mut self.workflows[workflow].template;
        if let Some(metadata) = change.metadata {
            template.metadata = metadata;
        }
        if let Some(tags) = change.tags {
            template.tags = tags;
        }
        if change.cancels {
            self.cancel(workflow);
        }
        Ok(())
    }

    /// The workflow with what it would cost after an update; nothing changes.
    pub(crate) fn price_of_update(&self, number: usize, change: &Value) -> Result<Value, Problem> {
        let change = self.read_change(change)?;
        let workflow = &self.workflows[number];
        let mut view = self.view(workflow, false);
        let mut cost = workflow.cost.clone();
        let mut moves = Vec::new();
        let mut lacks_buzz = false;
        if let Some(lane) = change.lane {
            let (price, parts) = self.price_of_lane(workflow, lane);
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
            lacks_buzz |= self.wallet().balance(Currency::Yellow) < amount;
        }
        view["cost"] = cost.view(self.settings.v2.shape);
        let list = view["transactions"]["list"].as_array_mut();
        let moves = moves.into_iter().map(|(kind, currency, amount)| {
            json!({"type": kind, "amount": amount, "accountType": currency.as_str()})
        });
        list.into_iter().for_each(|list| list.extend(moves.clone()));
        view["transactions"]["insufficientBuzz"] = lacks_buzz.into();
        Ok(view)
    }

    fn read_change(&self, change: &Value) -> Result<Change, Problem> {
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
        let lane = if self.settings.v2.shape.is_new() {
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
    pub(crate) fn patch(&mut self, workflow: usize, changes: &Value) -> Result<(), Problem> {
        let template = &self.workflows[workflow].template;
        let before = json!({
            "metadata": template.metadata,
            "tags": template.tags,
            "allowMatureContent": template.allow_mature,
            "status": null,
        });
        let after = patched(before.clone(), changes)?;
        // What stayed the same is no change: lifting the block on mature content costs Buzz.
        let changed = after.as_object().into_iter().flatten();
        let changed: Map<String, Value> = changed
            .filter(|(name, value)| before.get(name) != Some(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        self.update(workflow, &changed.into())
    }

    pub(crate) fn add_tag(&mut self, workflow: usize, tag: String) -> Result<(), Problem> {
        let mut tags = self.workflows[workflow].template.tags.clone();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        let mut errors = FieldErrors::new();
        check_tags(&tags, &mut errors);
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        self.workflows[workflow].template.tags = tags;
        Ok(())
    }

    /// Takes one tag off a workflow, or all.
    pub(crate) fn remove_tags(&mut self, workflow: usize, tag: Option<&str>) {
        let tags = &mut self.workflows[workflow].template.tags;
        tags.retain(|kept| tag.is_some_and(|tag| tag != kept));
    }

    /// The place of a step by its name, which is `$0` for the first where it was given none.
    pub(crate) fn step(&self, workflow: usize, name: &str) -> Result<usize, Problem> {
        let steps = &self.workflows[workflow].steps;
        let found = steps.iter().position(|step| step.template.name == name);
        found.ok_or_else(|| Problem::no_such("step"))
    }

    pub(crate) fn update_step(
        &mut self,
        workflow: usize,
        step: usize,
        change: &Value,
    ) -> Result<(), Problem> {
        let Some(metadata) = change.get("metadata").and_then(Value::as_object) else {
            return Err(Problem::field("metadata", "Must be an object."));
        };
        self.workflows[workflow].steps[step].metadata = metadata.clone();
        Ok(())
    }

    pub(crate) fn patch_step(
        &mut self,
        workflow: usize,
        step: usize,
        changes: &Value,
    ) -> Result<(), Problem> {
        let metadata = &self.workflows[workflow].steps[step].metadata;
        let after = patched(json!({ "metadata": metadata }), changes)?;
        self.update_step(workflow, step, &after)
    }
}

/// A document after a JSON patch, which must not add members of its own.
fn patched(mut document: Value, changes: &Value) -> Result<Value, Problem> {
    let members = document.as_object().map_or(0, Map::len);
    let refused =
        |what: String| Problem::field("$", format!("The patch cannot be applied: {what}."));
    let patch: Patch =
        serde_json::from_value(changes.clone()).map_err(|e| refused(e.to_string()))?;
    json_patch::patch(&mut document, &patch).map_err(|error| refused(error.to_string()))?;
    let left = document.as_object().map_or(0, Map::len);
    if left > members {
        return Err(refused(
            "it writes a member that cannot be changed".to_owned(),
        ));
    }
    Ok(document)
}
