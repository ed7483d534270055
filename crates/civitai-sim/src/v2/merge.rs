//! The step type that merges what other steps made: values are picked by a path and reduced to one.
//!
//! The reducers are those of the contract; how `top` and `group` rank follows from the members that they
//! take: `top` gives the first item, `group` the first item of each group.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::reference;

/// What selects the rest of a path from every item of a list.
const EACH: &str = "[*]";

/// A value, and the place of the item that it came from.
type Picked = (usize, Value);

/// What was picked for one field.
struct Pick {
    values: Vec<Picked>,
    sources: usize,
    missing: usize,
}

/// Merges the fields of an input: their values and the counts, as the output has them.
///
/// # Errors
///
/// Tells which field lacks values, where the input says that none may.
pub(crate) fn merge(
    input: &Value,
    source: &impl Fn(&str) -> Option<Value>,
) -> Result<Value, String> {
    let mut fields = Map::new();
    let (mut sources, mut missing) = (0, 0);
    let wanted = input.get("fields").and_then(Value::as_object);
    for (name, field) in wanted.into_iter().flatten() {
        let text = |member| field.get(member).and_then(Value::as_str);
        let whole = text("$ref").and_then(source).unwrap_or_default();
        let pick = pick(&whole, text("path").unwrap_or_default());
        if pick.missing > 0 && input.get("onMissing") != Some(&json!("partial")) {
            let count = pick.missing;
            return Err(format!("{count} of the values of `{name}` are missing."));
        }
        sources = sources.max(pick.sources);
        missing = missing.max(pick.missing);
        fields.insert(name.clone(), reduce(field, pick.values));
    }
    Ok(json!({
        "fields": fields,
        "sourceCount": sources,
        "mergedCount": sources - missing,
        "failedCount": missing,
    }))
}

fn pick(whole: &Value, path: &str) -> Pick {
    let (list, rest) = path.split_once(EACH).unwrap_or((path, ""));
    let found = reference::look_up(whole, list);
    let items = match found {
        Some(Value::Array(items)) if path.contains(EACH) => items,
        Some(value) => vec![value],
        None => vec![Value::Null],
    };
    let mut values = Vec::new();
    let mut missing = 0;
    for (index, item) in items.iter().enumerate() {
        let before = values.len();
        below(item, rest.trim_start_matches('.'), index, &mut values);
        missing += usize::from(values.len() == before);
    }
    Pick {
        values,
        sources: items.len(),
        missing,
    }
}

/// The values at a path within one item; lists within lists become one.
fn below(item: &Value, path: &str, index: usize, values: &mut Vec<Picked>) {
    let Some((list, rest)) = path.split_once(EACH) else {
        let found = if path.is_empty() {
            Some(item.clone()).filter(|item| !item.is_null())
        } else {
            reference::look_up(item, path)
        };
        return values.extend(found.map(|value| (index, value)));
    };
    let inner = if list.is_empty() {
        Some(item.clone())
    } else {
        reference::look_up(item, list)
    };
    let inner = inner.as_ref().and_then(Value::as_array);
    for one in inner.into_iter().flatten() {
        below(one, rest.trim_start_matches('.'), index, values);
    }
}

fn reduce(field: &Value, values: Vec<Picked>) -> Value {
    let show = |picked: Option<Picked>| {
        let Some((index, value)) = picked else {
            return Value::Null;
        };
        if field.get("includeIndex") == Some(&json!(true)) {
            json!({"value": value, "index": index})
        } else {
            value
        }
    };
    let numbers = || values.iter().filter_map(|(_, value)| value.as_f64());
    let is_true = |(_, value): &Picked| value.as_bool().unwrap_or(true);
    let by_value = |a: &Picked, b: &Picked| compare(&a.1, &b.1);
    match field.get("reduce").and_then(Value::as_str) {
        Some("max") => show(values.into_iter().max_by(by_value)),
        Some("min") => show(values.into_iter().min_by(by_value)),
        Some("sum") => numbers().sum::<f64>().into(),
        Some("avg") => match numbers().count() {
            0 => Value::Null,
            count => (numbers().sum::<f64>() / count as f64).into(),
        },
        Some("count") => values.len().into(),
        Some("any") => values.iter().any(is_true).into(),
        Some("all") => values.iter().all(is_true).into(),
        Some("first") => values.into_iter().next().map_or(Value::Null, |one| one.1),
        Some("last") => values.into_iter().last().map_or(Value::Null, |one| one.1),
        Some("addToSet") => {
            let mut set = Vec::new();
            for (_, value) in values {
                if !set.contains(&value) {
                    set.push(value);
                }
            }
            set.into()
        }
        Some("top") => show(ranked(field, values).into_iter().next()),
        Some("group") => first_of_each(field, values),
        _ => values.into_iter().map(|one| show(Some(one))).collect(),
    }
}

