//! The files in a job's result, which is absent, one object or an array of objects.

use civitai_api::v1::types::JobResultBlob;
use serde_json::Value;

/// The files of a result, fetchable or not; a result of another kind has none.
pub(super) fn blobs(result: Option<&Value>) -> Vec<JobResultBlob> {
    match result {
        Some(Value::Array(items)) => items.iter().filter_map(blob).collect(),
        Some(item) => blob(item).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Reads member by member, so that one of an unknown form costs no file.
fn blob(item: &Value) -> Option<JobResultBlob> {
    let key = item.get("blobKey");
    let available = item.get("available");
    if key.is_none() && available.is_none() {
        return None;
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    Some(JobResultBlob {
        available: available.and_then(Value::as_bool).unwrap_or(false),
        blob_key: text(key).unwrap_or_default(),
        blob_url: text(item.get("blobUrl")).filter(|url| !url.is_empty()),
        blob_url_expiration_date: None,
        seed: item.get("seed").and_then(Value::as_i64),
    })
}
