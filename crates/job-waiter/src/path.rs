//! Paths into JSON bodies, and values as texts and numbers.

use serde_json::Value;

/// Finds what a path leads to; a null is nothing. An empty path leads to the whole.
pub(crate) fn find<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    let mut at = body;
    for step in steps(path) {
        at = child(at, &step)?;
    }
    (!at.is_null()).then_some(at)
}

/// Finds everything that a path with `*` leads to, each with its own path.
pub(crate) fn find_all<'a>(body: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    let mut found = vec![(String::new(), body)];
    for step in steps(path) {
        let mut next = Vec::new();
        for (place, value) in found {
            let below = |key: &str| match place.as_str() {
                "" => key.to_owned(),
                place => format!("{place}/{key}"),
            };
            match value {
                Value::Array(items) if step == "*" => {
                    let items = items.iter().enumerate();
                    next.extend(items.map(|(index, item)| (below(&index.to_string()), item)));
                }
                Value::Object(members) if step == "*" => {
                    next.extend(members.iter().map(|(name, item)| (below(name), item)));
                }
                value => next.extend(child(value, &step).map(|item| (below(&step), item))),
            }
        }
        found = next;
    }
    found.retain(|(_, value)| !value.is_null());
    found
}

/// Finds a text, a number or a truth, as text. Empty paths and empty texts are nothing.
pub(crate) fn text(body: &Value, path: &str) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    find(body, path)
        .and_then(plain)
        .filter(|text| !text.is_empty())
}

/// Finds a number, which may stand in a text.
pub(crate) fn number(body: &Value, path: &str) -> Option<f64> {
    match find(body, path).filter(|_| !path.is_empty())? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().trim_end_matches('%').parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A value as it stands in an address.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn child<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn steps(path: &str) -> impl Iterator<Item = String> + '_ {
    let steps = path.split('/').filter(|step| !step.is_empty());
    steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_to_one_value_or_to_many() {
        let body =
            json!({"a": {"b": [{"url": "x"}, {"url": null}, {"url": "z"}]}, "n": "7", "e": ""});
        assert_eq!(text(&body, "a/b/2/url").as_deref(), Some("z"));
        assert_eq!(text(&body, "a/b/1/url"), None);
        assert_eq!(text(&body, "e"), None);
        assert_eq!(text(&body, ""), None);
        assert_eq!(number(&body, "n"), Some(7.0));
        let all = find_all(&body, "a/b/*/url");
        let places: Vec<&str> = all.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["a/b/0/url", "a/b/2/url"]);
    }
}
