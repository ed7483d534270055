//! Queued: few requests, and the end noticed at once.

use std::collections::BTreeSet;
use std::time::Duration;

use civitai_jobs::{Phase, WatchError, WatchPolicy, Workflow, WorkflowId, WorkflowRequest};
use civitai_sim::{Fault, Origin, Shape};
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixtures::reply;
use crate::stage::{Stage, client_of, request, shape};

const QUEUE: Duration = Duration::from_secs(2);

/// A service on which a workflow takes so long from submission to end.
async fn taking(whole: Duration) -> Stage {
    Stage::with(|sim| sim.queue_delay(QUEUE).work_delay(whole - QUEUE)).await
}

#[tokio::test]
async fn long_work_takes_few_requests_and_is_noticed_at_once() {
    let long_poll = |seconds| WatchPolicy::default().long_poll(Duration::from_secs(seconds));
    for (seconds, policy, most) in [
        // The submission counts as well.
        (30, None, 2),
        (600, None, 8),
        // Whoever chooses shorter long polls pays for them with requests.
        (600, Some(long_poll(60)), 11),
        (30, Some(long_poll(10)), 4),
    ] {
        // Not when an answer would be polled for anyway.
        let whole = Duration::from_millis(1_000 * seconds - 707);
        let stage = taking(whole).await;
        let client = match policy {
            Some(policy) => stage.another().watch_policy(policy).build().unwrap(),
            None => stage.client.clone(),
        };
        let workflow = client.workflows().submit(&request()).await.unwrap();
        let done = workflow.watch().await.unwrap();
        let late = stage.sim.elapsed() - whole;
        let sent = stage.requests().len();
        println!("{seconds} s: {sent} requests, noticed {late:?} after the end");
        assert!(sent <= most, "{sent} requests in {seconds} s");
        assert!(late <= Duration::from_millis(50), "{late:?}");
        assert_eq!(done.files().len(), 1);
        assert_eq!(workflow.first().unwrap().phase(), Phase::Queued);
    }
}

