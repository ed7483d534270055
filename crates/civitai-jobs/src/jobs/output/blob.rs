//! One file in a result.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// A file as its result tells of it.
#[derive(Clone, Copy)]
pub(in crate::jobs) struct Blob<'a> {
    pub(in crate::jobs) available: bool,
    pub(in crate::jobs) key: &'a str,
    pub(in crate::jobs) url: Option<&'a str>,
    /// When the link ends, as the service writes it.
    expires: Option<&'a str>,
    pub(in crate::jobs) seed: Option<i64>,
}

impl Blob<'_> {
    /// When the link ends. Most polls look at files without asking, so that the date is read here.
    pub(in crate::jobs) fn expires(&self) -> Option<DateTime<Utc>> {
        self.expires?.parse().ok()
    }
}

/// Returns the files of a result, available or not; a result of another kind has none.
pub(in crate::jobs) fn blobs(result: Option<&Value>) -> impl Iterator<Item = Blob<'_>> + Clone {
    let items = match result {
        Some(Value::Array(items)) => items,
        Some(item) => std::slice::from_ref(item),
        None => &[],
    };
    items.iter().filter_map(blob)
}

/// Reads member by member, so that one of an unknown form costs no file.
fn blob(item: &Value) -> Option<Blob<'_>> {
    let key = item.get("blobKey");
    let available = item.get("available");
    if key.is_none() && available.is_none() {
        return None;
    }
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    Some(Blob {
        available: available.and_then(Value::as_bool).unwrap_or(false),
        key: key.and_then(Value::as_str).unwrap_or_default(),
        url: text("blobUrl").filter(|url| !url.is_empty()),
        expires: text("blobUrlExpirationDate"),
        seed: item.get("seed").and_then(Value::as_i64),
    })
}
