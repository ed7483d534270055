//! Work of nine services of different kinds is started, watched and read.

use std::sync::Arc;
use std::time::Duration;

use crate::server::{Reply, Server, hinting, json as says};
use job_waiter::job_watch::SkipClock;
use job_waiter::{Job, Phase, Snapshot, Watch, WatchError, Work};
use serde_json::json;
use waiters::{Http, bfl, dubbing, fal, leonardo, lro, minimax, replicate, stability, vectors};

fn http(server: &Server) -> Http {
    let http = Http::builder(&server.url).token("a-secret".to_owned());
    http.build().unwrap()
}

/// Watches without spending time.
fn skipping<W: Work>(watch: Watch<Job<W>>) -> (Watch<Job<W>>, SkipClock) {
    let clock = SkipClock::new();
    (watch.clock(Arc::new(clock.clone())), clock)
}

async fn end<W: Work>(watch: Watch<Job<W>>) -> Result<Snapshot<W>, WatchError<Job<W>>> {
    skipping(watch).0.await
}

#[tokio::test]
async fn fal_is_followed_by_its_links_and_decided_by_the_second_call() {
    let server = Server::start().await;
    let links = json!({
        "request_id": "r1",
        "status_url": format!("{}/q/r1/status", server.url),
        "response_url": "/q/r1",
        "cancel_url": "/q/r1/cancel",
    });
    server.on("POST /models/flux", [says(200, links)]);
    let state = |word: &str, place: Option<u32>| json!({"status": word, "queue_position": place});
    server.on(
        "GET /q/r1/status",
        [
            says(202, state("IN_QUEUE", Some(2))),
            says(202, state("IN_PROGRESS", None)),
            says(200, state("COMPLETED", None)),
        ],
    );
    server.on(
        "GET /q/r1",
        [says(200, json!({"images": [{"url": "/files/a.png"}]}))],
    );
    server.on("PUT /q/r1/cancel", [says(202, json!({}))]);

    let client = fal::Client::new(http(&server));
    let reply = client
        .submit("flux", &fal::types::Prompted::default())
        .await
        .unwrap();
    let job = reply.request();
    let (mut watch, _) = skipping(job.watch());
    let first = watch.next().await.unwrap().unwrap();
    assert_eq!(
        (first.phase, first.progress.queue_position),
        (Phase::Queued, Some(2))
    );
    let mut files = Vec::new();
    let mut last = first.snapshot;
    while let Some(update) = watch.next().await.unwrap() {
        files.extend(update.new_items);
        last = update.snapshot;
    }
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].url(), format!("{}/files/a.png", server.url));
    assert_eq!(last.result().unwrap().images.as_ref().unwrap().len(), 1);

    job.cancel().await.unwrap();
    assert_eq!(server.requests("PUT /q/r1/cancel").len(), 1);

    // A handle survives as text, links and all.
    let kept = job.handle().to_string();
    let again = client.attach_request(kept.parse().unwrap());
    assert_eq!(again.to_string(), "r1");
    assert!(end(again.watch()).await.is_ok());
}

#[tokio::test]
async fn fal_says_completed_and_means_it_only_when_the_result_comes() {
    let server = Server::start().await;
    let links =
        json!({"request_id": "r1", "status_url": "/s", "response_url": "/r", "cancel_url": "/c"});
    server.on("POST /models/flux", [says(200, links)]);
    server.on("GET /s", [says(200, json!({"status": "COMPLETED"}))]);
    server.on(
        "GET /r",
        [says(
            422,
            json!({"detail": [{"msg": "prompt is too long"}]}),
        )],
    );
    let client = fal::Client::new(http(&server));
    let reply = client
        .submit("flux", &fal::types::Prompted::default())
        .await
        .unwrap();
    let error = end(reply.watch()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "job r1 ended without a result (failed): the service answered 422 Unprocessable Entity: prompt is too long"
    );
}

