//! Recipes: one step, run while the caller waits; a caller who hangs up cancels it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::core::problem::{FieldErrors, Problem};
use crate::server::body::read_value;
use crate::server::query::{Pairs, flag, value};
use crate::server::shared::{Core, HOLD, Shared};
use crate::v2::change;
use crate::v2::kind::{self, Kind};
use crate::v2::output::{outcome, shown_output};
use crate::v2::submit::{preview, submit as accept};
use crate::v2::template::{Priority, StepTemplate, Template};

pub(super) async fn invoke(
    State(shared): Core,
    Path(name): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let knows = |kind: &Kind| shared.v2().settings().knows(kind);
    if !kind::named(&name).is_some_and(knows) {
        return Err(Problem::no_such("recipe"));
    }
    let whatif = flag(&query, "whatif", false)?;
    for other in ["experimental", "ephemeral"] {
        flag(&query, other, false)?;
    }
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
        let mut state = shared.v2();
        let settings = state.settings();
        let forbidden = settings.forbidden.as_ref();
        if let Some(reason) = forbidden.filter(|_| settings.shape.is_new()) {
            return Err(Problem::new(StatusCode::FORBIDDEN, reason));
        }
        if whatif {
            let preview = preview(&mut state, template)?;
            return Ok(Json(outcome(&state, preview)));
        }
        accept(&mut state, template, true)?
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
                let state = self.shared.v2();
                let runs = !state.store().workflow(self.workflow).is_over();
                runs.then(|| state.next_change().unwrap_or(Duration::MAX))
            })
            .await;
        let state = self.shared.v2();
        let workflow = state.store().workflow(self.workflow);
        if !workflow.is_over() {
            let detail = "The step has not ended in time.";
            return Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, detail));
        }
        let step = workflow.steps().first();
        let reason = step.and_then(|step| step.end()?.reason.clone());
        let output = step.and_then(|step| shown_output(&state, workflow, step, false));
        output.ok_or_else(|| {
            let reason = reason.unwrap_or_else(|| "The step did not succeed.".to_owned());
            Problem::new(StatusCode::BAD_REQUEST, reason)
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut state = self.shared.v2();
        if !state.store().workflow(self.workflow).is_over() {
            change::cancel(&mut state, self.workflow);
            drop(state);
            self.shared.announce();
        }
    }
}
