//! Nothing of a contract is missing from the code generated from it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use codegen::{Document, Notes};
use serde_json::{Map, Value};

/// The contract as its files say it, in the normal form.
fn normal(contract: &str) -> Document {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let mut doc = codegen::load(&root.join(contract).join("openapi.yaml")).unwrap();
    let overrides = codegen::Overrides::load(&root.join("overrides.toml")).unwrap();
    overrides.of(contract).apply(&mut doc).unwrap();
    codegen::normalise(doc, &mut Notes::default()).unwrap()
}

/// All generated Rust of a contract.
fn generated(contract: &str, folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/civitai-api/src/generated")
        .join(contract)
        .join(folder);
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        all.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    all
}

/// The text of one generated type, from its name to the next closing brace at the margin.
fn item<'a>(rust: &'a str, name: &str) -> Option<&'a str> {
    let starts = ["pub struct ", "pub enum ", "pub type "].map(|kind| format!("{kind}{name} "));
    let tuple = format!("pub struct {name}(");
    let start = starts
        .iter()
        .chain([&tuple])
        .find_map(|start| rust.find(start.as_str()))?;
    let end = rust[start..]
        .find("\n}\n\n")
        .or_else(|| rust[start..].find(";\n"))?;
    Some(&rust[start..start + end])
}

/// `negativePrompt` becomes `negative_prompt`, `$type` becomes `type_`.
fn field(wire: &str) -> String {
    let mut out = String::new();
    for letter in wire.chars().filter(|letter| letter.is_alphanumeric()) {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[test]
fn every_schema_property_and_value_of_v1_is_in_the_generated_types() {
    let (doc, rust) = (normal("v1"), generated("v1", "types"));
    let tags = ["$type"];
    let (mut types, mut members, mut values) = (0, 0, 0);
    for (name, schema) in doc.schemas() {
        let name = if name == "AIR" { "Air" } else { name };
        let name = name.replace("WDT", "WdT");
        let text = item(&rust, &name).unwrap_or_else(|| panic!("`{name}` is missing"));
        types += 1;
        let properties = schema.get("properties").and_then(Value::as_object);
        for wire in properties
            .into_iter()
            .flat_map(Map::keys)
            .filter(|wire| !tags.contains(&wire.as_str()))
        {
            let fields = [
                format!("pub {}:", field(wire)),
                format!("pub {}_:", field(wire)),
            ];
            assert!(
                fields.iter().any(|field| text.contains(field)),
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
                text.contains(&format!("/// `{value}`\n")),
                "`{value}` of `{name}` is missing"
            );
            values += 1;
        }
    }
    assert!(
        types > 55 && members > 150 && values > 80,
        "{types} types, {members} members, {values} values"
    );
}

#[test]
fn every_operation_of_v1_is_a_method() {
    let (doc, rust) = (normal("v1"), generated("v1", "operations"));
    let mut count = 0;
    for (path, method, operation) in doc.operations() {
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            rust.contains(&format!("pub async fn {}", field(id))),
            "`{id}` is missing"
        );
        assert!(
            rust.contains(&format!("Sends `{} {path}`.", method.to_uppercase())),
            "{method} {path}"
        );
        count += 1;
    }
    assert_eq!(count, 10);
}
