//! Mistakes that pollers are known for, and that a generated one does not make.

use std::sync::Arc;
use std::time::Duration;

use crate::server::{Reply, Server, hinting, json as says};
use job_waiter::job_watch::SkipClock;
use job_waiter::{Phase, Watch, WatchError};
use serde_json::{Value, json};
use waiters::{Http, replicate, vectors};

type Prediction = replicate::watch::Prediction;

const ROUTE: &str = "GET /predictions/p1";

fn state(word: &str) -> Value {
    json!({"id": "p1", "status": word})
}

fn done() -> Reply {
    says(
        200,
        json!({"id": "p1", "status": "succeeded", "output": "https://x.example/0.png"}),
    )
}

fn client(server: &Server) -> replicate::Client {
    let http = Http::builder(&server.url).token("a-secret".to_owned());
    replicate::Client::new(http.build().unwrap())
}

/// A watch on a server that plays the script, at once.
async fn watch(script: impl IntoIterator<Item = Reply>) -> (Server, Watch<Prediction>, SkipClock) {
    let (server, clock) = (Server::start().await, SkipClock::new());
    server.on(ROUTE, script);
    let job = client(&server).attach_prediction("p1".parse().unwrap());
    (server, job.watch().clock(Arc::new(clock.clone())), clock)
}

#[tokio::test]
async fn there_is_a_deadline() {
    let (server, watch, clock) = watch([says(200, state("processing"))]).await;
    let error = watch.await.unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error}");
    assert_eq!(clock.elapsed(), Duration::from_secs(30 * 60));
    assert!(server.requests(ROUTE).len() < 200);
}

#[tokio::test]
async fn a_call_that_hangs_is_no_longer_than_its_own_limit() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let http = Http::builder(url).build().unwrap();
    let job = replicate::Client::new(http).attach_prediction("p1".parse().unwrap());
    let policy = job_waiter::WatchPolicy::default().poll_timeout(Duration::from_millis(1));
    let error = job
        .watch()
        .policy(policy.deadline(Duration::from_millis(5)))
        .await
        .unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn no_terminal_word_of_the_contract_is_missing() {
    for word in ["failed", "canceled", "aborted"] {
        let (server, watch, _) = watch([says(200, state(word))]).await;
        let error = watch.await.unwrap_err();
        assert!(matches!(error, WatchError::Ended { .. }), "{word}: {error}");
        assert_eq!(server.requests(ROUTE).len(), 1);
    }
}

#[tokio::test]
async fn an_unknown_word_is_neither_an_end_nor_a_crash() {
    let (_, mut watch, _) = watch([says(200, state("thinking")), done()]).await;
    let update = watch.next().await.unwrap().unwrap();
    assert_eq!(update.phase, Phase::Unknown);
    assert_eq!(update.snapshot.word(), Some("thinking"));
    assert!(watch.await.is_ok());
}

#[tokio::test]
async fn one_passing_error_ends_nothing() {
    let page = Reply::Says(200, Vec::new(), b"<!doctype html><html>".to_vec());
    let script = [
        says(500, json!({})),
        says(429, json!({})),
        Reply::Nothing,
        page,
        says(408, json!({})),
        done(),
    ];
    let (server, watch, _) = watch(script).await;
    watch.await.unwrap();
    assert_eq!(server.requests(ROUTE).len(), 6);
}

#[tokio::test]
async fn a_lasting_error_is_not_asked_about_again() {
    for status in [400, 401, 403, 410, 422] {
        let (server, watch, _) = watch([says(status, json!({"error": "no"}))]).await;
        let error = watch.await.unwrap_err();
        assert!(matches!(error, WatchError::Poll { .. }), "{error}");
        assert_eq!(server.requests(ROUTE).len(), 1, "{status}");
    }
}

#[tokio::test]
async fn work_that_is_not_listed_yet_is_looked_for_again() {
    let missing = || says(404, json!({"detail": "no such prediction"}));
    let (_, found, _) = watch([missing(), missing(), done()]).await;
    assert!(found.await.is_ok());
    let (_, gone, clock) = watch([missing()]).await;
    let error = gone.await.unwrap_err();
    assert!(matches!(error, WatchError::Poll { .. }), "{error}");
    assert!(clock.elapsed() < Duration::from_secs(90));
    // Once it was there, it is gone for good.
    let (server, lost, _) = watch([says(200, state("starting")), missing()]).await;
    assert!(lost.await.is_err());
    assert_eq!(server.requests(ROUTE).len(), 2);
}

