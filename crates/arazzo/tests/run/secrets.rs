//! Secrets are not shown, and go to one server alone.

use arazzo_run::Flow;
use serde_json::json;

use crate::stage::{Ran, Stage, contract, reply};

const CANARY: &str = "canary/7f3a \"x\"";

fn shows_nothing(ran: &Ran) {
    let shown = format!("{ran:?} {}", ran.end());
    for form in [CANARY, "7f3a"] {
        assert!(!shown.contains(form), "{shown}");
    }
}

const FLOW: &str = "
workflows:
  - workflowId: w
    inputs:
      type: object
      properties: {apiKey: {type: string}, pin: {type: string, format: password}, note: {type: string, maxLength: 9}}
    steps:
      - stepId: a
        operationId: postA
        parameters:
          - {name: Authorization, in: header, value: 'Bearer {$inputs.apiKey}'}
          - {name: key, in: query, value: $inputs.apiKey}
        requestBody: {payload: {key: $inputs.apiKey, pin: $inputs.pin}}
        outputs: {echo: $response.body, url: $url, key: $inputs.apiKey}
    outputs: {echo: $steps.a.outputs.echo, url: $steps.a.outputs.url, key: $steps.a.outputs.key}
";

#[tokio::test]
async fn secrets_are_sent_and_not_shown() {
    let stage = Stage::open().await;
    stage.answer(
        "POST /a",
        [reply(200, json!({"you": format!("said {CANARY}")}))],
    );
    let ran = stage
        .play(FLOW, json!({"apiKey": CANARY, "pin": "pin-7f3a"}))
        .await;
    let got = &stage.got()[0];
    assert_eq!(got.headers["authorization"], format!("Bearer {CANARY}"));
    assert_eq!(
        got.body,
        json!({"key": CANARY, "pin": "pin-7f3a"}).to_string()
    );
    assert_eq!(ran.outputs()["echo"], json!({"you": "said ***"}));
    assert_eq!(ran.outputs()["key"], json!("***"));
    assert!(
        ran.events.iter().any(|event| event.contains("?key=***")),
        "{ran:#?}"
    );
    shows_nothing(&ran);
}

#[tokio::test]
async fn secrets_are_not_shown_where_something_fails() {
    let stage = Stage::open().await;
    stage.answer("POST /a", [reply(500, json!({"you": CANARY}))]);
    shows_nothing(&stage.play(FLOW, json!({"apiKey": CANARY})).await);
    let lost = |runner: arazzo_run::Runner| runner.server("api", "http://127.0.0.1:1");
    shows_nothing(&stage.play_with(FLOW, json!({"apiKey": CANARY}), lost).await);
    let ran = stage
        .play(FLOW, json!({"apiKey": [CANARY], "note": "much too long"}))
        .await;
    assert!(ran.end().contains("`note`"), "{ran:#?}");
    shows_nothing(&ran);
    let ran = stage.play(FLOW, json!({"apiKey": "canary\n7f3a"})).await;
    assert!(ran.end().contains("no header can have"), "{ran:#?}");
    shows_nothing(&ran);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (stage, other) = (Stage::open().await, Stage::open().await);
    stage.answer(
        "POST /a",
        [reply(302, json!({})).header("location", &format!("{}/a", other.url))],
    );
    let ran = stage.play(FLOW, json!({"apiKey": CANARY})).await;
    assert_eq!(ran.end(), "failed at `a`: status 302");
    assert!(other.got().is_empty());
}

#[tokio::test]
async fn a_secret_goes_to_one_server_alone() {
    let (stage, other) = (Stage::open().await, Stage::open().await);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("api.json"), contract().to_string()).unwrap();
    let file = dir.path().join("flow.yaml");
    let step = |id: &str, operation: &str, value: &str| {
        format!(
            "{{stepId: {id}, operationId: {operation}, parameters: [{{name: X, in: header, value: {value}}}]}}"
        )
    };
    for (second, allowed) in [
        ("$inputs.token", false),
        ("'t={$inputs.token}'", false),
        ("$inputs.word", true),
    ] {
        let head = "arazzo: 1.0.1\ninfo: {title: T, version: '1'}\nsourceDescriptions:\n  - {name: api, url: \
                    api.json}\n  - {name: other, url: api.json}\n";
        let steps = [
            step("a", "$sourceDescriptions.api.getA", "$inputs.token"),
            step("b", "$sourceDescriptions.other.getB", second),
        ];
        let flow = format!(
            "{head}workflows: [{{workflowId: w, steps: [{}]}}]",
            steps.join(", ")
        );
        std::fs::write(&file, flow).unwrap();
        let set = |runner: arazzo_run::Runner| runner.server("other", &other.url);
        let inputs = json!({"token": CANARY.replace('"', ""), "word": "fog"});
        let ran = stage.run(Flow::load(&file).unwrap(), inputs, set).await;
        assert_eq!(
            other.got().len(),
            usize::from(allowed),
            "{second}: {ran:#?}"
        );
        assert_eq!(
            ran.outcome
                .as_ref()
                .is_err_and(arazzo_run::RunError::is_secret_kept),
            !allowed
        );
        shows_nothing(&ran);
    }
}

/// A token that a service has given is a secret once it is used as one.
#[tokio::test]
async fn credentials_from_replies_are_secrets_too() {
    let stage = Stage::open().await;
    stage.answer("POST /a", [reply(200, json!({"token": "granted-7f3a"}))]);
    stage.answer("GET /b", [reply(200, json!({"echo": "granted-7f3a"}))]);
    let flow = "
workflows:
  - workflowId: w
    steps:
      - {stepId: a, operationId: postA, outputs: {token: $response.body#/token}}
      - stepId: b
        operationId: getB
        parameters: [{name: Authorization, in: header, value: 'Bearer {$steps.a.outputs.token}'}]
        outputs: {echo: $response.body#/echo}
    outputs: {echo: $steps.b.outputs.echo}
";
    let ran = stage.play(flow, json!({})).await;
    assert_eq!(ran.outputs(), json!({"echo": "***"}));
    assert_eq!(
        stage.got()[1].headers["authorization"],
        "Bearer granted-7f3a"
    );
}
