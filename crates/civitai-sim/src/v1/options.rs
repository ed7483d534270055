//! The members that jobs of all kinds have: when, where and how often one runs.

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::Value;

use crate::core::fields::Fields;
use crate::core::problem::FieldErrors;

use super::vocabulary::PROVIDERS;

const WHOLE: std::ops::RangeInclusive<i64> = i32::MIN as i64..=i32::MAX as i64;

/// Checks the settings of a job; returns when it expires, the one that is kept to.
pub(super) fn read_options(job: &Fields<'_>, errors: &mut FieldErrors) -> Option<DateTime<Utc>> {
    job.text("name", errors);
    job.integer("retries", 0..=*WHOLE.end(), errors);
    if let Some(url) = job.text("callbackUrl", errors)
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        job.refuse("callbackUrl", "Must be an absolute address.", errors);
    }
    if let Some(text) = job.text("timeout", errors)
        && !is_span(text)
    {
        job.refuse("timeout", "Must be a time such as 00:10:00.", errors);
    }
    priority(job, errors);
    for provider in job.texts("providers", errors) {
        if !PROVIDERS.contains(&provider) {
            let message = format!("`{provider}` is none of: {}.", PROVIDERS.join(", "));
            job.refuse("providers", message, errors);
        }
    }
    let names = job.texts("dependencies", errors);
    if (1..names.len()).any(|at| names[..at].contains(&names[at])) {
        job.refuse("dependencies", "Must not name a job twice.", errors);
    }
    date(job, "expireAt", errors)
}

/// A bare number, which published examples send, `{"value"}`, or `{"min", "max"}`.
fn priority(job: &Fields<'_>, errors: &mut FieldErrors) {
    if !job.value("priority").is_some_and(Value::is_object) {
        job.integer("priority", WHOLE, errors);
        return;
    }
    let Some(priority) = job.object("priority", errors) else {
        return;
    };
    if priority.value("value").is_some() {
        priority.integer("value", WHOLE, errors);
        return;
    }
    priority.require("min", errors);
    priority.require("max", errors);
    let min = priority.integer("min", WHOLE, errors);
    let max = priority.integer("max", WHOLE, errors);
    if min > max {
        priority.refuse("max", "Must not be below `min`.", errors);
    }
}

/// Whether a text is a time as the service writes them: `hh:mm:ss`, with days in front and a
/// fraction behind where needed.
fn is_span(text: &str) -> bool {
    let (days, time) = match text.split_once('.') {
        Some((days, time)) if !days.contains(':') => (days, time),
        _ => ("0", text),
    };
    let whole = !days.is_empty() && days.bytes().all(|byte| byte.is_ascii_digit());
    whole && NaiveTime::parse_from_str(time, "%H:%M:%S%.f").is_ok()
}

fn date(fields: &Fields<'_>, name: &str, errors: &mut FieldErrors) -> Option<DateTime<Utc>> {
    let text = fields.text(name, errors)?;
    let date = DateTime::parse_from_rfc3339(text);
    if date.is_err() {
        fields.refuse(name, "Must be a date and time with an offset.", errors);
    }
    date.ok().map(|date| date.to_utc())
}
