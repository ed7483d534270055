//! Workflows that call, need and follow each other, in one document and in several.

use arazzo_run::Flow;
use serde_json::{Value, json};

use crate::stage::{Stage, contract, reply};

#[tokio::test]
async fn a_step_calls_a_workflow_and_takes_its_outputs() {
    let flow = "
workflows:
  - workflowId: w
    steps:
      - stepId: sub
        workflowId: inner
        parameters: [{name: id, value: $inputs.n}, {name: gone, value: $inputs.absent}]
        outputs: {id: $outputs.id}
      - {stepId: b, operationId: getB, parameters: [{name: q, in: query, value: $steps.sub.outputs.id}]}
    outputs: {id: $steps.sub.outputs.id, direct: $workflows.inner.outputs.id, given: $workflows.inner.inputs.id}
  - workflowId: inner
    inputs: {type: object, properties: {id: {type: integer}, size: {type: integer, default: 3}}, required: [id]}
    steps:
      - stepId: sub
        operationId: postA
        requestBody: {payload: {id: $inputs.id, size: $inputs.size}}
        outputs: {id: $response.body#/id}
    outputs: {id: $steps.sub.outputs.id}
";
    let stage = Stage::open().await;
    stage.answer("POST /a", [reply(200, json!({"id": "j1"}))]);
    let ran = stage.play(flow, json!({"n": 4})).await;
    assert_eq!(
        ran.outputs(),
        json!({"id": "j1", "direct": "j1", "given": 4}),
        "{ran:#?}"
    );
    assert_eq!(stage.lines(), ["POST /a", "GET /b?q=j1"]);
    assert_eq!(stage.got()[0].body, r#"{"id":4,"size":3}"#);
    // Its failure is a failure of the step, and inputs that do not fit are an error.
    stage.answer("POST /a", [reply(500, json!({}))]);
    let ran = stage.play(flow, json!({"n": 4})).await;
    assert_eq!(ran.end(), "failed at `sub`: failed at `sub`: status 500");
    let ran = stage.play(flow, json!({"n": "four"})).await;
    assert!(
        ran.outcome
            .as_ref()
            .is_err_and(arazzo_run::RunError::is_input),
        "{ran:#?}"
    );
}

#[tokio::test]
async fn what_a_workflow_depends_on_runs_first_and_once() {
    let flow = |extra: &str| {
        format!("
workflows:
  - workflowId: w
    dependsOn: [login, other]
    steps:
      - {{stepId: c, operationId: getC, parameters: [{{name: q, in: query, value: $workflows.login.outputs.t}}]}}
  - workflowId: other
    dependsOn: [login]
    steps: [{{stepId: b, operationId: getB}}]
  - workflowId: login
    inputs: {{type: object, properties: {{user: {{type: string}}}}, required: [user]}}
    steps: [{{stepId: a, operationId: getA, outputs: {{t: $response.body#/t}}{extra}}}]
    outputs: {{t: $steps.a.outputs.t}}
")
    };
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(200, json!({"t": 7}))]);
    let ran = stage.play(&flow(""), json!({"user": "u"})).await;
    assert_eq!(
        stage.lines(),
        ["GET /a", "GET /b", "GET /c?q=7"],
        "{ran:#?}"
    );
    let stage = Stage::open().await;
    let ran = stage
        .play(
            &flow(", successCriteria: [{condition: $statusCode == 201}]"),
            json!({"user": "u"}),
        )
        .await;
    assert_eq!(stage.lines(), ["GET /a"]);
    assert!(
        ran.end()
            .contains("`login`, which it depends on, has failed"),
        "{ran:#?}"
    );
}

#[tokio::test]
async fn a_step_that_another_depends_on_must_have_run() {
    let flow = "
workflows:
  - workflowId: w
    steps:
      - {stepId: a, operationId: getA, onSuccess: [{name: on, type: goto, stepId: c}]}
      - {stepId: b, operationId: getB}
      - {stepId: c, operationId: getC, dependsOn: [a, b]}
";
    let stage = Stage::open().await;
    let ran = stage.play(flow, json!({})).await;
    assert_eq!(
        ran.end(),
        "failed at `c`: `b`, which it depends on, has not run"
    );
    assert_eq!(stage.lines(), ["GET /a"]);
}

#[tokio::test]
async fn goto_and_retry_reach_other_workflows() {
    let flow = "
workflows:
  - workflowId: w
    steps:
      - stepId: a
        operationId: getA
        onFailure:
          - {name: renew, type: retry, retryAfter: 0, workflowId: renew}
          - {name: on, type: goto, workflowId: after, parameters: [{name: status, value: $statusCode}]}
      - {stepId: b, operationId: getB}
    outputs: {never: $statusCode}
  - workflowId: renew
    steps: [{stepId: b, operationId: postB}]
  - workflowId: after
    inputs: {type: object, properties: {status: {type: integer}, word: {type: string}}}
    steps: [{stepId: c, operationId: postC, requestBody: {payload: {s: $inputs.status, w: $inputs.word}}}]
    outputs: {status: $inputs.status}
";
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(401, json!({}))]);
    let flow = flow.replace("    outputs: {never: $statusCode}\n", "");
    let ran = stage.play(&flow, json!({"word": "fog"})).await;
    assert_eq!(
        stage.lines(),
        ["GET /a", "POST /b", "GET /a", "POST /c"],
        "{ran:#?}"
    );
    // The other workflow's result is the result; inputs of the same name go on.
    assert_eq!(ran.outputs(), json!({"status": 401}));
    assert_eq!(stage.got()[3].body, r#"{"s":401,"w":"fog"}"#);
}

#[tokio::test]
async fn workflows_of_other_documents_are_called() {
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(200, json!({"n": 1}))]);
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("api.json", &contract().to_string());
    let head = "arazzo: 1.0.0\ninfo: {title: T, version: '1'}\n";
    write("other.yaml", &format!("{head}sourceDescriptions: [{{name: inner, url: api.json}}]
workflows: [{{workflowId: x, steps: [{{stepId: s, operationId: getA, outputs: {{n: $response.body#/n}}}}],
  outputs: {{n: $steps.s.outputs.n}}}}]\n"));
    let flow = format!("{head}sourceDescriptions: [{{name: api, url: api.json}}, {{name: more, url: other.yaml, type: arazzo}}]
workflows: [{{workflowId: w, steps: [{{stepId: a, workflowId: $sourceDescriptions.more.x, outputs: {{n: $outputs.n}}}},
  {{stepId: b, operationId: $sourceDescriptions.api.getB}}], outputs: {{n: $steps.a.outputs.n}}}}]\n");
    write("flow.yaml", &flow);
    let flow = Flow::load(dir.path().join("flow.yaml")).unwrap();
    let ran = stage
        .run(flow, Value::Null, |runner| {
            runner.server("inner", &stage.url)
        })
        .await;
    assert_eq!(
        (ran.outputs(), ran.end().as_str()),
        (json!({"n": 1}), "completed"),
        "{ran:#?}"
    );
    assert_eq!(stage.lines(), ["GET /a", "GET /b"]);
}
