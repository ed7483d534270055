//! What goes over the wire, a row for each style, form, scheme and stream, as a real socket sees it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use golden::post::operations::{
    ByNumberOptions, ListLettersOptions, NoteMultipartForm, SendPartsMultipartForm,
};
use golden::post::types::{Colour, Item, SendPairsBody, Window};
use golden::post::{Client, events, operation};
use golden::{
    Auth, FilePart, Hook, HookError, Http, HttpBuilder, Members as _, NextPage, Operation, Pages,
    Parts, Pending, Retry,
};
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const KEY: &str = "k e/y";

/// A server that answers everything with 204, and a client of it.
async fn post(set: impl FnOnce(HttpBuilder) -> HttpBuilder) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    let client = client(&server, set);
    (server, client)
}

fn client(server: &MockServer, set: impl FnOnce(HttpBuilder) -> HttpBuilder) -> Client {
    let builder = Http::builder(server.uri()).max_reply(100);
    Client::new(set(builder).build().unwrap())
}

async fn last(server: &MockServer) -> Request {
    server.received_requests().await.unwrap().pop().unwrap()
}

fn moment() -> DateTime<Utc> {
    "2026-05-01T10:20:30Z".parse().unwrap()
}

fn window() -> Window {
    Window {
        from: Some(3),
        tags: Some(vec!["a b".to_owned(), "c,d".to_owned()]),
        ..Window::default()
    }
}

fn words(words: &[&str]) -> Option<Vec<String>> {
    Some(words.iter().map(|&word| word.to_owned()).collect())
}

#[tokio::test]
async fn every_style_of_a_query_is_sent_as_the_contract_says() {
    let usual = ListLettersOptions::default;
    let window = || Some(window());
    let rows = [
        (
            ListLettersOptions {
                colours: Some(vec![Colour::Red, Colour::Blue]),
                ..usual()
            },
            "colours=red,blue",
        ),
        (
            ListLettersOptions {
                weights: Some(vec![1, 2]),
                ..usual()
            },
            "weights=1%7C2",
        ),
        (
            ListLettersOptions {
                words: words(&["x", "y z"]),
                ..usual()
            },
            "words=x%20y%20z",
        ),
        (
            ListLettersOptions {
                words: words(&[]),
                ..usual()
            },
            "",
        ),
        (
            ListLettersOptions {
                window: window(),
                ..usual()
            },
            "window%5Bfrom%5D=3&window%5Btags%5D%5B%5D=a%20b&window%5Btags%5D%5B%5D=c%2Cd",
        ),
        (
            ListLettersOptions {
                plain: window(),
                ..usual()
            },
            "from=3&tags=%5B%22a%20b%22%2C%22c%2Cd%22%5D",
        ),
        (
            ListLettersOptions {
                filter: window(),
                ..usual()
            },
            "filter=%7B%22from%22%3A3%2C%22tags%22%3A%5B%22a%20b%22%2C%22c%2Cd%22%5D%7D",
        ),
        (
            ListLettersOptions {
                since: Some(moment()),
                ..usual()
            },
            "since=2026-05-01T10%3A20%3A30Z",
        ),
        (
            ListLettersOptions {
                api_version: Some("7".to_owned()),
                ..usual()
            },
            "api-version=7",
        ),
        (
            ListLettersOptions {
                api_version: Some("7".to_owned()),
                weights: Some(vec![1]),
                ..usual()
            },
            "api-version=7&weights=1",
        ),
    ];
    let (server, client) = post(|http| http).await;
    for (options, query) in rows {
        client.list_letters(&options).await.unwrap();
        let sent = last(&server).await;
        assert_eq!(sent.url.query().unwrap_or_default(), query);
    }
}

#[tokio::test]
async fn headers_and_cookies_are_sent_as_the_contract_says() {
    let (server, client) = post(|http| http).await;
    let options = ListLettersOptions {
        x_api_version: Some("7".to_owned()),
        x_stamps: words(&["a", "b"]),
        x_seen: Some(moment()),
        session: Some("s;1".to_owned()),
        ..ListLettersOptions::default()
    };
    client.list_letters(&options).await.unwrap();
    let sent = last(&server).await;
    for (name, value) in [
        ("x-api-version", "7"),
        ("x-stamps", "a,b"),
        ("x-seen", "2026-05-01T10:20:30Z"),
        ("cookie", "session=s%3B1"),
    ] {
        assert_eq!(sent.headers[name], value, "{name}");
    }
}

