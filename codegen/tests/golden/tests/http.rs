//! What a user notices of generated methods, on real sockets: one error, bounded replies, and a
//! credential that goes nowhere else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use golden::store::operations::CountStockOptions;
use golden::store::{Client, operation};
use golden::zoo;
use golden::{Error, Http, Members as _, Misfit};
use serde_json::json;
use wiremock::matchers::{any, body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const TOKEN: &str = "secret-token";

fn http(server: &MockServer) -> Http {
    Http::builder(server.uri())
        .token(TOKEN.to_owned())
        .max_reply(10_000)
        .build()
        .unwrap()
}

async fn answer(reply: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(reply).mount(&server).await;
    let client = Client::new(http(&server));
    (server, client)
}

fn item() -> serde_json::Value {
    json!({"id": "7", "price": 1.5, "colour": "red"})
}

#[tokio::test]
async fn a_request_carries_what_the_contract_asks_for() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/items/..%2Fa%20b"))
        .and(query_param("tag", "one"))
        .and(query_param("tag", "two"))
        .and(header("X-Trace", "t1"))
        .and(header("Authorization", "Bearer secret-token"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(item())
                .insert_header("X-Id", "9"),
        )
        .expect(1)
        .mount(&server)
        .await;
    let client = Client::new(http(&server));
    let tags = vec!["one".to_owned(), "two".to_owned()];

    let reply = client
        .get_items_by_item_id("../a b", Some(&tags), Some("t1"))
        .await
        .unwrap();

    assert_eq!(
        (
            reply.status().as_u16(),
            reply.headers()["X-Id"].to_str().unwrap()
        ),
        (200, "9")
    );
    assert_eq!(reply.extra.get("colour"), Some(&json!("red")));
    assert!(
        server.received_requests().await.unwrap()[0]
            .headers
            .get("api-version")
            .is_none()
    );
}

#[tokio::test]
async fn bodies_go_out_under_their_own_media_type() {
    let (server, client) = answer(ResponseTemplate::new(201).set_body_json("stored")).await;
    let stored = client.set_picture("7", "bytes").await.unwrap();
    assert_eq!(stored.as_str(), "stored");
    let (patches, patch) = answer(ResponseTemplate::new(204)).await;
    patch.patch_item("7", &Vec::new()).await.unwrap();

    let kind =
        |request: &wiremock::Request| request.headers["content-type"].to_str().unwrap().to_owned();
    assert_eq!(
        kind(&server.received_requests().await.unwrap()[0]),
        "image/png"
    );
    assert_eq!(
        kind(&patches.received_requests().await.unwrap()[0]),
        "application/json-patch+json"
    );
}

#[tokio::test]
async fn two_successes_are_one_type_and_stay_readable() {
    let server = MockServer::start().await;
    let stay = json!({"animal": {"kind": "cat"}, "since": "2026-01-01T00:00:00Z", "tags": []});
    Mock::given(body_json(json!({"kind": "cat"})))
        .respond_with(ResponseTemplate::new(202).set_body_json(&stay))
        .mount(&server)
        .await;
    let animal = zoo::types::Animal::Cat(Box::default());
    let reply = zoo::Client::new(http(&server))
        .add_animal(&animal)
        .await
        .unwrap();
    assert_eq!(reply.status().as_u16(), 202);
}

#[tokio::test]
async fn every_refusal_is_one_error_that_keeps_the_services_words() {
    let cases = [
        (
            400,
            json!({"title": "Bad", "errors": {"width": ["too wide"]}, "traceId": "t-1"})
                .to_string(),
            "the service answered 400 Bad Request: Bad (width: too wide)",
        ),
        (
            403,
            json!("not for you").to_string(),
            "the service answered 403 Forbidden: not for you",
        ),
        (404, String::new(), "the service answered 404 Not Found"),
        (
            502,
            "<!DOCTYPE html><h1>Bad gateway</h1>".to_owned(),
            "the service answered 502 Bad Gateway with a web page in place of JSON",
        ),
        (
            307,
            String::new(),
            "the service answered 307 Temporary Redirect",
        ),
    ];
    for (status, body, says) in cases {
        let (_server, client) = answer(
            ResponseTemplate::new(status)
                .set_body_string(body.clone())
                .insert_header("Location", "/x"),
        )
        .await;
        let error = client.drop_item("7").await.unwrap_err();
        assert_eq!(error.to_string(), says);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.body().unwrap().as_ref(), body.as_bytes());
        assert_eq!(error.headers().unwrap()["Location"], "/x");
        if status == 400 {
            assert_eq!(error.problem().unwrap().trace_id.as_deref(), Some("t-1"));
        }
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_keeps_its_body_and_names_the_place() {
    let cases = [
        (
            r#"{"id":"7","price":1} trailing"#,
            "the reply is not what the contract says",
        ),
        (r#"["7", 1]"#, "the reply is not what the contract says"),
        ("", "the service answered 200 OK without a body"),
        (
            "<html>",
            "a web page came in place of JSON; is this the address of the API?",
        ),
    ];
    for (body, says) in cases {
        let (_server, client) = answer(ResponseTemplate::new(200).set_body_string(body)).await;
        let error = client
            .get_items_by_item_id("7", None, None)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), says);
        assert_eq!(error.body().unwrap().as_ref(), body.as_bytes());
        let place = error.decode_error().map(golden::DecodeError::path);
        assert_eq!(place, Some("."), "{body}");
    }
}

#[tokio::test]
async fn a_value_that_does_not_fit_stands_beside_the_rest_of_the_reply() {
    let body = json!({"id": "7", "price": "dear", "stock": {"north": 3, "south": "many"}});
    let (_server, client) = answer(ResponseTemplate::new(200).set_body_json(&body)).await;
    let item = client.get_items_by_item_id("7", None, None).await.unwrap();
    let told = item.misfits();
    let places: Vec<&str> = told.iter().map(Misfit::path).collect();
    assert_eq!(places, ["price", "stock.south"]);
    assert_eq!(item.id, "7");
    assert_eq!(item.stock.as_ref().unwrap()["north"], 3);
    assert_eq!(serde_json::to_value(&*item).unwrap(), body);
}

#[tokio::test]
async fn a_fault_inside_unions_is_named_from_the_top() {
    let server = MockServer::start().await;
    let stay = json!({"animal": {"kind": "cat", "kittens": [{"kind": "cat"}, {"lives": "nine", "kind": "cat"}]},
        "since": "2026-01-01T00:00:00Z", "tags": []});
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(&stay))
        .mount(&server)
        .await;
    let animal = zoo::types::Animal::Cat(Box::default());
    let reply = zoo::Client::new(http(&server))
        .add_animal(&animal)
        .await
        .unwrap();
    assert_eq!(reply.misfits()[0].path(), "animal.kittens[1].lives");
    assert_eq!(serde_json::to_value(&*reply).unwrap(), stay);
}

