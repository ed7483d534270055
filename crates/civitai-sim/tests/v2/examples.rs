//! Every step type and engine, run to its end.

use std::path::{Path, PathBuf};

use civitai_api::v2::operations::GetWorkflowOptions;
use civitai_api::v2::types::WorkflowStep;
use serde_json::Value;

use crate::caller::{Caller, instant, typed};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/examples/v2");

/// All files below a folder, in a fixed order.
pub(crate) fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(path)
        } else {
            vec![path]
        }
    };
    paths.into_iter().flat_map(below).collect()
}

pub(crate) fn example(file: &Path) -> Value {
    let text = std::fs::read_to_string(file).unwrap();
    let mut example: Value = serde_json::from_str(&text).unwrap();
    // Nobody listens at the addresses of examples, and each shall run.
    for name in ["callbacks", "externalId", "ephemeral"] {
        example.as_object_mut().unwrap().remove(name);
    }
    example
}

#[tokio::test]
async fn every_example_runs_to_its_end_and_its_output_decodes() {
    let sim = instant()
        .buzz(civitai_sim::Currency::Yellow, 10_000_000)
        .start()
        .await
        .unwrap();
    let client = typed(&sim);
    let caller = Caller::new(&sim);
    let files = files(EXAMPLES);
    assert!(files.len() >= 44);
    for file in files {
        let template = example(&file);
        let ended = caller.submit(&template).await;
        assert_eq!(ended["status"], "succeeded", "{}", file.display());
        let id = ended["id"].as_str().unwrap();
        let typed = client
            .get_workflow(id, &GetWorkflowOptions::default())
            .await
            .unwrap();
        for (step, sent) in typed
            .steps
            .iter()
            .zip(template["steps"].as_array().unwrap())
        {
            assert!(!matches!(step, WorkflowStep::Raw(_)), "{}", file.display());
            let step = serde_json::to_value(step).unwrap();
            assert_eq!(step["$type"], sent["$type"]);
            assert!(
                step.get("output").is_some_and(|output| !output.is_null()),
                "{step}"
            );
        }
    }
}
