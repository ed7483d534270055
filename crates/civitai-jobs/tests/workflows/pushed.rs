//! Waiting for each change: one request for it, and known at once.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::{Counters, Phase, RequestBudget, WatchPolicy};
use civitai_sim::{Shape, UntilChange};
use futures_util::future::join_all;

use crate::stage::{Stage, request, shape};

const WHOLE: Duration = Duration::from_secs(30);
/// As many workflows as are at work at once.
const MANY: usize = 20;

/// A service on which a workflow is at work at once and for so long: each quarter is a change.
async fn service(until: Option<UntilChange>) -> Stage {
    let stage = Stage::with(|sim| {
        let sim = sim.workers(MANY).queue_delay(Duration::ZERO);
        let sim = sim.work_delay(WHOLE).upload_lag(Duration::ZERO);
        match until {
            Some(until) => sim.until_change(until),
            None => sim,
        }
    });
    stage.await
}

/// When each update of a workflow came, and what share it told; also the number of requests.
async fn updates(stage: &Stage) -> (Vec<(Duration, Option<f32>)>, usize) {
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let mut watch = workflow.watch();
    let mut updates = Vec::new();
    while let Some(update) = watch.next().await.unwrap() {
        updates.push((stage.sim.elapsed(), update.progress.percent));
    }
    (updates, stage.requests().len())
}

#[tokio::test]
async fn each_change_costs_one_request_and_is_known_at_once() {
    let stage = service(None).await;
    let (updates, sent) = updates(&stage).await;
    if shape() == Shape::Old {
        // It knows nothing of changes, and holds until the end.
        assert_eq!((updates.len(), sent), (1, 2));
        return;
    }
    let shares: Vec<_> = updates.iter().filter_map(|(_, percent)| *percent).collect();
    assert_eq!(shares, [25.0, 50.0, 75.0, 100.0]);
    let late = updates.iter().zip(1..).map(|((at, _), quarter)| {
        let happened = WHOLE * quarter / 4;
        at.saturating_sub(happened)
    });
    let latest = late.max().unwrap();
    println!("{sent} requests, noticed {latest:?} after the change at the latest");
    assert!(latest <= Duration::from_millis(50), "{latest:?}");
    assert!(sent <= 6, "{sent} requests");
}

#[tokio::test]
async fn where_it_is_not_served_the_end_is_waited_for_as_before() {
    for (until, most) in [
        (UntilChange::Ignored, 2),
        // One request learns of it.
        (UntilChange::Refused, 3),
    ] {
        let stage = service(Some(until)).await;
        let (updates, sent) = updates(&stage).await;
        println!("{until:?}: {sent} requests");
        let [(end, Some(100.0))] = updates[..] else {
            panic!("expected the end alone; got {updates:?}");
        };
        assert!(end - WHOLE <= Duration::from_millis(50), "{end:?}");
        assert!(sent <= most, "{sent} requests");
    }
}

#[tokio::test]
async fn whoever_waits_for_the_end_alone_asks_for_no_more() {
    let stage = service(None).await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    workflow.watch().await.unwrap();
    assert_eq!(stage.requests().len(), 2);
}

#[tokio::test]
async fn each_look_at_workflows_is_counted_once() {
    let stage = service(None).await;
    let counters = Arc::new(Counters::default());
    let policy = WatchPolicy::default().long_poll(Duration::ZERO);
    let client = stage.another().watch_policy(policy);
    let client = client.observer(counters.clone()).build().unwrap();
    let workflows = client.workflows();
    let workflow = workflows.submit(&request()).await.unwrap();
    assert_eq!(counters.polls(), 0);
    let done = workflow.watch().await.unwrap();
    assert_eq!(done.phase(), Phase::Succeeded);
    // All requests but the submission.
    assert_eq!(counters.polls(), counters.requests() - 1);

    let (fleet, driver) = workflows.fleet(RequestBudget::per_second(5));
    let attached = workflows.attach(workflow.id());
    let watches = fleet.watch_all([&workflow, &attached]);
    let all = async {
        for watch in watches {
            watch.await.unwrap();
        }
    };
    driver.until(all).await;
    assert_eq!(counters.polls(), counters.requests() - 1);
}

#[tokio::test]
async fn one_that_somebody_polls_at_hears_of_each_change_beside_a_fleet() {
    let stage = service(None).await;
    let workflows = stage.client.workflows();
    let mut all = Vec::new();
    for _ in 0..MANY {
        all.push(workflows.submit(&request()).await.unwrap());
    }
    let before = stage.requests().len();
    let (fleet, driver) = workflows.fleet(RequestBudget::per_second(5));
    let polls = async {
        let mut watch = all[7].watch();
        let mut shares = Vec::new();
        while let Some(update) = watch.next().await.unwrap() {
            shares.extend(update.progress.percent.map(f32::floor));
        }
        shares
    };
    let both = futures_util::future::join(join_all(fleet.watch_all(&all)), polls);
    let (done, shares) = driver.until(both).await;
    assert!(done.iter().all(Result::is_ok));
    if shape() != Shape::Old {
        assert_eq!(shares, [25.0, 50.0, 75.0, 100.0]);
    }
    let sent = stage.requests().len() - before;
    println!("{sent} requests for {MANY} workflows");
    assert!(sent <= MANY, "{sent} requests");
}
