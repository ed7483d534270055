//! What the replies of all services are written with.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// A date as replies carry it, such as `2026-01-01T00:00:10Z`.
pub(crate) fn date_text(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Sets a member that is left out where there is nothing to say.
pub(crate) fn put(view: &mut Value, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        view[name] = value;
    }
}
