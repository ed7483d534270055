//! What contracts say.

use serde_json::json;

use super::*;
use crate::pointer::keys;

fn contract(files: &[(&str, serde_json::Value)]) -> (tempfile::TempDir, Contract) {
    let dir = tempfile::tempdir().unwrap();
    for (name, value) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, value.to_string()).unwrap();
    }
    let contract = Contract::load(&dir.path().join(files[0].0)).unwrap();
    (dir, contract)
}

fn jobs() -> (tempfile::TempDir, Contract) {
    let schema = json!({"type": "object", "required": ["id", "kind"], "properties": {
        "id": {"type": "string"},
        "status": {"$ref": "#/components/schemas/Status"},
        "free": {},
        "list": {"type": "array", "items": {"$ref": "parts/part.json#/Part"}},
        "closed": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false},
        "map": {"type": "object", "additionalProperties": {"type": "string"}},
        "choice": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
        "kind": {"type": "string", "default": "x"},
        "base": {"$ref": "#/components/schemas/Base"},
    }});
    contract(&[
        (
            "api.json",
            json!({
                "openapi": "3.1.0",
                "servers": [{"url": "https://{region}.example.com/v1", "variables": {"region": {"default": "eu"}}}],
                "security": [{"bearer": []}],
                "paths": {"/jobs/{id}": {
                    "parameters": [{"name": "id", "in": "path", "required": true}],
                    "get": {
                        "operationId": "getJob",
                        "parameters": [{"name": "wait", "in": "query"}],
                        "responses": {
                            "200": {"content": {"application/json": {"schema": schema}}},
                            "4XX": {"description": "no"},
                        },
                    },
                }},
                "components": {
                    "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
                    "schemas": {
                        "Status": {"type": "string", "enum": ["queued", "done"]},
                        "A": {"type": "object", "properties": {"a": {"type": "integer"}}},
                        "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"b": {}}}]},
                        "Base": {"type": "object", "properties": {"tag": {"type": "string"}},
                            "discriminator": {"propertyName": "tag", "mapping": {"k": "#/components/schemas/Kind"}}},
                        "Kind": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"deep": {"type": "string"}}}]},
                    },
                },
            }),
        ),
        (
            "parts/part.json",
            json!({"Part": {"type": "object", "properties": {
                "url": {"type": "string"}, "next": {"$ref": "#/Part"}, "up": {"$ref": "../api.json#/components/schemas/A"},
            }}}),
        ),
    ])
}

#[test]
fn paths_are_declared_undeclared_impossible_or_unknown() {
    let (_dir, contract) = jobs();
    let operation = contract.by_id("getJob").unwrap();
    let schema = operation.replies()[0].1.get("content").unwrap().members()[0]
        .1
        .get("schema")
        .unwrap();
    for (pointer, wanted) in [
        ("", "declared"),
        ("/id", "declared"),
        ("/status", "declared"),
        ("/list", "declared"),
        ("/list/0/url", "declared"),
        ("/list/0/next/next/url", "declared"),
        ("/list/3/up/a", "declared"),
        ("/closed/a", "declared"),
        ("/map/any", "declared"),
        ("/choice/b", "declared"),
        ("/choice/a", "declared"),
        ("/base/tag", "declared"),
        ("/base/deep", "declared"),
        ("/absent", "undeclared"),
        ("/list/0/absent", "undeclared"),
        ("/choice/absent", "undeclared"),
        ("/base/absent", "undeclared"),
        ("/id/deeper", "impossible"),
        ("/list/first", "impossible"),
        ("/closed/b", "impossible"),
        ("/map/any/deeper", "impossible"),
        ("/free/a", "unknown"),
        ("/choice/b/c", "unknown"),
    ] {
        let found = match presence(&[schema], &keys(pointer).unwrap()) {
            Presence::Declared(_) => "declared",
            Presence::Undeclared => "undeclared",
            Presence::Impossible(_) => "impossible",
            Presence::Unknown => "unknown",
        };
        assert_eq!(found, wanted, "{pointer}");
    }
    let words = structure(&[schema.get("properties").unwrap().get("status").unwrap()]).words();
    assert_eq!(
        words.unwrap().into_iter().collect::<Vec<_>>(),
        ["done", "queued"]
    );
}

#[test]
fn operations_know_their_parameters_servers_and_credentials() {
    let (_dir, contract) = jobs();
    let operation = contract.by_path("/jobs/{id}", "get").unwrap();
    let parameters: Vec<_> = operation
        .parameters()
        .iter()
        .map(|p| (p.name, p.required))
        .collect();
    assert_eq!(parameters, [("wait", false), ("id", true)]);
    assert_eq!(
        operation.server().as_deref(),
        Some("https://eu.example.com/v1")
    );
    assert_eq!(
        operation.credentials(),
        [("header", "authorization".to_owned())]
    );
    assert!(operation.declares(404) && operation.declares(200) && !operation.declares(201));
    assert_eq!(contract.similar("GetJob"), Some("getJob"));
    assert_eq!(contract.similar("paint"), None);
    assert_eq!(contract.methods("/jobs/{id}"), Some(vec!["get"]));
}

#[test]
fn what_is_no_contract_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("old.json", "{\"swagger\": \"2.0\"}"),
        ("list.json", "[]"),
        ("bad.json", "{"),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        assert!(Contract::load(&path).is_err(), "{name}");
    }
    assert!(Contract::load(&dir.path().join("none.json")).is_err());
}
