//! Paid once: whatever happens to the answer of a submission, no job exists twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::jobs::JobRequest;
use civitai_jobs::{Client, ClientKey, Money, SkipClock, SubmitPolicy};
use civitai_sim::{Fault, Origin};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::stage::{CANARY, Stage, builder, request};

const SETTLE: Duration = Duration::from_secs(15);
/// How long the service takes to list a job.
const LAG: Duration = Duration::from_secs(3);

/// The jobs that the service has, by their client keys.
async fn jobs_by_key(stage: &Stage) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    let mut ask = civitai_api::v1::types::QueryJobsRequest::default();
    loop {
        let page = stage.client.api().query_jobs(None, &ask).await.unwrap();
        let page = page.into_inner();
        for job in page.jobs.unwrap_or_default() {
            let key = job.properties.unwrap()["clientKey"]
                .as_str()
                .unwrap()
                .to_owned();
            *keys.entry(key).or_default() += 1;
        }
        ask.cursor = page.cursor;
        if ask.cursor.is_none() {
            return keys;
        }
    }
}

#[tokio::test]
async fn of_500_submissions_through_trouble_no_job_exists_twice() {
    let stage = Stage::with(|sim| {
        sim.seed(1)
            .chance(0.3, Fault::DropReply)
            .chance(0.1, Fault::Status(503))
            .chance(0.1, Fault::StatusAfter(503))
            .listing_lag(LAG)
            .balance(1_000.0)
    })
    .await;
    let (mut found, mut refused) = (0, 0);
    let mut expected = BTreeMap::new();
    for _ in 0..500 {
        let key = ClientKey::new();
        match stage.client.jobs().submit(&request()).key(key).await {
            Ok(job) => {
                assert_eq!(job.ids().len(), 1);
                found += usize::from(job.token().to_string().starts_with("clientKey"));
                expected.insert(key.to_string(), 1);
            }
            Err(error) => {
                // The service answers every search here, so that nothing stays unknown.
                assert_eq!(error.money(), Money::Untouched, "{error:?}");
                assert_eq!(error.client_key(), Some(key));
                refused += 1;
            }
        }
    }
    stage.sim.advance(LAG);
    assert!(jobs_by_key(&stage).await == expected);
    assert_eq!(stage.submissions(), 500, "one was sent twice");
    assert_eq!(stage.sim.balance(), 1_000.0 - expected.len() as f64);
    assert!(
        (150..250).contains(&found) && (25..75).contains(&refused),
        "{found} {refused}"
    );
}

#[tokio::test]
async fn each_kind_of_unclear_answer_is_looked_up_and_settled() {
    for (fault, accepted) in [
        (Fault::DropReply, true),
        (Fault::TruncateBody, true),
        (Fault::EmptyBody, true),
        (Fault::StatusAfter(500), true),
        (Fault::StatusAfter(503), true),
        (Fault::StatusAfter(524), true),
        (Fault::HtmlPage, false),
        (Fault::DropConnection, false),
        (Fault::Status(408), false),
        (Fault::Status(503), false),
        (Fault::Status(524), false),
    ] {
        let lag = Duration::from_secs(9);
        let stage = Stage::with(|sim| sim.listing_lag(lag)).await;
        stage.sim.fail_next(Origin::Api, fault.clone());
        let ended = stage.client.jobs().submit(&request()).await;
        assert_eq!(stage.submissions(), 1, "{fault:?} was sent twice");
        let taken = stage.sim.elapsed();
        let timed_out = matches!(fault, Fault::Status(408 | 524) | Fault::StatusAfter(524));
        let settle = if timed_out { 4 * SETTLE } else { SETTLE };
        if accepted {
            let job = ended.unwrap();
            assert!((lag..=settle).contains(&taken), "{fault:?} took {taken:?}");
            let done = job.watch().await.unwrap();
            assert_eq!(done.files().len(), 1, "{fault:?}");
            continue;
        }
        let error = ended.unwrap_err();
        assert_eq!(error.money(), Money::Untouched, "{fault:?}");
        assert!(!error.is_outcome_unknown() && error.is_retryable());
        assert_eq!(error.is_web_page(), fault == Fault::HtmlPage);
        let key = error.client_key().unwrap();
        assert!(error.to_string().contains(&key.to_string()));
        assert!(taken >= settle, "{fault:?} was settled after {taken:?}");
        assert!(stage.requests(Origin::Api).len() < 20, "{fault:?}");

        // The same key is safe to use again, and once it is used, no second job comes of it.
        let job = stage
            .client
            .jobs()
            .submit(&request())
            .resume(key)
            .await
            .unwrap();
        stage.sim.advance(lag);
        let again = stage
            .client
            .jobs()
            .submit(&request())
            .resume(key)
            .await
            .unwrap();
        assert_eq!((job.ids(), stage.submissions()), (again.ids(), 2));
    }
}

