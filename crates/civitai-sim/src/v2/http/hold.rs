//! Requests that are held until a workflow has changed or ended.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::http::{HOLD, Shared, value};
use crate::problem::Problem;

use super::super::shape::UntilChange;
use super::query::number;

/// What a request waits for, and how long at most.
pub(super) enum Until {
    Ended(Duration),
    Changed(Duration),
}

impl Until {
    /// Reads what a request waits for, as far as the service knows the parameter.
    pub(super) fn read(
        shared: &Shared,
        query: &[(String, String)],
        wait: Option<Duration>,
    ) -> Result<Option<Self>, Problem> {
        let answer = shared.orchestrator().settings.v2.until_change();
        let asked = value(query, "until").map(str::to_ascii_lowercase);
        let changed = match (answer, asked.as_deref()) {
            (UntilChange::Ignored, _) | (_, None) => false,
            (UntilChange::Refused, Some(_)) => {
                return Err(Problem::field(
                    "until",
                    "Is no parameter of this operation.",
                ));
            }
            (UntilChange::Served, Some("completion")) => false,
            (UntilChange::Served, Some("change")) => true,
            (UntilChange::Served, Some(_)) => {
                return Err(Problem::field("until", "Must be `completion` or `change`."));
            }
        };
        Ok(wait.map(if changed { Self::Changed } else { Self::Ended }))
    }
}

/// The workflow after the wait: 200 once it has ended, 202 where it has not.
pub(super) async fn hold(
    shared: &Shared,
    number: usize,
    until: Option<Until>,
    hide: bool,
) -> Response {
    match until {
        Some(Until::Ended(wait)) => {
            let held = shared.hold_while(wait, || {
                let orchestrator = shared.orchestrator();
                let workflow = orchestrator.workflow(number);
                let runs = !workflow.is_over() && workflow.id.is_some();
                runs.then(|| orchestrator.next_change().unwrap_or(Duration::MAX))
            });
            held.await;
        }
        Some(Until::Changed(wait)) => {
            let before = {
                let orchestrator = shared.orchestrator();
                orchestrator.trace(orchestrator.workflow(number))
            };
            let held = shared.hold_while(wait, || {
                let orchestrator = shared.orchestrator();
                let workflow = orchestrator.workflow(number);
                let stays = !workflow.is_over()
                    && workflow.id.is_some()
                    && orchestrator.trace(workflow) == before;
                stays.then(|| orchestrator.next_trace(workflow).unwrap_or(Duration::MAX))
            });
            held.await;
        }
        None => {}
    }
    let orchestrator = shared.orchestrator();
    let workflow = orchestrator.workflow(number);
    let status = if workflow.is_over() || workflow.id.is_none() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    (status, Json(orchestrator.view(workflow, hide))).into_response()
}

/// How long to hold the reply; the gateway holds none longer than its cut.
pub(super) fn seconds(query: &[(String, String)]) -> Result<Option<Duration>, Problem> {
    let wait = number(query, "wait")?.unwrap_or(0);
    let wait = Duration::from_secs(u64::try_from(wait).unwrap_or(u64::MAX));
    Ok(Some(wait.min(HOLD)).filter(|wait| !wait.is_zero()))
}
