//! The passes that make choices, null and inheritance into types.

use serde_json::json;

use super::{on_schemas, run};

#[test]
pub(super) fn alternatives() {
    let other = || json!({ "$ref": "#/components/schemas/Other" });
    let cases = [
        (
            "null",
            json!({ "anyOf": [other(), { "type": "null", "title": "none" }] }),
            json!({ "$ref": "#/components/schemas/Other", "nullable": true }),
        ),
        (
            "null, as 3.0 says it",
            json!({ "anyOf": [other(), { "nullable": true }] }),
            json!({ "$ref": "#/components/schemas/Other", "nullable": true }),
        ),
        (
            "a lone null",
            json!({ "type": "null" }),
            json!({ "x-null": true }),
        ),
        (
            "members that go together",
            json!({ "properties": { "a": {} }, "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
            json!({ "properties": { "a": {} } }),
        ),
        (
            "constants",
            json!({ "oneOf": [{ "enum": ["a"] }, { "enum": ["b", "c"] }] }),
            json!({ "type": "string", "enum": ["a", "b", "c"] }),
        ),
        (
            "named numbers",
            json!({ "oneOf": [{ "title": "low", "enum": [1] }, { "enum": [2] }] }),
            json!({ "type": "integer", "enum": [1, 2], "x-names": { "1": "low" } }),
        ),
        (
            "several types",
            json!({ "type": ["string", "array"], "items": other(), "enum": ["a"] }),
            json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "array", "items": other() }] }),
        ),
        (
            "patterns of names",
            json!({ "patternProperties": { "^a": other() } }),
            json!({ "type": "object", "additionalProperties": other() }),
        ),
        (
            "places of a tuple",
            json!({ "prefixItems": [other(), other()], "items": false }),
            json!({ "type": "array", "items": other() }),
        ),
        (
            "a condition",
            json!({ "if": {}, "then": { "properties": { "a": {} } } }),
            json!({ "properties": { "a": {} } }),
        ),
        (
            "members beside a reference",
            json!({ "$ref": "#/components/schemas/Other", "properties": { "a": {} } }),
            json!({ "allOf": [other()], "type": "object", "properties": { "a": {} } }),
        ),
    ];
    for (what, before, after) in cases {
        let schemas = json!({ "Case": before, "Other": { "type": "object" } });
        let (_, got, _) = run("alternatives", json!({}), schemas);
        assert_eq!(got["Case"], after, "{what}");
    }
}

#[test]
pub(super) fn nulls() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let before = json!({
        "A": { "type": "object", "nullable": true },
        "B": reference("A"),
        "C": { "type": "object", "properties": { "b": reference("B"), "d": reference("D") } },
        "D": { "type": "object" },
    });
    let mut after = before.clone();
    after["B"]["nullable"] = json!(true);
    after["C"]["properties"]["b"]["nullable"] = json!(true);
    on_schemas("nulls", before, &after, "");
}

