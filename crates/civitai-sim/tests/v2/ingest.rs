//! Files that the service takes in by itself, and files that anybody may read.

use civitai_sim::Content;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, image, instant, read, workflow};

const SOURCE: &str = "https://media.example.com/clip.webm";

async fn ingest(caller: &Caller<'_>, source: &str, more: &str) -> (u16, Value) {
    let query = [("sourceUrl", source)];
    let path = format!("blobs/ingest?{more}");
    read(caller.request(Method::POST, &path).query(&query)).await
}

#[tokio::test]
async fn an_address_becomes_one_file_however_often_it_is_asked_for() {
    let clip = Content::new("video/webm", &b"\x1a\x45\xdf\xa3"[..]);
    let sim = builder().source(SOURCE, clip).start().await.unwrap();
    let caller = Caller::new(&sim);
    let (status, first) = ingest(&caller, SOURCE, "").await;
    assert_eq!((status, &first["type"]), (201, &json!("video")));
    let (status, again) = ingest(&caller, SOURCE, "").await;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    let redirected = caller
        .http
        .get(first["url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    let location = redirected.headers()["location"].to_str().unwrap();
    let bytes = caller
        .http
        .get(location)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert_eq!(&bytes[..], b"\x1a\x45\xdf\xa3");
}

#[tokio::test]
async fn own_files_and_this_machine_are_trusted_and_nobody_else() {
    let text = Content::new("text/plain", &b"words"[..]);
    let sim = instant()
        .source("https://media.example.com/words.txt", text)
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let made = caller.finished(&workflow(&[image("a bay")])).await;
    let link = made["steps"][0]["output"]["images"][0]["url"]
        .as_str()
        .unwrap();
    let (status, copy) = ingest(&caller, link, "").await;
    assert_eq!((status, &copy["available"]), (201, &json!(true)));
    let song = json!({"caption": "a tune", "lyrics": "[Verse] la", "seed": 1});
    let (_, song) = caller.post("recipes/miniMaxMusic3", &song).await;
    let (_, copied) = ingest(&caller, song["blob"]["url"].as_str().unwrap(), "").await;
    assert_eq!(copied["type"], "audio");
    // The content of a picture lies in storage, which is another address of this machine.
    let redirected = caller.http.get(link).send().await.unwrap();
    let location = redirected.headers()["location"].to_str().unwrap();
    let (status, fetched) = ingest(&caller, location, "").await;
    assert_eq!((status, &fetched["width"]), (201, &json!(512)));
    let missing = format!("{}/v2/consumer/blobs/none.png", sim.base_url());
    let nowhere = format!("{}/nowhere.png", sim.blob_url());
    for (source, status) in [
        ("", 400),
        ("no address", 400),
        ("https://example.com/a.png", 403),
        (&*missing, 404),
        (&*nowhere, 404),
        ("https://media.example.com/words.txt", 422),
        ("http://127.0.0.1:1/a.png", 502),
    ] {
        assert_eq!(ingest(&caller, source, "").await.0, status, "{source}");
    }
    let stranger = caller
        .http
        .post(format!("{}/v2/consumer/blobs/ingest", sim.base_url()));
    assert_eq!(stranger.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_public_file_needs_no_signature() {
    let clip = Content::new("video/webm", &b"\x1a\x45\xdf\xa3"[..]);
    let sim = builder().source(SOURCE, clip).start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, taken_in) = ingest(&caller, SOURCE, "public=true").await;
    let upload = caller
        .request(Method::POST, "blobs?public=true")
        .header("content-type", "audio/wav")
        .body("RIFF");
    let (_, uploaded) = read(upload).await;
    for blob in [taken_in, uploaded] {
        assert_eq!(
            (&blob["tier"], &blob["urlExpiresAt"]),
            (&json!("public"), &Value::Null)
        );
        let url = blob["url"].as_str().unwrap();
        assert!(!url.contains('?'));
        sim.advance(crate::caller::secs(100_000));
        assert_eq!(caller.http.get(url).send().await.unwrap().status(), 308);
    }
}
