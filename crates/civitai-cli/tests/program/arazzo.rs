//! Flows: the project's own on the simulator, and one with the defects that published ones have.

use std::path::{Path, PathBuf};

use civitai_sim::SimTime;
use serde_json::Value;

use crate::stage::{CANARY, Stage, program, run};

fn openapi(file: &str) -> String {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    root.join(file).to_str().unwrap().to_owned()
}

/// Runs a flow of the project on a simulator and returns its document.
fn made(stage: &Stage, file: &str, more: &[&str]) -> Value {
    let (file, server) = (openapi(file), format!("civitai={}", stage.sim.base_url()));
    let mut args = vec!["arazzo", "run", &file, "--server", &server, "--json"];
    args.extend([
        "--input",
        "prompt=a lighthouse in fog",
        "--input-env",
        "token=CIVITAI_API_TOKEN",
    ]);
    args.extend(more);
    let ran = stage.run(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.contains(": made: ends") || ran.stderr.contains(": there: ends"),
        "{ran:?}"
    );
    serde_json::from_str(&ran.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_of_version_2_makes_its_images() {
    let stage = Stage::fast().await;
    let document = made(
        &stage,
        "arazzo/civitai-v2.arazzo.yaml",
        &["--input", "quantity=2"],
    );
    let outputs = &document["outputs"];
    assert_eq!(
        (&document["success"], &outputs["status"]),
        (&true.into(), &"succeeded".into())
    );
    let images = outputs["images"].as_array().unwrap();
    assert_eq!(images.len(), 2, "{document:#}");
    for image in images {
        assert!(
            image["url"]
                .as_str()
                .unwrap()
                .starts_with(stage.sim.base_url()),
            "{document:#}"
        );
    }
    assert_eq!(outputs["firstUrl"], images[0]["url"]);
    assert!(
        outputs["id"].is_string() && outputs["cost"].is_number(),
        "{document:#}"
    );
    assert_eq!(document["missing"], Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_of_version_1_makes_its_image() {
    let stage = Stage::fast().await;
    let document = made(&stage, "arazzo/civitai-v1.arazzo.yaml", &[]);
    let url = document["outputs"]["url"].as_str().unwrap();
    assert!(url.starts_with(stage.sim.blob_url()), "{document:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_fails_is_a_flow_that_fails() {
    let fast = SimTime::real(1_000.0);
    let failing = |_: &civitai_sim::Submission<'_>| Some("no fog".to_owned());
    let stage = Stage::with(|sim| sim.time(fast).fail_when(failing)).await;
    let server = format!("civitai={}", stage.sim.base_url());
    for (file, word) in [("civitai-v1", "'Failed'"), ("civitai-v2", "'failed'")] {
        let file = openapi(&format!("arazzo/{file}.arazzo.yaml"));
        let mut args = vec![
            "arazzo",
            "run",
            &file,
            "--server",
            &server,
            "--input",
            "prompt=fog",
        ];
        args.extend(["--input-env", "token=CIVITAI_API_TOKEN", "--timeout", "60s"]);
        let ran = stage.run(&args);
        assert_eq!(ran.code, 1, "{ran:?}");
        let error = ran.error();
        assert!(
            error.contains("failed at `poll`: does not hold") && error.contains(word),
            "{ran:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_been_submitted_can_be_cancelled() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let (file, server) = (
        openapi("arazzo/civitai-v2.arazzo.yaml"),
        format!("civitai={}", stage.sim.base_url()),
    );
    let args = [
        "arazzo",
        "run",
        &file,
        "--workflow",
        "cancel",
        "--server",
        &server,
        "--input",
        "id=none",
        "--input-env",
        "token=CIVITAI_API_TOKEN",
    ];
    let ran = stage.run(&args);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.error().contains("failed at `cancel`"), "{ran:?}");
    let requests = stage.sim.requests();
    assert_eq!(
        (requests.len(), requests[0].path.as_str()),
        (1, "/v2/consumer/workflows/none")
    );
}

#[test]
fn the_flows_of_the_project_are_sound() {
    let dir = tempfile::tempdir().unwrap();
    for file in ["civitai-v1", "civitai-v2"] {
        let file = openapi(&format!("arazzo/{file}.arazzo.yaml"));
        let ran = run(program(dir.path(), &["arazzo", "check", &file]));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.starts_with("0 errors, 0 warnings"), "{ran:?}");
    }
}

/// A flow as they are published for this service, against the contract.
const PUBLISHED: &str = "
arazzo: 1.0.1
info: {title: Submit and poll, version: 1.0.0}
sourceDescriptions: [{name: civitai, url: gone.yaml, type: openapi}]
workflows:
  - workflowId: w
    inputs:
      type: object
      properties: {apiKey: {type: string}, engine: {type: string}, prompt: {type: string}, steps: {type: integer}}
    steps:
      - stepId: submit
        operationId: submitWorkflow
        parameters: [{name: Authorization, in: header, value: Bearer $inputs.apiKey}]
        requestBody:
          contentType: application/json
          payload:
            callbackUrl: https://example.com
            steps: [{$type: imageGen, name: image, input: {engine: $inputs.engine, prompt: $inputs.prompt}}]
        successCriteria: [{condition: $statusCode == 202}]
        outputs: {id: $response.body#/id}
      - stepId: poll
        operationId: GetWorkflow
        parameters: [{name: workflowId, in: path, value: $steps.submit.outputs.id}]
        successCriteria: [{condition: $statusCode == 200}]
      - stepId: wait
        operationId: getWorkflow
        parameters: [{name: workflowId, in: path, value: $steps.submit.outputs.id}]
        successCriteria: [{condition: $statusCode == 200}]
        onSuccess:
          - name: again
            type: goto
            stepId: wait
            criteria:
              - {context: $response.body, type: jsonpath, condition: \"$.status == 'processing' || $.status == 'preparing' || $.status == 'unassigned'\"}
          - name: ready
            type: goto
            stepId: read
            criteria:
              - {context: $response.body, type: jsonpath, condition: \"$.status == 'succeeded'\"}
          - name: over
            type: end
            criteria:
              - {context: $response.body, type: jsonpath, condition: \"$.status == 'failed' || $.status == 'expired' || $.status == 'canceled'\"}
      - stepId: read
        operationId: getWorkflow
        parameters: [{name: workflowId, in: path, value: $steps.submit.outputs.id}]
        successCriteria: [{condition: $statusCode == 200}]
        outputs: {url: $response.body#/steps/0/jobs/0/result/blobs/0/url}
    outputs: {url: $steps.read.outputs.url}
";

#[test]
fn the_defects_of_published_flows_are_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("flow.yaml"), PUBLISHED).unwrap();
    let contract = format!("civitai={}", openapi("v2/openapi.yaml"));
    let ran = run(program(
        dir.path(),
        &["arazzo", "check", "flow.yaml", "--contract", &contract],
    ));
    assert_eq!(ran.code, 1, "{ran:?}");
    for (place, words, rule) in [
        (
            ":13 /workflows/0/steps/0/parameters/0/value",
            "Bearer {$inputs.apiKey}",
            "unbraced-expression",
        ),
        (
            "/workflows/0/steps/0/parameters/0",
            "security scheme",
            "credential-parameter",
        ),
        (
            "/workflows/0/steps/0/requestBody/payload/callbackUrl",
            "callbackUrl",
            "undeclared-member",
        ),
        ("/workflows/0/steps/0", "200", "unhandled-status"),
        (
            "/workflows/0/steps/1/operationId",
            "it has `getWorkflow`",
            "unknown-operation",
        ),
        ("/workflows/0/steps/2", "202", "unhandled-status"),
        (
            "/workflows/0/steps/2/onSuccess/0/criteria/0/condition",
            "no JSONPath query",
            "no-query",
        ),
        (
            "/workflows/0/steps/2/onSuccess/1/criteria/0/condition",
            "no JSONPath query",
            "no-query",
        ),
        (
            "/workflows/0/steps/2/onSuccess/2/criteria/0/condition",
            "no JSONPath query",
            "no-query",
        ),
        (
            "/workflows/0/steps/2/onSuccess",
            "scheduled",
            "unhandled-word",
        ),
        (
            "/workflows/0/steps/2/onSuccess/0",
            "deadline",
            "unbounded-loop",
        ),
        (
            "/workflows/0/steps/3/outputs/url",
            "/steps/0/jobs/0/result/blobs/0/url",
            "path",
        ),
        ("/workflows/0/outputs/url", "skipped", "skippable"),
    ] {
        let named = |line: &str| {
            line.contains(&format!("{place}: "))
                && line.contains(words)
                && line.ends_with(&format!("{rule}]"))
        };
        assert!(
            ran.stdout.lines().any(named),
            "{place} {words} {rule}\n{}",
            ran.stdout
        );
    }
    let ran = run(program(
        dir.path(),
        &[
            "arazzo",
            "check",
            "flow.yaml",
            "--contract",
            &contract,
            "--json",
        ],
    ));
    let findings: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert!(
        findings
            .iter()
            .all(|finding| finding["line"].is_u64() && finding["rule"].is_string())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_told_before_anything_is_sent() {
    let stage = Stage::fast().await;
    let file = openapi("arazzo/civitai-v2.arazzo.yaml");
    std::fs::write(stage.dir.path().join("published.yaml"), PUBLISHED).unwrap();
    std::fs::write(
        stage.dir.path().join("inputs.json"),
        format!("{{\"token\": \"{CANARY}"),
    )
    .unwrap();
    let token = "token=CIVITAI_API_TOKEN";
    for (args, part) in [
        (vec!["none.yaml"], "none.yaml"),
        (vec![&file], "`prompt` is missing"),
        (
            vec![
                &file,
                "--input",
                "prompt=a",
                "--input-env",
                token,
                "--input",
                "width=wide",
            ],
            "`width`",
        ),
        (
            vec![
                &file,
                "--input",
                "prompt=a",
                "--input-env",
                token,
                "--input",
                "depth=1",
            ],
            "depth",
        ),
        (vec![&file, "--input", "prompt"], "`=`"),
        (
            vec![&file, "--input-env", "token=NO_SUCH_VARIABLE"],
            "NO_SUCH_VARIABLE",
        ),
        (vec![&file, "--inputs", "inputs.json"], "line 1"),
        (
            vec![&file, "--workflow", "none", "--input", "a=1"],
            "make-images, cancel",
        ),
        (
            vec![
                &file,
                "--server",
                "civitai=nowhere",
                "--input",
                "prompt=a",
                "--input-env",
                token,
            ],
            "nowhere",
        ),
        (vec!["published.yaml"], "errors"),
    ] {
        let mut all = vec!["arazzo", "run"];
        all.extend(args.iter().copied());
        let ran = stage.run(&all);
        assert!(ran.error().contains(part), "{args:?}: {ran:?}");
        assert!([1, 2].contains(&ran.code), "{args:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
    }
    assert!(stage.sim.requests().is_empty());
}
