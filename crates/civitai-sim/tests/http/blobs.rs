//! Downloading from storage.

use std::io::Cursor;

use civitai_sim::Origin;
use reqwest::{RequestBuilder, StatusCode};

use crate::caller::{Caller, builder, id, job, secs, token};

async fn bytes(request: RequestBuilder) -> Vec<u8> {
    request
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap()
        .to_vec()
}

#[tokio::test]
async fn a_blob_is_the_picture_that_was_asked_for() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = caller.finished_link().await;
    assert_ne!(sim.base_url(), sim.blob_url());

    let reply = caller.http.get(&link).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.headers()["content-type"], "image/png");
    assert_eq!(reply.headers()["accept-ranges"], "bytes");
    let length: usize = reply.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let file = reply.bytes().await.unwrap();
    assert_eq!(file.len(), length);
    let picture = png::Decoder::new(Cursor::new(&file[..]))
        .read_info()
        .unwrap();
    assert_eq!((picture.info().width, picture.info().height), (128, 96));
    assert_eq!(
        file,
        civitai_sim::paint("a lighthouse in fog", 5, 128, 96).unwrap()
    );

    let head = caller.http.head(&link).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], length.to_string());
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_download_goes_on_where_it_stopped() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = caller.finished_link().await;
    let get = || caller.http.get(&link);
    let reply = get().send().await.unwrap();
    let tag = reply.headers()["etag"].to_str().unwrap().to_owned();
    let file = reply.bytes().await.unwrap();

    let rest = get()
        .header("range", "bytes=100-")
        .header("if-range", &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    let shown = format!("bytes 100-{}/{}", file.len() - 1, file.len());
    assert_eq!(rest.headers()["content-range"], shown);
    assert_eq!(rest.bytes().await.unwrap(), file[100..]);

    let changed = get()
        .header("range", "bytes=100-")
        .header("if-range", "\"other\"");
    assert_eq!(bytes(changed).await, file);
    let beyond = get()
        .header("range", "bytes=99999999-")
        .send()
        .await
        .unwrap();
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(
        beyond.headers()["content-range"],
        format!("bytes */{}", file.len())
    );
}

#[tokio::test]
async fn a_link_is_good_for_an_hour_and_can_be_had_anew() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, batch) = caller.post("jobs", &job()).await;
    let path = format!("jobs?token={}", token(&batch));
    let link = async || {
        let (_, batch) = caller.get(&path).await;
        batch["jobs"][0]["result"]["blobUrl"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let status = async |link: &str| caller.http.get(link).send().await.unwrap().status();
    sim.advance(secs(11));
    let first = link().await;
    sim.advance(secs(3_600));
    assert_eq!(status(&first).await, StatusCode::OK);
    sim.advance(secs(1));
    assert_eq!(status(&first).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&link().await).await, StatusCode::OK);
    let unsigned = first.split('?').next().unwrap();
    assert_eq!(status(unsigned).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_early_link_leads_nowhere_until_the_upload_is_through() {
    let sim = builder().early_links(true).start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, batch) = caller.post("jobs", &job()).await;
    sim.advance(secs(10));
    let (_, status) = caller.get(&format!("jobs/{}", id(&batch))).await;
    let link = status["result"]["blobUrl"].as_str().unwrap();
    assert_eq!(
        caller.http.get(link).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    sim.advance(secs(1));
    assert_eq!(
        caller.http.get(link).send().await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_credential_at_storage_is_refused_and_shows_in_the_log() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = caller.finished_link().await;
    let reply = caller
        .http
        .get(&link)
        .bearer_auth(sim.token())
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
    let leaks = |log: Vec<civitai_sim::Recorded>| {
        log.iter()
            .filter(|entry| entry.origin == Origin::Blob && entry.authorization)
            .count()
    };
    assert_eq!(leaks(sim.requests()), 1);
}
