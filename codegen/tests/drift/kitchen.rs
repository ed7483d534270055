//! The contract that the tests compare with, and edits of it.

use codegen::drift::{Report, compare};
use codegen::{Document, Overrides};
use serde_json::{Value, json};

/// A small contract with one of everything that the comparison looks at.
pub(crate) fn contract() -> Value {
    json!({
        "openapi": "3.1.1",
        "info": { "title": "Kitchen", "version": "1" },
        "paths": {
            "/orders/{orderId}": {
                "parameters": [
                    { "name": "orderId", "in": "path", "required": true, "schema": { "type": "string" } },
                ],
                "get": {
                    "parameters": [
                        { "name": "wait", "in": "query", "schema": { "type": "integer", "maximum": 60 } },
                    ],
                    "responses": {
                        "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                        "404": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
                        "default": { "description": "Anything else." },
                    },
                },
                "delete": { "responses": { "204": { "description": "Gone." } } },
            },
            "/orders": {
                "post": {
                    "operationId": "order",
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Wish" } } },
                    },
                    "responses": {
                        "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                    },
                },
            },
        },
        "components": { "schemas": {
            "Order": {
                "type": "object",
                "required": ["id", "state"],
                "properties": {
                    "id": { "type": "string", "readOnly": true },
                    "state": { "$ref": "#/components/schemas/State" },
                    "cost": { "type": ["number", "null"], "format": "double" },
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                    "seat": { "type": "object", "properties": { "row": { "type": "integer" } } },
                    "bill": { "oneOf": [
                        { "$ref": "#/components/schemas/Problem" },
                        { "$ref": "#/components/schemas/Cash" },
                        { "type": "string" },
                    ] },
                },
            },
            "State": { "type": "string", "enum": ["cooking", "done"] },
            "Wish": {
                "type": "object",
                "required": ["dishes"],
                "properties": {
                    "dishes": { "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/Dish" } },
                    "size": { "enum": ["small", "large"], "type": "string", "default": "small" },
                    "guests": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 12 },
                    "code": { "type": "string", "pattern": "^[a-z]+$", "maxLength": 8 },
                },
            },
            "Dish": {
                "type": "object",
                "required": ["$type"],
                "properties": { "$type": { "type": "string" }, "note": { "type": "string" } },
                "discriminator": {
                    "propertyName": "$type",
                    "mapping": { "soup": "#/components/schemas/Soup", "cake": "#/components/schemas/Cake" },
                },
            },
            "Soup": { "allOf": [
                { "$ref": "#/components/schemas/Dish" },
                { "type": "object", "properties": { "hot": { "type": "boolean" } } },
            ] },
            "Cake": { "allOf": [
                { "$ref": "#/components/schemas/Dish" },
                { "type": "object", "properties": { "tiers": { "type": "integer" }, "weight": { "$ref": "#/components/schemas/Weight" } } },
            ] },
            "Weight": { "type": "number", "maximum": 9 },
            "Cash": { "type": "object", "properties": { "paid": { "type": "boolean" } } },
            "Problem": { "type": "object", "properties": { "title": { "type": "string" } } },
        } },
    })
}

/// What is done to a document.
pub(crate) enum Edit {
    /// Writes a member, there before or not; `/-` behind a list appends. A place is a pointer, or
    /// begins with a schema's name, or with `GET`, `DELETE` or `POST` for the operation.
    Set(&'static str, Value),
    Remove(&'static str),
}

pub(crate) use Edit::{Remove, Set};

pub(crate) fn edited(edits: &[&Edit]) -> Value {
    let mut root = contract();
    for edit in edits {
        let pointer = match edit {
            Set(pointer, _) | Remove(pointer) => pointer,
        };
        let pointer = match pointer.split_once('/') {
            Some(("", _)) => (*pointer).to_owned(),
            Some(("GET", rest)) => format!("/paths/~1orders~1{{orderId}}/get/{rest}"),
            Some(("DELETE", rest)) => format!("/paths/~1orders~1{{orderId}}/delete/{rest}"),
            Some(("POST", rest)) => format!("/paths/~1orders/post/{rest}"),
            _ => format!("/components/schemas/{pointer}"),
        };
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        let parent = root
            .pointer_mut(parent)
            .unwrap_or_else(|| panic!("{pointer} is there"));
        match (parent, edit) {
            (Value::Object(parent), Set(_, value)) => drop(parent.insert(key, value.clone())),
            (Value::Object(parent), Remove(_)) => drop(parent.remove(&key).unwrap()),
            (Value::Array(list), Set(_, value)) if key == "-" => list.push(value.clone()),
            (Value::Array(list), Set(_, value)) => {
                list[key.parse::<usize>().unwrap()] = value.clone();
            }
            (Value::Array(list), Remove(_)) => drop(list.remove(key.parse().unwrap())),
            (other, _) => panic!("{other} has no members"),
        }
    }
    root
}

pub(crate) fn drift(ours: Value, vendors: Value, overrides: &str) -> Report {
    let overrides: Overrides = toml::from_str(overrides).unwrap();
    let ours = Document::from_value("ours.yaml", ours);
    compare(
        ours,
        Document::from_value("vendors.json", vendors),
        &overrides.of("kitchen"),
    )
    .unwrap()
}

/// The lines of a report without their files.
pub(crate) fn lines(report: &Report) -> Vec<String> {
    let line = |found: &codegen::drift::Difference| {
        let weight = if found.breaking { "breaking" } else { "other" };
        format!("{weight} {}: {}", found.at, found.message)
    };
    report.differences.iter().map(line).collect()
}