#[tokio::test]
async fn every_style_of_a_path_keeps_its_place() {
    let (server, client) = post(|http| http).await;
    let labels = vec!["a/b".to_owned(), "c".to_owned()];
    client
        .find_letters(&vec![1, 2], &moment(), &labels, &window())
        .await
        .unwrap();
    let sent = last(&server).await;
    assert_eq!(
        sent.url.path(),
        "/letters/1,2/at/2026-05-01T10%3A20%3A30Z.a%2Fb,c;from=3;tags=%5B%22a%20b%22%2C%22c%2Cd%22%5D"
    );
    for (ids, labels) in [(vec![], vec!["a"]), (vec![1], vec!["."])] {
        let labels = labels.into_iter().map(str::to_owned).collect();
        let sent = client
            .find_letters(&ids, &moment(), &labels, &window())
            .await;
        assert!(sent.unwrap_err().is_invalid(), "{labels:?}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_form_of_pairs_writes_each_member_in_its_style() {
    let (server, client) = post(|http| http).await;
    let body = SendPairsBody {
        name: "a&b".to_owned(),
        colours: Some(vec![Colour::Red, Colour::Blue]),
        weights: Some(vec![1, 2]),
        window: Some(Window {
            from: Some(1),
            ..Window::default()
        }),
        deep: Some(Window {
            from: Some(2),
            ..Window::default()
        }),
        ..SendPairsBody::default()
    };
    client.send_pairs(&body).await.unwrap();
    let sent = last(&server).await;
    assert_eq!(
        sent.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    let mut pairs: Vec<&str> = std::str::from_utf8(&sent.body)
        .unwrap()
        .split('&')
        .collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "colours=blue",
            "colours=red",
            "deep%5Bfrom%5D=2",
            "name=a%26b",
            "weights=1,2",
            "window=%7B%22from%22%3A1%7D"
        ]
    );
}

/// The parts of a form: their heads and their bodies.
fn parts(sent: &Request) -> Vec<(String, String)> {
    let kind = sent.headers["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8(sent.body.clone()).unwrap();
    let boundary = format!("--{boundary}");
    let parts = body.split(&boundary);
    let parts = parts.filter_map(|part| part.split_once("\r\n\r\n"));
    parts
        .map(|(head, body)| (head.trim().to_owned(), body.trim_end().to_owned()))
        .collect()
}

#[tokio::test]
async fn a_form_of_parts_carries_files_lists_and_objects() {
    let (server, client) = post(|http| http).await;
    let mut form = SendPartsMultipartForm::new(b"PNG".to_vec());
    let file = FilePart::named("a.txt", "text").media_type("text/plain");
    form.more = Some(vec![file, b"more".to_vec().into()]);
    form.labels = words(&["x", "y"]);
    form.width = Some(7);
    form.window = Some(Window {
        from: Some(1),
        ..Window::default()
    });
    client.send_parts_multipart(form).await.unwrap();
    let sent = last(&server).await;
    let found = parts(&sent);
    let rows = [
        (r#"name="labels""#, "x"),
        (r#"name="labels""#, "y"),
        (
            "name=\"more\"; filename=\"a.txt\"\r\nContent-Type: text/plain",
            "text",
        ),
        (
            "name=\"more\"; filename=\"more\"\r\nContent-Type: application/octet-stream",
            "more",
        ),
        (
            "name=\"picture\"; filename=\"picture\"\r\nContent-Type: image/png",
            "PNG",
        ),
        (r#"name="width""#, "7"),
        (
            "name=\"window\"\r\nContent-Type: application/json",
            r#"{"from":1}"#,
        ),
    ];
    assert_eq!(found.len(), rows.len(), "{found:?}");
    for ((head, body), (wanted, value)) in found.iter().zip(rows) {
        assert_eq!(
            head.to_lowercase(),
            format!("content-disposition: form-data; {wanted}").to_lowercase()
        );
        assert_eq!(body, value);
    }

    let free = Parts::default().value("n", &1).unwrap();
    client
        .send_anything(free.file("f", b"x".to_vec()).unwrap())
        .await
        .unwrap();
    assert_eq!(parts(&last(&server).await).len(), 2);
}

#[tokio::test]
async fn a_body_that_may_be_left_out_is_sent_where_there_is_one() {
    let (server, client) = post(|http| http).await;
    let seen = async |with: &str, body: &str| {
        let sent = last(&server).await;
        let media = sent.headers.get("content-type");
        let media = media.map_or("", |media| media.to_str().unwrap());
        assert!(
            media.starts_with(with) && media.is_empty() == with.is_empty(),
            "{media}"
        );
        let text = String::from_utf8(sent.body.clone()).unwrap();
        assert!(
            text.contains(body) && text.is_empty() == body.is_empty(),
            "{text}"
        );
    };
    let item = Item {
        number: 3,
        ..Item::default()
    };
    client.note(Some("now"), Some(&window())).await.unwrap();
    assert_eq!(last(&server).await.headers["x-seen"], "now");
    seen("application/json", r#"{"from":3,"#).await;
    client.note(Some("now"), None).await.unwrap();
    assert_eq!(last(&server).await.headers["x-seen"], "now");
    seen("", "").await;
    client.note_form(None, Some(&item)).await.unwrap();
    seen("application/x-www-form-urlencoded", "number=3").await;
    client.note_form(None, None).await.unwrap();
    seen("", "").await;
    let form = NoteMultipartForm::new("fox");
    client.note_multipart(None, Some(form)).await.unwrap();
    seen("multipart/form-data; boundary=", "fox").await;
    client.note_multipart(None, None).await.unwrap();
    seen("", "").await;
    client.note_png(None, Some("PNG".into())).await.unwrap();
    seen("image/png", "PNG").await;
    client.note_png(None, None).await.unwrap();
    seen("", "").await;
    client
        .note_text(None, Some("words".to_owned()))
        .await
        .unwrap();
    seen("text/plain", "words").await;
    client.note_text(None, None).await.unwrap();
    seen("", "").await;
    let colours = vec![Colour::Red, Colour::Blue];
    client.mark(Some(&colours), Some(&item)).await.unwrap();
    seen("application/json", r#"{"number":3}"#).await;
    assert_eq!(last(&server).await.url.query(), Some("colours=red,blue"));
}

/// Signs what it sees.
struct Signature;

impl Auth for Signature {
    fn authorise<'a>(
        &'a self,
        request: &'a mut reqwest::Request,
        operation: &'a Operation,
    ) -> Pending<'a, Result<(), HookError>> {
        Box::pin(async {
            let value = format!("sig {}", operation.id);
            request
                .headers_mut()
                .insert("authorization", value.parse()?);
            Ok(())
        })
    }
}

#[tokio::test]
async fn every_scheme_puts_its_secret_where_the_contract_says_and_nowhere_else() {
    let (server, client) = post(|http| {
        http.token(KEY.to_owned())
            .basic("me", "pass".to_owned())
            .auth(Signature)
    })
    .await;
    let rows = [
        (client.by_header().await, "x-key", KEY, None),
        (client.by_query().await, "", "", Some("key=k%20e%2Fy")),
        (client.by_cookie().await, "cookie", "key=k e/y", None),
        (
            client.by_basic().await,
            "authorization",
            "Basic bWU6cGFzcw==",
            None,
        ),
        (
            client.by_either().await,
            "x-key",
            KEY,
            Some("key=k%20e%2Fy"),
        ),
        (client.signed().await, "authorization", "sig signed", None),
        (client.open().await, "", "", None),
    ];
    let seen = server.received_requests().await.unwrap();
    for ((reply, header, value, query), sent) in rows.into_iter().zip(&seen) {
        reply.unwrap();
        assert_eq!(sent.url.query(), query, "{}", sent.url);
        for name in ["x-key", "cookie", "authorization"] {
            let wanted = (name == header).then_some(value);
            let found = sent.headers.get(name).map(|value| value.to_str().unwrap());
            assert_eq!(found, wanted, "{name} of {}", sent.url);
        }
    }
    assert!(!format!("{client:?}").contains(KEY));
}

#[tokio::test]
async fn the_scheme_is_the_one_that_the_client_has_secrets_for() {
    let (server, client) = post(|http| http.basic("me", "pass".to_owned())).await;
    client.by_either().await.unwrap();
    let sent = last(&server).await;
    assert_eq!(sent.headers["authorization"], "Basic bWU6cGFzcw==");
    assert!(sent.headers.get("x-key").is_none() && sent.url.query().is_none());

    let (server, client) = post(|http| {
        http.key("header", "one".to_owned())
            .key("query", "two".to_owned())
    })
    .await;
    client.by_either().await.unwrap();
    let sent = last(&server).await;
    assert_eq!(
        (&sent.headers["x-key"].to_str().unwrap(), sent.url.query()),
        (&"one", Some("key=two"))
    );
}

#[tokio::test]
async fn a_token_is_fetched_once_and_renewed_when_it_is_refused() {
    let server = MockServer::start().await;
    let told = |token: &str| json!({ "access_token": token, "expires_in": 3600 });
    let at = || Mock::given(method("POST")).and(path("/token"));
    at().respond_with(ResponseTemplate::new(200).set_body_json(told("old")))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    at().respond_with(ResponseTemplate::new(200).set_body_json(told("new")))
        .mount(&server)
        .await;
    let client = client(&server, |http| {
        http.client_credentials("i d", "secret".to_owned())
    });
    let first = Mock::given(path("/keys/client")).respond_with(ResponseTemplate::new(204));
    first.up_to_n_times(2).mount(&server).await;
    client.by_client().await.unwrap();
    client.by_client().await.unwrap();
    let refused = Mock::given(path("/keys/client")).respond_with(ResponseTemplate::new(401));
    refused.up_to_n_times(1).mount(&server).await;
    Mock::given(path("/keys/client"))
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    client.by_client().await.unwrap();

    let seen = server.received_requests().await.unwrap();
    let told: Vec<(&str, &str)> = seen
        .iter()
        .map(|sent| {
            (
                sent.url.path(),
                sent.headers["authorization"].to_str().unwrap(),
            )
        })
        .collect();
    // `i%20d:secret`, encoded before it is joined.
    let fetch = ("/token", "Basic aSUyMGQ6c2VjcmV0");
    let call = |token| ("/keys/client", token);
    assert_eq!(
        told,
        [
            fetch,
            call("Bearer old"),
            call("Bearer old"),
            call("Bearer old"),
            fetch,
            call("Bearer new")
        ]
    );
    assert_eq!(
        seen[0].body,
        b"grant_type=client_credentials&scope=read%20write"
    );
}

#[tokio::test]
async fn an_operation_goes_to_its_own_server_or_what_stands_in_its_place() {
    let own = operation::ELSEWHERE.server.unwrap();
    assert_eq!(own.url(), "https://files.post.test/v2");
    let usual = Client::SERVERS[0];
    assert_eq!(usual.url(), "https://north.post.test/v1");
    assert_eq!(
        usual.url_with(&[("region", "south")]).unwrap(),
        "https://south.post.test/v1"
    );
    assert!(usual.url_with(&[("region", "west")]).is_err());

    let other = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(204))
        .mount(&other)
        .await;
    let (server, client) = post(|http| {
        http.token(KEY.to_owned())
            .server(own.address, format!("{}/v3/", other.uri()))
    })
    .await;
    client.elsewhere().await.unwrap();
    assert!(server.received_requests().await.unwrap().is_empty());
    let sent = last(&other).await;
    assert_eq!(sent.url.path(), "/v3/elsewhere");
    assert_eq!(sent.headers["x-key"], KEY);
}

async fn answer(body: &str) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let reply = ResponseTemplate::new(200).set_body_string(body);
    Mock::given(any()).respond_with(reply).mount(&server).await;
    let client = client(&server, |http| http);
    (server, client)
}

#[tokio::test]
async fn every_media_type_of_a_reply_can_be_asked_for() {
    let (server, client) = answer(r#"{"number":1}"#).await;
    assert_eq!(client.read_news().await.unwrap().number, 1);
    let mut events = client.read_news_stream().await.unwrap().into_inner();
    assert!(events.next().await.is_none());
    let mut items = client.read_news_as_items().await.unwrap().into_inner();
    assert_eq!(items.next().await.unwrap().unwrap().number, 1);
    let csv = client.read_news_as_csv().await.unwrap().into_inner();
    assert_eq!(csv.read().await.unwrap().len(), 12);
    assert_eq!(client.read_default().await.unwrap().number, 1);
    let untold = client.read_untold().await.unwrap();
    assert_eq!(untold.bytes().await.unwrap(), r#"{"number":1}"#);

    let seen = server.received_requests().await.unwrap();
    let asked: Vec<&str> = seen
        .iter()
        .map(|sent| sent.headers["accept"].to_str().unwrap())
        .collect();
    assert_eq!(
        asked,
        [
            "application/json",
            "text/event-stream",
            "application/x-ndjson",
            "text/csv",
            "application/json",
            "*/*"
        ]
    );
}

#[tokio::test]
async fn events_are_read_whatever_ends_their_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let lines = [
            "\u{feff}: a word of comfort",
            "",
            "event: news",
            "id: 7",
            "data: {\"number\":",
            "data:1}",
            "",
            "data: nonsense",
            "",
            "retry: 5",
            "data: {\"number\":2}",
            "",
            "data: [DONE]",
            "",
            "data: {\"number\":3}",
            "",
        ];
        let (_server, client) = answer(&(lines.join(end) + end)).await;
        let mut events = client.read_news_stream().await.unwrap().into_inner();
        let first = events.next().await.unwrap().unwrap();
        assert_eq!(
            (
                first.kind.as_deref(),
                first.id.as_deref(),
                first.data.number
            ),
            (Some("news"), Some("7"), 1)
        );
        let wrong = events.next().await.unwrap().unwrap_err();
        assert_eq!(wrong.body().unwrap().as_ref(), b"nonsense");
        let second = events.next().await.unwrap().unwrap();
        assert_eq!(
            (second.kind, second.id.as_deref(), second.data.number),
            (None, Some("7"), 2)
        );
        assert!(events.next().await.is_none() && events.next().await.is_none());
    }
    let (_server, client) = answer("data: a\ndata: b\n\ndata: [DONE]\n\ndata: cut").await;
    let mut texts = client.read_text().await.unwrap().into_inner();
    assert_eq!(texts.next().await.unwrap().unwrap().data, "a\nb");
    assert_eq!(texts.next().await.unwrap().unwrap().data, "[DONE]");
    assert!(texts.next().await.is_none());
}

#[tokio::test]
async fn items_are_read_one_by_one_and_no_item_is_too_large() {
    let many: String = (0..40)
        .map(|number| format!("{{\"number\":{number}}}\n\n"))
        .collect();
    let (_server, client) = answer(many.trim_end()).await;
    let mut items = client.read_news_as_items().await.unwrap().into_inner();
    for number in 0..40 {
        assert_eq!(items.next().await.unwrap().unwrap().number, number);
    }
    assert!(items.next().await.is_none());

    let (_server, client) = answer("\u{1e}{\"number\":1}\n\u{1e}{\"number\":2}\n").await;
    let mut sequence = client.read_sequence().await.unwrap().into_inner();
    for number in [1, 2] {
        assert_eq!(sequence.next().await.unwrap().unwrap().number, number);
    }
    assert!(sequence.next().await.is_none());

    let large = format!("data: {}\n\n", "x".repeat(200));
    for body in [large.repeat(2), "data: x\n".repeat(99), "x".repeat(200)] {
        let (_server, client) = answer(&body).await;
        let mut texts = client.read_text().await.unwrap().into_inner();
        let error = texts.next().await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "the reply is larger than 100 bytes");
        assert!(texts.next().await.is_none());
    }
}

/// Answers the requests to a path, one after the other.
async fn pages(replies: Vec<ResponseTemplate>) -> (MockServer, Client) {
    let server = MockServer::start().await;
    for reply in replies {
        let once = Mock::given(any()).respond_with(reply).up_to_n_times(1);
        once.mount(&server).await;
    }
    let client = client(&server, |http| http);
    (server, client)
}

/// The numbers of all items, and what asked for each page.
async fn walked(server: &MockServer, mut pages: Pages<Item>) -> (Vec<i64>, Vec<String>) {
    let mut numbers = Vec::new();
    while let Some(item) = pages.next().await {
        numbers.push(item.unwrap().number);
    }
    let seen = server.received_requests().await.unwrap();
    let queries = seen
        .iter()
        .map(|sent| sent.url.query().unwrap_or_default().to_owned());
    (numbers, queries.collect())
}

#[test]
fn an_operation_tells_its_query_and_its_pages() {
    assert_eq!(operation::READ_NEWS.query, [""; 0]);
    assert_eq!(operation::BY_NUMBER.query, ["page", "size", "order"]);
    assert_eq!(operation::READ_NEWS.paging, None);
    let paged = [
        (operation::BY_CURSOR, "cursor", NextPage::Member("next")),
        (operation::BY_LINK, "page", NextPage::Link),
        (operation::BY_NUMBER, "page", NextPage::Number(0)),
        (operation::BY_OFFSET, "from", NextPage::Offset),
    ];
    for (operation, parameter, next) in paged {
        let paging = operation.paging.unwrap();
        assert_eq!((paging.parameter, paging.next), (parameter, next));
    }
}

#[tokio::test]
async fn pages_are_one_list_however_they_follow_each_other() {
    let list = |numbers: &[i64]| {
        numbers
            .iter()
            .map(|n| json!({ "number": n }))
            .collect::<Value>()
    };
    let reply = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let page =
        |numbers: &[i64], next: Value| reply(json!({ "items": list(numbers), "next": next }));

    let address = "https://post.test/lists/cursor?size=1&cursor=c%202";
    let told = vec![
        page(&[1], json!("c1")),
        page(&[], json!(address)),
        page(&[2], json!(null)),
    ];
    let (server, client) = pages(told).await;
    let found = walked(&server, client.by_cursor_all(Some("c0"))).await;
    assert_eq!(
        found,
        (
            vec![1, 2],
            ["cursor=c0", "cursor=c1", "cursor=c+2"]
                .map(String::from)
                .to_vec()
        )
    );

    let (server, client) = pages(vec![
        reply(list(&[1, 2])),
        reply(list(&[3])),
        reply(list(&[])),
    ])
    .await;
    let options = ByNumberOptions {
        order: Some("up".to_owned()),
        ..ByNumberOptions::default()
    };
    let (numbers, queries) = walked(&server, client.by_number_all("a", &options)).await;
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(queries, ["order=up", "order=up&page=1", "order=up&page=2"]);

    let link = r#"<https://post.test/x?page=1>; rel="prev", </x?page=p2&n=1>; rel="next""#;
    let (server, client) = pages(vec![
        reply(list(&[1])).insert_header("Link", link),
        reply(list(&[2])),
    ])
    .await;
    let (numbers, queries) = walked(&server, client.by_link_all(None)).await;
    assert_eq!(
        (numbers, queries),
        (vec![1, 2], vec![String::new(), "page=p2".to_owned()])
    );

    let told = vec![
        page(&[1, 2], json!(null)),
        page(&[3], json!(null)),
        page(&[], json!(null)),
    ];
    let (server, client) = pages(told).await;
    let (numbers, queries) = walked(&server, client.by_offset_all(Some(5))).await;
    assert_eq!(
        (numbers.len(), queries),
        (3, ["from=5", "from=7", "from=8"].map(String::from).to_vec())
    );

    // A page that leads to itself, and one that cannot be had, end the list.
    let (server, client) = pages(vec![page(&[1], json!("c")), page(&[2], json!("c"))]).await;
    let (numbers, _) = walked(&server, client.by_cursor_all(None)).await;
    assert_eq!(numbers, [1, 2]);
    let mut rest = client.by_cursor_all(None);
    assert!(rest.next().await.unwrap().is_err());
    assert!(rest.next().await.is_none());
}

#[tokio::test]
async fn only_what_changes_nothing_twice_is_sent_again_and_only_where_it_is_wanted() {
    let rows: [(bool, u16, Option<&str>, &[f64]); 7] = [
        (false, 503, Some("0"), &[]),
        (true, 503, Some("2"), &[2.0, 2.0]),
        (true, 429, Some("1.5"), &[1.5, 1.5]),
        (true, 502, None, &[0.5, 1.0]),
        (true, 503, Some("60"), &[]),
        (true, 500, Some("0"), &[]),
        (true, 404, Some("0"), &[]),
    ];
    for (wanted, status, after, waits) in rows {
        let waited = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&waited);
        let policy = Retry::times(2)
            .longest_wait(Duration::from_secs(5))
            .pause(move |wait| {
                seen.lock().unwrap().push(wait.as_secs_f64());
                Box::pin(std::future::ready(()))
            });
        let times = waits.len() + 1;
        let server = MockServer::start().await;
        let mut reply = ResponseTemplate::new(status);
        if let Some(after) = after {
            reply = reply.insert_header("Retry-After", after);
        }
        Mock::given(any()).respond_with(reply).mount(&server).await;
        let client = client(
            &server,
            |http| if wanted { http.retry(policy) } else { http },
        );
        client.open().await.unwrap_err();
        assert_eq!(*waited.lock().unwrap(), waits, "{status}");
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            times,
            "{status}"
        );
        client
            .send_pairs(&SendPairsBody::default())
            .await
            .unwrap_err();
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            times + 1,
            "{status}"
        );
    }
}

