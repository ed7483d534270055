//! What each construct of a contract becomes, on the smallest document that has it.

#![allow(
    clippy::needless_pass_by_value,
    reason = "a table reads better without ampersands"
)]

use serde_json::{Value, json};

use super::normalised;
use crate::document::Document;
use crate::overrides::Overrides;

/// The components of a contract with these schemas and one operation that sends `Sent`, and what
/// the notes say.
fn written(mut schemas: Value) -> (Value, String) {
    schemas["Sent"] = match schemas["Sent"].take() {
        Value::Null => json!({ "type": "string" }),
        given => given,
    };
    let body = json!({ "schema": { "$ref": "#/components/schemas/Sent" } });
    let root = json!({
        "openapi": "3.0.3",
        "paths": { "/a": { "post": {
            "operationId": "send",
            "requestBody": { "content": { "text/json": body, "application/json": body } },
            "responses": { "200": { "description": "fine" }, "404": { "description": "gone" } },
        } } },
        "components": { "schemas": schemas },
    });
    let doc = Document::from_value("t.json", root.clone());
    let made = normalised(doc, "t", &Overrides::default()).expect("the document is sound");
    assert_eq!(made.document["openapi"], "3.1.1");
    assert_eq!(
        made.document["paths"]["/a"]["post"]["requestBody"]["content"],
        root["paths"]["/a"]["post"]["requestBody"]["content"],
        "both media types stay"
    );
    assert_eq!(
        made.document["paths"]["/a"]["post"]["responses"],
        root["paths"]["/a"]["post"]["responses"],
    );
    (
        made.document["components"]["schemas"].clone(),
        made.notes.listed(),
    )
}

