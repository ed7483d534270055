//! Workflows that did not succeed: which step, whose words, what is left, what it cost.

use std::time::Duration;

use civitai_jobs::workflows::Step;
use civitai_jobs::{Buzz, File, Phase, WatchError, Workflow, WorkflowRequest, WorkflowSnapshot};

use civitai_sim::Shape;

use crate::stage::{Stage, picture, shape};

/// Generate, upscale, cut out.
fn chain() -> WorkflowRequest {
    let mut request = WorkflowRequest::new();
    let hero = request.add(picture("a lighthouse in fog").name("hero"));
    let large = request.add(Step::upscale_image(hero.image(0)).name("large"));
    request.add(Step::remove_background(large.image()).name("cut"));
    request
}

/// The end of a workflow that does not succeed.
async fn ended(workflow: &Workflow) -> (Phase, WorkflowSnapshot) {
    match workflow.watch().await.unwrap_err() {
        WatchError::Ended { phase, last, .. } => (phase, last),
        error => panic!("expected an end; got {error:?}"),
    }
}

#[tokio::test]
async fn a_failure_names_its_step_and_leaves_what_was_made() {
    let stage = Stage::with(|sim| {
        sim.fail_when(|step| {
            (step.job_type() == "imageUpscaler").then(|| "no_provider_available".to_owned())
        })
    })
    .await;
    let workflow = stage.client.workflows().submit(&chain()).await.unwrap();
    let (phase, last) = ended(&workflow).await;
    assert_eq!(phase, Phase::Failed);
    let failure = last.failure().unwrap();
    assert_eq!(failure.step(), Some("large"));
    let jobs = last.step("large").unwrap().jobs();
    assert_eq!(failure.job_id(), jobs.first().map(|job| job.id.as_str()));
    assert_eq!(jobs.is_empty(), shape() == Shape::New);
    assert_eq!(
        (failure.reason(), failure.blocked_reason()),
        (Some("no_provider_available"), None)
    );
    // The picture is paid; the upscaler and what was to follow it are given back.
    assert_eq!((failure.spent(), stage.spent()), (8.into(), 8));
    assert_eq!(last.step("cut").unwrap().phase(), Phase::Canceled);
    let files: Vec<_> = last
        .files()
        .into_iter()
        .filter(File::is_available)
        .collect();
    let [hero] = &files[..] else {
        panic!("one file is left; found {files:?}");
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let picture = http.get(hero.url().unwrap()).send().await.unwrap();
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn a_step_that_takes_too_long_has_expired() {
    let stage = Stage::with(|sim| sim.work_delay(Duration::from_secs(100))).await;
    let mut request = WorkflowRequest::new();
    request.add(
        picture("a bay")
            .name("hero")
            .timeout(Duration::from_secs(60)),
    );
    let workflow = stage.client.workflows().submit(&request).await.unwrap();
    let (phase, last) = ended(&workflow).await;
    assert_eq!(phase, Phase::Expired);
    let failure = last.failure().unwrap();
    assert_eq!(
        failure.to_string(),
        "step hero expired: timeout; no Buzz was spent"
    );
    let late = stage.sim.elapsed() - Duration::from_secs(60);
    assert!(late <= Duration::from_millis(50), "{late:?}");
}

#[tokio::test]
async fn a_try_that_failed_is_no_failure_where_the_next_succeeds() {
    let stage = Stage::with(|sim| {
        sim.fail_when(|step| (step.attempt() < 2).then(|| "worker lost".to_owned()))
    })
    .await;
    for (retries, succeeds) in [(2, true), (1, false)] {
        let mut request = WorkflowRequest::new();
        request.add(picture("a bay").name("hero").retries(retries));
        let workflow = stage.client.workflows().submit(&request).await.unwrap();
        if succeeds {
            let done = workflow.watch().await.unwrap();
            assert!(done.failure().is_none());
            let jobs = done.step("hero").unwrap().jobs().len();
            assert_eq!(jobs, if shape() == Shape::New { 0 } else { 3 });
            continue;
        }
        let (_, last) = ended(&workflow).await;
        assert_eq!(last.failure().unwrap().reason(), Some("worker lost"));
    }
}

#[tokio::test]
async fn withheld_results_say_why_and_can_be_released() {
    let stage = Stage::with(|sim| {
        sim.rate_when(|step| {
            step.prompt()
                .contains("bare")
                .then_some(civitai_sim::Maturity::R)
        })
        .block_when(|step| step.prompt().contains("gun").then(|| "weapons".to_owned()))
    })
    .await;
    let submit = async |prompt: &str| {
        let mut request = WorkflowRequest::new();
        request.add(picture(prompt));
        let workflow = stage.client.workflows().submit(&request).await.unwrap();
        let done = workflow.watch().await.unwrap();
        (workflow, done)
    };
    let (_, blocked) = submit("a gun").await;
    let withheld = &blocked.files()[0];
    assert_eq!(
        (withheld.is_available(), withheld.blocked_reason()),
        (false, Some("weapons"))
    );

    let (workflow, mature) = submit("a bare rock").await;
    assert!(!mature.files()[0].is_available());
    assert!(mature.files()[0].blocked_reason().is_some());
    let release = civitai_jobs::WorkflowChange::new().allow_mature_content(true);
    workflow.update(&release).await.unwrap();
    let released = workflow.poll().await.unwrap();
    assert!(released.files()[0].is_available());
    // Other Buzz was given back, and yellow charged.
    let spent = released.spent();
    assert_eq!(
        (spent["blue"], spent["yellow"], released.charged()),
        (Buzz::ZERO, 8.into(), 8.into())
    );
}
