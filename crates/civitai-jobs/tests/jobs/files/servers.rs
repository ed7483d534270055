//! Storages that answer as real ones do: packed unasked, without a length, with an error document.

use std::io::Write as _;
use std::sync::Arc;

use civitai_jobs::{Client, Naming, SavedFile, SkipClock, Token};
use civitai_sim::paint;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{CANARY, chain};

/// Answers each request with the next of these bytes, and closes the connection behind it.
async fn storage(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = format!("http://{}/picture", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for answer in answers {
            let (mut wire, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = wire.read(&mut request).await;
            wire.write_all(&answer).await.unwrap();
            let _ = wire.shutdown().await;
        }
    });
    here
}

/// Saves the one file of a job whose link leads there.
async fn saved(
    answers: Vec<Vec<u8>>,
) -> (
    tempfile::TempDir,
    Result<Vec<SavedFile>, civitai_jobs::Error>,
) {
    let link = storage(answers).await;
    let token: Token = "W3siSm9icyI6WyI2N2U1NSJdfV0".parse().unwrap();
    let server = MockServer::start().await;
    let job = json!({"jobId": "67e55", "cost": 1.0, "scheduled": false, "result":
        {"blobKey": "AA".repeat(32), "available": true, "blobUrl": link}});
    let reply = json!({"token": token, "jobs": [job]});
    let mock = Mock::given(method("GET"));
    // The API packs its replies unasked as well.
    let reply = packed(reply.to_string().as_bytes());
    let reply = ResponseTemplate::new(200).set_body_raw(reply, "application/json");
    mock.respond_with(reply.insert_header("content-encoding", "gzip"))
        .mount(&server)
        .await;
    let client = Client::builder().token(CANARY).base_url(server.uri());
    let client = client.clock(Arc::new(SkipClock::new())).build().unwrap();
    let snapshot = client.jobs().attach(token).watch().await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let outputs = snapshot.files();
    let files = client.save(&outputs, dir.path(), &Naming::default()).await;
    (dir, files)
}

fn reply(head: &str, body: &[u8]) -> Vec<u8> {
    [
        format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes(),
        body,
    ]
    .concat()
}

fn picture() -> Vec<u8> {
    paint("fog", 7, 64, 64).unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn announced(head: &str, body: &[u8]) -> Vec<u8> {
    reply(&format!("{head}\r\nContent-Length: {}", body.len()), body)
}

#[tokio::test]
async fn a_picture_arrives_whole_whatever_the_storage_does() {
    const OK: &str = "200 OK\r\nContent-Type: image/png";
    const GZIP: &str = "200 OK\r\nContent-Type: image/png\r\nContent-Encoding: gzip";
    let (whole, gzip) = (picture(), packed(&picture()));
    let expired = b"<?xml version=\"1.0\"?><Error><Code>ExpiredToken</Code></Error>";
    let refused = b"{\"code\": \"expired_auth_token\", \"message\": \"expired\", \"status\": 401}";
    for (name, answers) in [
        ("packed unasked", vec![announced(GZIP, &gzip)]),
        ("packed, without a length", vec![reply(GZIP, &gzip)]),
        (
            "packed and cut",
            vec![reply(GZIP, &gzip[..gzip.len() - 9]), announced(GZIP, &gzip)],
        ),
        (
            "cut without a length",
            vec![reply(OK, &whole[..whole.len() - 9]), reply(OK, &whole)],
        ),
        ("without a length", vec![reply(OK, &whole)]),
        (
            "an error document as a file",
            vec![
                announced("200 OK\r\nContent-Type: application/xml", expired),
                announced(OK, &whole),
            ],
        ),
        (
            "an error document that says it is a picture",
            vec![announced(OK, refused), announced(OK, &whole)],
        ),
        (
            "expired, 400",
            vec![announced("400 Bad Request", expired), announced(OK, &whole)],
        ),
        (
            "expired, 401",
            vec![
                announced("401 Unauthorized", refused),
                announced(OK, &whole),
            ],
        ),
        (
            "expired, 410",
            vec![announced("410 Gone", expired), announced(OK, &whole)],
        ),
        (
            "expired, 422",
            vec![
                announced("422 Unprocessable", expired),
                announced(OK, &whole),
            ],
        ),
    ] {
        let (_dir, files) = saved(answers).await;
        let files = files.unwrap_or_else(|error| panic!("{name}: {error:#}"));
        assert_eq!(files[0].path.extension().unwrap(), "png", "{name}");
        assert!(std::fs::read(&files[0].path).unwrap() == whole, "{name}");
    }
}

#[tokio::test]
async fn what_never_comes_right_is_told_and_leaves_nothing() {
    let brotli = "200 OK\r\nContent-Type: image/png\r\nContent-Encoding: br";
    let cut = &picture()[..60];
    let error = b"<Error><Code>SlowDown</Code></Error>";
    for (answer, told) in [
        (announced(brotli, b"?"), "compressed with `br`"),
        (reply("200 OK", cut), "the connection ended after 60 bytes"),
        (
            announced("200 OK", error),
            "an error document came in place of the file",
        ),
        (announced("400 Bad Request", error), "answered 400"),
    ] {
        let (dir, files) = saved(vec![answer; 9]).await;
        let error = files.unwrap_err();
        assert!(chain(&error).contains(told), "{}", chain(&error));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{told}");
    }
}