#[test]
fn constructs() {
    let other = || json!({ "$ref": "#/components/schemas/Other" });
    let nothing = || json!({ "type": "null" });
    let cases = [
        (
            "null",
            json!({ "type": "integer", "minimum": 1, "nullable": true }),
            json!({ "type": ["integer", "null"], "minimum": 1 }),
        ),
        (
            "null in an enum",
            json!({ "type": "string", "nullable": true, "enum": ["a", null] }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
        ),
        (
            "null in place of a component",
            json!({ "properties": { "m": { "allOf": [other()], "nullable": true, "description": "d" } } }),
            json!({ "type": "object", "properties": { "m": { "anyOf": [other(), nothing()], "description": "d" } } }),
        ),
        (
            "a choice that nothing tags",
            json!({ "anyOf": [
                { "type": "array", "items": { "type": "string", "nullable": true } },
                { "oneOf": [{ "type": "boolean" }, { "type": "object" }] },
                nothing(),
            ] }),
            json!({ "anyOf": [
                { "type": "array", "items": { "type": ["string", "null"] } },
                { "$ref": "#/components/schemas/CaseChoice2" },
                nothing(),
            ] }),
        ),
        (
            "several types",
            json!({ "type": ["string", "null", "boolean"], "maxLength": 3 }),
            json!({ "anyOf": [{ "type": "string", "maxLength": 3 }, { "type": "boolean" }, nothing()] }),
        ),
        (
            "a closed object",
            json!({ "type": "object", "additionalProperties": false }),
            json!({ "type": "object" }),
        ),
        (
            "a bound of 3.0",
            json!({ "type": "number", "maximum": 2, "exclusiveMaximum": true }),
            json!({ "type": "number", "exclusiveMaximum": 2 }),
        ),
        (
            "a pattern with names",
            json!({ "type": "string", "pattern": "^(?<a>b(?<=b)(?<!c))+$" }),
            json!({ "type": "string", "pattern": "^(b(?<=b)(?<!c))+$" }),
        ),
        (
            "extensions and members called like one",
            json!({ "x-mark": 1, "properties": { "x-kept": { "type": "string", "x-mark": 1 } } }),
            json!({ "type": "object", "properties": { "x-kept": { "type": "string" } } }),
        ),
        (
            "a member that may hold a reference",
            json!({ "properties": { "m": {
                "type": "string", "maxLength": 3, "description": "d", "x-referable": true } } }),
            json!({ "type": "object", "properties": { "m": {
                "anyOf": [{ "type": "string", "maxLength": 3 }, { "$ref": "#/components/schemas/Reference" }],
                "description": "d" } } }),
        ),
    ];
    for (what, before, after) in cases {
        let (schemas, notes) =
            written(json!({ "Case": before, "Other": { "properties": { "a": {} } } }));
        assert_eq!(schemas["Case"], after, "{what}");
        assert_eq!(notes, "", "{what}");
    }
}

#[test]
fn a_pattern_of_another_language_is_left_out_and_noted() {
    let (schemas, notes) =
        written(json!({ "Case": { "type": "string", "pattern": "(?P<air>a)" } }));
    assert_eq!(schemas["Case"], json!({ "type": "string" }));
    let note =
        "| `/components/schemas/Case/pattern` | the pattern is no regular expression of ECMA-262";
    assert!(notes.contains(note), "{notes}");
}

/// A base with a tag that may be absent, a variant that is a union itself, and a leaf that inherits
/// from both.
fn nested() -> Value {
    let child = |base: &str, own: Value| {
        let base = format!("#/components/schemas/{base}");
        json!({ "allOf": [{ "$ref": base }, own] })
    };
    json!({
        "Sent": {
            "type": "object", "required": ["engine", "size"], "additionalProperties": false,
            "properties": { "engine": { "type": "string", "nullable": true, "default": "new" }, "size": { "type": "integer" } },
            "discriminator": { "propertyName": "engine", "mapping": {
                "new": "#/components/schemas/New", "old": "#/components/schemas/Old" } },
        },
        "New": child("Sent", json!({
            "required": ["engine", "mode"], "additionalProperties": false,
            "properties": { "engine": { "enum": ["new"] }, "mode": { "type": "string" } },
            "discriminator": { "propertyName": "mode", "mapping": { "make": "#/components/schemas/Make" } },
        })),
        "Make": child("New", json!({
            "required": ["mode", "text", "set"], "additionalProperties": false,
            "properties": {
                "engine": { "enum": ["new"] }, "mode": { "enum": ["make"] },
                "text": { "type": "string" }, "set": { "type": "string", "readOnly": true } },
        })),
        "Old": child("Sent", json!({ "additionalProperties": { "type": "integer" } })),
    })
}

#[test]
fn unions_nest_and_leaves_carry_their_tags() {
    let (schemas, _) = written(nested());
    let reference = |target: &str| json!({ "$ref": format!("#/components/schemas/{target}") });
    // A choice of one is none, and what must stay a map has its tag beside it.
    assert_eq!(
        schemas["Sent"]["oneOf"],
        json!([reference("Make"), reference("OldOfSent")])
    );
    assert_eq!(
        schemas["Sent"]["discriminator"],
        json!({ "propertyName": "engine", "mapping": {
            "new": "#/components/schemas/Make", "old": "#/components/schemas/OldOfSent" } })
    );
    assert!(schemas.get("New").is_none(), "nothing leads to it");
    assert_eq!(
        schemas["OldOfSent"]["allOf"],
        json!([reference("Old"), {
            "type": "object", "required": ["engine"],
            "properties": { "engine": { "type": "string", "enum": ["old"] } } }])
    );
    assert_eq!(
        schemas["Make"],
        json!({
            "type": "object",
            // What only the service sets is not asked of a request, and the default tag may be absent.
            "required": ["size", "text", "mode"],
            "properties": {
                "engine": { "enum": ["new", null] }, "mode": { "const": "make" },
                "size": { "type": "integer" }, "text": { "type": "string" },
                "set": { "type": "string", "readOnly": true } },
        })
    );
    let old = &schemas["Old"];
    assert!(
        old["properties"]["engine"].is_object(),
        "or the tag would have to be an integer: {old}"
    );
}

/// A leaf that a member refers to as well, and one that two tags lead to.
#[test]
fn a_leaf_that_is_used_on_its_own_asks_for_no_tag() {
    let child = |own: Value| json!({ "allOf": [{ "$ref": "#/components/schemas/Sent" }, own] });
    let (schemas, _) = written(json!({
        "Sent": {
            "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
            "discriminator": { "propertyName": "kind", "mapping": {
                "a": "#/components/schemas/Alone", "b": "#/components/schemas/Both",
                "c": "#/components/schemas/Both" } },
        },
        "Alone": child(json!({ "properties": { "n": { "type": "integer" } } })),
        "Both": child(json!({ "properties": { "one": { "$ref": "#/components/schemas/Alone" } } })),
    }));
    assert_eq!(
        schemas["Sent"]["oneOf"],
        json!([{ "$ref": "#/components/schemas/AloneOfSent" }, { "$ref": "#/components/schemas/Both" }])
    );
    assert!(
        schemas["Alone"].get("required").is_none(),
        "{}",
        schemas["Alone"]
    );
    assert_eq!(
        schemas["Both"]["properties"]["kind"],
        json!({ "enum": ["b", "c"] })
    );
}

#[test]
fn what_is_only_received_asks_for_everything() {
    let mut schemas = nested();
    schemas["Answer"] = schemas["Sent"].take();
    let text = schemas
        .to_string()
        .replace("schemas/Sent", "schemas/Answer");
    let schemas = serde_json::from_str(&text).expect("only a name changed");
    let (schemas, _) = written(schemas);
    assert_eq!(
        schemas["Make"]["required"],
        json!(["size", "text", "set", "mode"])
    );
}

#[test]
fn a_body_of_any_type_has_a_type_that_tools_know() {
    let root = json!({
        "openapi": "3.1.1",
        "paths": { "/a": { "post": {
            "operationId": "send",
            "requestBody": { "content": { "*/*": { "schema": { "type": "string", "format": "binary" } } } },
            "responses": { "204": { "description": "fine" } },
        } } },
    });
    let doc = Document::from_value("t.json", root);
    let made = normalised(doc, "t", &Overrides::default()).expect("the document is sound");
    let content = &made.document["paths"]["/a"]["post"]["requestBody"]["content"];
    let types: Vec<&String> = content.as_object().expect("it is").keys().collect();
    assert_eq!(types, ["*/*", "application/octet-stream"]);
}
