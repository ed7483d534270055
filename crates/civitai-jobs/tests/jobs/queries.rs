//! Queries: by id, by token, by labels, and with a hold.

use std::sync::Arc;
use std::time::{Duration, Instant};

use civitai_jobs::{Client, Clock, JobState, Naming, SkipClock, Sleep, Token};
use civitai_sim::{Fault, Origin, Simulator};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::labels;
use crate::stage::{CANARY, Stage, builder, request};

#[tokio::test]
async fn a_job_is_read_by_its_id_with_its_last_event() {
    let stage = Stage::new().await;
    let job = stage.client.submit(&request()).await.unwrap();
    stage.sim.advance(Duration::from_secs(60));
    let found = stage.client.jobs().by_id(&job.ids()[0]).await.unwrap();
    assert_eq!(found.id, job.ids()[0]);
    assert_eq!(found.state, JobState::Succeeded);
    let raw = found.raw().unwrap();
    assert!(raw.last_event.is_some() && raw.job.is_none());

    let saved = stage
        .client
        .save(&found.outputs, stage.dir.path(), &Naming::default())
        .await;
    assert_eq!(saved.unwrap().len(), 1);
}

#[tokio::test]
async fn a_query_can_be_detailed_in_every_way() {
    let stage = Stage::new().await;
    let (token, ids) = labels::submit(&stage, &[json!({"run": "r1"})]).await;
    let plain = stage.client.jobs();
    for (query, told) in [(plain.clone(), false), (plain.detailed(), true)] {
        let by_id = query.by_id(&ids[0]).await.unwrap();
        let by_token = query.by_token(&token).await.unwrap();
        let by_label = query.clone().property("run", "r1").all().await.unwrap();
        let jobs = [&by_id, &by_token.jobs()[0], &by_label[0]];
        for job in jobs {
            assert_eq!(job.id, ids[0]);
            let raw = job.raw().unwrap();
            assert_eq!(raw.job.is_some(), told);
            assert_eq!(raw.properties.as_ref().unwrap()["run"], "r1");
        }
    }
}

#[tokio::test]
async fn a_token_of_each_kind_leads_to_its_jobs() {
    let stage = Stage::new().await;
    let key = civitai_jobs::ClientKey::new();
    let job = stage.client.submit_as(&request(), key).await.unwrap();
    let by_id = Token::of_job(&job.ids()[0]).unwrap();
    for token in [job.token().clone(), key.into(), by_id.clone()] {
        for query in [false, true] {
            let jobs = stage.client.jobs();
            let found = match query {
                false => jobs.by_token(&token).await.unwrap(),
                true => jobs.wait_for(&token, Duration::ZERO).await.unwrap(),
            };
            assert_eq!(found.jobs()[0].id, job.ids()[0], "{token}");
        }
    }
    let watched = stage.client.attach(by_id).watch().await.unwrap();
    assert_eq!(watched.outputs().len(), 1);
}

