//! Each pass alone, on the smallest document that shows what it heals: before and after.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "a table reads better without ampersands"
)]

use serde_json::{Value, json};

use super::PASSES;
use crate::document::Document;
use crate::notes::Notes;

mod of_choices;

/// Runs one pass on a document with these paths and schemas.
fn run(name: &str, paths: Value, schemas: Value) -> (Value, Value, String) {
    let root = json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": schemas } });
    let mut doc = Document::from_value("t.json", root);
    let mut notes = Notes::default();
    let pass = PASSES
        .iter()
        .find(|pass| pass.name == name)
        .expect("a pass of that name");
    (pass.run)(&mut doc, &mut notes).expect("the document is sound");
    let take = |pointer: &str| doc.root.pointer(pointer).cloned().unwrap_or_default();
    (take("/paths"), take("/components/schemas"), notes.listed())
}

/// Runs a pass on schemas alone.
fn on_schemas(name: &str, before: Value, after: &Value, note: &str) {
    let (_, got, notes) = run(name, json!({}), before);
    assert_eq!(got, *after, "{name}");
    assert!(notes.contains(note), "{name} notes: {notes}");
}

/// Runs a pass on one operation, `GET /a/{id}`.
fn on_operation(name: &str, before: Value, after: &Value, note: &str) {
    let (paths, _, notes) = run(name, json!({ "/a/{id}": { "get": before } }), json!({}));
    assert_eq!(paths["/a/{id}"]["get"], *after, "{name}");
    assert!(notes.contains(note), "{name} notes: {notes}");
}

#[test]
fn operation_ids() {
    let after = json!({ "operationId": "get_a_by_id" });
    on_operation("operation-ids", json!({}), &after, "named `get_a_by_id`");
    let kept = json!({ "operationId": "readA" });
    on_operation("operation-ids", kept.clone(), &kept, "");
}

#[test]
fn events() {
    let body = json!({ "requestBody": { "content": { "application/json": { "schema": { "type": "object" } } } } });
    let before = json!({ "operationId": "order", "callbacks": { "done": { "{$request.query.url}": { "post": body } } } });
    let (_, schemas, notes) = run(
        "events",
        json!({ "/a": { "post": before } }),
        json!({ "OrderDoneEvent": {} }),
    );
    assert_eq!(
        schemas,
        json!({ "OrderDoneEvent": {}, "OrderDoneEvent2": { "type": "object" } })
    );
    let silent = json!({ "callbacks": { "done": { "x": { "post": {} } } } });
    let (_, _, told) = run("events", json!({ "/a": { "post": silent } }), json!({}));
    assert!(told.contains("without a body of JSON"), "{notes} {told}");
}

#[test]
fn dialect() {
    let before = json!({
        "A": { "type": ["null", "string"] },
        "C": { "const": "x" },
        "E": { "type": "integer", "minimum": 1, "exclusiveMinimum": true },
        "F": { "properties": { "type": { "enum": [1, null] }, "any": true } },
        "G": { "type": ["string", "object", "null"] },
        "H": { "type": ["integer", "number"] },
    });
    let after = json!({
        "A": { "type": "string", "nullable": true },
        "C": { "type": "string", "enum": ["x"] },
        "E": { "type": "integer", "exclusiveMinimum": 1 },
        "F": { "type": "object", "properties": { "type": { "type": "integer", "enum": [1], "nullable": true }, "any": {} } },
        "G": { "type": ["string", "object"], "nullable": true },
        "H": { "type": "number" },
    });
    on_schemas("dialect", before, &after, "");
    for wide in [
        json!({ "type": "integer", "format": "uint128" }),
        json!({ "type": "integer", "maximum": 1e20 }),
        json!({ "type": "integer", "exclusiveMinimum": -1e19 }),
    ] {
        let before = json!({ "A": wide });
        on_schemas("dialect", before.clone(), &before, "beyond 64 bits");
    }
    let (_, _, notes) = run(
        "dialect",
        json!({}),
        json!({ "A": { "type": "integer", "maximum": u64::MAX, "minimum": i64::MIN } }),
    );
    assert!(!notes.contains("64 bits"), "{notes}");
}

