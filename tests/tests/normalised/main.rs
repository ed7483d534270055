//! Ordinary validators work with the normalised contracts, where they refuse everything with the
//! published description.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::print_stdout,
    reason = "the counts are worth reading, and a skipped comparison must be seen"
)]

mod instances;
mod mutations;
mod refusals;
mod sound;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use codegen::{Document, Notes, Overrides};
use contract_tests::{Contract, Validator, Walk, fault, message, schema_validator, validator};
use serde_json::{Value, json};

use crate::instances::Instances;

static V2: LazyLock<Value> = LazyLock::new(|| written(&contract("v2"), "v2"));
static SUBMISSION: LazyLock<Validator> = LazyLock::new(|| validator(&V2, "WorkflowTemplate"));

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn contract(name: &str) -> PathBuf {
    root().join("openapi").join(name).join("openapi.yaml")
}

/// The published v2 description, where it is at hand.
fn published() -> Option<PathBuf> {
    let file = root().join("../shared/vendor/civitai-v2-consumers-2026-09.json");
    let there = file.exists();
    if !there {
        println!("SKIPPED: {} is not there", file.display());
    }
    there.then_some(file)
}

fn overrides() -> Overrides {
    Overrides::load(&root().join("openapi/overrides.toml")).unwrap()
}

/// The normalised document of a contract, ours or a published one.
fn written(file: &Path, name: &str) -> Value {
    let made = codegen::normalised(codegen::load(file).unwrap(), name, &overrides()).unwrap();
    assert!(made.notes.is_empty(), "{}", made.notes.render(name));
    made.document
}

/// The normal form, which requests are made from.
fn normal(file: &Path, name: &str) -> Document {
    let mut doc = codegen::load(file).unwrap();
    overrides().of(name).apply(&mut doc).unwrap();
    codegen::normalise(doc, &mut Notes::default()).unwrap()
}

/// The published sample requests, by name. None of them says which step it is; their names do.
fn samples(published: &Value) -> Vec<(String, Value, &'static str)> {
    let types = [
        ("TextToImage", "textToImage"),
        ("LORA training", "imageResourceTraining"),
        ("Comfy job", "comfy"),
    ];
    let mut found = Vec::new();
    for (path, item) in published["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = operation.pointer("/requestBody/content");
            for (media, body) in content.and_then(Value::as_object).into_iter().flatten() {
                for (name, sample) in body
                    .get("examples")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                {
                    let step = types.iter().find(|(known, _)| known == name);
                    let step = step.unwrap_or_else(|| panic!("which step is the sample `{name}`?"));
                    let place = format!("{} {path} {media} `{name}`", method.to_uppercase());
                    found.push((place, sample["value"].clone(), step.1));
                }
            }
        }
    }
    found
}

#[test]
fn published_samples_are_accepted_and_were_not() {
    let Some(file) = published() else { return };
    let raw: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let as_published = validator(&raw, "WorkflowTemplate");
    let healed = validator(&written(&file, "v2"), "WorkflowTemplate");
    let samples = samples(&raw);
    let mut counts = [0; 3];
    for (name, sample, step) in &samples {
        let asks = fault(&SUBMISSION, sample);
        println!("{name}: as it is, {}", message(asks.clone()));
        let (at, what) = asks.unwrap();
        assert_eq!(at, "/steps/0", "{name}");
        assert!(
            what.contains("\"$type\" is a required property"),
            "{name}: {what}"
        );
        let mut whole = sample.clone();
        whole["steps"][0]["$type"] = json!(step);
        for (index, (document, validator)) in [
            ("our document", &*SUBMISSION),
            ("the published description, normalised", &healed),
            ("the published description as it is", &as_published),
        ]
        .into_iter()
        .enumerate()
        {
            let fault = fault(validator, &whole);
            counts[index] += usize::from(fault.is_none());
            println!("  with its `$type`, {document}: {}", message(fault));
        }
    }
    let all = samples.len();
    println!(
        "{all} samples; accepted by our document, the published one normalised and as it is: {counts:?}"
    );
    assert!(all >= 9);
    assert_eq!(counts, [all, all, 0]);
}

#[test]
fn every_way_through_the_unions_is_accepted_once() {
    let ours = normal(&contract("v2"), "v2");
    let requests = Instances::new(&ours).of("WorkflowTemplate");
    for request in &requests {
        assert_eq!(
            message(fault(&SUBMISSION, request)),
            "accepted",
            "{request}"
        );
    }
    println!("{} submissions accepted", requests.len());
    assert!(requests.len() > 500, "{} ways", requests.len());

    let Some(file) = published() else { return };
    let raw: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let as_published = validator(&raw, "WorkflowTemplate");
    let healed = validator(&written(&file, "v2"), "WorkflowTemplate");
    let theirs = normal(&file, "v2");
    let more = Instances::new(&theirs).of("WorkflowTemplate");
    let contract = Contract::load("v2");
    let beyond: Vec<&Value> = requests
        .iter()
        .filter(|request| goes_beyond(&contract, request))
        .collect();
    println!(
        "{} of them choose something that the published description does not know",
        beyond.len()
    );
    assert!(beyond.len() * 5 < requests.len());
    let known = requests.iter().filter(|request| !beyond.contains(request));
    for request in known.chain(&more) {
        assert_eq!(message(fault(&healed, request)), "accepted", "{request}");
        assert_eq!(
            message(fault(&SUBMISSION, request)),
            "accepted",
            "{request}"
        );
        assert!(!as_published.is_valid(request), "{request}");
    }
    println!(
        "the same and {} from the published description: accepted normalised, none as it is",
        more.len()
    );
}

#[test]
fn every_body_of_every_operation_is_accepted() {
    for name in ["v1", "v2"] {
        let normal = normal(&contract(name), name);
        let document = written(&contract(name), name);
        let (mut bodies, mut requests) = (0, 0);
        for (path, method, operation) in normal.operations() {
            let content = operation.pointer("/requestBody/content");
            for (media, body) in content.and_then(Value::as_object).into_iter().flatten() {
                if media != "application/json" || path.ends_with("/workflows") {
                    continue;
                }
                bodies += 1;
                let validator = schema_validator(
                    &document,
                    &document["paths"][path][method]["requestBody"]["content"]
                        .as_object()
                        .unwrap()
                        .values()
                        .next()
                        .unwrap()["schema"],
                );
                for request in Instances::new(&normal).of_schema(&body["schema"]) {
                    requests += 1;
                    let fault = fault(&validator, &request);
                    assert_eq!(message(fault), "accepted", "{method} {path}: {request}");
                }
            }
        }
        println!("{name}: {requests} requests for {bodies} bodies accepted");
        assert!(bodies >= 4 && requests > bodies);
    }
}

/// Whether a submission goes through a variant that the published description does not have: one of the
/// service's newer client, or of an older description.
fn goes_beyond(contract: &Contract, request: &Value) -> bool {
    let mut walk = Walk::new(contract);
    walk.mark("WorkflowTemplate", &mut request.clone());
    walk.tags.iter().any(|(union, tag)| {
        let variants = contract.variants(union);
        let held = variants.iter().find(|(known, _)| known == tag);
        held.is_some_and(|(_, held)| {
            let schema = contract.schema(held);
            ["x-extension", "x-last-seen"]
                .iter()
                .any(|mark| schema.get(*mark).is_some())
        })
    })
}
