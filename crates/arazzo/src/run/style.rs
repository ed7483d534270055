//! Parameters as OpenAPI writes them: `style` and `explode`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::expression::plain;

/// What a segment of a path may hold as it is.
const SEGMENT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns the text of a parameter in the path. One that is empty or leads elsewhere has none.
pub(super) fn in_path(value: &Value) -> Option<String> {
    let encoded = |text: &str| utf8_percent_encode(text, &SEGMENT).to_string();
    let text = match value {
        Value::Array(items) => items
            .iter()
            .map(|item| encoded(&plain(item)))
            .collect::<Vec<_>>()
            .join(","),
        other => encoded(&plain(other)),
    };
    let elsewhere = value.is_null() || ["", ".", ".."].contains(&text.as_str());
    (!elsewhere).then_some(text)
}

/// Returns the pairs of a parameter in the query.
pub(super) fn in_query(
    name: &str,
    value: &Value,
    style: Option<&str>,
    explode: Option<bool>,
) -> Vec<(String, String)> {
    let style = style.unwrap_or("form");
    let explode = explode.unwrap_or(style == "form" || style == "deepObject");
    let pair = |name: &str, value: String| (name.to_owned(), value);
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) if explode => {
            items.iter().map(|item| pair(name, plain(item))).collect()
        }
        Value::Array(items) => {
            let between = match style {
                "spaceDelimited" => " ",
                "pipeDelimited" => "|",
                _ => ",",
            };
            let items: Vec<_> = items.iter().map(plain).collect();
            vec![pair(name, items.join(between))]
        }
        Value::Object(members) if style == "deepObject" => members
            .iter()
            .map(|(key, value)| (format!("{name}[{key}]"), plain(value)))
            .collect(),
        Value::Object(members) if explode => members
            .iter()
            .map(|(key, value)| pair(key, plain(value)))
            .collect(),
        Value::Object(_) => vec![pair(name, simple(value))],
        other => vec![pair(name, plain(other))],
    }
}

/// Returns the text of a parameter in a header or cookie.
pub(super) fn simple(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let each = members
                .iter()
                .map(|(key, value)| format!("{key},{}", plain(value)));
            each.collect::<Vec<_>>().join(",")
        }
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_written_by_their_style() {
        for (value, style, explode, written) in [
            (json!("a b"), None, None, "n=a b"),
            (json!(5), None, None, "n=5"),
            (json!(null), None, None, ""),
            (json!([1, 2]), None, None, "n=1&n=2"),
            (json!([1, 2]), Some("form"), Some(false), "n=1,2"),
            (json!([1, 2]), Some("pipeDelimited"), Some(false), "n=1|2"),
            (json!([1, 2]), Some("spaceDelimited"), Some(false), "n=1 2"),
            (json!({"a": 1, "b": 2}), None, None, "a=1&b=2"),
            (json!({"a": 1, "b": 2}), None, Some(false), "n=a,1,b,2"),
            (json!({"a": 1}), Some("deepObject"), None, "n[a]=1"),
        ] {
            let pairs = in_query("n", &value, style, explode);
            let text: Vec<_> = pairs
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            assert_eq!(text.join("&"), written, "{value} {style:?} {explode:?}");
        }
    }

    #[test]
    fn paths_hold_one_segment() {
        for (value, written) in [
            (json!("a/b ?#c"), Some("a%2Fb%20%3F%23c")),
            (json!(7), Some("7")),
            (json!(["a", "b"]), Some("a,b")),
            (json!("urn:air:x@1"), Some("urn%3Aair%3Ax%401")),
            (json!(""), None),
            (json!(".."), None),
            (json!(null), None),
        ] {
            assert_eq!(in_path(&value).as_deref(), written, "{value}");
        }
    }
}
