//! What an input speaks of: models, engines and other resources, found by their name.

use std::collections::BTreeSet;

use serde_json::Value;

/// The names that stand in a value, as a whole text or as the name of a member.
pub(crate) fn mentioned<'a>(value: &'a Value, is_name: &dyn Fn(&str) -> bool) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    find(value, is_name, &mut found);
    found
}

fn find<'a>(value: &'a Value, is_name: &dyn Fn(&str) -> bool, found: &mut BTreeSet<&'a str>) {
    let mut look = |text: &'a str| {
        if is_name(text) {
            found.insert(text);
        }
    };
    match value {
        Value::String(text) => look(text),
        Value::Array(items) => items.iter().for_each(|item| find(item, is_name, found)),
        Value::Object(members) => {
            members.keys().for_each(|name| look(name));
            let values = members.values();
            values.for_each(|value| find(value, is_name, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_found_as_values_and_as_members() {
        let input =
            json!({"model": "a", "loras": {"b": 0.5}, "more": [{"c": "a, b and c"}], "d": 1});
        let found = mentioned(&input, &|name| ["a", "b", "c", "x"].contains(&name));
        assert_eq!(found, ["a", "b", "c"].into());
    }
}