#[tokio::test]
async fn many_options_are_a_struct_and_a_header_is_sent_whatever_its_name() {
    let (server, client) = answer(ResponseTemplate::new(200).set_body_json(json!([item()]))).await;
    let options = CountStockOptions {
        since: Some("2026".to_owned()),
        x_api_version_wanted: Some("7".to_owned()),
        ..CountStockOptions::default()
    };
    let items = client.count_stock("a/b", "..c", 3, &options).await.unwrap();
    assert_eq!(items[0].id, "7");
    let plain = CountStockOptions::default();
    client.count_stock("a", "b", 3, &plain).await.unwrap();

    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url.path(), "/stock/a%2Fb/..c");
    assert_eq!(requests[0].url.query(), Some("since=2026&wanted=3"));
    assert_eq!(requests[0].headers["X-Api-Version-Wanted"], "7");
    assert_eq!(requests[1].url.query(), Some("wanted=3"));
    assert!(requests[1].headers.get("X-Api-Version-Wanted").is_none());
}

#[tokio::test]
async fn a_value_that_would_leave_its_place_in_the_path_is_not_sent() {
    let (server, client) = answer(ResponseTemplate::new(204)).await;
    let options = CountStockOptions::default();
    for odd in ["", ".", ".."] {
        let errors = [
            client.drop_item(odd).await.unwrap_err(),
            client.set_picture(odd, "bytes").await.unwrap_err(),
            client.count_stock(odd, "b", 1, &options).await.unwrap_err(),
            client.count_stock("a", odd, 1, &options).await.unwrap_err(),
        ];
        let named = ["item_id", "item_id", "shelf", "place"];
        for (error, name) in errors.iter().zip(named) {
            assert!(error.is_invalid(), "{odd:?}: {error}");
            assert!(error.to_string().contains(name), "{error}");
        }
    }
    assert!(server.received_requests().await.unwrap().is_empty());
    client.drop_item("...").await.unwrap();
}