#[tokio::test]
async fn an_outcome_that_cannot_be_found_out_is_unknown_and_carries_the_key() {
    for (searches, patience) in [
        // The searches fail for good, or for longer than the patience, or the patience is short.
        (vec![Fault::Status(401)], 120),
        (vec![Fault::Status(502); 40], 120),
        (vec![Fault::Throttled(Duration::from_secs(121))], 120),
        (vec![], 5),
        (vec![Fault::Status(502)], 0),
    ] {
        let stage = Stage::with(|sim| sim.listing_lag(Duration::from_secs(9))).await;
        let patience = Duration::from_secs(patience);
        let policy = SubmitPolicy::default().patience(patience);
        let client = builder(&stage.sim).submit_policy(policy).build().unwrap();
        stage.sim.fail_next(Origin::Api, Fault::DropReply);
        for fault in searches.clone() {
            stage.sim.fail_next(Origin::Api, fault);
        }
        let error = client.jobs().submit(&request()).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{searches:?}: {error:?}");
        assert_eq!(error.money(), Money::Unknown);
        assert!(!error.is_retryable());
        assert!(stage.sim.elapsed() <= patience, "{:?}", stage.sim.elapsed());
        assert_eq!(stage.submissions(), 1);

        let key = error.client_key().unwrap();
        assert!(error.to_string().contains(&key.to_string()));
    }
}

#[tokio::test]
async fn a_key_from_another_process_finds_the_job_in_place_of_a_second_one() {
    let stage = Stage::new().await;
    let key: ClientKey = ClientKey::new().to_string().parse().unwrap();
    // The first process sends and does not live to see the answer.
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    stage.sim.fail_next(Origin::Api, Fault::Status(401));
    let submission = stage.client.jobs().submit(&request()).key(key);
    submission.await.unwrap_err();

    let other = builder(&stage.sim).build().unwrap();
    let job = other.jobs().submit(&request()).resume(key).await.unwrap();
    assert_eq!((job.ids().len(), stage.submissions()), (1, 1));
    assert_eq!(
        other.jobs().find(key).await.unwrap().unwrap().ids(),
        job.ids()
    );
    job.watch().await.unwrap();

    // A search that fails sends nothing.
    for _ in 0..4 {
        stage.sim.fail_next(Origin::Api, Fault::Status(503));
    }
    let error = other
        .jobs()
        .submit(&request())
        .resume(ClientKey::new())
        .await;
    assert!(!error.unwrap_err().is_outcome_unknown());
    assert_eq!(stage.submissions(), 1);
}

#[tokio::test]
async fn every_job_of_a_batch_is_found_again_in_its_order() {
    let stage = Stage::with(|sim| sim.page_size(7)).await;
    let batch: Vec<_> = (0..30)
        .map(|n| request().seed(n).property("n", n))
        .collect();
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    let job = stage.client.jobs().submit_all(&batch).await.unwrap();
    assert_eq!((job.ids().len(), stage.submissions()), (30, 1));
    for (n, id) in job.ids().iter().enumerate() {
        let seen = stage.client.api().get_job(id.as_str(), None).await.unwrap();
        let labels = seen.into_inner().properties.unwrap();
        assert_eq!(labels["n"], n);
        assert_eq!(labels["clientJob"], format!("{}/30", n + 1));
    }
}