#[test]
fn references() {
    let paths = json!({ "/a/{id}": {
        "parameters": [{ "$ref": "#/components/parameters/Id" }],
        "get": { "responses": { "200": { "$ref": "#/components/responses/Ok" } } },
    } });
    let root = json!({ "openapi": "3.1.0", "paths": paths, "components": {
        "parameters": { "Id": { "name": "id", "in": "path" } },
        "responses": { "Ok": { "description": "fine" } },
    } });
    let mut doc = Document::from_value("t.json", root);
    super::references::run(&mut doc, &mut Notes::default()).expect("the document is sound");
    let get = &doc.root["paths"]["/a/{id}"]["get"];
    assert_eq!(get["parameters"], json!([{ "name": "id", "in": "path" }]));
    assert_eq!(get["responses"]["200"], json!({ "description": "fine" }));
    assert!(doc.root["components"].get("parameters").is_none());
}

#[test]
fn inline_types() {
    let before = json!({ "Job": { "type": "object", "properties": {
        "state": { "type": "string", "enum": ["on", "off"], "nullable": true },
        "tag": { "type": "string", "enum": ["one"] },
        "steps": { "type": "array", "items": { "type": "object", "properties": { "n": { "type": "integer" } } } },
    } } });
    let after = json!({
        "Job": { "type": "object", "properties": {
            "state": { "$ref": "#/components/schemas/JobState", "nullable": true },
            "tag": { "type": "string", "enum": ["one"] },
            "steps": { "type": "array", "items": { "$ref": "#/components/schemas/JobStepsItem" } },
        } },
        "JobState": { "type": "string", "enum": ["on", "off"], "x-inline": true },
        "JobStepsItem": { "type": "object", "properties": { "n": { "type": "integer" } }, "x-inline": true },
    });
    on_schemas("inline-types", before, &after, "became `JobStepsItem`");
}

#[test]
fn successes() {
    let reply = |schema: Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let operation = json!({ "operationId": "draw", "responses": {
        "200": reply(json!({ "type": "string" })), "202": reply(json!({ "type": "object" })), "404": reply(json!({})) } });
    let mut after = operation.clone();
    let choice = json!({ "$ref": "#/components/schemas/DrawReply" });
    after["responses"]["200"] = reply(choice.clone());
    after["responses"]["202"] = reply(choice);
    let (paths, schemas, _) = run(
        "successes",
        json!({ "/a": { "get": operation } }),
        json!({}),
    );
    assert_eq!(paths["/a"]["get"], after);
    assert_eq!(
        schemas["DrawReply"]["anyOf"],
        json!([{ "type": "string" }, { "type": "object" }])
    );
}

