//! Requests that are held until a workflow has changed or ended.

use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::core::problem::Problem;
use crate::server::query::{number, value};
use crate::server::shared::{HOLD, Shared};
use crate::v2::shape::UntilChange;
use crate::v2::trace::{next_trace, trace};

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
        let answer = shared.v2().settings().until_change();
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
                let state = shared.v2();
                let workflow = state.store().workflow(number);
                let runs = !workflow.is_over() && workflow.id().is_some();
                runs.then(|| state.next_change().unwrap_or(Duration::MAX))
            });
            held.await;
        }
        Some(Until::Changed(wait)) => {
            let before = {
                let state = shared.v2();
                trace(&state, state.store().workflow(number))
            };
            let held = shared.hold_while(wait, || {
                let state = shared.v2();
                let workflow = state.store().workflow(number);
                let stays = !workflow.is_over()
                    && workflow.id().is_some()
                    && trace(&state, workflow) == before;
                stays.then(|| next_trace(&state, workflow).unwrap_or(Duration::MAX))
            });
            held.await;
        }
        None => {}
    }
    let mut state = shared.v2();
    let workflow = state.store().workflow(number);
    let status = if workflow.is_over() || workflow.id().is_none() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (status, headers, state.text(number, hide)).into_response()
}

/// How long to hold the reply; the gateway holds none longer than its cut.
pub(super) fn seconds(query: &[(String, String)]) -> Result<Option<Duration>, Problem> {
    let wait = number(query, "wait")?.unwrap_or(0);
    let wait = Duration::from_secs(u64::try_from(wait).unwrap_or(u64::MAX));
    Ok(Some(wait.min(HOLD)).filter(|wait| !wait.is_zero()))
}
