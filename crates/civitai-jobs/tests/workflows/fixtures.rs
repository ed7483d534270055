//! Replies as they were seen on the wire, read through the client.

use civitai_jobs::workflows::types::WorkflowStep;
use civitai_jobs::{FileKind, Phase, WorkflowId, WorkflowSnapshot};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

use crate::stage::{client_of, request};

/// A workflow of version 2 with these steps.
pub(crate) fn reply(status: &str, steps: &Value) -> Value {
    json!({
        "id": "6-1", "createdAt": "2026-01-01T00:00:00Z", "status": status, "steps": steps,
        "metadata": {}, "tags": [], "arguments": {}, "callbacks": [], "currencies": [],
        "tips": {"civitai": 0, "creators": 0}, "upgradeMode": "manual", "forceRefunded": false,
        "cost": {"base": 8, "total": 8, "tips": {"civitai": 0, "creators": 0}},
    })
}

fn step(kind: &str, status: &str, more: &Value) -> Value {
    let mut step = json!({
        "$type": kind, "name": "hero", "status": status, "priority": "normal", "metadata": {},
        "input": {"prompt": "fog", "image": "https://example.com/a.png", "engine": "any"},
    });
    for (name, value) in more.as_object().unwrap() {
        step[name] = value.clone();
    }
    step
}

pub(crate) async fn server(verb: &str, answer: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    let mock = Mock::given(method(verb)).respond_with(answer);
    mock.mount(&server).await;
    server
}

/// How a workflow reads.
async fn read(body: &Value) -> WorkflowSnapshot {
    let server = server("GET", ResponseTemplate::new(200).set_body_json(body)).await;
    client_of(&server)
        .workflows()
        .get(&WorkflowId::new("6-1").unwrap())
        .await
        .unwrap()
}

/// How a workflow of one step reads.
async fn read_step(kind: &str, more: &Value) -> WorkflowSnapshot {
    read(&reply("succeeded", &json!([step(kind, "succeeded", more)]))).await
}

#[tokio::test]
async fn words_that_nobody_knows_are_kept() {
    let file = json!({"id": "b", "available": true, "url": "https://example.com/b.svg"});
    let made = json!({"output": {"svg": file, "strokes": 7}});
    let mut new = step("imageToHologram", "polishing", &made);
    new["input"] = json!({"depth": {"near": 1}});
    let seen = read(&reply("Polishing", &json!([new]))).await;
    assert_eq!(
        (seen.status().to_string().as_str(), seen.phase()),
        ("Polishing", Phase::Unknown)
    );
    let hero = seen.step("hero").unwrap();
    assert_eq!(
        (hero.kind(), hero.phase()),
        ("imageToHologram", Phase::Unknown)
    );
    assert_eq!(hero.output(), &made["output"]);
    assert!(matches!(hero.typed(), WorkflowStep::Raw(_)));
    assert_eq!(serde_json::to_value(hero.typed()).unwrap(), new);

    let capital = step("textToImage", "Succeeded", &json!({}));
    let seen = read(&reply("Succeeded", &json!([capital]))).await;
    assert_eq!(seen.phase(), Phase::Succeeded);
    assert_eq!(seen.steps()[0].phase(), Phase::Succeeded);
}

#[tokio::test]
async fn files_are_found_with_and_without_a_type_and_withheld_ones_say_why() {
    let file = |id: &str| {
        json!({"id": id, "available": true, "width": 64, "height": 32,
        "url": format!("https://example.com/{id}"), "urlExpiresAt": "2027-01-01T00:00:00Z"})
    };
    let mut typed = file("b");
    typed["type"] = "image".into();
    for (kind, output) in [
        ("textToImage", json!({"images": [file("b")]})),
        (
            "imageGen",
            json!({"images": [typed], "errors": ["one of two failed"]}),
        ),
        ("imageUpscaler", json!({"blob": file("b")})),
        ("imageUpscaler", json!({"blob": typed})),
    ] {
        let seen = read_step(kind, &json!({ "output": output })).await;
        let [picture] = &seen.files()[..] else {
            panic!("one file is in {output}; found {:?}", seen.files());
        };
        assert_eq!(
            (picture.blob_id(), picture.kind()),
            (Some("b"), FileKind::Image)
        );
        assert_eq!(
            (picture.is_available(), picture.size()),
            (true, Some((64, 32)))
        );
    }
    let blocked = json!({"id": "b", "available": false, "url": null, "nsfwLevel": "x",
        "blockedReason": "The content is mature."});
    let seen = read_step("textToImage", &json!({"output": {"images": [blocked]}})).await;
    let withheld = &seen.files()[0];
    assert!(!withheld.is_available());
    assert_eq!(withheld.blocked_reason(), Some("The content is mature."));
    assert_eq!(withheld.url(), None);
}

