//! Flows that do not say what they mean: refused before anything is sent, or run as meant.

use arazzo_run::{Reading, Rule};
use serde_json::json;

use crate::stage::{Stage, reply};

const FLOW: &str = "
workflows:
  - workflowId: w
    inputs: {type: object, properties: {apiKey: {type: string}, o: {type: object}}}
    steps:
      - stepId: a
        operationId: postA
        parameters: [{name: Authorization, in: header, value: Bearer $inputs.apiKey}]
        requestBody: {contentType: application/json, payload: '{\"o\": \"{$inputs.o}\", \"k\": 1}'}
        successCriteria:
          - {context: $response.body, type: jsonpath, condition: \"$.s == 'RUN' || $.s == 'done'\"}
        onSuccess:
          - {name: again, type: goto, stepId: a, criteria: [
             {context: $response.body, type: jsonpath, condition: \"$[?@.s == 'run']\"}]}
      - {stepId: b, operationId: getB}
";

#[tokio::test]
async fn a_flow_with_errors_is_refused_before_anything_is_sent() {
    let stage = Stage::open().await;
    let ran = stage.play(FLOW, json!({"apiKey": "k", "o": {}})).await;
    let error = ran.outcome.unwrap_err();
    assert!(error.is_refused());
    let rules: Vec<_> = error
        .findings()
        .iter()
        .map(arazzo_run::Finding::rule)
        .collect();
    assert_eq!(
        rules,
        [Rule::UnbracedExpression, Rule::QuotedValue, Rule::NoQuery]
    );
    assert!(stage.got().is_empty());
}

#[tokio::test]
async fn it_runs_as_meant_where_that_is_asked_for() {
    let stage = Stage::open().await;
    stage.answer(
        "POST /a",
        [
            reply(200, json!({"s": "run"})),
            reply(200, json!({"s": "done"})),
        ],
    );
    let meant = |runner: arazzo_run::Runner| runner.reading(Reading::Meant);
    let ran = stage
        .play_with(FLOW, json!({"apiKey": "k", "o": {"x": 1}}), meant)
        .await;
    assert_eq!(ran.end(), "completed", "{ran:#?}");
    assert_eq!(stage.lines(), ["POST /a", "POST /a", "GET /b"]);
    assert_eq!(stage.got()[0].headers["authorization"], "Bearer k");
    assert_eq!(stage.got()[0].body, r#"{"k":1,"o":{"x":1}}"#);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_in_both_readings() {
    for (step, rule) in [
        ("{stepId: a, operationId: none}", Rule::UnknownOperation),
        (
            "{stepId: a, operationId: getA, successCriteria: [{condition: $statusCode is 200}]}",
            Rule::MalformedCondition,
        ),
        (
            "{stepId: a, operationId: getA, successCriteria: [{context: $response.body, type: xpath, condition: //a}]}",
            Rule::Unsupported,
        ),
        ("{stepId: a, channelPath: x}", Rule::Unsupported),
        (
            "{stepId: a, operationId: getItem}",
            Rule::MissingPathParameter,
        ),
        (
            "{stepId: a, operationId: getA, onSuccess: [{name: x, type: goto, stepId: z}]}",
            Rule::UnknownTarget,
        ),
        ("{stepId: a, workflowId: w}", Rule::Cycle),
        (
            "{stepId: a, operationId: getA, outputs: {a: $steps.z.outputs.a}}",
            Rule::UnknownTarget,
        ),
    ] {
        for reading in [Reading::Strict, Reading::Meant] {
            let stage = Stage::open().await;
            let flow = format!("workflows: [{{workflowId: w, steps: [{step}]}}]");
            let ran = stage
                .play_with(&flow, json!({}), |runner| runner.reading(reading))
                .await;
            let error = ran.outcome.unwrap_err();
            let found = error
                .findings()
                .iter()
                .any(|finding| finding.rule() == rule);
            assert!(error.is_refused() && found, "{step}: {error}");
            assert!(stage.got().is_empty());
        }
    }
}

/// What is wrong elsewhere in the document is no reason.
#[tokio::test]
async fn only_workflows_that_are_run_must_be_sound() {
    let stage = Stage::open().await;
    let flow = "
workflows:
  - {workflowId: w, steps: [{stepId: a, operationId: getA}]}
  - {workflowId: x, steps: [{stepId: a, operationId: none}]}
";
    let ran = stage.play(flow, json!({})).await;
    assert_eq!(ran.end(), "completed");
}