#[tokio::test]
async fn a_part_of_a_batch_is_noticed() {
    let stage = Stage::new().await;
    let key = ClientKey::new();
    let labelled = |place: &str| {
        let mut job = serde_json::to_value(JobRequest::try_from(&request()).unwrap()).unwrap();
        job["properties"] = json!({"clientKey": key.to_string(), "clientJob": place});
        job
    };
    let part: Value = json!({"jobs": [labelled("1/3"), labelled("3/3")]});
    let part = serde_json::from_value(part).unwrap();
    let sent = stage.client.api().submit_jobs(None, None, &part).await;
    let ids = sent.unwrap().into_inner().jobs.unwrap();

    let batch = [request(), request(), request()];
    let whole = stage.client.jobs().submit_all(&batch).resume(key);
    let error = whole.await.unwrap_err();
    assert_eq!(error.missing_jobs(), [1]);
    assert_eq!((error.money(), error.is_retryable()), (Money::Spent, false));
    let there = error.accepted_part().unwrap();
    assert_eq!(
        Some(error.accepted_jobs()[1].as_str()),
        ids[1].job_id.as_deref()
    );
    let there = stage.client.jobs().attach(there);
    assert_eq!(there.watch().await.unwrap().files().len(), 2);
    assert_eq!(stage.submissions(), 1);
}

/// A service that answers submissions with this, and lists so many jobs under whatever key it is
/// asked for.
async fn answering(reply: Value, listed: Vec<&'static str>) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let search = move |request: &wiremock::Request| {
        let asked: Value = request.body_json().unwrap();
        let job = |place: &&str| {
            let mut properties = asked["properties"].clone();
            properties["clientJob"] = (*place).into();
            json!({"jobId": format!("job-{place}"), "properties": properties})
        };
        let jobs: Vec<_> = listed.iter().map(job).collect();
        ResponseTemplate::new(200).set_body_json(json!({ "jobs": jobs }))
    };
    Mock::given(matchers::path("/v1/consumer/jobs/query"))
        .respond_with(search)
        .mount(&server)
        .await;
    Mock::given(matchers::path("/v1/consumer/jobs"))
        .respond_with(ResponseTemplate::new(202).set_body_json(reply))
        .mount(&server)
        .await;
    let client = Client::builder().token(CANARY).base_url(server.uri());
    let client = client.clock(Arc::new(SkipClock::new())).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn an_answer_that_does_not_tell_all_is_completed_by_a_search() {
    let all = vec!["2/2", "1/2"];
    for (reply, listed, token, searched) in [
        (
            json!({"token": "dA==", "jobs": [{"jobId": "a"}, {"jobId": "b"}]}),
            vec![],
            "dA==",
            false,
        ),
        (json!({"token": "dA=="}), vec![], "dA==", false),
        (
            json!({"jobs": [{"jobId": "a"}, {"jobId": "b"}]}),
            all.clone(),
            "clientKey",
            true,
        ),
        (
            json!({"token": "dA==", "jobs": [{"jobId": "a"}]}),
            all.clone(),
            "clientKey",
            true,
        ),
        (
            json!({"token": " ", "jobs": []}),
            all.clone(),
            "clientKey",
            true,
        ),
        (json!({}), all, "clientKey", true),
    ] {
        let (server, client) = answering(reply.clone(), listed).await;
        let job = client
            .jobs()
            .submit_all(&[request(), request()])
            .await
            .unwrap();
        assert!(job.token().to_string().starts_with(token), "{reply}");
        let sent = server.received_requests().await.unwrap();
        assert_eq!(sent.len(), 1 + usize::from(searched), "{reply}");
        if searched {
            assert_eq!(job.ids(), ["job-1/2", "job-2/2"]);
        }
    }
    let part = json!({"token": "dA==", "jobs": [{"jobId": "a"}]});
    let (server, client) = answering(part, vec!["2/2"]).await;
    let error = client
        .jobs()
        .submit_all(&[request(), request()])
        .await
        .unwrap_err();
    assert_eq!(
        (error.missing_jobs(), error.money()),
        (&[0][..], Money::Spent)
    );
    let sent = server.received_requests().await.unwrap();
    let posts = sent
        .iter()
        .filter(|sent| sent.url.path().ends_with("/jobs"));
    assert_eq!(posts.count(), 1);

    let error = client.jobs().find(ClientKey::new()).await.unwrap_err();
    assert!(error.accepted_part().is_some());
    assert_eq!(error.accepted_jobs()[0], "job-2/2");
}