/// Counts what it sees, and adds a header.
#[derive(Clone, Default)]
struct Watcher(Arc<Mutex<Vec<String>>>);

impl Hook for Watcher {
    fn before<'a>(
        &'a self,
        request: &'a mut reqwest::Request,
        operation: &'a Operation,
    ) -> Pending<'a, Result<(), HookError>> {
        Box::pin(async {
            if operation.id == "elsewhere" {
                return Err("not today".into());
            }
            request.headers_mut().insert("x-trace", "t1".parse()?);
            Ok(())
        })
    }

    fn after(&self, operation: &Operation, outcome: Result<&reqwest::Response, &golden::Error>) {
        let status = outcome.unwrap().status();
        self.0
            .lock()
            .unwrap()
            .push(format!("{} {status}", operation.id));
    }
}

#[tokio::test]
async fn a_hook_sees_every_request_and_may_refuse_one() {
    let watcher = Watcher::default();
    let (server, client) = post(|http| http.hook(watcher.clone())).await;
    client.open().await.unwrap();
    let error = client.elsewhere().await.unwrap_err();
    assert!(error.is_invalid());
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "not today"
    );
    assert_eq!(last(&server).await.headers["x-trace"], "t1");
    assert_eq!(*watcher.0.lock().unwrap(), ["open 204 No Content"]);
}

#[test]
fn what_the_service_sends_by_itself_is_typed() {
    let came = events::Event::decode("letterCame", br#"{"kind":"came","letter":"7"}"#).unwrap();
    let events::Event::LetterCame(came) = came else {
        panic!("{came:?}")
    };
    assert_eq!(came.letter.as_deref(), Some("7"));
    let done = events::order_done(br#"{"kind":"done","number":3}"#).unwrap();
    assert_eq!(done.number, 3);
    let told = events::Event::read(br#"{"kind":"done","number":3}"#).unwrap();
    assert!(matches!(told, events::Event::OrderDone(_)), "{told:?}");
    let new = events::Event::read(br#"{"kind":"lost","number":3}"#).unwrap();
    assert!(matches!(new, events::Event::Unlisted(name, _) if name == "lost"));
    assert!(events::Event::read(b"no JSON").is_err());
    let odd = events::order_done(br#"{"kind":"done","number":"many"}"#).unwrap();
    assert_eq!(odd.misfits().len(), 1);
}