#[tokio::test]
async fn a_hint_is_followed_on_errors_too_and_is_not_kept() {
    let script = [
        hinting(503, "retry-after", "40", json!({})),
        hinting(200, "retry-after", "20", state("processing")),
        says(200, state("processing")),
        done(),
    ];
    let (_, mut watch, clock) = watch(script).await;
    watch.next().await.unwrap();
    assert!(clock.elapsed() >= Duration::from_secs(40));
    watch.next().await.unwrap();
    let hinted = clock.elapsed();
    assert!(hinted >= Duration::from_secs(60));
    watch.next().await.unwrap();
    assert!(clock.elapsed() - hinted < Duration::from_secs(15));
}

#[tokio::test]
async fn a_hint_of_nothing_is_no_busy_loop_and_pauses_grow() {
    let server = Server::start().await;
    let is = |word: &str| json!({"status": word});
    let mut script = vec![hinting(200, "openai-poll-after-ms", "0", is("in_progress")); 20];
    script.push(says(200, is("completed")));
    server.on("GET /vector_stores/s/files/f", script);
    let client = vectors::Client::new(Http::builder(&server.url).build().unwrap());
    let clock = SkipClock::new();
    let job = client.attach_store_file("id=f&store=s".parse().unwrap());
    job.watch().clock(Arc::new(clock.clone())).await.unwrap();
    assert!(
        clock.elapsed() >= Duration::from_secs(20),
        "{:?}",
        clock.elapsed()
    );

    let (server, watch, clock) = watch([says(200, state("processing"))]).await;
    let _late = watch.deadline(Duration::from_secs(300)).await;
    let (polls, took) = (server.requests(ROUTE).len(), clock.elapsed().as_secs());
    assert!(polls < 40 && took == 300, "{polls} in {took} s");
}

#[tokio::test]
async fn a_good_state_without_a_result_is_no_good_result() {
    let (_, watch, clock) = watch([says(200, state("succeeded"))]).await;
    let error = watch.await.unwrap_err();
    let WatchError::Ended { phase, .. } = &error else {
        panic!("{error}");
    };
    // Results are stored a moment later; after the grace period it counts as a failure.
    assert_eq!(*phase, Phase::Undecided);
    assert!(
        clock.elapsed() >= Duration::from_secs(45),
        "{:?}",
        clock.elapsed()
    );
}

#[tokio::test]
async fn a_stage_that_is_never_seen_is_not_waited_for() {
    let (server, watch, _) = watch([done()]).await;
    watch.await.unwrap();
    assert_eq!(server.requests(ROUTE).len(), 1);
}

#[tokio::test]
async fn the_reason_is_told_whatever_shape_it_has() {
    for (reason, told) in [
        (json!("out of memory"), "out of memory"),
        (
            json!({"message": "out of memory", "code": 7}),
            "out of memory",
        ),
        (json!(null), "failed"),
    ] {
        let body = json!({"id": "p1", "status": "failed", "error": reason});
        let (_, watch, _) = watch([says(200, body)]).await;
        let error = watch.await.unwrap_err().to_string();
        assert!(error.ends_with(told), "{error}");
    }
}

#[tokio::test]
async fn stopping_to_watch_cancels_nothing_and_canceled_is_what_the_service_says() {
    let (server, mut watch, _) = watch([says(200, state("processing")), done()]).await;
    server.on(
        "POST /predictions/p1/cancel",
        [says(200, state("processing"))],
    );
    watch.next().await.unwrap();
    let job = watch.job().clone();
    drop(watch);
    assert!(server.requests("POST").is_empty());
    job.cancel().await.unwrap();
    assert_eq!(server.requests("POST").len(), 1);
    // It was too late, and the work has its result.
    assert!(job.watch().clock(Arc::new(SkipClock::new())).await.is_ok());
}

#[tokio::test]
async fn the_handle_is_there_before_the_wait_and_comes_back_after_it() {
    let server = Server::start().await;
    server.on("POST /predictions", [says(201, state("starting"))]);
    server.on(ROUTE, [says(200, state("processing"))]);
    let client = client(&server);
    let reply = client
        .predict(&replicate::types::PredictBody::default())
        .await
        .unwrap();
    assert_eq!(reply.prediction().handle().to_string(), "p1");
    let watch = reply.watch().clock(Arc::new(SkipClock::new()));
    let Err(WatchError::TimedOut { job, last, .. }) = watch.await else {
        panic!("it runs for ever");
    };
    assert_eq!(last.unwrap().phase(), Phase::Running);
    server.on(ROUTE, [done()]);
    assert!(job.watch().clock(Arc::new(SkipClock::new())).await.is_ok());
}
