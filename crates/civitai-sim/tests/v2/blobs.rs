//! Files: links, uploads, archives.

use civitai_sim::Content;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::caller::{Caller, builder, image, read, secs, with, workflow};

async fn picture(caller: &Caller<'_>) -> Value {
    let ended = caller.finished(&workflow(&[image("a bay")])).await;
    ended["steps"][0]["output"]["images"][0].clone()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn location(reply: &Response) -> String {
    assert_eq!(reply.status(), 308);
    reply.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_leads_to_another_host_without_the_token() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let blob = picture(&caller).await;
    assert!(text(&blob, "url").starts_with(sim.base_url()));
    assert_eq!(blob.get("type"), None);
    let reply = caller.http.get(text(&blob, "url")).send().await.unwrap();
    let location = location(&reply);
    assert!(location.starts_with(sim.blob_url()));
    let range = caller.http.get(&location).header("range", "bytes=1-3");
    let reply = range.send().await.unwrap();
    assert_eq!(
        (reply.status().as_u16(), &reply.headers()["content-type"]),
        (206, &"image/png".parse().unwrap())
    );
    assert_eq!(reply.bytes().await.unwrap(), "PNG");
    let with_token = caller.http.get(&location).bearer_auth(sim.token());
    assert_eq!(with_token.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn links_expire_and_are_refreshed() {
    let sim = builder().link_life(secs(60)).start().await.unwrap();
    let caller = Caller::new(&sim);
    let blob = picture(&caller).await;
    let get = |link: String| async { caller.http.get(link).send().await.unwrap() };
    let forged = text(&blob, "url").replace("sig=", "sig=0");
    assert_eq!(get(forged).await.status(), 403);
    let bare = text(&blob, "url").split('?').next().unwrap().to_owned();
    assert_eq!(get(bare).await.status(), 401);
    sim.advance(secs(61));
    assert_eq!(get(text(&blob, "url").to_owned()).await.status(), 403);
    let path = format!("blobs/{}", text(&blob, "id"));
    let (status, fresh) = caller.post(&format!("{path}/refresh"), &Value::Null).await;
    assert_eq!((status, &fresh["type"]), (200, &json!("image")));
    assert_eq!(get(text(&fresh, "url").to_owned()).await.status(), 308);
    sim.advance(secs(31 * 86_400));
    for (method, path) in [
        (Method::HEAD, path.clone()),
        (Method::POST, format!("{path}/refresh")),
    ] {
        let reply = caller.request(method, &path).send().await.unwrap();
        assert_eq!(reply.status(), 404);
    }
}

#[tokio::test]
async fn a_ceiling_turns_down_what_is_above_it() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a bay")]), "nsfwLevel", "pg13".into());
    let ended = caller.finished(&template).await;
    let blob = text(&ended["steps"][0]["output"]["images"][0], "id").to_owned();
    for (level, status) in [("pg", 403), ("pg13", 308), ("xxx", 308)] {
        let path = format!("blobs/{blob}?nsfwLevel={level}");
        let reply = caller.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(reply.status(), status, "{level}");
    }
    for (name, shown) in [
        ("..%2F..%2Fa%20b%22.png", "attachment; filename=\"a b.png\""),
        (
            "n%C3%A9bel%20%E9%9C%A7.png",
            "attachment; filename=\"n_bel _.png\"; filename*=UTF-8''n%C3%A9bel%20%E9%9C%A7%2Epng",
        ),
    ] {
        let path = format!("blobs/{blob}?download=true&filename={name}");
        let reply = caller.request(Method::GET, &path).send().await.unwrap();
        let reply = caller.http.get(location(&reply)).send().await.unwrap();
        assert_eq!(reply.headers()["content-disposition"], shown);
    }
}

#[tokio::test]
async fn an_upload_tells_how_large_its_picture_is() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for (media_type, bytes, size) in [
        (
            "image/svg+xml",
            &b"<svg viewBox='0 0 40 30'/>"[..],
            (40, 30),
        ),
        ("image/gif", b"GIF89a\x0a\x00\x14\x00\x00\x00\x00", (10, 20)),
        ("image/png", b"\x89PNG\r\n\x1a\n", (0, 0)),
    ] {
        let request = caller.request(Method::POST, "blobs");
        let request = request.header("content-type", media_type).body(bytes);
        let (status, blob) = read(request).await;
        assert_eq!(status, 201, "{blob}");
        assert_eq!(
            (&blob["width"], &blob["height"]),
            (&json!(size.0), &json!(size.1)),
            "{media_type}"
        );
    }
}

#[tokio::test]
async fn an_upload_is_kept_as_it_is() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let png = civitai_sim::paint("a bay", 1, 64, 32).unwrap();
    let (_, link) = caller.get("blobs/upload").await;
    let direct = caller.request(Method::POST, "blobs");
    let signed = caller.http.post(text(&link, "uploadUrl"));
    let mut ids = Vec::new();
    for request in [direct, signed] {
        let request = request
            .header("content-type", "image/png")
            .body(png.clone());
        let (status, blob) = read(request).await;
        assert_eq!(status, 201, "{blob}");
        assert_eq!(
            (&blob["type"], &blob["width"], &blob["height"]),
            (&json!("image"), &json!(64), &json!(32))
        );
        let reply = caller.http.get(text(&blob, "url")).send().await.unwrap();
        let content = caller.http.get(location(&reply)).send().await.unwrap();
        assert_eq!(content.bytes().await.unwrap(), png);
        ids.push(blob["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    for (media_type, body, status) in [
        ("image/png", "", 400),
        ("text/html", "<p>", 415),
        ("image/png", "no picture", 422),
        ("image/svg+xml", "no picture", 422),
    ] {
        let request = caller.request(Method::POST, "blobs");
        let request = request.header("content-type", media_type).body(body);
        assert_eq!(read(request).await.0, status, "{media_type}");
    }
    let unsigned = caller
        .http
        .post(format!("{}/v2/consumer/blobs", sim.base_url()));
    assert_eq!(unsigned.body("x").send().await.unwrap().status(), 401);
    sim.advance(secs(3_601));
    let late = caller.http.post(text(&link, "uploadUrl"));
    assert_eq!(late.body("x").send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn an_archive_holds_what_was_asked_for_until_it_is_gone() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let blob = picture(&caller).await;
    for (format, magic) in [("zip", &b"PK"[..]), ("tar", &b"pic.png"[..])] {
        let entries = json!([{"blobId": blob["id"], "fileName": "pic.png"}]);
        let input = json!({"entries": entries, "format": format});
        let step = json!({"$type": "blobArchive", "input": input});
        let ended = caller.finished(&workflow(&[step])).await;
        let output = ended["steps"][0]["output"].clone();
        assert_eq!(
            (&output["entryCount"], text(&output, "format")),
            (&json!(1), format)
        );
        let reply = caller.http.get(text(&output, "url")).send().await.unwrap();
        assert!(reply.bytes().await.unwrap().starts_with(magic));
        sim.advance(secs(3_601));
        let late = caller.http.get(text(&output, "url")).send().await.unwrap();
        assert_eq!(late.status(), 410);
    }
}

#[tokio::test]
async fn a_file_may_hold_what_the_settings_give() {
    let sim = builder()
        .content_when(|_| Some(Content::new("image/webp", &b"RIFF"[..]).padded_to(1 << 20)))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let blob = picture(&caller).await;
    let reply = caller.http.get(text(&blob, "url")).send().await.unwrap();
    let reply = caller.http.get(location(&reply)).send().await.unwrap();
    assert_eq!(reply.headers()["content-type"], "image/webp");
    assert_eq!(reply.bytes().await.unwrap().len(), 1 << 20);
}

#[tokio::test]
async fn speech_is_streamed() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/examples/v2/textToSpeech"
    );
    let file = crate::examples::files(folder).remove(0);
    let ended = caller.finished(&crate::examples::example(&file)).await;
    let blob = &ended["steps"][0]["output"]["audioBlob"];
    assert!(text(blob, "url").contains("/streaming-blobs/"));
    let reply = caller.http.get(text(blob, "url")).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert!(reply.bytes().await.unwrap().starts_with(b"RIFF"));
}