#[tokio::test]
async fn stability_has_no_word_and_its_last_poll_is_the_file() {
    let server = Server::start().await;
    server.on("POST /upscale", [says(200, json!({"id": "u1"}))]);
    let png = Reply::Says(
        200,
        vec![("content-type", "image/png".to_owned())],
        b"\x89PNG".to_vec(),
    );
    server.on(
        "GET /upscale/result/u1",
        [says(202, json!({"id": "u1"})), png],
    );
    let client = stability::Client::new(http(&server));
    let reply = client
        .upscale(&stability::types::UpscaleBody::default())
        .await
        .unwrap();
    let done = end(reply.watch()).await.unwrap();
    assert_eq!(&done.result().unwrap()[..], b"\x89PNG");

    server.on(
        "GET /upscale/result/u1",
        [says(
            403,
            json!({"name": "moderated", "errors": ["flagged"]}),
        )],
    );
    let error = end(reply.watch()).await.unwrap_err();
    let wanted = "job u1 ended without a result (failed): moderated: flagged";
    assert_eq!(error.to_string(), wanted);
}

#[tokio::test]
async fn an_operation_is_done_with_a_response_or_an_error_and_has_slashes() {
    let server = Server::start().await;
    let name = "operations/films/7";
    server.on(
        "POST /v1/films",
        [says(200, json!({"name": name, "done": false}))],
    );
    server.on(
        "POST /v1/songs",
        [says(
            200,
            json!({"name": name, "done": true, "response": {"uri": "x"}}),
        )],
    );
    let running = json!({"name": name, "metadata": {"progressPercentage": 40}});
    let failed = json!({"name": name, "done": true, "error": {"code": 3, "message": "no film"}});
    let canceled = json!({"name": name, "done": true, "error": {"code": 1, "message": "stopped"}});
    server.on("GET /v1/operations/films/7", [says(200, running.clone())]);
    let held = "GET /v1/operations/films/7:wait";
    server.on(held, [says(200, running.clone()), says(200, failed)]);
    let client = lro::Client::new(http(&server));
    let body = lro::types::MakeFilmBody::default();
    let reply = client.make_film(&body).await.unwrap();
    let error = end(reply.watch()).await.unwrap_err();
    let wanted = "job operations/films/7 ended without a result (failed): 3: no film";
    assert_eq!(error.to_string(), wanted);
    // The service was asked to keep the poll open, in its own unit.
    assert!(server.requests(held)[0].line.contains("timeout=30s"));

    server.on(held, [says(200, canceled)]);
    let Err(WatchError::Ended { phase, .. }) = end(reply.watch()).await else {
        panic!("it was cancelled");
    };
    assert_eq!(phase, Phase::Canceled);

    // The reply to the start was the end already: nothing more is asked.
    let before = server.requests("GET").len();
    let reply = client
        .make_song(&lro::types::MakeSongBody::default())
        .await
        .unwrap();
    let done = end(reply.watch()).await.unwrap();
    assert_eq!(done.result().unwrap()["uri"], "x");
    assert_eq!(server.requests("GET").len(), before);

    server.on("POST /v1/operations/films/7:cancel", [says(204, json!({}))]);
    reply.operation().cancel().await.unwrap();
    server.on(
        "GET /v1/operations",
        [says(200, json!({"operations": [running, {}]}))],
    );
    let handles = client.list_operations().await.unwrap().operation_handles();
    assert_eq!(handles.len(), 1);
    assert_eq!(handles[0].to_string(), name);
}

#[tokio::test]
async fn minimax_refuses_within_a_200_and_takes_two_calls_to_the_file() {
    let server = Server::start().await;
    let ok = json!({"status_code": 0, "status_msg": "success"});
    server.on(
        "POST /v1/video_generation",
        [says(200, json!({"task_id": "t1", "base_resp": ok}))],
    );
    let route = "GET /v1/query/video_generation";
    server.on(
        route,
        [
            says(
                200,
                json!({"base_resp": {"status_code": 1002, "status_msg": "slow down"}}),
            ),
            says(200, json!({"status": "Processing", "base_resp": ok})),
            says(
                200,
                json!({"status": "Success", "file_id": "77", "base_resp": ok}),
            ),
        ],
    );
    let file = json!({"file": {"file_id": 77, "download_url": "https://cdn.example/77.mp4"}});
    server.on("GET /v1/files/retrieve", [says(200, file)]);
    let client = minimax::Client::new(http(&server));
    let body = minimax::types::MakeFilmBody::default();
    let reply = client.make_film(&body).await.unwrap();
    let done = end(reply.watch()).await.unwrap();
    assert_eq!(done.result().unwrap(), "https://cdn.example/77.mp4");
    assert_eq!(done.files()[0].url(), "https://cdn.example/77.mp4");
    assert_eq!(server.requests(route).len(), 3);
    assert_eq!(
        server.requests("GET /v1/files")[0].line,
        "GET /v1/files/retrieve?file_id=77"
    );

    server.on(
        route,
        [says(
            200,
            json!({"base_resp": {"status_code": 1026, "status_msg": "sensitive"}}),
        )],
    );
    let error = end(reply.watch()).await.unwrap_err();
    assert!(
        error.to_string().ends_with("(failed): sensitive"),
        "{error}"
    );

    server.on(
        route,
        [says(
            200,
            json!({"base_resp": {"status_code": 1004, "status_msg": "no key"}}),
        )],
    );
    let before = server.requests(route).len();
    let error = end(reply.watch()).await.unwrap_err();
    assert!(
        matches!(error, WatchError::Poll { faults: 1, .. }),
        "{error}"
    );
    assert_eq!(server.requests(route).len(), before + 1);

    let refused =
        json!({"task_id": "", "base_resp": {"status_code": 1008, "status_msg": "no balance"}});
    server.on("POST /v1/video_generation", [says(200, refused)]);
    let reply = client.make_film(&body).await.unwrap();
    assert!(reply.film().trouble().unwrap().contains("no balance"));
    let error = end(reply.watch()).await.unwrap_err();
    assert!(matches!(error, WatchError::Poll { .. }), "{error}");
}