#[tokio::test]
async fn a_submission_that_waits_for_short_work_is_the_only_request() {
    for (ephemeral, wait) in [(false, 90_000), (true, 90_000), (true, 700), (true, 0)] {
        let stage = taking(Duration::from_secs(30)).await;
        let request = if ephemeral {
            request().ephemeral()
        } else {
            request()
        };
        let submission = stage.client.workflows().submit(&request);
        // Less than a second is none, and an ephemeral workflow needs one.
        let wait = Duration::from_millis(wait);
        let workflow = submission.wait(wait).await.unwrap();
        let done = workflow.watch().await.unwrap();
        assert_eq!((done.phase(), done.files().len()), (Phase::Succeeded, 1));
        assert_eq!(stage.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_workflow_that_was_just_accepted_need_not_be_listed_yet() {
    let stage = Stage::new().await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    for _ in 0..3 {
        stage.sim.fail_next(Origin::Api, Fault::Status(404));
    }
    assert_eq!(workflow.watch().await.unwrap().files().len(), 1);
}

#[tokio::test]
async fn what_an_ephemeral_workflow_leaves_is_gone_and_not_unknown() {
    let stage = taking(Duration::from_secs(200)).await;
    let request = request().ephemeral();
    // Held for 90 s, and not over by then.
    let workflow = stage.client.workflows().submit(&request).await.unwrap();
    assert_eq!(workflow.poll().await.unwrap().phase(), Phase::Running);
    let attached = stage.client.workflows().attach(workflow.id());
    let watched = stage.client.workflows().attach(workflow.id());
    attached.poll().await.unwrap();
    // Each poll is a long one, so the end is shown before the record is gone.
    assert_eq!(watched.watch().await.unwrap().phase(), Phase::Succeeded);
    for handle in [&workflow, &attached] {
        let error = handle.poll().await.unwrap_err();
        assert!(error.is_gone(), "{error:?}");
        assert_eq!((error.status(), error.is_retryable()), (Some(404), false));
        let error = handle.watch().await.unwrap_err();
        let WatchError::Poll {
            source, faults: 1, ..
        } = &error
        else {
            panic!("expected a poll that failed for good; got {error:?}");
        };
        assert!(source.is_gone());
    }
    let unknown = stage
        .client
        .workflows()
        .attach(WorkflowId::new("6-1").unwrap());
    let error = unknown.poll().await.unwrap_err();
    assert_eq!((error.status(), error.is_gone()), (Some(404), false));
}

#[tokio::test]
async fn a_service_that_will_not_hold_is_asked_without() {
    let whole = Duration::from_secs(30);
    let stage = Stage::with(|sim| {
        let sim = sim.refuse_wait(true).queue_delay(QUEUE);
        sim.work_delay(whole - QUEUE)
    })
    .await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let done = workflow.watch().await.unwrap();
    assert_eq!(done.phase(), Phase::Succeeded);
    let sent = stage.requests();
    let long = sent.iter().filter(|request| request.query.is_some());
    assert_eq!(long.count(), 1, "a long poll after one was refused");
    assert!(stage.sim.elapsed() <= whole + Duration::from_secs(15));
    assert!(sent.len() <= 14, "{} requests", sent.len());
    // The handle and its clones know from then on.
    workflow.clone().watch().await.unwrap();
    let sent = stage.requests();
    assert_eq!(sent.iter().filter(|sent| sent.query.is_some()).count(), 1);
}

/// What a watch of a workflow makes of these replies, one after the other.
async fn walk(statuses: &[(u16, &str)]) -> Result<Vec<Phase>, WatchError<Workflow>> {
    let server = MockServer::start().await;
    for (http, status) in statuses {
        let body = reply(status, &json!([]));
        let template = ResponseTemplate::new(*http).set_body_json(body);
        let reply = Mock::given(method("GET")).respond_with(template);
        reply.up_to_n_times(1).mount(&server).await;
    }
    let workflow = client_of(&server)
        .workflows()
        .attach(WorkflowId::new("6-1").unwrap());
    let mut watch = workflow.watch();
    let mut phases = Vec::new();
    while let Some(update) = watch.next().await? {
        phases.push(update.phase);
    }
    Ok(phases)
}

#[tokio::test]
async fn back_and_forth_is_no_end_and_neither_is_what_nobody_knows() {
    use Phase::{Queued, Running, Succeeded, Unknown};
    let phases = walk(&[
        (202, "unassigned"),
        (202, "preparing"),
        (202, "scheduled"),
        (202, "preparing"),
        (202, "scheduled"),
        (202, "Processing"),
        (202, "polishing"),
        // It is the status that tells, whatever the code of the reply.
        (200, "processing"),
        (202, "Succeeded"),
    ]);
    let expected = [
        Queued, Queued, Queued, Queued, Queued, Running, Unknown, Running, Succeeded,
    ];
    assert_eq!(phases.await.unwrap(), expected);
    for (status, phase) in [
        ("failed", Phase::Failed),
        ("expired", Phase::Expired),
        ("canceled", Phase::Canceled),
    ] {
        let error = walk(&[(202, "scheduled"), (200, status)])
            .await
            .unwrap_err();
        let WatchError::Ended {
            phase: ended, last, ..
        } = error
        else {
            panic!("expected an end; got {error:?}");
        };
        assert_eq!((ended, last.status().to_string().as_str()), (phase, status));
    }
}

#[tokio::test]
async fn progress_tells_the_queue_the_share_and_the_pictures() {
    let ahead = if shape() == Shape::Old { 2 } else { 1 };
    let stage = Stage::with(|sim| sim.workers(1).queue_delay(QUEUE)).await;
    let policy = WatchPolicy::default().long_poll(Duration::ZERO);
    let client = stage.another().watch_policy(policy).build().unwrap();
    let first = client.workflows().submit(&request()).await.unwrap();
    let mut two = WorkflowRequest::new();
    two.add(crate::stage::picture("a bay").quantity(2));
    let second = client.workflows().submit(&two).await.unwrap();
    let mut watch = second.watch();
    let update = watch.next().await.unwrap().unwrap();
    assert_eq!(update.phase, Phase::Queued);
    // Of jobs it is the last that counts; of steps the service tells of the first.
    assert_eq!(update.snapshot.preceding_jobs(), Some(ahead));
    assert_eq!(update.progress.queue_position, Some(ahead));
    assert!(update.snapshot.starts_at() < update.snapshot.completes_at());
    let expected = update.snapshot.completes_at();
    let (mut shares, mut finished) = (vec![update.progress.percent], Vec::new());
    while let Some(update) = watch.next().await.unwrap() {
        shares.push(update.progress.percent);
        let files = update.new_items;
        finished.extend(files.iter().map(|file| file.path().to_owned()));
    }
    assert!(shares.is_sorted(), "{shares:?}");
    assert_eq!(*shares.last().unwrap(), Some(100.0));
    let told: BTreeSet<_> = finished.iter().collect();
    assert_eq!((finished.len(), told.len()), (2, 2), "{finished:?}");
    let done = second.poll().await.unwrap();
    assert_eq!(done.reply().completed_at, expected);
    assert_eq!(first.poll().await.unwrap().phase(), Phase::Succeeded);
}

#[tokio::test]
async fn passing_trouble_is_borne_while_an_answer_is_held() {
    let stage = taking(Duration::from_secs(30)).await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    for fault in [
        Fault::Status(503),
        Fault::DropConnection,
        Fault::Throttled(Duration::from_secs(3)),
        Fault::HtmlPage,
        Fault::TruncateBody,
    ] {
        stage.sim.fail_next(Origin::Api, fault);
    }
    assert_eq!(workflow.watch().await.unwrap().files().len(), 1);
}

#[tokio::test]
async fn the_deadline_gives_the_handle_back() {
    let stage = taking(Duration::from_secs(200)).await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let minute = Duration::from_secs(60);
    let error = workflow.watch().deadline(minute).await.unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
    assert!(stage.sim.elapsed() <= minute + Duration::from_millis(50));
    assert_eq!(error.job().id(), workflow.id());
    assert_eq!(error.job().watch().await.unwrap().files().len(), 1);
}
