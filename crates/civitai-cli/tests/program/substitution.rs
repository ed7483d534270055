//! The service puts something else in place of what was asked for: a warning, or a failure where that is wanted.

use civitai_sim::{Scenario, SimTime};
use serde_json::json;

use crate::stage::Stage;

const GENERATE: &[&str] = &[
    "generate",
    "fog",
    "--engine",
    "sdcpp",
    "--ecosystem",
    "sd1",
    "--model",
    "urn:air:sd1:checkpoint:civitai:4384@128713",
    "--size",
    "64x64",
    "--quantity",
    "2",
];

const STRICT: &str = "--fail-on-substitution";

/// A service that shows a quantity of one and another model, in answers to what `query` says of a submission.
async fn replacing(skip: u64) -> Stage {
    let rule = json!({"requests": [{
        "on": {"method": "POST", "path": "/v2/consumer/workflows", "skip": skip},
        "do": [{"fault": "edit", "edits": [
            {"at": "/steps/0/input/quantity", "set": 1},
            {"at": "/steps/0/input/model", "set": "urn:air:sd1:checkpoint:civitai:4201@130072"},
        ]}],
    }]});
    let scenario: Scenario = rule.to_string().parse().unwrap();
    Stage::with(|sim| sim.time(SimTime::real(1_000.0)).scenario(scenario)).await
}

fn told(text: &str) -> bool {
    text.contains("image.quantity: asked for 2, given 1")
        && text.contains("4384@128713, given urn:air:sd1:checkpoint:civitai:4201@130072")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_submitted_that_would_be_something_else() {
    let stage = replacing(0).await;
    let ran = stage.run(&[GENERATE, &[STRICT]].concat());
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(told(ran.error()), "{ran:?}");
    assert!(ran.error().ends_with("; nothing was submitted"), "{ran:?}");
    assert_eq!((stage.submissions(), stage.paid()), (0, 0));
    assert_eq!(stage.run(&["resume"]).stderr, "nothing is open\n");

    let ran = stage.run(&[GENERATE, &[STRICT, "--preview", "--json"]].concat());
    assert_eq!((ran.code, ran.last()["code"].as_i64()), (8, Some(8)));
    assert!(told(ran.last()["message"].as_str().unwrap()), "{ran:?}");

    // Where it is as it was asked for, nothing is in the way.
    let stage = Stage::fast().await;
    let ran = stage.run(&[GENERATE, &[STRICT]].concat());
    assert_eq!((ran.code, ran.paths().len()), (0, 2), "{ran:?}");
    assert!(!ran.stderr.contains("in place of"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_too_late_is_kept_and_no_success() {
    let stage = replacing(1).await;
    let ran = stage.run(&[GENERATE, &[STRICT]].concat());
    assert_eq!((ran.code, stage.submissions()), (8, 1), "{ran:?}");
    assert!(told(ran.error()), "{ran:?}");
    assert_eq!(ran.paths().len(), 2, "{ran:?}");
    // It is no work that is left to do.
    assert_eq!(stage.run(&["resume"]).stderr, "nothing is open\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_wish_it_is_a_warning_once() {
    let stage = replacing(0).await;
    let ran = stage.run(&[GENERATE, &["--max-cost", "1000"]].concat());
    assert_eq!((ran.code, ran.paths().len()), (0, 2), "{ran:?}");
    let warnings: Vec<_> = ran.stderr.lines().filter(|line| told(line)).collect();
    assert_eq!(warnings.len(), 1, "{ran:?}");
    assert!(warnings[0].starts_with("warning: "), "{ran:?}");

    let ran = stage.run(&[GENERATE, &["--json", "--seed", "2"]].concat());
    let events = ran.events();
    let warning = events.iter().find(|event| event["event"] == "warning");
    assert!(
        told(warning.unwrap()["message"].as_str().unwrap()),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_of_a_file_and_the_older_api() {
    let stage = replacing(0).await;
    let printed = stage.run(&[GENERATE, &["--print"]].concat());
    stage.write("workflow.json", printed.stdout.as_bytes());
    let ran = stage.run(&["run", "workflow.json", STRICT]);
    assert_eq!((ran.code, stage.submissions()), (8, 0), "{ran:?}");
    assert!(told(ran.error()), "{ran:?}");

    let ran = stage.run(&["generate", "fog", "--api", "v1", STRICT]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error().contains(STRICT), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_fail_one_by_one() {
    let rule = json!({"requests": [{
        "on": {"method": "POST", "path": "/v2/consumer/workflows", "times": 1},
        "do": [{"fault": "edit", "edits": [{"at": "/steps/0/input/quantity", "set": 1}]}],
    }]});
    let scenario: Scenario = rule.to_string().parse().unwrap();
    let stage = Stage::with(|sim| sim.time(SimTime::real(1_000.0)).scenario(scenario)).await;
    stage.write(
        "a.jsonl",
        b"{\"prompt\": \"fog\", \"quantity\": 2}\n{\"prompt\": \"rain\", \"quantity\": 2}\n",
    );
    let args = ["batch", "a.jsonl", "--size", "64x64", "--at-once", "1"];
    let ran = stage.run(&[&args[..], &[STRICT]].concat());
    assert_eq!((ran.code, stage.submissions()), (1, 1), "{ran:?}");
    let results = std::fs::read_to_string(stage.dir.path().join("out/a-1/results.jsonl")).unwrap();
    assert!(
        results.contains("quantity: asked for 2, given 1"),
        "{results}"
    );
}
