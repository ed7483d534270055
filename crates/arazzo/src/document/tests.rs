//! What documents must have, and what is refused.

use serde_json::{Value, json};

use super::*;
use crate::finding::{Finding, Rule};
use crate::text::Text;

fn findings(root: &Value) -> Vec<Finding> {
    read(root).1.placed("flow", &Text::default())
}

fn minimal() -> Value {
    json!({
        "arazzo": "1.0.1",
        "info": {"title": "T", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "op"}]}],
    })
}

#[test]
fn the_smallest_document_is_read() {
    let (document, _) = read(&minimal());
    assert_eq!(findings(&minimal()), []);
    assert_eq!(document.workflows[0].steps[0].id, "s");
}

/// Puts a value into the smallest document.
fn with(at: &str, value: Value) -> Value {
    let mut root = minimal();
    let (parent, key) = at.rsplit_once('/').unwrap();
    match root.pointer_mut(parent).unwrap() {
        Value::Array(items) => items.push(value),
        Value::Object(members) => {
            members.insert(key.to_owned(), value);
        }
        other => panic!("{other}"),
    }
    root
}

#[test]
fn what_must_be_refused_is_refused_with_its_place() {
    let step = "/workflows/0/steps/0";
    let action = |action: Value| json!([action]);
    for (key, value, rule, place) in [
        ("/arazzo", json!("2.0.0"), Rule::Unsupported, "/arazzo"),
        ("/arazzo", json!(1.0), Rule::Structure, "/arazzo"),
        ("/info", json!({"title": "T"}), Rule::Structure, "/info"),
        (
            "/sourceDescriptions",
            json!([]),
            Rule::Structure,
            "/sourceDescriptions",
        ),
        (
            "/sourceDescriptions",
            json!({}),
            Rule::Structure,
            "/sourceDescriptions",
        ),
        (
            "/sourceDescriptions/1",
            json!({"name": "api", "url": "b"}),
            Rule::Duplicate,
            "/sourceDescriptions/1",
        ),
        ("/workflows", json!([]), Rule::Structure, "/workflows"),
        (
            "/workflows/1",
            json!({"workflowId": "w", "steps": [{}]}),
            Rule::Duplicate,
            "/workflows/1",
        ),
        (
            "/workflows/0/steps",
            json!([]),
            Rule::Structure,
            "/workflows/0/steps",
        ),
        (
            "/workflows/0/steps/0/workflowId",
            json!("w"),
            Rule::Structure,
            step,
        ),
        (
            "/workflows/0/steps/0/parameters",
            json!([{"name": "a"}]),
            Rule::Structure,
            "/parameters/0",
        ),
        (
            "/workflows/0/steps/0/parameters",
            json!([{"name": "a", "in": "body", "value": 1}]),
            Rule::Structure,
            "/parameters/0/in",
        ),
        (
            "/workflows/0/steps/0/parameters",
            json!([{"name": "a", "in": "query", "value": 1}, {"name": "a", "in": "query", "value": 1}]),
            Rule::Duplicate,
            "/parameters/1",
        ),
        (
            "/workflows/0/steps/0/parameters",
            json!([{"reference": "$components.parameters.none"}]),
            Rule::UnknownComponent,
            "/parameters/0",
        ),
        (
            "/workflows/0/steps/0/successCriteria",
            json!([{"condition": "$statusCode = 200"}]),
            Rule::MalformedCondition,
            "/successCriteria/0/condition",
        ),
        (
            "/workflows/0/steps/0/successCriteria",
            json!([{"condition": "//a", "type": "xpath", "context": "$response.body"}]),
            Rule::Unsupported,
            "/successCriteria/0/condition",
        ),
        (
            "/workflows/0/steps/0/successCriteria",
            json!([{"condition": "$.a == 'b'", "type": "jsonpath", "context": "$response.body"}]),
            Rule::NoQuery,
            "/successCriteria/0/condition",
        ),
        (
            "/workflows/0/steps/0/successCriteria",
            json!([{"condition": "^2", "type": "regex"}]),
            Rule::NoContext,
            "/successCriteria/0",
        ),
        (
            "/workflows/0/steps/0/successCriteria",
            json!([{"condition": "a(", "type": "regex", "context": "$response.body"}]),
            Rule::MalformedCondition,
            "/successCriteria/0/condition",
        ),
        (
            "/workflows/0/steps/0/onSuccess",
            action(json!({"name": "again", "type": "retry"})),
            Rule::RetryOnSuccess,
            "/onSuccess/0/type",
        ),
        (
            "/workflows/0/steps/0/onSuccess",
            action(json!({"name": "on", "type": "goto"})),
            Rule::Structure,
            "/onSuccess/0",
        ),
        (
            "/workflows/0/steps/0/onFailure",
            action(json!({"name": "a", "type": "retry", "retryAfter": -1})),
            Rule::Structure,
            "/onFailure/0/retryAfter",
        ),
        (
            "/workflows/0/steps/0/onFailure",
            action(json!({"name": "a", "type": "goto", "stepId": "s", "workflowId": "w"})),
            Rule::Structure,
            "/onFailure/0",
        ),
        (
            "/workflows/0/steps/0/onFailure",
            action(json!({"type": "end"})),
            Rule::Structure,
            "/onFailure/0",
        ),
        (
            "/workflows/0/steps/0/timeout",
            json!("5s"),
            Rule::Structure,
            "/timeout",
        ),
        (
            "/workflows/0/steps/0/outputs",
            json!({"a": null}),
            Rule::Structure,
            "/outputs/a",
        ),
        (
            "/workflows/0/steps/0/outputs",
            json!({"a b": "$url"}),
            Rule::Name,
            "/outputs/a b",
        ),
        (
            "/workflows/0/steps/0/retry",
            json!(1),
            Rule::UnknownField,
            "/retry",
        ),
        (
            "/workflows/0/inputs",
            json!({"$ref": "#/components/inputs/x"}),
            Rule::UnknownComponent,
            "/inputs",
        ),
        ("/workflows/0/inputs", json!([]), Rule::Structure, "/inputs"),
        (
            "/workflows/0/steps/0/requestBody",
            json!({"payload": {}, "replacements": [{"target": "a", "value": 1}]}),
            Rule::Structure,
            "/replacements/0/target",
        ),
    ] {
        let found = findings(&with(key, value.clone()));
        let told =
            |found: &Finding| found.rule() == rule && found.place().pointer().ends_with(place);
        assert!(found.iter().any(told), "{key} {value}: {found:#?}");
    }
    for root in [json!(null), json!([]), json!("x"), json!({})] {
        assert!(!findings(&root).is_empty(), "{root}");
    }
}