#[tokio::test]
async fn a_file_of_a_store_needs_the_store_that_the_request_named() {
    let server = Server::start().await;
    server.on(
        "POST /vector_stores/s%2F1/files",
        [says(200, json!({"id": "f1", "status": "in_progress"}))],
    );
    let route = "GET /vector_stores/s%2F1/files/f1";
    let running = json!({"status": "in_progress"});
    server.on(
        route,
        [
            hinting(200, "openai-poll-after-ms", "7000", running.clone()),
            says(200, running.clone()),
            says(200, json!({"status": "completed"})),
        ],
    );
    let client = vectors::Client::new(http(&server));
    let body = vectors::types::AddFileBody::default();
    let reply = client.add_file("s/1", &body).await.unwrap();
    let (watch, clock) = skipping(reply.watch());
    watch.await.unwrap();
    // 7 s and up to a quarter more as asked, then the pace of the policy again: the hint is not kept.
    let took = clock.elapsed();
    assert!(
        took > Duration::from_secs(7) && took < Duration::from_secs(11),
        "{took:?}"
    );
    let kept = serde_json::to_string(reply.store_file().handle()).unwrap();
    assert_eq!(kept, "\"id=f1&store=s%2F1\"");
    let handle: vectors::watch::StoreFileHandle = serde_json::from_str(&kept).unwrap();
    assert_eq!(handle.part("store"), Some("s/1"));

    server.on(
        route,
        [
            says(200, running),
            says(404, json!({"error": {"message": "gone"}})),
        ],
    );
    let Err(WatchError::Ended { phase, .. }) = end(reply.watch()).await else {
        panic!("it is gone");
    };
    assert_eq!(phase, Phase::Canceled);
    let listed = json!({"data": [{"id": "f1", "vector_store_id": "s/1"}, {"id": "f2"}]});
    server.on("GET /vector_stores/s%2F1/files", [says(200, listed)]);
    let handles = client.list_files("s/1").await.unwrap().store_file_handles();
    assert_eq!(handles, [handle]);
}

#[tokio::test]
async fn an_address_elsewhere_is_followed_without_the_credential() {
    let (server, elsewhere) = (Server::start().await, Server::start().await);
    let at = format!("{}/v1/get_result?id=p1", elsewhere.url);
    server.on(
        "POST /v1/flux-pro",
        [says(200, json!({"id": "p1", "polling_url": at}))],
    );
    let route = "GET /v1/get_result";
    let ready = json!({"status": "Ready", "result": {"sample": "https://delivery.example/p1.jpg"}});
    elsewhere.on(
        route,
        [
            says(200, json!({"status": "Task not found"})),
            says(200, json!({"status": "Pending", "progress": 0.25})),
            says(200, ready),
        ],
    );
    let client = bfl::Client::new(http(&server));
    let reply = client.flux(&bfl::types::FluxBody::default()).await.unwrap();
    let (mut watch, _) = skipping(reply.watch());
    let first = watch.next().await.unwrap().unwrap();
    assert_eq!(first.progress.percent, Some(25.0));
    let done = watch.await.unwrap();
    assert_eq!(done.result().unwrap(), "https://delivery.example/p1.jpg");
    assert!(server.requests("POST")[0].has_token());
    let polls = elsewhere.requests("GET");
    assert!(polls.len() == 3 && !polls.iter().any(crate::server::Request::has_token));
    // Neither the handle nor the job shows what is behind the question mark.
    assert!(
        !format!("{:?} {:?}", reply.picture(), reply.picture().handle()).contains("get_result?")
    );

    elsewhere.on(
        route,
        [says(
            200,
            json!({"status": "Content Moderated", "details": {"reason": "nsfw"}}),
        )],
    );
    let error = end(reply.watch()).await.unwrap_err();
    assert!(error.to_string().contains("nsfw"), "{error}");
}