#[tokio::test]
async fn spans_of_time_and_references_go_in_and_out_unchanged() {
    for span in ["00:10:00", "00:00:43.7707452", "1.02:03:04"] {
        let reference = json!({"$ref": "sketch", "path": "output.images[0].url"});
        let mut sent = step("imageUpscaler", "scheduled", &json!({"timeout": span}));
        sent["input"] =
            json!({"image": reference, "numberOfRepeats": {"$ref": "$arguments", "path": "n"}});
        let seen = read(&reply("scheduled", &json!([sent]))).await;
        let back = serde_json::to_value(seen.steps()[0].typed()).unwrap();
        assert_eq!(back["timeout"], span);
        assert_eq!(back["input"], sent["input"]);
    }
}

#[tokio::test]
async fn a_list_ends_where_there_is_no_next() {
    let page = |id: &str, next: Value| {
        let mut item = reply("succeeded", &json!([]));
        item["id"] = id.into();
        ResponseTemplate::new(200).set_body_json(json!({"items": [item], "next": next}))
    };
    for end in [Value::Null, json!("")] {
        let server = MockServer::start().await;
        let list = || Mock::given(method("GET")).and(path("/v2/consumer/workflows"));
        list()
            .and(query_param_is_missing("cursor"))
            .respond_with(page("a", "more".into()))
            .mount(&server)
            .await;
        list()
            .and(query_param("cursor", "more"))
            .respond_with(page("b", end))
            .mount(&server)
            .await;
        let all = client_of(&server).workflows().list().all().await.unwrap();
        let ids: Vec<_> = all.iter().map(|one| one.id().unwrap().as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
    }
    let server = server("GET", page("a", "again".into())).await;
    let mut stream = client_of(&server).workflows().list().stream();
    assert!(stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.unwrap().is_err(), "a circle of pages");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_failed_step_takes_those_that_follow_it_along() {
    let job =
        json!({"id": "j", "status": "failed", "cost": 1.0, "reason": "no_provider_available"});
    let mut second = step("imageUpscaler", "failed", &json!({"jobs": [job]}));
    second["name"] = "large".into();
    let mut third = step("imageBackgroundRemoval", "canceled", &json!({}));
    third["name"] = "cut".into();
    let first = step(
        "textToImage",
        "succeeded",
        &json!({"output": {"images": [
        {"id": "b", "available": true, "url": "https://example.com/b.png"}]}}),
    );
    let mut body = reply("failed", &json!([first, third, second]));
    body["transactions"] = json!({"list": [
        {"type": "debit", "amount": 14, "accountType": "blue"},
        {"type": "credit", "amount": 6, "accountType": "blue"}]});
    let seen = read(&body).await;
    let failure = seen.failure().unwrap();
    assert_eq!(
        (failure.step(), failure.job_id()),
        (Some("large"), Some("j"))
    );
    assert_eq!(
        (failure.reason(), failure.spent()),
        (Some("no_provider_available"), 8.into())
    );
    assert!(seen.files()[0].is_available());
    assert_eq!(
        failure.to_string(),
        "step large failed: no_provider_available; 8 Buzz were spent"
    );
}

#[tokio::test]
async fn a_workflow_that_lacks_most_members_can_be_followed() {
    let file = json!({"id": "b", "available": true, "url": "https://example.com/b.png"});
    let hero = json!({"$type": "textToImage", "name": "hero", "status": "succeeded",
        "input": {"prompt": 7}, "output": {"images": [file]}});
    let body = json!({"id": "6-1", "status": "Succeeded", "createdAt": "2026-01-01T00:00:00Z",
        "steps": [hero, 7], "cost": {"total": 8}, "tags": null});
    let server = MockServer::start().await;
    let answer = |body: &Value| ResponseTemplate::new(200).set_body_json(body);
    let page = json!({"items": [body, body], "next": null});
    for (verb, route, body) in [
        ("POST", "/v2/consumer/workflows", &body),
        ("GET", "/v2/consumer/workflows/6-1", &body),
        ("GET", "/v2/consumer/workflows", &page),
    ] {
        let mock = Mock::given(method(verb)).and(path(route));
        mock.respond_with(answer(body)).mount(&server).await;
    }
    let workflows = client_of(&server).workflows();
    let workflow = workflows.submit(&request()).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    assert_eq!(sent.len(), 1, "it was accepted the first time");
    let mut seen = workflows.list().all().await.unwrap();
    seen.push(
        workflows
            .get(&WorkflowId::new("6-1").unwrap())
            .await
            .unwrap(),
    );
    seen.push(workflow.poll().await.unwrap());
    seen.push(workflow.watch().await.unwrap());
    for seen in seen {
        assert_eq!((seen.phase(), seen.charged()), (Phase::Succeeded, 8.into()));
        assert_eq!(seen.steps()[0].kind(), "textToImage");
        assert!(seen.files()[0].is_available());
    }
    let server = self::server("GET", answer(&json!({"id": "6-1"}))).await;
    let nothing = client_of(&server)
        .workflows()
        .get(&WorkflowId::new("6-1").unwrap())
        .await
        .unwrap();
    assert!(!nothing.phase().is_terminal());
}
