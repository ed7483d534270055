//! Marks what a contract has beyond the published description. The mark makes it into the
//! documentation, and lets drift tell a known addition from a difference.

use serde_json::Value;

/// On an operation, a parameter, a schema or a member: where it is known from, in words that go
/// behind "known from".
pub(crate) const EXTENSION: &str = "x-extension";
/// Beside [`EXTENSION`]: the enum values that it is about, in place of the whole.
pub(crate) const VALUES: &str = "x-extension-values";
/// On the same places and on a reply: the date of the last published description that had it. A
/// newer one has dropped it, and servers may still speak it.
pub(crate) const LAST_SEEN: &str = "x-last-seen";

/// Where something that is an addition as a whole is known from.
pub(crate) fn source(node: &Value) -> Option<String> {
    if let Some(date) = node.get(LAST_SEEN).and_then(Value::as_str) {
        return Some(format!("the description of {date}"));
    }
    let known = node.get(EXTENSION)?.as_str()?;
    node.get(VALUES).is_none().then(|| known.to_owned())
}

/// The mark of something that is an addition as a whole.
pub(crate) fn mark(node: &Value) -> Option<&'static str> {
    source(node)?;
    let last = node.get(LAST_SEEN).is_some();
    Some(if last { LAST_SEEN } else { EXTENSION })
}

/// The enum values that are additions.
pub(crate) fn values(schema: &Value) -> impl Iterator<Item = &Value> {
    let list = schema.get(VALUES).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// Where one enum value is known from, if it is an addition.
pub(crate) fn source_of_value(schema: &Value, value: &Value) -> Option<String> {
    let listed = values(schema).any(|listed| listed == value);
    let known = schema.get(EXTENSION).and_then(Value::as_str);
    known.filter(|_| listed).map(str::to_owned)
}

/// The mark as a sentence of documentation.
pub(crate) fn sentence(node: &Value) -> Option<String> {
    if let Some(date) = node.get(LAST_SEEN).and_then(Value::as_str) {
        return Some(format!(
            "No longer in the published description; last there in {date}."
        ));
    }
    let known = node.get(EXTENSION)?.as_str()?;
    let listed: Vec<String> = values(node)
        .map(|value| format!("`{}`", value.to_string().trim_matches('"')))
        .collect();
    Some(if listed.is_empty() {
        format!("Not in the published description; known from {known}.")
    } else {
        let listed = listed.join(", ");
        format!("Not in the published description, but known from {known}: {listed}.")
    })
}