#[test]
pub(super) fn inheritance() {
    let before = json!({
        "Base": { "type": "object", "required": ["kind"], "additionalProperties": false,
            "properties": { "kind": { "type": "string" }, "size": { "type": "integer" } },
            "discriminator": { "propertyName": "kind" } },
        "Child": { "allOf": [
            { "$ref": "#/components/schemas/Base" },
            { "type": "object", "required": ["own"], "additionalProperties": false,
              "properties": { "own": { "type": "string" }, "size": { "type": "string" } } },
        ] },
        "Bare": { "allOf": [{ "$ref": "#/components/schemas/Base" }], "description": "one" },
        "Holder": { "type": "object", "properties": {
            "held": { "allOf": [{ "$ref": "#/components/schemas/Base" }], "description": "two" } } },
    });
    let base = json!({ "type": "object", "required": ["kind"],
        "properties": { "kind": { "type": "string" }, "size": { "type": "integer" } },
        "discriminator": { "propertyName": "kind" } });
    let after = json!({
        "Base": base,
        "Child": { "type": "object", "required": ["kind", "own"], "x-bases": ["Base"],
            "properties": { "kind": { "type": "string" }, "own": { "type": "string" }, "size": { "type": "string" } } },
        "Bare": { "type": "object", "required": ["kind"], "x-bases": ["Base"], "description": "one",
            "properties": { "kind": { "type": "string" }, "size": { "type": "integer" } } },
        "Holder": { "type": "object", "properties": {
            "held": { "$ref": "#/components/schemas/Base", "description": "two" } } },
    });
    on_schemas(
        "inheritance",
        before,
        &after,
        "the nearest declaration counts",
    );
    let part =
        |name: &str| json!({ "type": "object", "properties": { (name): { "type": "string" } } });
    let before = json!({ "Two": {
        "oneOf": [part("a"), part("b")],
        "anyOf": [part("c"), part("d")],
    } });
    let (_, schemas, _) = run("inheritance", json!({}), before);
    let members: Vec<&String> = schemas["Two"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(members, ["a", "b", "c", "d"]);
}

#[test]
pub(super) fn choices() {
    let fixed = |tag: &str| json!({ "type": "object", "properties": { "t": { "type": "string", "enum": [tag] } } });
    let must = |member: &str| json!({ "type": "object", "required": [member], "properties": { (member): { "type": "string" } } });
    let both = |one: &str, other: &str| json!([{ "$ref": format!("#/components/schemas/{one}") }, { "$ref": format!("#/components/schemas/{other}") }]);
    let before = json!({
        "A": fixed("a"), "B": fixed("b"), "C": must("c"), "D": must("d"),
        "Tagged": { "oneOf": both("A", "B") },
        "Members": { "oneOf": both("C", "D") },
        "Text": { "anyOf": [{ "type": "string", "format": "uuid" }, { "type": "string", "enum": ["x"] }] },
        "Apart": { "oneOf": [{ "type": "string" }, { "type": "object" }] },
        "Any": { "oneOf": [{ "type": "string" }, {}] },
    });
    let plain = |kind: &str, name: &str| json!({ "kind": kind, "name": name, "signs": [] });
    let known = |name: &str, member: &str| json!({ "kind": "object", "name": name, "signs": [[member, { "kind": "text" }]] });
    let mut after = before.clone();
    after["Tagged"]["discriminator"] = json!({ "propertyName": "t", "mapping": {
        "a": "#/components/schemas/A", "b": "#/components/schemas/B" } });
    after["Members"]["x-choice"] = json!([known("C", "c"), known("D", "d")]);
    after["Members"]["x-untagged"] = before["Members"].clone();
    after["Apart"]["x-choice"] = json!([plain("text", "Text"), plain("object", "Object")]);
    after["Apart"]["x-untagged"] = before["Apart"].clone();
    after["Text"] = json!({ "type": "string", "x-untagged": before["Text"] });
    after["Any"] = json!({ "x-untagged": before["Any"] });
    on_schemas(
        "choices",
        before.clone(),
        &after,
        "a choice is read as any JSON: one of its branches may be anything",
    );
}

#[test]
pub(super) fn unions() {
    let before = json!({
        "Base": { "type": "object", "description": "d", "discriminator": { "propertyName": "k", "mapping": {
            "one": "#/components/schemas/One", "base": "#/components/schemas/Base" } },
            "properties": { "k": { "type": "string", "default": "one" } } },
        "One": { "type": "object", "x-bases": ["Base"] },
    });
    let after = json!({
        "Base": { "description": "d", "x-default-tag": "one",
            "oneOf": [{ "$ref": "#/components/schemas/BaseBase" }, { "$ref": "#/components/schemas/One" }],
            "discriminator": { "propertyName": "k", "mapping": {
                "one": "#/components/schemas/One", "base": "#/components/schemas/BaseBase" } } },
        "BaseBase": { "type": "object", "description": "d", "properties": { "k": { "type": "string", "default": "one" } } },
        "One": { "type": "object", "x-bases": ["Base"] },
    });
    on_schemas(
        "unions",
        before,
        &after,
        "is one of its own variants, as `BaseBase`",
    );
}
