//! Every action, on success and failure.

use std::time::Duration;

use serde_json::json;

use crate::stage::{Reply, Stage, reply};

struct Case {
    name: &'static str,
    /// The first workflow's members after its name.
    flow: &'static str,
    /// What `GET /a` answers.
    replies: &'static [u16],
    /// The requests, by the last letter of their paths.
    calls: &'static str,
    end: &'static str,
    waited: f64,
}

const CASES: &[Case] = &[
    Case {
        name: "steps run in order",
        flow: "steps: [{stepId: a, operationId: getA}, {stepId: b, operationId: getB}]",
        replies: &[200],
        calls: "ab",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "without criteria a good status is success",
        flow: "steps: [{stepId: a, operationId: getA}, {stepId: b, operationId: getB}]",
        replies: &[404],
        calls: "a",
        end: "failed at `a`: status 404",
        waited: 0.0,
    },
    Case {
        name: "criteria decide over the status",
        flow: "steps: [{stepId: a, operationId: getA, successCriteria: [{condition: $statusCode == 404}]},
               {stepId: b, operationId: getB}]",
        replies: &[404],
        calls: "ab",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "all criteria must hold",
        flow: "steps: [{stepId: a, operationId: getA, successCriteria: [{condition: $statusCode == 200},
               {condition: $response.body#/none == 1}]}, {stepId: b, operationId: getB}]",
        replies: &[200],
        calls: "a",
        end: "failed at `a`: does not hold: $response.body#/none == 1 (status 200)",
        waited: 0.0,
    },
    Case {
        name: "goto skips the steps between",
        flow: "steps: [{stepId: a, operationId: getA, onSuccess: [{name: on, type: goto, stepId: c}]},
               {stepId: b, operationId: getB}, {stepId: c, operationId: getC}]",
        replies: &[200],
        calls: "ac",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "the first action whose criteria hold counts",
        flow: "steps: [{stepId: a, operationId: getA, onSuccess: [
               {name: no, type: end, criteria: [{condition: $statusCode == 201}]},
               {name: yes, type: goto, stepId: c, criteria: [{condition: $statusCode == 200}]},
               {name: later, type: end}]},
               {stepId: b, operationId: getB}, {stepId: c, operationId: getC}]",
        replies: &[200],
        calls: "ac",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "where no action matches, success goes on",
        flow: "steps: [{stepId: a, operationId: getA, onSuccess: [
               {name: no, type: end, criteria: [{condition: $statusCode == 201}]}]},
               {stepId: b, operationId: getB}]",
        replies: &[200],
        calls: "ab",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "where no action matches, failure ends",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [
               {name: no, type: goto, stepId: b, criteria: [{condition: $statusCode == 404}]}]},
               {stepId: b, operationId: getB}]",
        replies: &[500],
        calls: "a",
        end: "failed at `a`: status 500",
        waited: 0.0,
    },
    Case {
        name: "end on success",
        flow: "steps: [{stepId: a, operationId: getA, onSuccess: [{name: enough, type: end}]},
               {stepId: b, operationId: getB}]",
        replies: &[200],
        calls: "a",
        end: "ended at `a` by `enough`",
        waited: 0.0,
    },
    Case {
        name: "end on failure",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [{name: enough, type: end}]},
               {stepId: b, operationId: getB}]",
        replies: &[500],
        calls: "a",
        end: "ended after a failure at `a` by `enough`",
        waited: 0.0,
    },
    Case {
        name: "goto on failure",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [{name: on, type: goto, stepId: c}]},
               {stepId: b, operationId: getB}, {stepId: c, operationId: getC}]",
        replies: &[500],
        calls: "ac",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "retry, once where nothing is said",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [{name: again, type: retry}]}]",
        replies: &[500],
        calls: "aa",
        end: "failed at `a`: status 500",
        waited: 1.0,
    },
    Case {
        name: "retry until it goes well",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [
               {name: again, type: retry, retryAfter: 0.5, retryLimit: 5}]}, {stepId: b, operationId: getB}]",
        replies: &[500, 500, 200],
        calls: "aaab",
        end: "completed",
        waited: 1.0,
    },
    Case {
        name: "when retries are used up, the next action that matches counts",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [
               {name: again, type: retry, retryAfter: 2, retryLimit: 2}, {name: on, type: goto, stepId: c}]},
               {stepId: b, operationId: getB}, {stepId: c, operationId: getC}]",
        replies: &[500],
        calls: "aaac",
        end: "completed",
        waited: 4.0,
    },
    Case {
        name: "each retry action has its own budget",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [
               {name: busy, type: retry, retryAfter: 1, retryLimit: 2, criteria: [{condition: $statusCode == 503}]},
               {name: gone, type: retry, retryAfter: 10, retryLimit: 1}]}]",
        replies: &[503, 404, 503, 503, 200],
        calls: "aaaa",
        end: "failed at `a`: status 503",
        waited: 12.0,
    },
    Case {
        name: "a limit of zero is none",
        flow: "steps: [{stepId: a, operationId: getA, onFailure: [{name: again, type: retry, retryLimit: 0}]}]",
        replies: &[500],
        calls: "a",
        end: "failed at `a`: status 500",
        waited: 0.0,
    },
    Case {
        name: "retry after another step",
        flow: "steps: [{stepId: a, operationId: getA, onSuccess: [{name: done, type: end}],
               onFailure: [{name: again, type: retry, retryAfter: 0, stepId: b}]},
               {stepId: b, operationId: getB}]",
        replies: &[500, 200],
        calls: "aba",
        end: "ended at `a` by `done`",
        waited: 0.0,
    },
    Case {
        name: "the workflow's actions are for steps without their own",
        flow: "failureActions: [{name: on, type: goto, stepId: c}]
    successActions: [{name: stop, type: end, criteria: [{condition: $statusCode == 201}]}]
    steps: [{stepId: a, operationId: getA}, {stepId: b, operationId: getB}, {stepId: c, operationId: getC}]",
        replies: &[500],
        calls: "ac",
        end: "completed",
        waited: 0.0,
    },
    Case {
        name: "a step's list replaces the workflow's",
        flow: "failureActions: [{name: on, type: goto, stepId: c}]
    steps: [{stepId: a, operationId: getA, onFailure: [{name: stop, type: end}]}, {stepId: c, operationId: getC}]",
        replies: &[500],
        calls: "a",
        end: "ended after a failure at `a` by `stop`",
        waited: 0.0,
    },
    Case {
        name: "actions are kept among the components",
        flow: "steps: [{stepId: a, operationId: getA,
               onSuccess: [{reference: $components.successActions.stop}]}, {stepId: b, operationId: getB}]
