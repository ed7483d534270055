//! Values of an input that refer to something else: `{"$ref": "hero", "path": "output.images[0].url"}`.

use serde_json::Value;

/// The source that stands for the arguments of the workflow.
pub(crate) const ARGUMENTS: &str = "$arguments";

/// A reference and where it stands.
#[derive(Debug, PartialEq)]
pub(crate) struct Reference<'a> {
    /// Where it stands, such as `steps[1].input.image`.
    pub(crate) place: String,
    /// What it refers to: a step's name, or the arguments.
    pub(crate) source: &'a str,
    /// The path within the source.
    pub(crate) path: &'a str,
}

/// All references inside a value that stands at `place`.
pub(crate) fn find<'a>(value: &'a Value, place: &str, found: &mut Vec<Reference<'a>>) {
    if let Some((source, path)) = read(value) {
        let place = place.to_owned();
        return found.push(Reference {
            place,
            source,
            path,
        });
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                find(value, &format!("{place}.{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                find(value, &format!("{place}[{index}]"), found);
            }
        }
        _ => {}
    }
}

/// The value with every reference replaced by what it leads to.
///
/// # Errors
///
/// Tells which reference leads nowhere.
pub(crate) fn resolve(
    value: &Value,
    source: &impl Fn(&str) -> Option<Value>,
) -> Result<Value, String> {
    if let Some((name, path)) = read(value) {
        let found = source(name).and_then(|source| look_up(&source, path));
        return found.ok_or_else(|| format!("`{path}` of `{name}` leads to nothing."));
    }
    Ok(match value {
        Value::Object(members) => {
            let resolved = members
                .iter()
                .map(|(name, value)| Ok((name.clone(), resolve(value, source)?)));
            Value::Object(resolved.collect::<Result<_, String>>()?)
        }
        Value::Array(items) => {
            let resolved = items.iter().map(|item| resolve(item, source));
            Value::Array(resolved.collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

/// The value at a path of names, dots and `[n]`.
pub(crate) fn look_up(value: &Value, path: &str) -> Option<Value> {
    let mut at = value;
    for part in path.split('.') {
        let (name, indices) = part.split_once('[').unwrap_or((part, ""));
        if !name.is_empty() {
            at = at.get(name)?;
        }
        for index in indices.split('[').filter(|index| !index.is_empty()) {
            at = at.get(index.strip_suffix(']')?.parse::<usize>().ok()?)?;
        }
    }
    Some(at.clone()).filter(|found| !found.is_null())
}

fn read(value: &Value) -> Option<(&str, &str)> {
    let text = |name| value.get(name).and_then(Value::as_str);
    Some((text("$ref")?, text("path")?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_through_members_and_lists() {
        let value = json!({"output": {"images": [{"url": "a"}, {"url": null}], "grid": [[1, 2]]}});
        for (path, found) in [
            ("output.images[0].url", Some(json!("a"))),
            ("output.grid[0][1]", Some(json!(2))),
            ("output.images[1].url", None),
            ("output.images[2].url", None),
            ("output.images[x]", None),
            ("input", None),
        ] {
            assert_eq!(look_up(&value, path), found, "{path}");
        }
    }

    #[test]
    fn references_are_found_and_replaced_wherever_they_stand() {
        let one = json!({"$ref": "hero", "path": "output.url"});
        let input = json!({"image": one, "more": [1, {"deep": one}]});
        let mut found = Vec::new();
        find(&input, "input", &mut found);
        let places: Vec<_> = found.iter().map(|one| one.place.as_str()).collect();
        assert_eq!(places, ["input.image", "input.more[1].deep"]);
        let source = |name: &str| (name == "hero").then(|| json!({"output": {"url": "u"}}));
        let resolved = resolve(&input, &source).unwrap();
        assert_eq!(resolved, json!({"image": "u", "more": [1, {"deep": "u"}]}));
        assert!(resolve(&json!({"$ref": "villain", "path": "x"}), &source).is_err());
    }
}
