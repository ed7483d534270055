//! The examples in `examples/v2`: workflows as users submit them, at least one for each step type
//! and each engine, decode to types all the way down.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use civitai_api::Members as _;
use civitai_api::v2::types::WorkflowTemplate;
use contract_tests::{Contract, Walk, difference};
use serde_json::Value;

const ENTRY: &str = "WorkflowTemplate";

/// All examples, by the file that they stand in.
fn examples() -> Vec<(PathBuf, Value)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/v2")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let value = serde_json::from_str(&text);
                found.push((
                    path.clone(),
                    value.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
                ));
            }
        }
    }
    found
}

fn there_and_back(file: &Path, sent: &Value) -> Value {
    let decoded: WorkflowTemplate = serde_json::from_str(&sent.to_string())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::to_value(&decoded).unwrap()
}

#[test]
fn every_example_comes_back_and_is_typed_at_every_level() {
    let contract = Contract::load("v2");
    for (file, mut value) in examples() {
        let template: WorkflowTemplate = serde_json::from_value(value.clone()).unwrap();
        assert!(
            template.misfits().is_empty(),
            "{}: {:?}",
            file.display(),
            template.misfits()
        );
        let shown = format!("{template:?}");
        assert!(!shown.contains("Raw({"), "{}: {shown}", file.display());
        let mut walk = Walk::new(&contract);
        walk.mark(ENTRY, &mut value);
        assert!(
            walk.faults.is_empty(),
            "{}: {:?}",
            file.display(),
            walk.faults
        );
        assert!(walk.marked >= 2, "{}", file.display());
        let back = there_and_back(&file, &value);
        assert_eq!(difference(&value, &back, ""), None, "{}", file.display());
    }
}

#[test]
fn every_tag_that_can_be_submitted_has_an_example() {
    let contract = Contract::load("v2");
    let mut walk = Walk::new(&contract);
    for (_, mut value) in examples() {
        walk.mark(ENTRY, &mut value);
    }
    let all = contract.tags_below(ENTRY);
    assert!(all.len() > 300, "{}", all.len());
    let missing: BTreeSet<_> = all.difference(&walk.tags).collect();
    assert!(missing.is_empty(), "no example for {missing:?}");
}

#[test]
fn every_example_stands_where_its_tags_say() {
    for (file, value) in examples() {
        let steps = value["steps"].as_array().unwrap();
        let text = file.to_str().unwrap().replace('\\', "/");
        let place = text.rsplit_once("examples/v2/").unwrap().1;
        let first = place.split(['/', '.']).next();
        let is_there = |step: &Value| step["$type"].as_str() == first;
        assert!(steps.iter().any(is_there), "{text}");
    }
}
