//! An error of the client names the place and keeps the body, for every place of a workflow.

use civitai_api::v2::types::Workflow;
use contract_tests::{Contract, reply};
use serde_json::Value;

use crate::service::Service;

/// `steps[0].input.width` for `/steps/0/input/width`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.parse::<usize>().is_ok() {
            path.push_str(&format!("[{part}]"));
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(part);
        }
    }
    path
}

/// Every place of a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        places(value, &at, found);
        found.push(at);
    }
}

#[tokio::test]
async fn an_error_names_the_place_and_keeps_the_body() {
    let whole = reply::workflow(&Contract::load("v2"));
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    let (service, mut named) = (Service::start().await, Vec::new());
    for place in all {
        let wrong: &[u8] = if whole.pointer(&place).is_some_and(Value::is_boolean) {
            b"\"text\""
        } else {
            b"true"
        };
        let body = reply::with(&whole, &place, wrong);
        if serde_json::from_slice::<Workflow>(&body).is_ok() {
            continue;
        }
        let error = service.ask(body.clone()).await.unwrap_err();
        assert_eq!(
            error.decode_error().unwrap().path(),
            path(&place),
            "{error:?}"
        );
        assert_eq!(error.body().unwrap().as_ref(), body);
        assert_eq!(error.status().unwrap(), 200);
        named.push(path(&place));
    }
    // However long the value is that stands there.
    let long = format!("\"{}\"", "a".repeat(100_000));
    let body = reply::with(&whole, "/steps/0/input/width", long.as_bytes());
    let error = service.ask(body).await.unwrap_err();
    let text = error.decode_error().unwrap().to_string();
    assert!(text.starts_with("at `steps[0].input.width`"), "{text}");
    assert!(text.contains("expected i32"), "{text}");
    assert!(text.len() < 1_000);
    for known in [
        "status",
        "steps[0]",
        "steps[0].input",
        "steps[0].input.width",
        "steps[1].output.results.image.scores[0].name",
    ] {
        assert!(
            named.iter().any(|path| path == known),
            "{known} may be true: {named:?}"
        );
    }
}
