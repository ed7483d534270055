//! One file in a result.

use serde_json::Value;

/// A file as its result tells of it.
#[derive(Clone, Copy)]
pub(in crate::jobs) struct Blob<'a> {
    pub(in crate::jobs) available: bool,
    pub(in crate::jobs) key: &'a str,
    pub(in crate::jobs) url: Option<&'a str>,
    /// When the link ends, as the service writes it.
    pub(in crate::jobs) expires: Option<&'a str>,
    pub(in crate::jobs) seed: Option<i64>,
}

/// Returns the files of a result, available or not; a result of another kind has none.
pub(in crate::jobs) fn blobs(result: Option<&Value>) -> Vec<Blob<'_>> {
    let items = match result {
        Some(Value::Array(items)) => items,
        Some(item) => std::slice::from_ref(item),
        None => &[],
    };
    items.iter().filter_map(blob).collect()
}

/// Reads member by member, so that one of an unknown form costs no file.
fn blob(item: &Value) -> Option<Blob<'_>> {
    let mut blob = Blob {
        available: false,
        key: "",
        url: None,
        expires: None,
        seed: None,
    };
    let mut is_blob = false;
    for (name, value) in item.as_object()? {
        match name.as_str() {
            "available" => {
                is_blob = true;
                blob.available = value.as_bool().unwrap_or(false);
            }
            "blobKey" => {
                is_blob = true;
                blob.key = value.as_str().unwrap_or_default();
            }
            "blobUrl" => blob.url = value.as_str().filter(|url| !url.is_empty()),
            "blobUrlExpirationDate" => blob.expires = value.as_str(),
            "seed" => blob.seed = value.as_i64(),
            _ => {}
        }
    }
    is_blob.then_some(blob)
}