components: {successActions: {stop: {name: stop, type: end}}}",
        replies: &[200],
        calls: "a",
        end: "ended at `a` by `stop`",
        waited: 0.0,
    },
];

#[tokio::test]
async fn each_action_does_what_the_specification_says() {
    for case in CASES {
        let stage = Stage::open().await;
        let replies: Vec<Reply> = case
            .replies
            .iter()
            .map(|status| reply(*status, json!({})))
            .collect();
        stage.answer("GET /a", replies);
        let ran = stage
            .play(
                &format!("workflows:\n  - workflowId: w\n    {}", case.flow),
                json!({}),
            )
            .await;
        let calls: String = stage
            .lines()
            .iter()
            .filter_map(|line| line.chars().last())
            .collect();
        assert_eq!(calls, case.calls, "{}: {ran:#?}", case.name);
        assert_eq!(ran.end(), case.end, "{}: {ran:#?}", case.name);
        assert_eq!(
            ran.waited,
            Duration::from_secs_f64(case.waited),
            "{}",
            case.name
        );
    }
}

#[tokio::test]
async fn retries_wait_as_the_service_asks() {
    let stage = Stage::open().await;
    let busy = || reply(503, json!({}));
    let date = "Sun, 06 Nov 1994 08:49:57 GMT";
    stage.answer(
        "GET /a",
        [
            busy().header("retry-after", "7"),
            busy()
                .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
                .header("retry-after", date),
            busy().header("retry-after", "86400"),
            reply(200, json!({})),
        ],
    );
    let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA, onFailure: [
        {name: again, type: retry, retryAfter: 1, retryLimit: 3}]}]}]";
    let ran = stage.play(flow, json!({})).await;
    assert_eq!(ran.end(), "completed");
    // Seconds, a date, and no more than five minutes.
    assert_eq!(ran.waited, Duration::from_secs(7 + 20 + 300));
}

#[tokio::test]
async fn no_reply_is_a_failure_without_a_status() {
    let stage = Stage::open().await;
    let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA, onFailure: [
        {name: no, type: end, criteria: [{condition: $statusCode >= 500}]},
        {name: lost, type: goto, stepId: b, criteria: [{condition: $statusCode == null}]}]},
        {stepId: b, operationId: getB}]}]";
    let ran = stage
        .play_with(flow, json!({}), |runner| {
            runner.server("api", "http://127.0.0.1:1")
        })
        .await;
    assert!(
        ran.events
            .iter()
            .any(|event| event.contains("w/a: lost: goes to step `b`")),
        "{ran:#?}"
    );
    assert!(ran.end().starts_with("failed at `b`"), "{ran:#?}");
}