fn first_of_each(field: &Value, values: Vec<Picked>) -> Value {
    let by = field.get("by").and_then(Value::as_str).unwrap_or_default();
    let mut groups: Vec<(Option<Value>, Value)> = Vec::new();
    for (_, value) in ranked(field, values) {
        let key = value.get(by).cloned();
        if !groups.iter().any(|(other, _)| *other == key) {
            groups.push((key, value));
        }
    }
    groups.into_iter().map(|(_, value)| value).collect()
}

/// The values in the order that the field asks for.
fn ranked(field: &Value, mut values: Vec<Picked>) -> Vec<Picked> {
    let sort = field.get("sortBy").and_then(Value::as_object);
    values.sort_by(|(_, a), (_, b)| {
        let members = sort.into_iter().flatten();
        let orders = members.map(|(name, direction)| {
            let order = compare(&a[name.as_str()], &b[name.as_str()]);
            if direction.as_i64() == Some(-1) {
                order.reverse()
            } else {
                order
            }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    values
}

/// Numbers by their size, all else by its text.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => match (a.as_str(), b.as_str()) {
            (Some(a), Some(b)) => a.cmp(b),
            _ => a.to_string().cmp(&b.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_lists_are_reduced() {
        let scan = json!({"output": {"items": [
            {"tag": "fog", "score": 0.2, "bad": false},
            {"tag": "sea", "score": 0.9, "bad": true},
            {"tag": "fog", "score": 0.5, "bad": false},
        ]}});
        let source = |name: &str| (name == "scan").then(|| scan.clone());
        let one = |path: &str, mut field: Value| {
            field["$ref"] = "scan".into();
            field["path"] = path.into();
            let input = json!({"onMissing": "fail", "fields": {"x": field}});
            merge(&input, &source).unwrap()["fields"]["x"].clone()
        };
        let items = json!(scan["output"]["items"]);
        for (path, field, found) in [
            ("score", json!({"reduce": "max"}), json!(0.9)),
            (
                "score",
                json!({"reduce": "min", "includeIndex": true}),
                json!({"value": 0.2, "index": 0}),
            ),
            ("score", json!({"reduce": "count"}), json!(3)),
            ("bad", json!({"reduce": "any"}), json!(true)),
            ("bad", json!({"reduce": "all"}), json!(false)),
            ("tag", json!({"reduce": "addToSet"}), json!(["fog", "sea"])),
            ("tag", json!({"reduce": "last"}), json!("fog")),
            (
                "tag",
                json!({"reduce": "push"}),
                json!(["fog", "sea", "fog"]),
            ),
        ] {
            let path = format!("output.items[*].{path}");
            assert_eq!(one(&path, field.clone()), found, "{field}");
        }
        let by_score = json!({"score": -1});
        let top = json!({"reduce": "top", "sortBy": by_score});
        assert_eq!(one("output.items[*]", top), items[1]);
        let group = json!({"reduce": "group", "by": "tag", "sortBy": by_score});
        assert_eq!(one("output.items[*]", group), json!([items[1], items[2]]));
    }

    #[test]
    fn missing_values_fail_the_merge_or_are_counted() {
        let source = |_: &str| Some(json!({"steps": [{"level": "pg"}, {}]}));
        let field = json!({"$ref": "a", "path": "steps[*].level", "reduce": "push"});
        let mut input = json!({"onMissing": "fail", "fields": {"levels": field}});
        assert!(merge(&input, &source).is_err());
        input["onMissing"] = "partial".into();
        let merged = merge(&input, &source).unwrap();
        let expected = json!({
            "fields": {"levels": ["pg"]}, "sourceCount": 2, "mergedCount": 1, "failedCount": 1,
        });
        assert_eq!(merged, expected);
    }
}
