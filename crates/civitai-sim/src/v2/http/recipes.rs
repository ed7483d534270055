//! Recipes: one step, run while the caller waits; a caller who hangs up cancels it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::http::{HOLD, Pairs, Shared, flag, value};
use crate::problem::{FieldErrors, Problem};

use super::super::kind::{self, Kind};
use super::super::template::{Priority, StepTemplate, Template};
use super::{Core, read_value};

pub(super) async fn invoke(
    State(shared): Core,
    Path(name): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let knows = |kind: &&Kind| shared.orchestrator().settings.v2.knows(kind);
    let kind = kind::named(&name).filter(knows);
    let kind = kind.ok_or_else(|| Problem::no_such("recipe"))?;
    let whatif = flag(&query, "whatif", false)?;
    let mature = match value(&query, "allowMatureContent") {
        Some(_) => Some(flag(&query, "allowMatureContent", false)?),
        None => None,
    };
    let input = read_value(&headers, body).await?;
    let mut errors = FieldErrors::new();
    for violation in kind::check_input(&name, &input) {
        let messages = errors.entry(violation.path().to_owned()).or_default();
        messages.push(format!("The value {}.", violation.what()));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let step = StepTemplate {
        step_type: name,
        kind,
        name: "$0".to_owned(),
        priority: Priority::Normal,
        timeout: None,
        retries: 0,
        metadata: Map::new(),
        input,
        needs: [].into(),
    };
    let template = Template::of_one(step, mature);
    let workflow = {
        let mut orchestrator = shared.orchestrator();
        let settings = &orchestrator.settings.v2;
        if let Some(reason) = settings
            .forbidden
            .as_ref()
            .filter(|_| settings.shape.is_new())
        {
            return Err(Problem::new(StatusCode::FORBIDDEN, reason));
        }
        if whatif {
            let preview = orchestrator.preview(template)?;
            return Ok(Json(orchestrator.outcome(preview)));
        }
        orchestrator.submit(template, true)?
    };
    shared.announce();
    let connection = Connection {
        shared: Arc::clone(&shared),
        workflow,
    };
    connection.finish().await.map(Json)
}

/// A caller that waits for a workflow. Dropping it cancels what has not ended.
struct Connection {
    shared: Arc<Shared>,
    workflow: usize,
}

impl Connection {
    async fn finish(self) -> Result<Value, Problem> {
        self.shared
            .hold_while(HOLD, || {
                let orchestrator = self.shared.orchestrator();
                let runs = !orchestrator.workflow(self.workflow).is_over();
                runs.then(|| orchestrator.next_change().unwrap_or(Duration::MAX))
            })
            .await;
        let orchestrator = self.shared.orchestrator();
        let workflow = orchestrator.workflow(self.workflow);
        if !workflow.is_over() {
            let detail = "The step has not ended in time.";
            return Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, detail));
        }
        let step = workflow.steps.first();
        let reason = step.and_then(|step| step.end.as_ref()?.reason.clone());
        let output = step.and_then(|step| orchestrator.shown_output(workflow, step, false));
        output.ok_or_else(|| {
            let reason = reason.unwrap_or_else(|| "The step did not succeed.".to_owned());
            Problem::new(StatusCode::BAD_REQUEST, reason)
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut orchestrator = self.shared.orchestrator();
        if !orchestrator.workflow(self.workflow).is_over() {
            orchestrator.cancel(self.workflow);
            drop(orchestrator);
            self.shared.announce();
        }
    }
}