#[test]
fn asynchronous_steps_are_refused() {
    let mut root = minimal();
    root["workflows"][0]["steps"][0] =
        json!({"stepId": "s", "channelPath": "c", "action": "receive"});
    assert_eq!(findings(&root)[0].rule(), Rule::Unsupported);
}

#[test]
fn actions_are_read_with_their_defaults() {
    let failure = json!([
        {"name": "a", "type": "retry"},
        {"name": "b", "type": "retry", "retryAfter": 0.5, "retryLimit": 3, "stepId": "s"},
        {"name": "c", "type": "goto", "workflowId": "w"},
        {"name": "d", "type": "end", "criteria": [{"condition": "$statusCode == 404"}]},
        {"reference": "$components.failureActions.e"},
    ]);
    let mut root = with("/workflows/0/steps/0/onFailure", failure);
    root["components"] = json!({"failureActions": {"e": {"name": "e", "type": "end"}}});
    assert_eq!(findings(&root), []);
    let (document, _) = read(&root);
    let actions = document.workflows[0].steps[0].on_failure.as_ref().unwrap();
    let kinds: Vec<_> = actions.iter().map(|action| action.kind.clone()).collect();
    assert_eq!(
        kinds[0],
        ActionKind::Retry {
            after: None,
            limit: 1,
            goal: None
        }
    );
    let after = Some(Duration::from_millis(500));
    let goal = Some(Goal::Step("s".to_owned()));
    assert_eq!(
        kinds[1],
        ActionKind::Retry {
            after,
            limit: 3,
            goal
        }
    );
    assert_eq!(kinds[2], ActionKind::Goto(Goal::Workflow("w".to_owned())));
    assert_eq!(kinds[3..], [ActionKind::End, ActionKind::End]);
    assert_eq!(actions[4].name, "e");
}

#[test]
fn secrets_are_known_by_name_and_by_mark() {
    let inputs = json!({"allOf": [{"$ref": "#/components/inputs/base"}], "properties": {
        "apiKey": {"type": "string"}, "pin": {"type": "string", "format": "password"},
        "hidden": {"writeOnly": true}, "maxTokens": {"type": "integer"}, "prompt": {"type": "string"},
    }, "required": ["prompt"]});
    let mut root = with("/workflows/0/inputs", inputs);
    root["components"] = json!({"inputs": {"base": {"properties": {"token": {"type": "string"}}}}});
    assert_eq!(findings(&root), []);
    let (document, _) = read(&root);
    let inputs = &document.workflows[0].inputs;
    for (name, secret) in [
        ("apiKey", true),
        ("pin", true),
        ("hidden", true),
        ("token", true),
        ("maxTokens", false),
        ("prompt", false),
        ("undeclared_password", true),
    ] {
        assert_eq!(inputs.is_secret(name), secret, "{name}");
    }
    assert!(inputs.is_certain("prompt") && !inputs.is_certain("pin"));
}

#[test]
fn selectors_are_of_version_1_1() {
    let outputs =
        json!({"id": {"context": "$response.body", "selector": "$.a", "type": "jsonpath"}});
    let mut root = with("/workflows/0/steps/0/outputs", outputs);
    assert_eq!(findings(&root)[0].rule(), Rule::Structure);
    root["arazzo"] = json!("1.1.0");
    assert_eq!(findings(&root), []);
    let (document, _) = read(&root);
    let output = &document.workflows[0].steps[0].outputs[0].value;
    assert!(matches!(output, Template::Selected(_)));
}
