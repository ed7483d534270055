//! The files in a job's result, which is absent, one object or an array of objects.

use serde_json::Value;

/// A file as its result tells of it.
#[derive(Clone, Copy)]
pub(super) struct Blob<'a> {
    pub(super) available: bool,
    pub(super) key: &'a str,
    pub(super) url: Option<&'a str>,
    pub(super) seed: Option<i64>,
}

/// The files of a result, fetchable or not; a result of another kind has none.
pub(super) fn blobs(result: Option<&Value>) -> impl Iterator<Item = Blob<'_>> + Clone {
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
    let url = item.get("blobUrl").and_then(Value::as_str);
    Some(Blob {
        available: available.and_then(Value::as_bool).unwrap_or(false),
        key: key.and_then(Value::as_str).unwrap_or_default(),
        url: url.filter(|url| !url.is_empty()),
        seed: item.get("seed").and_then(Value::as_i64),
    })
}
