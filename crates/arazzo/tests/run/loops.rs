//! Loops by `goto` are waits: paced, told by the service where it tells, and never without end.

use std::time::Duration;

use arazzo_run::Limits;
use job_watch::Pace;
use serde_json::json;

use crate::stage::{Stage, reply};

const POLL: &str = "
workflows:
  - workflowId: w
    steps:
      - stepId: a
        operationId: getA
        onSuccess:
          - {name: again, type: goto, stepId: a, criteria: [{condition: \"$response.body#/s != 'done'\"}]}
        outputs: {n: $response.body#/n}
      - {stepId: b, operationId: getB}
    outputs: {n: $steps.a.outputs.n}
";

fn fixed(seconds: u64) -> Pace {
    Pace::fixed(Duration::from_secs(seconds))
}

#[tokio::test]
async fn a_goto_to_itself_waits_at_the_pace() {
    let stage = Stage::open().await;
    let state = |s: &str, n: u32| reply(200, json!({"s": s, "n": n}));
    stage.answer(
        "GET /a",
        [
            state("queued", 1),
            state("run", 2),
            state("run", 3),
            state("done", 4),
        ],
    );
    let ran = stage
        .play_with(POLL, json!({}), |runner| runner.pace(fixed(5)))
        .await;
    assert_eq!(
        stage.lines(),
        ["GET /a", "GET /a", "GET /a", "GET /a", "GET /b"]
    );
    assert_eq!(
        (ran.end().as_str(), ran.waited),
        ("completed", Duration::from_secs(15))
    );
    // The last visit counts.
    assert_eq!(ran.outputs(), json!({"n": 4}));
}

#[tokio::test]
async fn the_service_says_when_to_ask_again() {
    let stage = Stage::open().await;
    let state = |s: &str, after: &str| reply(200, json!({"s": s})).header("retry-after", after);
    stage.answer(
        "GET /a",
        [state("run", "9"), state("run", "2"), state("done", "60")],
    );
    let ran = stage
        .play_with(POLL, json!({}), |runner| runner.pace(fixed(1)))
        .await;
    assert_eq!(ran.waited, Duration::from_secs(11), "{ran:#?}");
}

#[tokio::test]
async fn a_loop_without_end_is_ended_by_its_deadline() {
    let stage = Stage::open().await;
    stage.answer("GET /a", [reply(200, json!({"s": "run"}))]);
    let limits = Limits::default().wait(Duration::from_secs(60));
    let ran = stage
        .play_with(POLL, json!({}), |runner| {
            runner.pace(fixed(10)).limits(limits)
        })
        .await;
    let error = ran.outcome.unwrap_err();
    assert!(
        error.is_deadline() && error.to_string().contains("loop of `a`"),
        "{error}"
    );
    assert!(
        (6..=8).contains(&stage.lines().len()),
        "{:?}",
        stage.lines()
    );
}

#[tokio::test]
async fn a_loop_ends_with_the_run_or_with_its_calls() {
    for (limits, deadline) in [
        (Limits::default().run(Duration::from_secs(30)), true),
        (Limits::default().steps(4), false),
    ] {
        let stage = Stage::open().await;
        stage.answer("GET /a", [reply(200, json!({"s": "run"}))]);
        let ran = stage
            .play_with(POLL, json!({}), |runner| {
                runner.pace(fixed(10)).limits(limits)
            })
            .await;
        let error = ran.outcome.unwrap_err();
        assert_eq!(
            (error.is_deadline(), error.is_limit()),
            (deadline, !deadline),
            "{error}"
        );
        assert!(stage.lines().len() <= 5, "{:?}", stage.lines());
    }
}

/// `a` and `b` in turns; `b` waits for itself inside.
const NESTED: &str = "
workflows:
  - workflowId: w
    steps:
      - {stepId: a, operationId: getA}
      - stepId: b
        operationId: getB
        onSuccess:
          - {name: inner, type: goto, stepId: b, criteria: [{condition: $response.body#/s == 'b'}]}
          - {name: outer, type: goto, stepId: a, criteria: [{condition: $response.body#/s == 'a'}]}
      - {stepId: c, operationId: getC}
";

#[tokio::test]
async fn loops_may_stand_in_loops() {
    let stage = Stage::open().await;
    let to = |s: &str| reply(200, json!({"s": s}));
    stage.answer(
        "GET /b",
        [to("b"), to("b"), to("a"), to("b"), to("a"), to("c")],
    );
    let ran = stage
        .play_with(NESTED, json!({}), |runner| runner.pace(fixed(3)))
        .await;
    let calls: String = stage
        .lines()
        .iter()
        .filter_map(|line| line.chars().last())
        .collect();
    assert_eq!(
        (calls.as_str(), ran.end().as_str()),
        ("abbbabbabc", "completed"),
        "{ran:#?}"
    );
    assert_eq!(ran.waited, Duration::from_secs(15));
}

#[tokio::test]
async fn a_failure_inside_a_loop_ends_it() {
    let stage = Stage::open().await;
    stage.answer(
        "GET /a",
        [reply(200, json!({"s": "run"})), reply(500, json!({}))],
    );
    let ran = stage.play(POLL, json!({})).await;
    assert_eq!(ran.end(), "failed at `a`: status 500");
    assert_eq!(ran.outcome.unwrap().missing(), ["n"]);
}

#[tokio::test]
async fn workflows_that_go_to_each_other_are_a_loop() {
    let flow = "
workflows:
  - workflowId: w
    steps: [{stepId: a, operationId: getA, onSuccess: [
      {name: on, type: goto, workflowId: x, criteria: [{condition: $response.body#/s == 'x'}]}]}]
  - workflowId: x
    steps: [{stepId: b, operationId: getB, onSuccess: [{name: back, type: goto, workflowId: w}]}]
";
    let stage = Stage::open().await;
    let x = || reply(200, json!({"s": "x"}));
    stage.answer("GET /a", [x(), x(), x(), reply(200, json!({}))]);
    let ran = stage
        .play_with(flow, json!({}), |runner| runner.pace(fixed(4)))
        .await;
    let calls: String = stage
        .lines()
        .iter()
        .filter_map(|line| line.chars().last())
        .collect();
    assert_eq!(
        (calls.as_str(), ran.end().as_str()),
        ("abababa", "completed"),
        "{ran:#?}"
    );
    assert_eq!(ran.waited, Duration::from_secs(12));
    // Without end it is ended.
    stage.answer("GET /a", [x()]);
    let ran = stage
        .play_with(flow, json!({}), |runner| runner.pace(fixed(60)))
        .await;
    assert!(ran.outcome.unwrap_err().is_deadline());
}
