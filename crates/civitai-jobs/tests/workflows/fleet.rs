//! Many workflows waited for together.

use std::time::Duration;

use civitai_jobs::workflows::WorkflowRequest;
use civitai_jobs::{Pace, Phase, RequestBudget, WatchPolicy, Workflow, WorkflowSnapshot};
use futures_util::future::join_all;

use crate::stage::{Stage, many, picture, request};

const TICK: Duration = Duration::from_secs(5);

async fn submitted(
    stage: &Stage,
    requests: impl Iterator<Item = WorkflowRequest>,
) -> Vec<Workflow> {
    let mut workflows = Vec::new();
    for request in requests {
        workflows.push(stage.client.workflows().submit(&request).await.unwrap());
    }
    workflows
}

#[tokio::test]
async fn a_page_of_the_list_covers_a_hundred_workflows() {
    const MANY: usize = 600;
    let stage = Stage::with(|sim| {
        sim.workers(60)
            .queue_delay(Duration::from_secs(2))
            .work_delay(Duration::from_secs(10))
    })
    .await;
    let workflows = submitted(&stage, (0..many(MANY)).map(|_| request())).await;
    let before = stage.requests().len();

    let policy = WatchPolicy::default().pace(Pace::fixed(TICK));
    let client = stage.another().watch_policy(policy).build().unwrap();
    let (fleet, driver) = client.workflows().fleet(RequestBudget::per_second(5));
    let done = driver
        .until(async { join_all(fleet.watch_all(&workflows)).await })
        .await;

    // What one poll of each workflow in each tick would take until its end.
    let alone: u64 = done
        .iter()
        .map(|done| {
            let done = done.as_ref().unwrap().reply();
            let took = done.completed_at.unwrap() - done.created_at;
            took.num_seconds().unsigned_abs().div_ceil(TICK.as_secs())
        })
        .sum();
    let asked = u64::try_from(stage.requests().len() - before).unwrap();
    assert!(
        asked * (many(50) as u64) < alone,
        "{asked} requests in place of {alone}"
    );
    assert_eq!(fleet.watching(), 0);
}

#[tokio::test]
async fn one_that_fails_or_is_gone_keeps_no_other_waiting() {
    let stage = Stage::with(|sim| {
        sim.fail_when(|job| {
            job.prompt()
                .contains("doomed")
                .then(|| "no luck".to_owned())
        })
    })
    .await;
    let prompts = ["fog", "doomed", "deleted", "dawn"];
    let requests = prompts.into_iter().map(|prompt| {
        let mut request = WorkflowRequest::new();
        request.add(picture(prompt));
        request
    });
    let workflows = submitted(&stage, requests).await;
    workflows[2].delete().await.unwrap();
    // One that another process submitted, of which nothing but the id is known.
    let other = stage.client.workflows().submit(&request()).await.unwrap();
    let attached = stage.client.workflows().attach(other.id());

    let (fleet, driver) = stage.client.workflows().fleet(RequestBudget::default());
    let (done, attached) = driver
        .until(async {
            let watches = fleet.watch_all(&workflows);
            let attached = fleet.watch(&attached);
            (join_all(watches).await, attached.await)
        })
        .await;

    let told: Vec<_> = done
        .iter()
        .map(|done| match done {
            Ok(done) => Some(done.phase()),
            Err(error) => error.last().map(WorkflowSnapshot::phase),
        })
        .collect();
    assert_eq!(told[0], Some(Phase::Succeeded));
    assert_eq!(told[1], Some(Phase::Failed));
    assert_eq!(told[3], Some(Phase::Succeeded));
    assert!(done[2].is_err(), "{:?}", told[2]);
    assert_eq!(attached.unwrap().phase(), Phase::Succeeded);
}
