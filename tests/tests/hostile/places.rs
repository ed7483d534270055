//! A value of another type is told with its place, for every place of a workflow, and the rest is read.

use civitai_api::Members as _;
use contract_tests::{Contract, difference, reply};
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
async fn a_value_that_does_not_fit_is_told_with_its_place_and_the_rest_is_read() {
    let whole = reply::workflow(&Contract::load("v2"));
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    let (service, mut named) = (Service::start().await, Vec::new());
    for place in all {
        let is_truth = whole.pointer(&place).is_some_and(Value::is_boolean);
        let wrong: &[u8] = if is_truth { b"\"text\"" } else { b"true" };
        let body = reply::with(&whole, &place, wrong);
        let workflow = service.ask(body.clone()).await.unwrap();
        let sent: Value = serde_json::from_slice(&body).unwrap();
        let back = serde_json::to_value(&workflow).unwrap();
        assert_eq!(difference(&sent, &back, ""), None, "{place}");
        let told = workflow.misfits();
        assert!(told.len() <= 1, "{place}: {told:?}");
        for misfit in told {
            assert_eq!(misfit.path(), path(&place), "{misfit}");
            named.push(path(&place));
        }
        if place != "/id" {
            assert_eq!(whole["id"].as_str(), workflow.id.as_deref(), "{place}");
        }
    }
    // However long the value is that stands there, and nothing of it is shown.
    let long = format!("\"{}\"", "a".repeat(100_000));
    let body = reply::with(&whole, "/steps/0/input/width", long.as_bytes());
    let workflow = service.ask(body).await.unwrap();
    let told: Vec<String> = workflow.misfits().iter().map(ToString::to_string).collect();
    let says = "`steps[0].input.width`: expected a whole number that fits, found a text";
    assert_eq!(told, [says]);
    for known in [
        "status",
        "steps",
        "steps[0]",
        "steps[0].$type",
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
