//! Files that go to the service, and what can be done with those that are there.

use std::time::Duration;

use civitai_jobs::workflows::types::WorkflowStepTemplate;
use civitai_jobs::{StoredBlob, WorkflowRequest};
use civitai_sim::{Fault, Origin, Shape};
use serde_json::{Value, json};

use crate::stage::{Stage, request, shape};

fn png() -> Vec<u8> {
    civitai_sim::paint("a bay", 1, 64, 32).unwrap()
}

fn member(blob: &StoredBlob, name: &str) -> String {
    let blob = serde_json::to_value(blob.typed()).unwrap();
    blob[name].as_str().unwrap().to_owned()
}

/// The requests that brought bytes to the service.
fn uploads(stage: &Stage) -> usize {
    let all = stage.sim.requests();
    let here = all
        .iter()
        .filter(|sent| sent.method == "POST" && sent.path == "/v2/consumer/blobs");
    here.count()
}

#[tokio::test]
async fn the_same_bytes_are_sent_once() {
    let stage = Stage::new().await;
    let blobs = stage.client.blobs();
    let first = blobs.upload(png(), "image/png").await.unwrap();
    let id = member(&first, "id");
    let clone = stage.client.clone().blobs();
    for _ in 0..3 {
        let again = clone.upload(png(), "image/png").await.unwrap();
        assert_eq!(member(&again, "id"), id);
    }
    assert_eq!(uploads(&stage), 1);
    // Nor where others are at it: they wait for the first.
    let third = civitai_sim::paint("a quay", 1, 64, 32).unwrap();
    let together = (0..5).map(|_| clone.upload(third.clone(), "image/png"));
    let together = futures_util::future::try_join_all(together).await.unwrap();
    let ids: std::collections::HashSet<_> = together.iter().map(|b| member(b, "id")).collect();
    assert_eq!((ids.len(), uploads(&stage)), (1, 2));
    // From a file as well.
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, &png()).unwrap();
    blobs.upload_file(file.path(), "image/png").await.unwrap();
    assert_eq!(uploads(&stage), 2);
    // Other bytes, another type of the same, and what the service no longer has.
    let other = civitai_sim::paint("a pier", 1, 64, 32).unwrap();
    blobs.upload(other, "image/png").await.unwrap();
    blobs.upload(png(), "image/x-png").await.unwrap();
    assert_eq!(uploads(&stage), 4);
    stage.sim.advance(Duration::from_secs(31 * 86_400));
    assert!(!blobs.exists(&id).await.unwrap());
    blobs.upload(png(), "image/png").await.unwrap();
    assert_eq!(uploads(&stage), 5);
    assert!(blobs.exists(&id).await.unwrap());
}

#[tokio::test]
async fn an_upload_goes_through_passing_trouble_and_stops_at_a_refusal() {
    let stage = Stage::new().await;
    let blobs = stage.client.blobs();
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    stage.sim.fail_next(Origin::Api, Fault::Status(503));
    let blob = blobs.upload(png(), "image/png").await.unwrap();
    assert_eq!(uploads(&stage), 3);
    assert!(blobs.exists(&member(&blob, "id")).await.unwrap());
    for (bytes, media_type, status) in [
        (Vec::new(), "image/png", 400),
        (b"<p>".to_vec(), "text/html", 415),
        (b"no picture".to_vec(), "image/png", 422),
    ] {
        let error = blobs.upload(bytes, media_type).await.unwrap_err();
        assert_eq!(
            (error.status(), error.is_retryable()),
            (Some(status), false)
        );
    }
    assert_eq!(uploads(&stage), 6);

    let none = blobs
        .upload_file("no such file", "image/png")
        .await
        .unwrap_err();
    let said = none.to_string();
    assert!(
        none.status().is_none() && said.contains("nothing was sent: "),
        "{said}"
    );
    let small = stage.another().largest_file(10).build().unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, &png()).unwrap();
    let error = small.blobs().upload_file(file.path(), "image/png").await;
    assert!(error.unwrap_err().to_string().contains("10 bytes"));
    assert_eq!(uploads(&stage), 6);
}

#[tokio::test]
async fn a_stream_and_a_link_that_was_given_out_bring_the_same_file() {
    let stage = Stage::new().await;
    let blobs = stage.client.blobs();
    let chunks: Vec<std::io::Result<Vec<u8>>> = png().chunks(100).map(|c| Ok(c.to_vec())).collect();
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let streamed = blobs.upload_stream(body, "image/png").await.unwrap();

    let link = blobs.upload_link().await.unwrap();
    let linked = blobs.upload_to(&link, png(), "image/png").await.unwrap();
    assert_eq!(member(&streamed, "id"), member(&linked, "id"));
    let sent = stage.sim.requests();
    let to_link = sent.iter().rfind(|sent| sent.method == "POST").unwrap();
    assert!(to_link.query.as_ref().unwrap().contains("sig="));
    assert!(
        !to_link.authorization,
        "the token went along with a signed link"
    );

    stage.sim.advance(Duration::from_secs(3_601));
    let late = blobs.upload_to(&link, png(), "image/png").await;
    assert_eq!(late.unwrap_err().status(), Some(403));
}