#[test]
fn parameters() {
    let before = json!({ "parameters": [
        { "name": "Accept", "in": "header" },
        { "name": "not a header", "in": "header" },
        { "name": "filter", "in": "query", "content": { "application/json": { "schema": { "type": "object" } } } },
        { "name": "session", "in": "cookie" },
    ] });
    let after = json!({ "parameters": [
        { "name": "filter", "in": "query", "schema": { "type": "object" }, "x-json-text": true },
        { "name": "session", "in": "cookie", "schema": { "type": "string" } },
        { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
    ] });
    on_operation(
        "parameters",
        before,
        &after,
        "the header `Accept` is set by the transport",
    );
}

#[test]
fn bodies() {
    let text = json!({ "schema": { "type": "string" } });
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    let before = json!({ "requestBody": { "content": { "application/xml": text, "application/json": text, "multipart/form-data": {} } } });
    let content = json!({ "application/xml": bytes, "application/json": text, "multipart/form-data": { "schema": {} } });
    let after = json!({ "requestBody": { "content": content } });
    on_operation(
        "bodies",
        before,
        &after,
        "`application/xml` is sent as raw bytes",
    );
}

#[test]
fn replies() {
    let json = |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    let before = json!({ "responses": {
        "200": { "description": "done", "content": json("Job") },
        "202": { "description": "later" },
        "400": { "description": "no", "content": json("ModelState") },
    } });
    let reply = json!({ "description": "", "content": json("Job") });
    let after = json!({ "responses": { "200": reply, "202": reply }, "x-errors": { "400": "no" } });
    on_operation(
        "replies",
        before,
        &after,
        "declared as `ModelState`; read as a problem",
    );
}

#[test]
fn aliases() {
    let before = json!({
        "Air": { "type": "string", "description": "d" },
        "Airs": { "type": "array", "items": { "$ref": "#/components/schemas/Air" } },
        "Tree": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
        "Job": { "type": "object", "properties": {
            "airs": { "$ref": "#/components/schemas/Airs", "nullable": true } } },
    });
    let airs = json!({ "type": "array", "items": { "type": "string", "description": "d" } });
    let (_, after, notes) = run("aliases", json!({}), before);
    assert_eq!(after["Airs"], airs);
    assert_eq!(after["Job"]["properties"]["airs"]["items"], airs["items"]);
    assert_eq!(after["Job"]["properties"]["airs"]["nullable"], json!(true));
    assert_eq!(after["Tree"], json!({}));
    assert!(notes.contains("contains itself"), "{notes}");
}

#[test]
fn orphans() {
    let before = json!({
        "Named": { "type": "object" },
        "Used": { "type": "object", "x-inline": true },
        "Holder": { "type": "array", "items": { "$ref": "#/components/schemas/Used" } },
        "Lost": { "type": "object", "x-inline": true, "properties": { "inner": { "$ref": "#/components/schemas/Inner" } } },
        "Inner": { "type": "object", "x-inline": true, "properties": { "again": { "$ref": "#/components/schemas/Inner" } } },
    });
    let mut after = before.clone();
    for gone in ["Lost", "Inner"] {
        after.as_object_mut().unwrap().remove(gone);
    }
    on_schemas("orphans", before, &after, "");
}

#[test]
fn chaining() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let step = |input: Value| json!({ "properties": { "name": { "type": "string" }, "input": input, "output": reference("Blob") } });
    let before = json!({
        "Step": { "oneOf": [reference("Scale"), reference("Upload")], "x-chained": "input" },
        "Scale": step(reference("ScaleInput")),
        "Upload": step(json!({ "type": "string" })),
        "ScaleInput": { "properties": {
            "image": { "type": "string" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "any": {},
            "blob": reference("Blob"),
            "next": reference("Step"),
            "each": reference("Loop"),
        } },
        "Loop": { "properties": { "$ref": { "type": "string" } } },
        "Blob": { "properties": { "url": { "type": "string" } } },
    });
    let (_, after, notes) = run("chaining", json!({}), before);
    let mut marked: Vec<String> = Vec::new();
    for (name, schema) in after.as_object().unwrap() {
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            for (place, schema) in [("", schema), ("[]", &schema["items"])] {
                if schema["x-referable"] == json!(true) {
                    marked.push(format!("{name}.{member}{place}"));
                }
            }
        }
    }
    assert_eq!(
        marked,
        [
            "ScaleInput.blob",
            "ScaleInput.image",
            "ScaleInput.tags",
            "ScaleInput.tags[]",
            "Upload.input"
        ]
    );
    assert!(notes.contains("Blob"), "{notes}");
}

#[test]
fn defaults() {
    let before = json!({ "A": { "required": ["size", "seed", "prompt"], "properties": {
        "size": { "type": "integer", "default": 1 },
        "seed": { "type": "integer", "x-optional": true },
        "prompt": { "type": "string", "default": null },
    } } });
    let mut after = before.clone();
    after["A"]["required"] = json!(["prompt"]);
    on_schemas("defaults", before, &after, "the service fills it in");
}

#[test]
fn every_pass_has_a_test_here() {
    let tests: &[(&str, fn())] = &[
        ("operation-ids", operation_ids),
        ("events", events),
        ("dialect", dialect),
        ("references", references),
        ("alternatives", of_choices::alternatives),
        ("nulls", of_choices::nulls),
        ("successes", successes),
        ("inline-types", inline_types),
        ("inheritance", of_choices::inheritance),
        ("choices", of_choices::choices),
        ("unions", of_choices::unions),
        ("chaining", chaining),
        ("defaults", defaults),
        ("parameters", parameters),
        ("bodies", bodies),
        ("replies", replies),
        ("aliases", aliases),
        ("orphans", orphans),
    ];
    let tested = tests.iter().map(|(name, _)| *name);
    let passes = PASSES.iter().map(|pass| pass.name);
    assert!(passes.eq(tested), "a pass has no test here");
}
