//! The operations of v2 that no generator can express, on the wire: what exactly is sent, where the
//! token goes, and what becomes of each reply.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use civitai_api::v2::operations::{QueryWorkflowsOptions, SubmitWorkflowOptions};
use civitai_api::v2::{Client, types};
use civitai_api::{Error, Http};
use serde_json::json;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "secret-token";

async fn answering(reply: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(reply).mount(&server).await;
    let client = client(&server);
    (server, client)
}

fn client(server: &MockServer) -> Client {
    let http = Http::builder(server.uri())
        .token(TOKEN.to_owned())
        .max_reply(1_000)
        .build();
    Client::new(http.unwrap())
}

async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
}

fn blob() -> ResponseTemplate {
    ResponseTemplate::new(201)
        .set_body_json(json!({ "type": "image", "id": "0A.png", "available": true }))
}

fn redirect(location: &str) -> ResponseTemplate {
    ResponseTemplate::new(308).insert_header("Location", location)
}

#[tokio::test]
async fn an_upload_sends_the_bytes_as_they_are() {
    let (server, client) = answering(blob()).await;
    let bytes = vec![0x89, b'P', b'N', b'G', 0];

    let reply = client
        .upload_blob(bytes.clone(), "image/png")
        .await
        .unwrap();

    assert_eq!(reply.status(), 201);
    let types::Blob::Image(image) = &*reply else {
        panic!("{reply:?}")
    };
    assert_eq!((image.id.as_str(), image.available), ("0A.png", true));
    let request = only_request(&server).await;
    assert_eq!(
        (
            request.method.as_str(),
            request.url.path(),
            request.url.query()
        ),
        ("POST", "/v2/consumer/blobs", None)
    );
    assert_eq!(header(&request, "content-type"), Some("image/png"));
    assert_eq!(header(&request, "accept"), Some("application/json"));
    assert_eq!(
        header(&request, "authorization"),
        Some("Bearer secret-token")
    );
    assert_eq!(request.body, bytes);
}

#[tokio::test]
async fn an_upload_to_a_signed_link_carries_no_token() {
    let (server, client) = answering(blob()).await;
    let link = format!("{}/v2/consumer/blobs?sig=a%2Fb&exp=9", server.uri());

    client
        .upload_blob_to(&link, "text", "text/plain")
        .await
        .unwrap();

    let request = only_request(&server).await;
    assert_eq!(request.url.query(), Some("sig=a%2Fb&exp=9"));
    assert_eq!(header(&request, "authorization"), None);
    assert_eq!(header(&request, "content-type"), Some("text/plain"));
    assert_eq!(request.body, b"text");
}