#[tokio::test]
async fn a_link_that_has_expired_is_refreshed() {
    let stage = Stage::with(|sim| sim.link_life(Duration::from_secs(60))).await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    let done = workflow.watch().await.unwrap();
    let picture = &done.files()[0];
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = async |link: &str| http.get(link).send().await.unwrap().status().as_u16();
    assert_eq!(get(picture.url().unwrap()).await, 200);
    stage.sim.advance(Duration::from_secs(61));
    assert_eq!(get(picture.url().unwrap()).await, 403);
    let id = picture.blob_id().unwrap();
    let fresh = stage.client.blobs().refresh(id).await.unwrap();
    assert_eq!(get(&member(&fresh, "url")).await, 200);
    let unknown = stage.client.blobs().refresh("none.png").await.unwrap_err();
    assert_eq!(unknown.status(), Some(404));
    assert!(!stage.client.blobs().exists("none.png").await.unwrap());
}

/// A step that this build may know or not.
fn raw(step: Value) -> WorkflowRequest {
    let mut request = WorkflowRequest::new().allow_unchecked();
    let step: WorkflowStepTemplate = serde_json::from_value(step).unwrap();
    request.add(step);
    request
}

async fn run(stage: &Stage, request: &WorkflowRequest) -> Value {
    let workflow = stage.client.workflows().submit(request).await.unwrap();
    let done = workflow.watch().await.unwrap();
    done.steps()[0].output().clone()
}

/// The last part of the path of a link.
fn last_part(link: &Value) -> String {
    let link: url::Url = link.as_str().unwrap().parse().unwrap();
    link.path_segments()
        .unwrap()
        .next_back()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn archives_and_streams_are_read_as_they_come() {
    let stage = Stage::new().await;
    let blobs = stage.client.blobs();
    let blob = blobs.upload(png(), "image/png").await.unwrap();
    let entries = json!([{"blobId": member(&blob, "id"), "fileName": "bay.png"}]);
    let archive = raw(json!({"$type": "blobArchive", "name": "all",
        "input": {"entries": entries, "format": "tar"}}));
    let token = last_part(&run(&stage, &archive).await["url"]);
    let bytes = blobs.archive(&token).await.unwrap().read().await.unwrap();
    assert!(bytes.starts_with(b"bay.png"));
    stage.sim.advance(Duration::from_secs(3_601));
    let error = blobs.archive(&token).await.err().unwrap();
    assert_eq!((error.status(), error.is_retryable()), (Some(410), false));

    let speech = raw(json!({"$type": "textToSpeech", "name": "say",
        "input": {"engine": "vllm-omni", "ecosystem": "omnivoice",
            "text": "The tide turns at six."}}));
    let audio = run(&stage, &speech).await["audioBlob"].clone();
    let key = last_part(&audio["url"]);
    let bytes = blobs.stream(&key).await.unwrap().read().await.unwrap();
    assert!(bytes.starts_with(b"RIFF"));
    assert_eq!(
        blobs.stream("none.wav").await.err().unwrap().status(),
        Some(404)
    );
}

/// Keeps what each request was for.
#[derive(Debug, Default)]
struct Paths(std::sync::Mutex<Vec<(&'static str, &'static str)>>);

impl civitai_jobs::Observer for Paths {
    fn request(&self, answer: &civitai_jobs::Answer) {
        self.0.lock().unwrap().push((answer.method, answer.path));
    }
}

#[tokio::test]
async fn uploads_by_link_are_told_apart_from_others() {
    let stage = Stage::new().await;
    let paths = std::sync::Arc::new(Paths::default());
    let client = stage.another().observer(paths.clone()).build().unwrap();
    let blobs = client.blobs();
    let link = blobs.upload_link().await.unwrap();
    let upload = blobs.upload_to(&link, png(), "image/png");
    upload.await.unwrap();
    assert_eq!(
        *paths.0.lock().unwrap(),
        [
            ("GET", "/v2/consumer/blobs/upload"),
            ("POST", "a signed link")
        ]
    );
    stage.sim.fail_next(Origin::Api, Fault::Status(401));
    let error = client.blobs().upload_link().await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("no link to upload to"), "{said}");
}

#[tokio::test]
async fn a_file_is_taken_in_from_an_address() {
    const SOURCE: &str = "https://media.example.com/a.png";
    let stage = Stage::with(|sim| {
        let picture = civitai_sim::Content::new("image/png", png());
        sim.source(SOURCE, picture)
    })
    .await;
    let blobs = stage.client.blobs();
    if shape() == Shape::Old {
        let error = blobs.ingest(SOURCE).await.unwrap_err();
        assert_eq!(error.status(), Some(404));
        return;
    }
    let taken = blobs.ingest(SOURCE).await.unwrap();
    assert!(blobs.exists(taken.id()).await.unwrap());
    let elsewhere = blobs.ingest("https://example.com/b.png").await.unwrap_err();
    assert_eq!(elsewhere.status(), Some(403));
}