#[tokio::test]
async fn a_result_that_comes_too_early_is_asked_for_again_with_a_member_of_the_request() {
    let server = Server::start().await;
    server.on(
        "POST /v1/dubbing",
        [says(
            200,
            json!({"dubbing_id": "d1", "expected_duration_sec": 90.5}),
        )],
    );
    server.on(
        "GET /v1/dubbing/d1",
        [says(200, json!({"status": "dubbed"}))],
    );
    let early = says(425, json!({"detail": "too early"}));
    let sound = Reply::Says(200, Vec::new(), b"ID3".to_vec());
    server.on("GET /v1/dubbing/d1/audio/pl", [early, sound]);
    let client = dubbing::Client::new(http(&server));
    let dub = dubbing::types::Dub {
        target_lang: "pl".to_owned(),
        ..Default::default()
    };
    let reply = client.dub(&dub).await.unwrap();
    let done = end(reply.watch()).await.unwrap();
    assert_eq!(&done.result().unwrap()[..], b"ID3");
    assert_eq!(reply.dubbing().handle().part("runs"), Some("90.5"));

    server.on(
        "GET /v1/dubbing/d1",
        [says(200, json!({"status": "failed", "error": "silence"}))],
    );
    let error = end(reply.watch()).await.unwrap_err();
    assert!(error.to_string().ends_with("(failed): silence"), "{error}");
}

#[tokio::test]
async fn unfinished_work_in_a_start_reply_is_no_result() {
    let server = Server::start().await;
    let is = |status: &str, output: serde_json::Value| json!({"id": "p1", "status": status, "output": output});
    server.on(
        "POST /predictions",
        [says(201, is("processing", json!(null)))],
    );
    let route = "GET /predictions/p1";
    let files = json!(["https://x.example/0.png", "https://x.example/1.png"]);
    server.on(route, [says(200, is("succeeded", files))]);
    let client = replicate::Client::new(http(&server));
    let reply = client
        .predict(&replicate::types::PredictBody::default())
        .await
        .unwrap();
    let done = end(reply.watch()).await.unwrap();
    assert_eq!(done.files().len(), 2);
    assert_eq!(done.files()[1].place(), "output/1");

    for (word, wanted) in [("aborted", Phase::Canceled), ("failed", Phase::Failed)] {
        server.on(route, [says(200, is(word, json!(null)))]);
        let job = client.attach_prediction("p1".parse().unwrap());
        let Err(WatchError::Ended { phase, .. }) = end(job.watch()).await else {
            panic!("{word}");
        };
        assert_eq!(phase, wanted);
    }
}

#[tokio::test]
async fn an_empty_envelope_is_no_end_and_case_does_not_matter_where_the_waiter_says_so() {
    let server = Server::start().await;
    let begun = json!({"sdGenerationJob": {"generationId": "g1"}});
    server.on("POST /generations", [says(200, begun)]);
    let images = json!([{"id": "i", "url": "https://cdn.example/i.png"}]);
    let is =
        |status: &str| json!({"generations_by_pk": {"status": status, "generated_images": images}});
    let replies = [
        json!({"generations_by_pk": null}),
        is("Pending"),
        is("COMPLETED"),
    ];
    server.on("GET /generations/g1", replies.map(|body| says(200, body)));
    let client = leonardo::Client::new(http(&server));
    let reply = client
        .generate(&leonardo::types::GenerateBody::default())
        .await
        .unwrap();
    let done = end(reply.watch()).await.unwrap();
    assert_eq!(done.result().unwrap().len(), 1);
    assert_eq!(done.word(), Some("COMPLETED"));
}
