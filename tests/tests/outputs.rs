//! The files and texts of every step type are found where the contract puts them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are worth reading")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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

/// Everything that stands at a path such as `choices[].message.content` or `results{}.caption`.
fn standing(value: &Value, path: &str) -> Vec<Value> {
    let mut here = vec![value.clone()];
    for member in path.split('.') {
        let name = member.trim_end_matches(['[', ']', '{', '}']);
        let members = here.iter().map(|value| value[name].clone());
        here = match &member[name.len()..] {
            "[]" => members
                .filter_map(|value| value.as_array().cloned())
                .flatten()
                .collect(),
            "{}" => members
                .filter_map(|value| value.as_object().cloned())
                .flat_map(|values| values.into_iter().map(|(_, value)| value))
                .collect(),
            _ => members.collect(),
        };
    }
    here
}

/// The workflow as the client reads it.
async fn read(workflow: &Value) -> WorkflowSnapshot {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(200).set_body_json(workflow);
    Mock::given(any()).respond_with(reply).mount(&server).await;
    let client = Client::builder()
        .token("token".to_owned())
        .base_url(server.uri());
    let snapshot = client.build().unwrap().workflows().get("one").await;
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
            let found = seen.outputs();
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

/// The lists of the client: where the texts of a step type stand.
fn listed(types: &[String]) -> BTreeMap<String, Vec<String>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/civitai-jobs/src/submitted/places.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let table = source
        .split("TEXTS: ")
        .nth(1)
        .unwrap()
        .split("\n];")
        .next()
        .unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut last = String::new();
    for text in table.split('"').skip(1).step_by(2) {
        if types.iter().any(|known| known == text) {
            text.clone_into(&mut last);
        } else {
            found.entry(last.clone()).or_default().push(text.to_owned());
        }
    }
    found
}

#[tokio::test]
async fn every_text_is_found_at_its_place() {
    let contract = Contract::load("v2");
    let mut maker = Maker::new(&contract, Twist::Nothing);
    let types: Vec<String> = contract
        .variants("WorkflowStep")
        .into_iter()
        .map(|(tag, _)| tag)
        .collect();
    let listed = listed(&types);
    assert!(listed.len() >= 6, "{listed:?}");
    for tag in &types {
        let (workflow, snapshot) = instances(&contract, &mut maker, tag).await;
        let paths = listed.get(tag).cloned().unwrap_or_default();
        let mut seen = vec![false; paths.len()];
        let steps = workflow["steps"].as_array().unwrap();
        for (step, snapshot) in steps.iter().zip(snapshot.steps()) {
            let mut wanted = Vec::new();
            for (path, seen) in paths.iter().zip(&mut seen) {
                let texts = standing(&step["output"], path);
                let texts = texts.iter().filter_map(Value::as_str).map(str::to_owned);
                let before = wanted.len();
                wanted.extend(texts);
                *seen |= wanted.len() > before;
            }
            assert_eq!(snapshot.texts(), wanted, "{tag}: {}", step["output"]);
        }
        assert!(seen.iter().all(|seen| *seen), "{tag}: {paths:?} {seen:?}");
    }
}
