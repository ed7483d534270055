//! The files and texts of every step type are found where the contract puts them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are worth reading")]

use std::collections::{BTreeMap, BTreeSet};

use civitai_jobs::{Client, FileKind, WorkflowSnapshot};
use contract_tests::{Contract, Maker, Twist};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Links that the caller gave, and gets back.
const GIVEN: [&str; 1] = ["sampleInputImages[]"];
/// Links to what was made that the contract has as mere texts.
const LINKS: [&str; 1] = ["choices[].message.images[].image_url.url"];
/// How many instances are made of each step type.
const SEEDS: u64 = 60;

/// A file in an output: its place, and the kind where the contract says it by its type.
type File = (String, Option<FileKind>);

/// The place with every number of an item left out.
fn pattern(place: &str) -> String {
    let parts = place
        .split('[')
        .enumerate()
        .map(|(index, part)| match index {
            0 => part.to_owned(),
            _ => format!("[{}", part.trim_start_matches(|c: char| c.is_ascii_digit())),
        });
    parts.collect()
}

/// Walks over an output along its schema.
fn files(contract: &Contract, schema: &Value, value: &Value, at: &str, found: &mut BTreeSet<File>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        let kind = match name {
            "ImageBlob" => Some(FileKind::Image),
            "VideoBlob" => Some(FileKind::Video),
            "AudioBlob" => Some(FileKind::Audio),
            "Model3DBlob" => Some(FileKind::Model3d),
            _ => None,
        };
        if value.is_object() && (kind.is_some() || name == "Blob") {
            found.insert((at.to_owned(), kind));
            return;
        }
        let tag = contract
            .tag(name)
            .and_then(|tag| value.get(tag))
            .and_then(Value::as_str);
        let variants = contract.variants(name);
        let variant = variants
            .iter()
            .find(|(known, _)| Some(known.as_str()) == tag);
        let next = variant.map_or_else(
            || contract.schema(name).clone(),
            |(_, held)| json!({ "$ref": format!("#/components/schemas/{held}") }),
        );
        return files(contract, &next, value, at, found);
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                files(
                    contract,
                    &schema["items"],
                    item,
                    &format!("{at}[{index}]"),
                    found,
                );
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let at = if at.is_empty() {
                    name.clone()
                } else {
                    format!("{at}.{name}")
                };
                let listed = schema["properties"].get(name);
                let of_map = || schema.get("additionalProperties");
                if let Some(schema) = listed.or_else(of_map) {
                    files(contract, schema, member, &at, found);
                }
            }
        }
        Value::String(_) => {
            let place = pattern(at);
            let link = schema.get("format") == Some(&json!("uri"));
            if (link && !GIVEN.contains(&place.as_str())) || LINKS.contains(&place.as_str()) {
                found.insert((at.to_owned(), None));
            }
        }
        _ => {}
    }
}

/// Walks over an output along its schema, and gathers the texts that the contract marks as asked for.
fn texts(contract: &Contract, schema: &Value, value: &Value, found: &mut Vec<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        return texts(contract, contract.schema(name), value, found);
    }
    match value {
        Value::Array(items) => {
            for item in items {
                texts(contract, &schema["items"], item, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let of_map = || schema.get("additionalProperties");
                if let Some(schema) = schema["properties"].get(name).or_else(of_map) {
                    texts(contract, schema, member, found);
                }
            }
        }
        Value::String(text) if schema.get("x-file") == Some(&json!("text")) => {
            found.push(text.clone());
        }
        _ => {}
    }
}

/// The workflow as the client reads it.
async fn read(workflow: &Value) -> WorkflowSnapshot {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(200).set_body_json(workflow);
    Mock::given(any()).respond_with(reply).mount(&server).await;
    let client = Client::builder()
        .token("token".to_owned())
        .base_url(server.uri());
    let snapshot = client
        .build()
        .unwrap()
        .workflows()
        .get(&"one".parse().unwrap())
        .await;
    snapshot.unwrap()
}

/// A workflow of instances of one step type.
async fn instances(
    contract: &Contract,
    maker: &mut Maker<'_>,
    tag: &str,
) -> (Value, WorkflowSnapshot) {
    let variants = contract.variants("WorkflowStep");
    let (_, schema) = variants.iter().find(|(known, _)| known == tag).unwrap();
    let mut workflow = maker.make("Workflow", 1).back;
    let steps = (0..SEEDS).map(|seed| {
        let mut step = maker.make(schema, seed).back;
        step["$type"] = json!(tag);
        step
    });
    workflow["steps"] = steps.collect();
    let snapshot = read(&workflow).await;
    assert_eq!(snapshot.steps().len(), usize::try_from(SEEDS).unwrap());
    (workflow, snapshot)
}

#[tokio::test]
async fn every_file_is_found_at_its_place() {
    let contract = Contract::load("v2");
    let mut maker = Maker::new(&contract, Twist::Nothing);
    let mut places = BTreeSet::new();
    for (tag, schema) in contract.variants("WorkflowStep") {
        let (workflow, snapshot) = instances(&contract, &mut maker, &tag).await;
        let of_output = &contract.schema(&schema)["properties"]["output"];
        let steps = workflow["steps"].as_array().unwrap();
        for (step, seen) in steps.iter().zip(snapshot.steps()) {
            let mut wanted = BTreeSet::new();
            files(&contract, of_output, &step["output"], "", &mut wanted);
            let found = seen.files();
            let found: BTreeMap<&str, FileKind> = found
                .iter()
                .map(|file| (file.path(), file.kind()))
                .collect();
            let at: BTreeSet<&str> = wanted.iter().map(|(at, _)| at.as_str()).collect();
            assert_eq!(
                found.keys().copied().collect::<BTreeSet<_>>(),
                at,
                "{tag}: {}",
                step["output"]
            );
            for (at, kind) in wanted {
                let said = kind.is_none_or(|kind| found[at.as_str()] == kind);
                assert!(said, "{tag} {at}: {:?}", found[at.as_str()]);
                places.insert((tag.clone(), pattern(&at)));
            }
        }
    }
    println!("files at {} places: {places:?}", places.len());
    assert!(places.len() > 40, "{}", places.len());
}

#[tokio::test]
async fn every_text_is_found_at_its_place() {
    let contract = Contract::load("v2");
    let mut maker = Maker::new(&contract, Twist::Nothing);
    let mut types = BTreeSet::new();
    for (tag, schema) in contract.variants("WorkflowStep") {
        let (workflow, snapshot) = instances(&contract, &mut maker, &tag).await;
        let of_output = &contract.schema(&schema)["properties"]["output"];
        let steps = workflow["steps"].as_array().unwrap();
        for (step, snapshot) in steps.iter().zip(snapshot.steps()) {
            let mut wanted = Vec::new();
            texts(&contract, of_output, &step["output"], &mut wanted);
            let mut found: Vec<&str> = snapshot.texts();
            found.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{tag}: {}", step["output"]);
            types.extend((!wanted.is_empty()).then(|| tag.clone()));
        }
    }
    assert!(types.len() >= 6, "{types:?}");
}