#[tokio::test]
async fn a_refused_upload_says_why() {
    for status in [400, 401, 413, 415, 422] {
        let problem = json!({ "title": "No", "detail": "not this one" });
        let reply = ResponseTemplate::new(status).set_body_json(problem);
        let (server, client) = answering(reply).await;
        let link = format!("{}/v2/consumer/blobs?sig=s", server.uri());
        let errors: [Error; 2] = [
            client.upload_blob("x", "text/plain").await.unwrap_err(),
            client
                .upload_blob_to(&link, "x", "text/plain")
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.status().unwrap(), status);
            let detail = error.problem().unwrap().detail.as_deref();
            assert_eq!(detail, Some("not this one"));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_an_error_that_shows_no_secret() {
    let (server, client) = answering(blob()).await;
    let errors = [
        client.upload_blob("x", "text/\nplain").await.unwrap_err(),
        client
            .upload_blob_to("ftp://host/?sig=hidden", "x", "text/plain")
            .await
            .unwrap_err(),
        client.download("no link, sig=hidden").await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_invalid(), "{error}");
        assert!(!format!("{error} {error:?}").contains("hidden"));
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_blob_is_found_by_its_redirect_which_is_not_followed() {
    let elsewhere = "https://store.example.com/0A.png?sig=s";
    let (server, client) = answering(redirect(elsewhere)).await;
    let level = types::NsfwLevel::Pg13;

    let found = client
        .get_blob(
            "a/b",
            Some(true),
            Some("cat.png"),
            Some(&level),
            Some("w-1"),
        )
        .await
        .unwrap();

    assert_eq!(found.status(), 308);
    assert_eq!(found.location.as_str(), elsewhere);
    let request = only_request(&server).await;
    assert_eq!(request.url.path(), "/v2/consumer/blobs/a%2Fb");
    assert_eq!(
        request.url.query(),
        Some("download=true&filename=cat.png&nsfwLevel=pg13&workflowId=w-1")
    );
    assert_eq!(
        header(&request, "authorization"),
        Some("Bearer secret-token")
    );
}

#[tokio::test]
async fn a_redirect_may_be_relative_and_must_lead_somewhere() {
    let (server, client) = answering(redirect("/v2/consumer/blobs/content/t0")).await;
    let found = client.get_blob("b", None, None, None, None).await.unwrap();
    let expected = format!("{}/v2/consumer/blobs/content/t0", server.uri());
    assert_eq!(found.location.as_str(), expected);

    let nowhere = [
        ResponseTemplate::new(308),
        redirect("javascript:alert(1)"),
        ResponseTemplate::new(200).set_body_string("content"),
        ResponseTemplate::new(404).set_body_json(json!({ "detail": "gone" })),
    ];
    for reply in nowhere {
        let (_server, client) = answering(reply).await;
        let error = client.get_blob("b", None, None, None, None).await;
        assert!(error.unwrap_err().status().is_some());
    }
}

#[tokio::test]
async fn a_download_takes_the_token_nowhere() {
    let store = MockServer::start().await;
    Mock::given(path("/file"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(b"content"))
        .mount(&store)
        .await;
    let service = MockServer::start().await;
    Mock::given(path("/v2/consumer/blobs/b"))
        .respond_with(redirect("/moved?sig=s"))
        .mount(&service)
        .await;
    Mock::given(path("/moved"))
        .respond_with(redirect(&format!("{}/file?sig=t", store.uri())))
        .mount(&service)
        .await;
    let link = format!("{}/v2/consumer/blobs/b?sig=r&exp=9", service.uri());

    let content = client(&service).download(&link).await.unwrap();

    assert_eq!(content.into_inner().read().await.unwrap(), "content");
    let mut requests = service.received_requests().await.unwrap();
    requests.extend(store.received_requests().await.unwrap());
    let queries: Vec<_> = requests.iter().map(|request| request.url.query()).collect();
    assert_eq!(queries, [Some("sig=r&exp=9"), Some("sig=s"), Some("sig=t")]);
    assert!(
        requests
            .iter()
            .all(|request| header(request, "authorization").is_none())
    );
}

#[tokio::test]
async fn a_download_ends_in_a_circle_and_is_bounded_when_read_whole() {
    let (server, around) = answering(redirect("/again")).await;
    let error = around.download(&server.uri()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 308);
    assert_eq!(server.received_requests().await.unwrap().len(), 6);

    let large = ResponseTemplate::new(200).set_body_bytes(vec![7; 1_001]);
    let (server, client) = answering(large).await;
    let whole = client.download(&server.uri()).await.unwrap().into_inner();
    assert!(whole.read().await.is_err());
    let mut bits = client.download(&server.uri()).await.unwrap().into_inner();
    let mut length = 0;
    while let Some(bytes) = bits.chunk().await.unwrap() {
        length += bytes.len();
    }
    assert_eq!(length, 1_001);
}

#[tokio::test]
async fn content_comes_as_bytes() {
    let (server, client) = answering(ResponseTemplate::new(200).set_body_bytes(b"\x00\xff")).await;
    let streams = [
        client.get_blob_content("t").await.unwrap(),
        client.get_blob_archive("t").await.unwrap(),
        client.get_blocked_content("t").await.unwrap(),
        client.get_streaming_blob("k.ogg").await.unwrap(),
    ];
    for stream in streams {
        assert_eq!(&stream.into_inner().read().await.unwrap()[..], b"\x00\xff");
    }
    let paths: Vec<String> = server
        .received_requests()
        .await
        .unwrap()
        .iter()
        .map(|request| request.url.path().to_owned())
        .collect();
    assert_eq!(
        paths,
        [
            "/v2/consumer/blobs/content/t",
            "/v2/consumer/blobs/archive/t",
            "/v2/consumer/blobs/blocked/t",
            "/v2/consumer/streaming-blobs/k.ogg",
        ]
    );
}

#[tokio::test]
async fn the_list_comes_as_json_or_as_an_archive() {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::header("accept", "application/zip"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(b"PK"))
        .mount(&server)
        .await;
    Mock::given(wiremock::matchers::header("accept", "application/json"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({ "next": null, "items": [] })),
        )
        .mount(&server)
        .await;
    let client = client(&server);
    let options = QueryWorkflowsOptions {
        cursor: Some("c".to_owned()),
        hide_mature_content: Some(false),
        tags: Some(vec!["a".to_owned(), "b".to_owned()]),
        take: Some(5),
        ..QueryWorkflowsOptions::default()
    };

    let zip = client.query_workflows_as_zip(&options).await.unwrap();
    let page = client.query_workflows(&options).await.unwrap();

    assert_eq!(zip.into_inner().read().await.unwrap(), "PK");
    assert_eq!(page.next, None);
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url, requests[1].url);
    assert_eq!(
        requests[0].url.query(),
        Some("cursor=c&hideMatureContent=false&tags=a&tags=b&take=5")
    );
}

#[tokio::test]
async fn patches_go_out_as_json_patch() {
    let (server, client) = answering(ResponseTemplate::new(204)).await;
    let change: types::JsonPatchOperation =
        serde_json::from_value(json!({ "op": "add", "path": "/tags/-", "value": "blue" })).unwrap();
    let changes = vec![change];

    client.patch_workflow("w", &changes).await.unwrap();
    client
        .patch_workflow_step("w", "$0", &changes)
        .await
        .unwrap();

    let requests = server.received_requests().await.unwrap();
    let paths: Vec<&str> = requests.iter().map(|request| request.url.path()).collect();
    assert_eq!(
        paths,
        [
            "/v2/consumer/workflows/w",
            "/v2/consumer/workflows/w/steps/%240"
        ]
    );
    for request in &requests {
        assert_eq!(request.method.as_str(), "PATCH");
        assert_eq!(
            header(request, "content-type"),
            Some("application/json-patch+json")
        );
        let sent: serde_json::Value = request.body_json().unwrap();
        assert_eq!(
            sent,
            json!([{ "op": "add", "path": "/tags/-", "value": "blue" }])
        );
    }
}

#[tokio::test]
async fn a_bare_string_is_read_as_a_problem() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(403).set_body_json("Your account may not generate."))
        .mount(&server)
        .await;
    let template: types::WorkflowTemplate =
        serde_json::from_value(json!({ "steps": [], "currencies": [] })).unwrap();

    let submitted = client(&server)
        .submit_workflow(&template, &SubmitWorkflowOptions::default())
        .await;

    let error = submitted.unwrap_err();
    assert_eq!(error.status().unwrap(), 403);
    let detail = error.problem().unwrap().detail.as_deref();
    assert_eq!(detail, Some("Your account may not generate."));
}
