//! Reading jobs: by id, by token, by labels, and with long polls.

use std::time::Duration;

use civitai_jobs::{Client, Naming, Phase, Token, WatchError};
use civitai_sim::{Fault, Origin};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::labels;
use crate::stage::{CANARY, Stage, request};

#[tokio::test]
async fn a_job_is_read_by_its_id_with_its_last_event() {
    let stage = Stage::new().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    stage.sim.advance(Duration::from_secs(60));
    let found = stage.client.jobs().get(&job.ids()[0]).await.unwrap();
    assert_eq!(found.id(), Some(&job.ids()[0]));
    assert_eq!(found.phase(), Phase::Succeeded);
    let raw = found.reply().unwrap();
    assert!(raw.last_event.is_some() && raw.job.is_some());

    let saved = stage
        .client
        .save(found.files(), stage.dir.path(), &Naming::default())
        .await;
    assert_eq!(saved.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_tells_all_of_a_job_unless_it_is_brief() {
    let stage = Stage::new().await;
    let (_, ids) = labels::submit(&stage, &[json!({"run": "r1"})]).await;
    let list = stage.client.jobs().list().property("run", "r1");
    for (list, told) in [(list.clone(), true), (list.brief(), false)] {
        let jobs = list.all().await.unwrap();
        assert_eq!(jobs[0].id(), Some(&ids[0]));
        let reply = jobs[0].reply().unwrap();
        assert_eq!(reply.job.is_some(), told);
        assert_eq!(reply.properties.as_ref().unwrap()["run"], "r1");
    }
}

#[tokio::test]
async fn a_list_never_shows_a_failed_job_as_undecided() {
    let stage = Stage::with(|sim| sim.fail_when(|_| Some("Too dark.".to_owned()))).await;
    let failed = stage
        .client
        .jobs()
        .submit(&request().property("run", 1))
        .await;
    let failed = failed.unwrap();
    failed.watch().await.unwrap_err();
    stage.sim.advance(Duration::from_secs(120));
    let listed = stage
        .client
        .jobs()
        .list()
        .property("run", 1)
        .all()
        .await
        .unwrap();
    let read = stage.client.jobs().get(&failed.ids()[0]).await.unwrap();
    for job in listed.iter().chain([&read]) {
        assert_eq!(
            (job.phase(), job.reason()),
            (Phase::Failed, Some("Too dark."))
        );
    }
    assert_eq!(failed.poll().await.unwrap().phase(), Phase::Failed);
}

#[tokio::test]
async fn a_token_of_each_kind_leads_to_its_jobs() {
    let stage = Stage::new().await;
    let key = civitai_jobs::ClientKey::new();
    let job = stage
        .client
        .jobs()
        .submit(&request())
        .resume(key)
        .await
        .unwrap();
    let by_id = Token::from(job.ids()[0].clone());
    for token in [job.token().clone(), key.into(), by_id.clone()] {
        let batch = stage.client.jobs().attach(&token);
        let found = batch.poll().await.unwrap();
        assert_eq!(found.jobs()[0].id(), Some(&job.ids()[0]), "{token}");
    }
    let watched = stage.client.jobs().attach(by_id).watch().await.unwrap();
    assert_eq!(watched.files().len(), 1);
}

#[tokio::test]
async fn labels_of_every_type_must_all_match() {
    let stage = Stage::with(|sim| sim.page_size(2)).await;
    let nested = json!({"name": "a", "tags": [1, null]});
    let all: Vec<Value> = (0..9)
        .map(|n| json!({"n": n, "odd": n % 2 == 1, "nested": nested, "half": n as f64 / 2.0}))
        .collect();
    labels::submit(&stage, &all).await;
    let jobs = || stage.client.jobs().list();
    for (search, count) in [
        (jobs().property("odd", true), 4),
        (jobs().property("odd", true).property("n", 3), 1),
        (jobs().property("odd", true).property("n", 4), 0),
        (jobs().property("n", "3"), 0),
        (jobs().property("half", 1.5), 1),
        (jobs().property("nested", nested.clone()), 9),
        (jobs().properties([("n".to_owned(), json!(0))]), 1),
    ] {
        let found = search.all().await.unwrap();
        assert_eq!(found.len(), count, "{search:?}");
    }
}

#[tokio::test]
async fn a_stream_asks_for_a_page_when_it_is_wanted() {
    let stage = Stage::with(|sim| sim.page_size(2)).await;
    let (_, ids) = labels::submit(
        &stage,
        &[json!({"run": 1}), json!({"run": 1}), json!({"run": 1})],
    )
    .await;
    let pages = || {
        let sent = stage.requests(Origin::Api).into_iter();
        sent.filter(|r| r.path.ends_with("/query")).count()
    };
    let mut found = stage.client.jobs().list().property("run", 1).stream();
    assert_eq!(pages(), 0);
    let mut seen = Vec::new();
    for expected in [1, 1, 2] {
        seen.push(found.next().await.unwrap().unwrap().id().unwrap().clone());
        assert_eq!(pages(), expected);
    }
    assert!(found.next().await.is_none());
    assert_eq!(seen, ids);
    let again: Vec<_> = stage
        .client
        .jobs()
        .list()
        .property("run", 1)
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(again.len(), 3);
}

#[tokio::test]
async fn reads_are_repeated_after_passing_trouble() {
    let stage = Stage::with(|sim| sim.page_size(1)).await;
    let (token, ids) = labels::submit(&stage, &[json!({"run": 1}), json!({"run": 1})]).await;
    let jobs = stage.client.jobs();
    for fault in [
        Fault::Status(503),
        Fault::DropConnection,
        Fault::DropReply,
        Fault::TruncateBody,
        Fault::EmptyBody,
        Fault::HtmlPage,
        Fault::Throttled(Duration::from_secs(7)),
    ] {
        let fail = || stage.sim.fail_next(Origin::Api, fault.clone());
        fail();
        assert!(jobs.get(&ids[0]).await.is_ok(), "{fault:?}");
        fail();
        assert!(jobs.attach(&token).poll().await.is_ok(), "{fault:?}");
        fail();
        let found = jobs.list().property("run", 1).all().await;
        assert_eq!(found.unwrap().len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn a_query_that_finds_nothing_says_so() {
    let stage = Stage::new().await;
    let jobs = stage.client.jobs();
    let nobody = "00000000-0000-4000-a000-000000000000";
    assert_eq!(
        jobs.get(&nobody.parse().unwrap())
            .await
            .unwrap_err()
            .status(),
        Some(404)
    );
    let nothing: Token = "bm90aGluZw==".parse().unwrap();
    assert_eq!(
        jobs.attach(nothing).poll().await.unwrap_err().status(),
        Some(404)
    );
    assert!(
        jobs.list()
            .property("run", 1)
            .all()
            .await
            .unwrap()
            .is_empty()
    );

    let sent = stage.sim.requests().len();
    let error = jobs.list().properties([]).all().await.unwrap_err();
    assert!(error.is_invalid());
    assert_eq!(stage.sim.requests().len(), sent);
}

#[tokio::test]
async fn waiting_for_a_while_gives_finished_work_or_says_that_time_is_over() {
    let stage = Stage::new().await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let error = job.wait_for(Duration::from_secs(2)).await.unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
    let done = job.wait_for(Duration::from_secs(600)).await.unwrap();
    assert_eq!((done.phase(), done.files().len()), (Phase::Succeeded, 1));
    let again = job.wait_for(Duration::ZERO).await.unwrap();
    assert_eq!(again.phase(), Phase::Succeeded);
}

#[tokio::test]
async fn a_long_poll_ends_with_the_job() {
    let stage = Stage::with(|sim| sim.upload_lag(Duration::ZERO)).await;
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    let held = job.wait_for(Duration::from_secs(60));
    let time = async {
        stage.sim.until_held(1).await;
        stage.sim.advance(Duration::from_secs(30));
    };
    let (seen, ()) = tokio::join!(held, time);
    assert_eq!(seen.unwrap().phase(), Phase::Succeeded);
    let sent = stage.requests(Origin::Api);
    assert_eq!(sent.len(), 2);
    assert!(sent[1].query.as_deref().unwrap().contains("wait=true"));
}

#[tokio::test]
async fn a_long_poll_that_is_cut_is_followed_by_another_poll() {
    let stage = Stage::new().await;
    for fault in [Fault::Status(524), Fault::DropConnection, Fault::HtmlPage] {
        let job = stage.client.jobs().submit(&request()).await.unwrap();
        stage.sim.advance(Duration::from_secs(60));
        stage.sim.fail_next(Origin::Api, fault);
        let seen = job.wait_for(Duration::from_secs(60)).await;
        assert_eq!(seen.unwrap().jobs().len(), 1);
    }
    let job = stage.client.jobs().submit(&request()).await.unwrap();
    stage.sim.fail_next(Origin::Api, Fault::Status(401));
    let refused = job.wait_for(Duration::MAX).await.unwrap_err();
    let WatchError::Poll { source, .. } = refused else {
        panic!("expected a poll that failed; got {refused:?}");
    };
    assert!(source.is_unauthorized());
}

/// Makes the page of this number.
type Page = fn(usize) -> Value;

/// A search on a service whose pages are made by `page`.
async fn searched(page: Page) -> (Result<usize, civitai_jobs::Error>, usize) {
    let server = MockServer::start().await;
    let count = std::sync::atomic::AtomicUsize::new(0);
    let answer = move |_: &Request| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        ResponseTemplate::new(200).set_body_json(page(number))
    };
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let client = Client::builder()
        .token(CANARY)
        .base_url(server.uri())
        .build()
        .unwrap();
    let found = client.jobs().list().property("run", 1).all().await;
    let sent = server.received_requests().await.unwrap().len();
    (found.map(|jobs| jobs.len()), sent)
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_ends_the_search() {
    let pages: [(&str, Page); 3] = [
        (
            "the same cursor",
            |_| json!({"cursor": "a", "jobs": [{"jobId": "1"}]}),
        ),
        (
            "two in turn",
            |n| json!({"cursor": (n % 2).to_string(), "jobs": [{"jobId": "1"}]}),
        ),
        (
            "new ones without jobs",
            |n| json!({"cursor": n.to_string(), "jobs": []}),
        ),
    ];
    for (case, page) in pages {
        let (found, sent) = searched(page).await;
        let error = found.unwrap_err();
        assert!(
            error.to_string().contains("do not come to an end"),
            "{case}"
        );
        assert!(!error.is_retryable() && sent < 30, "{case}: {sent}");
    }
    let (found, sent) = searched(|n| {
        let cursor = (n < 3).then(|| n.to_string());
        json!({"cursor": cursor, "jobs": [{"jobId": n.to_string()}]})
    })
    .await;
    assert_eq!((found.unwrap(), sent), (4, 4));
}

#[tokio::test]
async fn a_job_without_an_id_is_told_as_such() {
    let (found, _) = searched(|_| json!({"cursor": null, "jobs": [{"scheduled": true}]})).await;
    assert!(found.unwrap_err().to_string().contains("without its id"));
}
