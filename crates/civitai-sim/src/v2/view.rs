//! Workflows and files as replies show them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::view::date_text;

use super::blob::{Blob, MATURE};
use super::maturity::Maturity;
use super::state::{Orchestrator, USER};
use super::workflow::Workflow;

impl Orchestrator {
    /// A workflow; with `hide`, mature content is withheld.
    pub(crate) fn view(&self, workflow: &Workflow, hide: bool) -> Value {
        let template = &workflow.template;
        let steps = workflow.steps.iter();
        let steps: Vec<Value> = steps
            .map(|step| self.step_view(workflow, step, hide))
            .collect();
        let (civitai, creators) = template.tips;
        let mut view = json!({
            "id": workflow.id,
            "createdAt": self.date(workflow.created),
            "transactions": self.transactions(workflow),
            "metadata": template.metadata,
            "status": workflow.status(self.now).as_str(),
            "tags": template.tags,
            "arguments": template.arguments,
            "steps": steps,
            "callbacks": callbacks(workflow),
            "tips": {"civitai": civitai, "creators": creators},
            "cost": workflow.cost.view(self.settings.v2.shape),
            "upgradeMode": if template.upgrades { "automatic" } else { "manual" },
            "currencies": template.currencies,
            "forceRefunded": false,
        });
        put(
            &mut view,
            "startedAt",
            workflow.started().map(|at| self.date(at).into()),
        );
        put(
            &mut view,
            "completedAt",
            workflow.ended.map(|at| self.date(at).into()),
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

    /// A file; `workflow` is the one it belongs to, if any.
    pub(crate) fn shown_blob(
        &self,
        blob: &Blob,
        workflow: Option<&Workflow>,
        typed: bool,
        hide: bool,
    ) -> Value {
        let withheld = withheld(blob, workflow, hide);
        let can_be_had = blob.made.is_some() && withheld.is_none();
        let link = can_be_had.then(|| {
            if blob.public {
                return (self.plain_link(&blob.id), None);
            }
            let (link, expires) = self.link(&blob.id, blob.streamed);
            (link, Some(expires))
        });
        blob.view(typed, link, withheld.filter(|_| blob.made.is_some()))
    }

    pub(super) fn transactions(&self, workflow: &Workflow) -> Value {
        let list: Vec<Value> = workflow
            .charges
            .iter()
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
        if workflow.id.is_none() {
            view["insufficientBuzz"] = workflow.lacks_buzz.into();
        }
        view
    }

    /// The date of an instant as replies carry it.
    pub(super) fn date(&self, at: std::time::Duration) -> String {
        date_text(self.settings.date(at))
    }

    /// When a link that is signed now stops working.
    pub(super) fn link_end(&self) -> DateTime<Utc> {
        self.settings.date(self.now + self.settings.v2.link_life)
    }
}

/// Why a file is withheld, if it is.
pub(super) fn withheld<'a>(
    blob: &'a Blob,
    workflow: Option<&Workflow>,
    hide: bool,
) -> Option<&'a str> {
    if let Some(reason) = &blob.blocked {
        return Some(reason);
    }
    let allowed = workflow.is_none_or(Workflow::allows_mature) && !hide;
    (blob.level.is_some_and(Maturity::is_mature) && !allowed).then_some(MATURE)
}

fn callbacks(workflow: &Workflow) -> Vec<Value> {
    let callbacks = workflow.template.callbacks.iter();
    let view = callbacks.map(|callback| {
        let mut view = json!({"url": callback.url, "type": callback.types});
        put(&mut view, "detailed", callback.detailed.map(Value::from));
        view
    });
    view.collect()
}

/// Sets a member that is left out where there is nothing to say.
pub(super) fn put(view: &mut Value, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        view[name] = value;
    }
}
