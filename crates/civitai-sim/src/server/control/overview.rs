//! What goes on, in one document: time, queues, the latest work, Buzz, faults.

use serde_json::{Value, json};

use crate::core::reply::date_text;
use crate::server::recent::Recent;
use crate::server::shared::Shared;
use crate::v1::view::{Depth, statuses};
use crate::v2::output::shown_output;
use crate::v2::state::State;
use crate::v2::wallet::Currency;
use crate::v2::workflow::Workflow;

/// Pieces of work, movements of Buzz and requests that are told, the latest first.
const TOLD: usize = 40;

pub(super) fn overview(shared: &Shared) -> Value {
    let faults: Vec<Value> = shared.faults().rules().iter().map(fault).collect();
    let requests = shared.recent.as_ref().map(Recent::latest);
    json!({
        "time": {
            "elapsed": shared.clock.now().as_secs_f64(),
            "date": date_text(shared.today()),
            "speed": shared.clock.speed().to_string(),
        },
        "v2": workflows(shared),
        "v1": jobs(shared),
        "faults": faults,
        "requests": requests,
    })
}

pub(super) fn fault(running: &crate::core::request_rule::Running) -> Value {
    json!({"rule": running.rule, "seen": running.seen, "struck": running.struck})
}

fn workflows(shared: &Shared) -> Value {
    let state = shared.v2();
    let latest = state.store().kept(state.now()).rev().take(TOLD);
    let latest: Vec<Value> = latest.map(|(_, workflow)| one(&state, workflow)).collect();
    let balances =
        Currency::ALL.map(|currency| (currency.as_str(), state.wallet().balance(currency)));
    let ledger = state.wallet().ledger().iter().rev().take(TOLD);
    let ledger: Vec<Value> = ledger
        .map(|moved| {
            json!({
                "workflow": moved.workflow,
                "currency": moved.currency.as_str(),
                "amount": moved.amount,
                "refund": moved.refund,
            })
        })
        .collect();
    let (waiting, running) = state.load();
    json!({
        "accepted": state.store().all().len(),
        "waiting": waiting,
        "running": running,
        "workflows": latest,
        "buzz": balances.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "ledger": ledger,
    })
}

fn one(state: &State, workflow: &Workflow) -> Value {
    let steps = workflow.steps().iter().map(|step| {
        let output = shown_output(state, workflow, step, false);
        let mut found = Vec::new();
        output.iter().for_each(|output| files(output, &mut found));
        json!({
            "name": step.template().name,
            "type": step.template().step_type,
            "status": step.status(state.now()).as_str(),
            "progress": step.progress(state.now()),
            "reason": step.end().and_then(|end| end.reason.clone()),
            "prompt": step.submission(0).prompt(),
            "files": found,
        })
    });
    json!({
        "id": workflow.id(),
        "status": workflow.status(state.now()).as_str(),
        "created": state.date_text(workflow.order().created),
        "cost": workflow.order().cost.total(),
        "tags": workflow.template().tags,
        "steps": steps.collect::<Vec<_>>(),
    })
}

/// The files in an output.
fn files(output: &Value, found: &mut Vec<Value>) {
    match output {
        Value::Object(members) => {
            if let (Some(id), Some(url)) = (members.get("id"), members.get("url"))
                && members.contains_key("available")
            {
                return found.push(json!({"id": id, "url": url}));
            }
            members.values().for_each(|value| files(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| files(item, found)),
        _ => {}
    }
}

fn jobs(shared: &Shared) -> Value {
    let state = shared.v1();
    let count = state.store().jobs().len();
    let latest: Vec<usize> = (0..count).rev().take(TOLD).collect();
    let latest = statuses(&state, &latest, Depth::WithEvent, &shared.blob_url);
    json!({"accepted": count, "buzz": state.wallet().balance(), "jobs": latest})
}
