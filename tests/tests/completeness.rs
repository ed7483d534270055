//! Nothing of a contract is missing from the code generated from it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use contract_tests::{Contract, is_tag, letters};
use heck::ToSnakeCase as _;
use serde_json::{Map, Value};

/// All generated Rust of a contract.
fn generated(contract: &str, folder: &str) -> String {
    rust(&format!("generated/{contract}/{folder}"))
}

/// The methods that stand beside the generated ones.
fn hand_written(contract: &str) -> String {
    match contract {
        "v1" => String::new(),
        contract => rust(contract),
    }
}

fn rust(folder: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/civitai-api/src");
    let mut all = String::new();
    for entry in std::fs::read_dir(source.join(folder)).unwrap() {
        all.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    all
}

/// The text of every generated type, by the letters and digits of its name.
fn items(rust: &str) -> BTreeMap<String, &str> {
    let mut found = BTreeMap::new();
    for kind in ["pub struct ", "pub enum ", "pub type "] {
        for (start, _) in rust.match_indices(kind) {
            let text = &rust[start + kind.len()..];
            let name = text
                .split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap();
            let end = text.find("\n}\n").into_iter().chain(text.find(";\n")).min();
            found.insert(letters(name), &text[..end.unwrap_or(text.len())]);
        }
    }
    found
}

/// The Rust field of a member: `negativePrompt` is `negative_prompt`, `$type` is `type_`.
fn is_field(text: &str, wire: &str) -> bool {
    let name = wire.to_snake_case();
    [format!("pub {name}:"), format!("pub {name}_:")]
        .iter()
        .any(|field| text.contains(field))
}

/// Looks for every schema, member, value, tag and operation of a contract; returns how many there
/// are of each, the operations beyond the published description last.
fn look_for_everything(contract: &str) -> [usize; 5] {
    let (whole, rust) = (Contract::load(contract), generated(contract, "types"));
    let doc = whole.document();
    let (items, mut types, mut members, mut values) = (items(&rust), 0, 0, 0);
    for (name, schema) in doc.schemas() {
        let text = items
            .get(&letters(name))
            .unwrap_or_else(|| panic!("`{name}` is missing"));
        types += 1;
        let properties = schema.get("properties").and_then(Value::as_object);
        for (wire, property) in properties.into_iter().flatten() {
            let written_by_union = is_tag(property) || wire == "$type";
            assert!(
                is_field(text, wire) || written_by_union,
                "`{name}.{wire}` is missing"
            );
            members += 1;
        }
        let mapping = schema
            .pointer("/discriminator/mapping")
            .and_then(Value::as_object);
        let listed = schema.get("enum").and_then(Value::as_array);
        let tags = mapping.into_iter().flat_map(Map::keys).map(String::as_str);
        for value in tags.chain(listed.into_iter().flatten().filter_map(Value::as_str)) {
            assert!(
                text.contains(&format!("{value:?} => ")),
                "`{value}` of `{name}` is missing"
            );
            values += 1;
        }
    }
    let (mut count, mut added) = (0, 0);
    let (made, written) = (generated(contract, "operations"), hand_written(contract));
    for (path, method, operation) in doc.operations() {
        let id = operation["operationId"].as_str().unwrap().to_snake_case();
        let by_hand = operation.get("x-hand-written") == Some(&Value::Bool(true));
        let (here, there) = if by_hand {
            (&written, &made)
        } else {
            (&made, &written)
        };
        let defines = |rust: &str| {
            [format!("pub async fn {id}("), format!("pub async fn {id}<")]
                .iter()
                .any(|start| rust.contains(start))
        };
        assert!(defines(here), "`{id}` is missing");
        assert!(!defines(there), "`{id}` is there twice");
        let line = format!("Sends `{} {path}`.", method.to_uppercase());
        assert!(here.contains(&line), "{line}");
        count += 1;
        added += usize::from(operation.get("x-extension").is_some());
    }
    [types, members, values, count - added, added]
}

#[test]
fn nothing_of_v1_is_missing() {
    let [types, members, values, operations, added] = look_for_everything("v1");
    assert!(
        types > 55 && members > 150 && values > 80,
        "{types}, {members}, {values}"
    );
    assert_eq!((operations, added), (10, 0));
}

#[test]
fn nothing_of_v2_is_missing() {
    let [types, members, values, operations, added] = look_for_everything("v2");
    assert!(
        types > 648 && members > 4000 && values > 900,
        "{types}, {members}, {values}"
    );
    assert_eq!((operations, added), (68, 6));
}

#[test]
fn no_enum_is_closed_and_no_union_untagged() {
    for contract in ["v1", "v2"] {
        let rust = generated(contract, "types");
        for declared in rust.split("pub enum ").skip(1) {
            let head = declared.lines().next().unwrap();
            // Only the macros of open enums and tagged unions take such a head.
            let open = head.contains(" or ") && head.ends_with('{');
            assert!(open, "closed: {head}");
        }
        assert!(!rust.contains("untagged") && !rust.contains("deny_unknown_fields"));
    }
}

#[test]
fn no_type_name_is_longer_than_48_characters() {
    for contract in ["v1", "v2"] {
        for (name, _) in Contract::load(contract).document().schemas() {
            assert!(name.len() <= 48, "{name} has {} characters", name.len());
        }
    }
}
