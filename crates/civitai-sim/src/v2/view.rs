//! Workflows as replies show them.

use serde_json::{Value, json};

use crate::core::reply::put;

use super::state::{State, USER};
use super::step_view::step_view;
use super::workflow::Workflow;

/// A workflow; with `hide`, mature content is withheld.
pub(crate) fn view(state: &State, workflow: &Workflow, hide: bool) -> Value {
    let template = workflow.template();
    let steps = workflow.steps().iter();
    let steps: Vec<Value> = steps
        .map(|step| step_view(state, workflow, step, hide))
        .collect();
    let (civitai, creators) = template.tips;
    let mut view = json!({
        "id": workflow.id(),
        "createdAt": state.date_text(workflow.order().created),
        "transactions": transactions(workflow),
        "metadata": template.metadata,
        "status": workflow.status(state.now).as_str(),
        "tags": template.tags,
        "arguments": template.arguments,
        "steps": steps,
        "callbacks": callbacks(workflow),
        "tips": {"civitai": civitai, "creators": creators},
        "cost": workflow.order().cost.view(state.settings.shape),
        "upgradeMode": if template.upgrades { "automatic" } else { "manual" },
        "currencies": template.currencies,
        "forceRefunded": false,
    });
    put(
        &mut view,
        "startedAt",
        workflow.started().map(|at| state.date_text(at).into()),
    );
    put(
        &mut view,
        "completedAt",
        workflow.ended().map(|at| state.date_text(at).into()),
    );
    put(
        &mut view,
        "nsfwLevel",
        template.nsfw_level.clone().map(Value::from),
    );
    put(
        &mut view,
        "experimental",
        template.experimental.map(Value::from),
    );
    put(
        &mut view,
        "allowMatureContent",
        template.allow_mature.map(Value::from),
    );
    put(
        &mut view,
        "ephemeral",
        template.ephemeral.then_some(true.into()),
    );
    let lane = template.download_priority;
    put(
        &mut view,
        "downloadPriority",
        lane.map(|lane| lane.as_str().into()),
    );
    let key = template.external_id.as_ref();
    put(
        &mut view,
        "externalId",
        key.map(|key| format!("{USER}-{key}").into()),
    );
    view
}

fn transactions(workflow: &Workflow) -> Value {
    let charges = workflow.order().charges.iter();
    let list: Vec<Value> = charges
        .map(|charge| {
            let mut view = json!({
                "type": if charge.refund { "credit" } else { "debit" },
                "amount": charge.amount,
                "accountType": charge.currency.as_str(),
            });
            let id = Some(charge.id.as_str()).filter(|id| !id.is_empty());
            put(&mut view, "id", id.map(Value::from));
            view
        })
        .collect();
    let mut view = json!({ "list": list });
    if workflow.id().is_none() {
        view["insufficientBuzz"] = workflow.order().lacks_buzz.into();
    }
    view
}

fn callbacks(workflow: &Workflow) -> Vec<Value> {
    let callbacks = workflow.template().callbacks.iter();
    let view = callbacks.map(|callback| {
        let mut view = json!({"url": callback.url, "type": callback.types});
        put(&mut view, "detailed", callback.detailed.map(Value::from));
        view
    });
    view.collect()
}
