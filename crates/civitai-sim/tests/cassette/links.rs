//! Links to other hosts, and what those hosts get to see.

use reqwest::Method;
use serde_json::json;

use crate::stage::{Stage, picture};

#[tokio::test]
async fn a_file_comes_through_the_cassette_and_no_credential_goes_to_its_host() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let job =
        json!({"$type": "textToImage", "params": {"prompt": "fog", "width": 64, "height": 64}});
    let (_, batch) = recording.post("/v1/consumer/jobs?wait=true", &job).await;
    let link = batch["jobs"][0]["result"]["blobUrl"].as_str().unwrap();
    assert!(link.starts_with(recording.cassette.storage_url()), "{link}");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    // The service's storage refuses a request with a credential.
    let part = http
        .get(link)
        .bearer_auth("mine")
        .header("range", "bytes=1-3")
        .send()
        .await
        .unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), "PNG");
    let whole = recording.fetch(link).await;
    let (replay, _folder) = stage.replay(recording).await;
    let (_, batch) = replay.post("/v1/consumer/jobs?wait=true", &job).await;
    let link = batch["jobs"][0]["result"]["blobUrl"].as_str().unwrap();
    let part = http
        .get(link)
        .header("range", "bytes=1-3")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (part.status().as_u16(), part.bytes().await.unwrap().to_vec()),
        (206, b"PNG".to_vec())
    );
    // Of another part there is no recording, and the whole file is an answer too.
    let other = http
        .get(link)
        .header("range", "bytes=4-")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            other.status().as_u16(),
            other.bytes().await.unwrap().to_vec()
        ),
        (200, whole)
    );
}

#[tokio::test]
async fn a_link_to_a_result_may_be_the_input_of_the_next_request() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let upscale = |link: &str| json!({"currencies": [], "steps": [{"$type": "imageUpscaler", "input": {"image": link}}]});
    let made = async |caller: &crate::stage::Caller| {
        let key = "0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8d";
        let (_, one) = caller
            .post("/v2/consumer/workflows?wait=30", &picture("fog", key))
            .await;
        let link = one["steps"][0]["output"]["images"][0]["url"]
            .as_str()
            .unwrap()
            .to_owned();
        let (status, larger) = caller
            .post("/v2/consumer/workflows?wait=30", &upscale(&link))
            .await;
        assert_eq!(status, 200, "{larger}");
        (link, larger)
    };
    let (link, larger) = made(&recording).await;
    assert_eq!(larger["steps"][0]["input"]["image"], link);
    // The service was asked for its own link, and not for that of a cassette.
    let (replay, folder) = stage.replay(recording).await;
    made(&replay).await;
    let text = std::fs::read_to_string(folder.path().join("run.jsonl")).unwrap();
    assert!(text.contains("{api}/v2/consumer/blobs/"), "{text}");
}

#[tokio::test]
async fn a_host_that_no_answer_names_is_not_asked() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for path in [
        "/https/elsewhere.example/a",
        "/file/etc/passwd",
        "/",
        "/http/127.0.0.1:1/",
    ] {
        let url = format!("{}{path}", recording.cassette.storage_url());
        let reply = http.request(Method::GET, url).send().await.unwrap();
        assert_eq!(reply.status(), 403, "{path}");
    }
}
