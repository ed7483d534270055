//! Moving time and ordering faults.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::core::request_rule::RequestRule;
use crate::core::speed::Speed;
use crate::server::shared::Core;

use super::overview::fault;

type Refusal = (StatusCode, Json<Value>);

/// What is to become of time.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Time {
    /// `0`, `max`, or how many times as fast as on the wall.
    speed: Option<String>,
    /// Seconds to move on by.
    advance: Option<f64>,
}

pub(super) async fn time(State(shared): Core, body: String) -> Result<Json<Value>, Refusal> {
    let time: Time = read(&body)?;
    if let Some(speed) = &time.speed {
        let speed = speed
            .parse::<Speed>()
            .map_err(|error| refusal(&error.to_string()))?;
        shared.set_speed(speed);
    }
    if let Some(seconds) = time.advance {
        let by = Duration::try_from_secs_f64(seconds);
        let by = by.map_err(|_| refusal("`advance` takes seconds, not below 0"))?;
        shared.advance(by);
    }
    let now = shared.clock.now().as_secs_f64();
    Ok(Json(
        json!({ "elapsed": now, "speed": shared.clock.speed().to_string() }),
    ))
}

pub(super) async fn faults(State(shared): Core) -> Json<Value> {
    let rules: Vec<Value> = shared.faults().rules().iter().map(fault).collect();
    Json(rules.into())
}

/// Adds a rule, in the words of a scenario file.
pub(super) async fn add_fault(State(shared): Core, body: String) -> Result<StatusCode, Refusal> {
    let rule: RequestRule = read(&body)?;
    shared.faults().add(rule);
    shared.announce();
    Ok(StatusCode::CREATED)
}

pub(super) async fn clear_faults(State(shared): Core) -> StatusCode {
    shared.faults().clear();
    shared.announce();
    StatusCode::NO_CONTENT
}

fn read<'de, T: Deserialize<'de>>(body: &'de str) -> Result<T, Refusal> {
    serde_json::from_str(body).map_err(|error| refusal(&error.to_string()))
}

fn refusal(why: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why })))
}
