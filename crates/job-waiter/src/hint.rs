//! What a service asks for before the next request. It is read on every answer, errors included, and
//! counts for the next pause alone.

use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;

use crate::path;
use crate::spec::{Hint, Unit, Waiter};

/// Returns the pause that an answer asks for, the first of the hints that is there.
pub(crate) fn pause(
    waiter: &Waiter,
    headers: &HeaderMap,
    body: Option<&Value>,
) -> Option<Duration> {
    let found = waiter.hints.iter().find_map(|hint| match *hint {
        Hint::Header(name, Unit::Seconds) => http_hints::pause(headers, name),
        Hint::Header(name, unit) => read(headers.get(name)?.to_str().ok()?.trim(), unit),
        Hint::Body(at, unit) => read(&path::text(body?, at)?, unit),
    });
    found.map(|pause| pause.max(waiter.pace.floor.unwrap_or_default()))
}

/// Writes a time as a parameter.
pub(crate) fn write(time: Duration, unit: Unit) -> String {
    match unit {
        Unit::Seconds => time.as_secs().max(1).to_string(),
        Unit::Millis => time.as_millis().to_string(),
        Unit::Suffixed => format!("{}s", time.as_secs().max(1)),
    }
}

fn read(text: &str, unit: Unit) -> Option<Duration> {
    let number = text.trim_end_matches('s').trim().parse::<f64>().ok()?;
    let seconds = match unit {
        Unit::Seconds | Unit::Suffixed => number,
        Unit::Millis => number / 1000.0,
    };
    Duration::try_from_secs_f64(seconds).ok()
}
