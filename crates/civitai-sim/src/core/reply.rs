//! What the replies of all services are written with.

use axum::http::HeaderValue;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// A date as replies carry it, such as `2026-01-01T00:00:10.25Z`: as .NET writes it, with seven digits of a
/// second at most.
pub(crate) fn date_text(date: DateTime<Utc>) -> String {
    let ticks = date.timestamp_subsec_nanos() / 100;
    let whole = date.to_rfc3339_opts(SecondsFormat::Secs, false);
    let whole = whole.strip_suffix("+00:00").unwrap_or(&whole);
    if ticks == 0 {
        return format!("{whole}Z");
    }
    let fraction = format!("{ticks:07}");
    format!("{whole}.{}Z", fraction.trim_end_matches('0'))
}

/// A date as the header `Date` carries it.
pub(crate) fn http_date(date: DateTime<Utc>) -> HeaderValue {
    let text = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text)
        .unwrap_or(HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}

/// Sets a member that is left out where there is nothing to say.
pub(crate) fn put(view: &mut Value, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        view[name] = value;
    }
}