#[test]
fn operations_have_constants_with_their_paths() {
    assert_eq!(
        operation::COUNT_STOCK.to_string(),
        "GET /stock/{shelf}/{place}"
    );
    assert_eq!(operation::COUNT_STOCK.id, "countStock");
    let ids: std::collections::BTreeSet<&str> = operation::ALL.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), operation::ALL.len());
    assert_eq!(ids.len(), 6);
    // A renamed operation keeps its name on the wire.
    assert_eq!(zoo::operation::WELCOME.id, "addVisit");
    assert_eq!(zoo::operation::WELCOME.path, "/visits");
}

#[tokio::test]
async fn a_reply_over_the_limit_is_refused_and_a_stream_is_not() {
    let large = "x".repeat(20_000);
    let (_server, client) = answer(ResponseTemplate::new(200).set_body_string(large)).await;
    let error = client
        .get_items_by_item_id("7", None, None)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the reply is larger than 10000 bytes");

    let mut stream = client.get_picture("7").await.unwrap().into_inner();
    let mut length = 0;
    while let Some(chunk) = stream.chunk().await.unwrap() {
        length += chunk.len();
    }
    assert_eq!(length, 20_000);
}

#[tokio::test]
async fn the_token_follows_no_redirect_and_shows_nowhere() {
    let stranger = MockServer::start().await;
    let (_server, client) =
        answer(ResponseTemplate::new(308).insert_header("Location", stranger.uri().as_str())).await;

    let error = client
        .get_items_by_item_id("7", None, None)
        .await
        .unwrap_err();

    assert!(stranger.received_requests().await.unwrap().is_empty());
    for text in [
        format!("{client:?} {:?}", client.http()),
        format!("{error} {error:?}"),
    ] {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[test]
fn a_transport_that_cannot_work_is_refused_when_it_is_made() {
    let cases = [
        ("ftp://host", "t", "must begin with https:// or http://"),
        ("no address", "t", "is no address"),
        // What cannot be read as an address may hold a password all the same.
        ("https://user:hunter2@host:99999", "t", "is no address"),
        (
            "https://user:hunter2@host",
            "t",
            "must hold no user, password or query",
        ),
        (
            "https://host?x=1",
            "t",
            "must hold no user, password or query",
        ),
        ("https://host", " ", "the token is empty"),
        (
            "https://host",
            "two\nlines",
            "the token is empty or holds characters",
        ),
    ];
    for (base_url, token, says) in cases {
        let error: Error = Http::builder(base_url)
            .token(token.to_owned())
            .build()
            .unwrap_err();
        assert!(
            error.to_string().contains(says) && error.is_invalid(),
            "{error}"
        );
        let mut texts = vec![error.to_string(), format!("{error:?}")];
        let mut next = std::error::Error::source(&error);
        while let Some(cause) = next {
            texts.push(format!("{cause} {cause:?}"));
            next = cause.source();
        }
        let told = texts.iter().any(|text| text.contains("hunter2"));
        assert!(!told, "{texts:?}");
    }
}

#[test]
fn a_builder_shows_nothing_of_an_address_that_may_yet_be_refused() {
    for base_url in ["https://user:hunter2@host", "https://host?key=hunter2"] {
        let builder = Http::builder(base_url).token(TOKEN.to_owned());
        let text = format!("{builder:?}");
        assert!(!text.contains("hunter2") && !text.contains(TOKEN), "{text}");
    }
}

#[test]
fn public_types_keep_their_promises() {
    fn send_sync<T: Send + Sync + 'static>() {}
    send_sync::<Client>();
    send_sync::<Error>();
    send_sync::<zoo::types::Stay>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}
