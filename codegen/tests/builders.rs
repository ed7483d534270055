//! A contract that grows: what is new in it reaches the builders by itself.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use codegen::{Builders, Document, Facts, Holds, Options, Overrides, Told};
use serde_json::{Value, json};

/// A contract with one step type, and the same with another, a new engine and a new operation.
fn contract(has_grown: bool) -> Value {
    let object = |required: Value, properties: Value| json!({ "type": "object", "required": required, "properties": properties });
    let text = json!({ "type": "string" });
    let union = |tag: &str, mapping: Value| {
        json!({ "type": "object", "required": [tag], "properties": { tag: { "type": "string" } },
            "discriminator": { "propertyName": tag, "mapping": mapping } })
    };
    let under = |base: &str, own: Value| json!({ "allOf": [{ "$ref": format!("#/components/schemas/{base}") }, own] });
    let at = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let lead = |tags: &[(&str, &str)]| -> Value {
        let tags = tags
            .iter()
            .filter(|(_, name)| has_grown || !name.starts_with("New"));
        tags.map(|(tag, name)| {
            (
                (*tag).to_owned(),
                json!(format!("#/components/schemas/{name}")),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
    };
    let mut template = union(
        "$type",
        lead(&[("draw", "DrawTemplate"), ("dance", "NewTemplate")]),
    );
    template["x-chained"] = json!("input");
    let mut step = union("$type", lead(&[("draw", "DrawStep"), ("dance", "NewStep")]));
    step["x-chained"] = json!("input");
    let mut schemas = json!({
        "Template": template,
        "Step": step,
        "File": union("type", lead(&[("image", "ImageFile"), ("video", "VideoFile")])),
        "ImageFile": under("File", object(json!(["url"]), json!({ "url": text }))),
        "VideoFile": under("File", object(json!(["url"]), json!({ "url": text }))),
        "DrawInput": union("engine", lead(&[("pen", "PenInput"), ("brush", "NewBrushInput")])),
        "PenInput": under("DrawInput", object(json!(["prompt"]), json!({ "prompt": text }))),
        "DrawOutput": object(json!(["images"]), json!({
            "images": { "type": "array", "items": at("ImageFile") } })),
        "DrawTemplate": under("Template", object(json!(["input"]), json!({ "input": at("DrawInput") }))),
        "DrawStep": under("Step", object(json!(["input"]), json!({
            "input": at("DrawInput"), "output": at("DrawOutput") }))),
    });
    if has_grown {
        let whole = json!({ "type": "integer", "format": "int32" });
        schemas["NewBrushInput"] = under(
            "DrawInput",
            object(
                json!(["prompt"]),
                json!({
            "prompt": text, "numInferenceSteps": whole, "width": whole, "height": whole }),
            ),
        );
        schemas["NewInput"] = object(json!(["imageUrl"]), json!({ "imageUrl": text }));
        schemas["NewOutput"] = object(
            json!([]),
            json!({
            "dances": { "type": "array", "items": at("VideoFile") },
            "notes": { "type": "string", "x-file": "text" },
            "traceUrl": { "type": "string", "x-file": "archive" } }),
        );
        let input = json!({ "input": at("NewInput") });
        schemas["NewTemplate"] = under("Template", object(json!(["input"]), input));
        schemas["NewStep"] = under(
            "Step",
            object(
                json!(["input"]),
                json!({
            "input": at("NewInput"), "output": at("NewOutput") }),
            ),
        );
    }
    let send = |id: &str| {
        json!({ "post": { "operationId": id,
            "requestBody": { "content": { "application/json": { "schema": at("Template") } } },
            "responses": { "200": { "description": "The step.",
                "content": { "application/json": { "schema": at("Step") } } } } } })
    };
    let mut paths = json!({ "/steps": send("submitStep") });
    if has_grown {
        paths["/dances"] = send("submitDance");
    }
    json!({ "openapi": "3.0.3", "info": { "title": "Steps", "version": "1" }, "paths": paths,
        "components": { "schemas": schemas } })
}

fn document(has_grown: bool) -> Document {
    Document::from_value("steps.json", contract(has_grown))
}

const OPTIONS: Options<'static> = Options {
    contract: "steps",
    support: "crate::support",
    features: &[],
};

fn facts(has_grown: bool) -> Facts {
    let settings: Builders = toml::from_str(
        r#"
        contract = "steps"
        crate = "crates/steps"
        template = "Template"
        reply = "Step"
        output = "output"
        file = "File"
        setter = [
            { trait = "Prompt", kind = "text", any = ["prompt"] },
        ]
        "#,
    )
    .unwrap();
    let mut settings = settings;
    if has_grown {
        let more: Builders = toml::from_str(
            r#"
            contract = "steps"
            crate = "crates/steps"
            template = "Template"
            reply = "Step"
            output = "output"
            file = "File"
            setter = [
                { trait = "Steps", kind = "i32", any = ["steps", "numInferenceSteps"] },
                { trait = "Size", kind = "i32", all = ["width", "height"] },
                { trait = "SourceImage", kind = "text", any = ["image", "imageUrl"] },
            ]
            "#,
        )
        .unwrap();
        settings.setters.extend(more.setters);
    }
    codegen::builders(
        document(has_grown),
        &Overrides::default(),
        OPTIONS,
        &settings,
    )
    .unwrap()
}

fn told(name: &str, fields: &[&str]) -> Told {
    Told {
        name: name.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        detail: None,
    }
}

#[test]
fn a_new_step_type_has_template_input_and_output() {
    let tags =
        |facts: &Facts| -> Vec<String> { facts.steps.iter().map(|one| one.tag.clone()).collect() };
    assert_eq!(tags(&facts(false)), ["draw"]);
    let grown = facts(true);
    assert_eq!(tags(&grown), ["dance", "draw"]);
    let dance = &grown.steps[0];
    assert_eq!(dance.template.rust, "NewTemplate");
    assert_eq!(dance.input.as_ref().unwrap().rust, "NewInput");
    assert_eq!(dance.output.as_ref().unwrap().rust, "NewOutput");
    assert!(dance.is_only);
}

#[test]
fn a_new_engine_is_a_step_and_can_be_told_what_others_can() {
    let grown = facts(true);
    let leaves: Vec<&str> = grown.steps[1]
        .leaves
        .iter()
        .map(|one| one.rust.as_str())
        .collect();
    assert_eq!(leaves, ["NewBrushInput", "PenInput"]);
    let of = |name: &str| {
        let mut inputs = grown.inputs.iter();
        inputs
            .find(|(input, _)| input.rust == name)
            .unwrap()
            .1
            .clone()
    };
    let brush = [
        told("Prompt", &["prompt"]),
        told("Steps", &["num_inference_steps"]),
        told("Size", &["width", "height"]),
        told("Prompted", &["prompt"]),
    ];
    assert_eq!(of("NewBrushInput"), brush);
    assert_eq!(of("NewInput"), [told("SourceImage", &["image_url"])]);
}

#[test]
fn the_files_of_a_new_output_are_found_and_have_methods() {
    let grown = facts(true);
    let mut outputs = grown.outputs.iter();
    let (_, found) = outputs
        .find(|(output, _)| output.rust == "NewOutput")
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.path.as_str(), one.holds.clone(), one.method.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            ("traceUrl", Holds::Link("archive".to_owned()), Some("trace")),
            (
                "dances[]",
                Holds::File(Some("video".to_owned())),
                Some("dance")
            ),
            ("notes", Holds::Text, Some("notes")),
        ]
    );
}

#[test]
fn the_facts_become_modules_that_parse_and_the_operation_a_call() {
    let facts = facts(true);
    for (name, text) in facts.files().into_iter().chain(facts.tables()) {
        syn::parse_file(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    }
    let calls = |has_grown| {
        let made = codegen::generate(document(has_grown), &Overrides::default(), OPTIONS).unwrap();
        let constants = syn::parse_file(&made.files["operation.rs"]).unwrap().items;
        let named = constants.into_iter().filter_map(|item| match item {
            syn::Item::Const(constant) => Some(constant.ident.to_string()),
            _ => None,
        });
        named.collect::<Vec<_>>()
    };
    assert!(!calls(false).contains(&"SUBMIT_DANCE".to_owned()));
    assert!(calls(true).contains(&"SUBMIT_DANCE".to_owned()));
}