#[tokio::test]
async fn labels_of_every_type_must_all_match() {
    let stage = Stage::with(|sim| sim.page_size(2)).await;
    let nested = json!({"name": "a", "tags": [1, null]});
    let all: Vec<Value> = (0..9)
        .map(|n| json!({"n": n, "odd": n % 2 == 1, "nested": nested, "half": n as f64 / 2.0}))
        .collect();
    labels::submit(&stage, &all).await;
    let jobs = || stage.client.jobs();
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
    let mut found = stage.client.jobs().property("run", 1).stream();
    assert_eq!(pages(), 0);
    let mut seen = Vec::new();
    for expected in [1, 1, 2] {
        seen.push(found.next().await.unwrap().unwrap().id);
        assert_eq!(pages(), expected);
    }
    assert!(found.next().await.is_none());
    assert_eq!(seen, ids);
    let again: Vec<_> = stage
        .client
        .jobs()
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
        assert!(jobs.by_id(&ids[0]).await.is_ok(), "{fault:?}");
        fail();
        assert!(jobs.by_token(&token).await.is_ok(), "{fault:?}");
        fail();
        let found = jobs.clone().property("run", 1).all().await;
        assert_eq!(found.unwrap().len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn a_query_that_finds_nothing_says_so() {
    let stage = Stage::new().await;
    let jobs = stage.client.jobs();
    let nobody = "00000000-0000-4000-a000-000000000000";
    assert_eq!(jobs.by_id(nobody).await.unwrap_err().status(), Some(404));
    let nothing: Token = "bm90aGluZw==".parse().unwrap();
    assert_eq!(
        jobs.by_token(&nothing).await.unwrap_err().status(),
        Some(404)
    );
    assert!(
        jobs.clone()
            .property("run", 1)
            .all()
            .await
            .unwrap()
            .is_empty()
    );

    let sent = stage.sim.requests().len();
    for id in ["", "..", "a b", "a\nb"] {
        let error = jobs.by_id(id).await.unwrap_err();
        assert_eq!(error.fields()[0].field(), "jobId", "{id:?}");
    }
    let error = jobs.properties([]).all().await.unwrap_err();
    assert!(error.is_invalid());
    assert_eq!(stage.sim.requests().len(), sent);
}

#[tokio::test]
async fn a_hold_ends_with_the_job() {
    let stage = Stage::with(|sim| sim.upload_lag(Duration::ZERO)).await;
    let job = stage.client.submit(&request()).await.unwrap();
    let query = stage.client.jobs();
    let held = query.wait_for(job.token(), Duration::from_secs(60));
    let time = async {
        stage.sim.until_held(1).await;
        stage.sim.advance(Duration::from_secs(30));
    };
    let (seen, ()) = tokio::join!(held, time);
    assert_eq!(seen.unwrap().state(), JobState::Succeeded);
    let sent = stage.requests(Origin::Api);
    assert_eq!(sent.len(), 2);
    assert!(sent[1].query.as_deref().unwrap().contains("wait=true"));
}

/// A clock whose limits are over as soon as the service holds a request.
#[derive(Debug)]
struct UntilHeld(Arc<Simulator>, SkipClock, std::sync::Mutex<Vec<Duration>>);

impl Clock for UntilHeld {
    fn now(&self) -> Instant {
        self.1.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        self.1.sleep(pause)
    }

    fn limit(&self, after: Duration) -> Sleep {
        self.2.lock().unwrap().push(after);
        let sim = Arc::clone(&self.0);
        Box::pin(async move { sim.until_held(1).await })
    }
}

#[tokio::test]
async fn a_hold_is_given_up_before_the_service_cuts_it() {
    let stage = Stage::new().await;
    let clock = UntilHeld(Arc::clone(&stage.sim), SkipClock::new(), Vec::new().into());
    let clock = Arc::new(clock);
    let client = builder(&stage.sim).clock(clock.clone()).build().unwrap();
    let job = client.submit(&request()).await.unwrap();
    for (asked, granted) in [(20, 20), (3600, 90)] {
        let asked = Duration::from_secs(asked);
        let seen = client.jobs().wait_for(job.token(), asked).await.unwrap();
        assert!(!seen.state().is_terminal());
        let limits = std::mem::take(&mut *clock.2.lock().unwrap());
        assert_eq!(limits, [Duration::from_secs(granted)]);
    }
}

#[tokio::test]
async fn a_hold_that_is_cut_is_followed_by_a_look() {
    let stage = Stage::new().await;
    let job = stage.client.submit(&request()).await.unwrap();
    for fault in [Fault::Status(524), Fault::DropConnection, Fault::HtmlPage] {
        stage.sim.fail_next(Origin::Api, fault);
        let hold = Duration::from_secs(60);
        let seen = stage.client.jobs().wait_for(job.token(), hold).await;
        assert_eq!(seen.unwrap().jobs().len(), 1);
    }
    stage.sim.fail_next(Origin::Api, Fault::Status(401));
    let refused = stage
        .client
        .jobs()
        .wait_for(job.token(), Duration::MAX)
        .await;
    assert!(refused.unwrap_err().is_unauthorized());
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
    let found = client.jobs().property("run", 1).all().await;
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
