//! What the service answers in place of work, on the API of today: the exit code, and what to do about it.

use std::time::Duration;

use civitai_sim::{Fault, Origin, Scenario, SimTime};
use serde_json::json;

use crate::stage::{Stage, advised};

const GENERATE: &[&str] = &["generate", "fog", "--size", "64x64"];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_what_to_do_and_leaves_nothing_open() {
    for (status, code, parts) in [
        (401, 3, &["401", "CIVITAI_API_TOKEN"][..]),
        (402, 1, &["402", "the account needs more Buzz"]),
        (403, 3, &["403", "CIVITAI_API_TOKEN"]),
        (404, 1, &["404"]),
        (400, 1, &["400"]),
    ] {
        let stage = Stage::fast().await;
        stage.sim.fail_next(Origin::Api, Fault::Status(status));
        let ran = stage.run(GENERATE);
        assert_eq!(ran.code, code, "{status}: {ran:?}");
        for part in parts {
            assert!(ran.error().contains(part), "{status}: {ran:?}");
        }
        assert_eq!((stage.submissions(), stage.paid()), (1, 0), "{status}");
        let again = stage.run(&["resume"]);
        assert_eq!(again.stderr, "nothing is open\n", "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_may_not_generate_hears_the_reason() {
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .forbid_submissions("The account is muted until May.")
    })
    .await;
    let ran = stage.run(&[GENERATE, &["--json"]].concat());
    assert_eq!((ran.code, stage.paid()), (3, 0), "{ran:?}");
    assert!(
        ran.error().contains("The account is muted until May."),
        "{ran:?}"
    );
    assert_eq!(
        (&ran.last()["event"], &ran.last()["code"]),
        (&"error".into(), &3.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_to_come_back_in_minutes_is_told_how() {
    let stage = Stage::fast().await;
    let wait = Fault::Throttled(Duration::from_secs(600));
    stage.sim.fail_next(Origin::Api, wait);
    let ran = stage.run(&[GENERATE, &["--timeout", "1m"]].concat());
    assert_eq!((ran.code, stage.paid()), (1, 0), "{ran:?}");
    assert!(ran.error().contains("429"), "{ran:?}");
    assert!(ran.error().ends_with("; try again in 600 s"), "{ran:?}");
}

/// Polls that are turned away for longer than most would bear, and no work is lost.
#[tokio::test(flavor = "multi_thread")]
async fn polls_that_are_turned_away_are_borne() {
    let rule = json!({"requests": [{
        "on": {"method": "GET", "path": "/v2/consumer/workflows/*", "times": 4},
        "do": [{"fault": "status", "status": 429, "retryAfter": "0"}],
    }]});
    let scenario: Scenario = rule.to_string().parse().unwrap();
    let stage = Stage::with(|sim| sim.time(SimTime::real(1_000.0)).scenario(scenario)).await;
    let ran = stage.run(GENERATE);
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    assert_eq!(stage.submissions(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_while_work_goes_on_loses_nothing() {
    let rule = json!({"requests": [{
        "on": {"method": "GET", "path": "/v2/consumer/workflows/*", "times": 1},
        "do": [{"fault": "status", "status": 401}],
    }]});
    let scenario: Scenario = rule.to_string().parse().unwrap();
    let stage = Stage::with(|sim| sim.time(SimTime::real(1_000.0)).scenario(scenario)).await;
    let ran = stage.run(GENERATE);
    assert_eq!(ran.code, 3, "{ran:?}");
    let again = stage.run(&advised(ran.error()));
    assert_eq!((again.code, again.paths().len()), (0, 1), "{again:?}");
    assert_eq!(stage.submissions(), 1);
}
