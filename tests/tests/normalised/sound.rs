//! The documents are OpenAPI 3.1 by themselves: everything leads somewhere, every schema is JSON
//! Schema 2020-12, and nothing of the pipeline shows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{contract, published, validator, written};

/// Keywords whose content is data and no schema.
const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// Every document there is, by name.
fn documents() -> Vec<(String, Value)> {
    let ours = ["v1", "v2"].map(|name| (name.to_owned(), written(&contract(name), name)));
    let theirs = published().map(|file| ("the published v2".to_owned(), written(&file, "v2")));
    ours.into_iter().chain(theirs).collect()
}

/// Calls `visit` with every object that is no data, and where it stands.
fn each_object(
    value: &Value,
    at: &str,
    visit: &mut dyn FnMut(&str, &serde_json::Map<String, Value>),
) {
    match value {
        Value::Object(object) => {
            visit(at, object);
            for (key, inner) in object
                .iter()
                .filter(|(key, _)| !DATA.contains(&key.as_str()))
            {
                each_object(inner, &format!("{at}/{key}"), visit);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                each_object(inner, &format!("{at}/{index}"), visit);
            }
        }
        _ => {}
    }
}

#[test]
fn everything_leads_somewhere() {
    for (name, document) in documents() {
        let leads = |at: &str, target: &Value| {
            let target = target
                .as_str()
                .unwrap_or_else(|| panic!("{name} {at}: {target}"));
            let pointer = target.strip_prefix('#');
            let found = pointer.and_then(|pointer| document.pointer(pointer));
            assert!(found.is_some(), "{name} {at}: `{target}` leads nowhere");
        };
        let (mut references, mut tags) = (0, 0);
        each_object(&document, "", &mut |at, object| {
            // A member may be called `$ref`; then a schema stands there.
            if let Some(target) = object.get("$ref").filter(|target| !target.is_object()) {
                leads(at, target);
                references += 1;
            }
            let Some(discriminator) = object
                .get("discriminator")
                .filter(|_| object.contains_key("oneOf"))
            else {
                return;
            };
            let mapping = discriminator["mapping"].as_object().unwrap();
            let branches = object["oneOf"].as_array().unwrap();
            for target in mapping.values() {
                leads(at, target);
                let held = |branch: &&Value| branch["$ref"] == *target;
                assert!(
                    branches.iter().any(|branch| held(&branch)),
                    "{name} {at}: no branch for {target}"
                );
                tags += 1;
            }
            let targets: BTreeSet<_> = mapping.values().map(Value::to_string).collect();
            assert!(branches.len() >= targets.len(), "{name} {at}");
        });
        println!("{name}: {references} references and {tags} tags lead somewhere");
        assert!(references > 100 && tags >= 16);
    }
}

#[test]
fn nothing_of_the_pipeline_or_of_other_dialects_shows() {
    for (name, document) in documents() {
        assert_eq!(document["openapi"], "3.1.1");
        each_object(&document, "", &mut |at, object| {
            let in_properties = at.ends_with("/properties");
            for key in object.keys().filter(|_| !in_properties) {
                assert!(
                    !key.starts_with("x-") && key != "nullable",
                    "{name} {at}: {key}"
                );
            }
            if in_properties {
                return;
            }
            assert_ne!(
                object.get("additionalProperties"),
                Some(&json!(false)),
                "{name} {at} is closed"
            );
            // A variant with a tag, in a component of its own.
            let parts = object.get("allOf").and_then(Value::as_array);
            let is_tagged = |parts: &Vec<Value>| {
                let tags = parts.get(1).and_then(|tag| tag["properties"].as_object());
                parts.len() == 2 && tags.is_some_and(|tags| tags.len() == 1)
            };
            assert!(
                parts.is_none_or(is_tagged),
                "{name} {at}: inheritance is left"
            );
        });
    }
}

#[test]
fn every_component_is_a_schema_of_2020_12() {
    for (name, document) in documents() {
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for (component, schema) in schemas {
            if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
                panic!("{name} {component}: {error}");
            }
        }
        // One schema that refers to AllOfThem compiles only if each of them does.
        let mut all = document.clone();
        let every: Vec<Value> = schemas
            .keys()
            .map(|component| json!({ "$ref": format!("#/components/schemas/{component}") }))
            .collect();
        all["components"]["schemas"]["AllOfThem"] = json!({ "type": "string", "anyOf": every });
        assert!(!validator(&all, "AllOfThem").is_valid(&json!(0)));
        println!("{name}: {} components", schemas.len());
    }
}

#[test]
fn operations_are_whole() {
    for (name, document) in documents() {
        let mut ids = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let at = format!("{name} {method} {path}");
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id.to_owned()), "{at}: `{id}` twice");
                let replies = operation["responses"].as_object().unwrap();
                assert!(!replies.is_empty(), "{at}");
                for (status, reply) in replies {
                    assert!(reply["description"].is_string(), "{at} {status}");
                }
                let mut named = BTreeSet::new();
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    assert!(parameter["schema"].is_object(), "{at}: {parameter}");
                    if parameter["in"] == "path" {
                        assert_eq!(parameter["required"], true, "{at}: {parameter}");
                        named.insert(parameter["name"].as_str().unwrap().to_owned());
                    }
                }
                let in_path = path
                    .split('{')
                    .skip(1)
                    .filter_map(|part| part.split_once('}'));
                assert_eq!(
                    named,
                    in_path.map(|(name, _)| name.to_owned()).collect(),
                    "{at}"
                );
            }
        }
        println!("{name}: {} operations", ids.len());
    }
}

#[test]
fn replies_keep_their_errors_and_bodies_their_media_types() {
    let document = written(&contract("v2"), "v2");
    let paths = &document["paths"];
    let submit = &paths["/v2/consumer/workflows"]["post"]["responses"];
    assert_eq!(
        submit["429"]["content"]["application/json"]["schema"],
        json!({ "$ref": "#/components/schemas/ProblemDetails" })
    );
    assert_eq!(
        submit["403"]["content"]["application/json"]["schema"]["type"],
        "string"
    );
    let patch = &paths["/v2/consumer/workflows/{workflowId}"]["patch"]["requestBody"]["content"];
    assert!(
        patch.get("application/json-patch+json").is_some(),
        "{patch}"
    );
}
