//! Every kind of expression, whole and embedded.

use serde_json::{Value, json};

use super::*;

/// Values of every kind.
struct Stage;

impl Scope for Stage {
    fn root(&self, root: &Root) -> Option<Value> {
        let inputs =
            json!({"n": 5, "o": {"x": [7, 8]}, "a.b": "dotted", "s": "it's", "none": null});
        let outputs = json!({"id": "job-1", "all": {"p": {"q": true}}, "list": [{"k": "v"}]});
        let get = |map: &Value, name: &str| named(name, |name| map.get(name)).cloned();
        match root {
            Root::Url => Some("http://a/b?c=d".into()),
            Root::Method => Some("POST".into()),
            Root::StatusCode => Some(202.into()),
            Root::Document => Some("file:flow.yaml".into()),
            Root::Request(Part::Header(name)) => (name == "accept").then(|| "json".into()),
            Root::Request(Part::Query(name)) => (name == "wait").then(|| 10.into()),
            Root::Request(Part::Path(name)) => (name == "id").then(|| "7".into()),
            Root::Request(Part::Body) => Some(json!({"sent": 1})),
            Root::Response(Part::Header(name)) => (name == "x-count").then(|| "2".into()),
            Root::Response(Part::Body) => {
                Some(json!({"status": "READY", "items": [{"name": "A"}, {"name": "B"}], "a/b": 1}))
            }
            Root::Response(_) | Root::Message => None,
            Root::Inputs => Some(inputs),
            Root::Input(name) => get(&inputs, name),
            Root::Output(name) => get(&outputs, name),
            Root::Step { step, output } if step == "one" || step == "two words" => {
                get(&outputs, output)
            }
            Root::Workflow {
                workflow,
                side: Side::Outputs,
                name,
            } if workflow == "w" => get(&outputs, name),
            Root::Workflow {
                side: Side::Inputs,
                name,
                ..
            } => get(&inputs, name),
            Root::Source { source, field } => {
                (source == "api" && field == "url").then(|| "api.yaml".into())
            }
            Root::Component { name, .. } => (name == "page").then(|| 1.into()),
            Root::Step { .. } | Root::Workflow { .. } => None,
        }
    }
}

#[test]
fn every_kind_of_expression_has_its_value() {
    for (text, value) in [
        ("$url", json!("http://a/b?c=d")),
        ("$method", json!("POST")),
        ("$statusCode", json!(202)),
        ("$self", json!("file:flow.yaml")),
        ("$request.header.Accept", json!("json")),
        ("$request.query.wait", json!(10)),
        ("$request.path.id", json!("7")),
        ("$request.body", json!({"sent": 1})),
        ("$request.body#/sent", json!(1)),
        ("$response.header.X-Count", json!("2")),
        ("$response.body#/status", json!("READY")),
        ("$response.body#/items/1/name", json!("B")),
        ("$response.body#/a~1b", json!(1)),
        ("$response.body.items[1].name", json!("B")),
        ("$response.body.items.0.name", json!("A")),
        ("$response.body['a/b']", json!(1)),
        ("$inputs.n", json!(5)),
        ("$inputs.none", Value::Null),
        ("$inputs.a.b", json!("dotted")),
        ("$inputs.o#/x/0", json!(7)),
        ("$inputs.o.x[1]", json!(8)),
        ("$outputs.id", json!("job-1")),
        ("$steps.one.outputs.id", json!("job-1")),
        ("$steps.one.outputs.all#/p/q", json!(true)),
        ("$steps.one.outputs.list.0.k", json!("v")),
        ("$steps.one.id", json!("job-1")),
        ("$steps.two words.outputs.id", json!("job-1")),
        ("$workflows.w.outputs.id", json!("job-1")),
        ("$workflows.w.inputs.n", json!(5)),
        ("$sourceDescriptions.api.url", json!("api.yaml")),
        ("$components.parameters.page", json!(1)),
    ] {
        let expression = Expression::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(expression.value(&Stage), Some(value), "{text}");
    }
}

#[test]
fn what_leads_nowhere_has_no_value_and_is_not_null() {
    for text in [
        "$inputs.absent",
        "$inputs.o#/x/9",
        "$response.body#/items/x",
        "$response.header.absent",
        "$steps.later.outputs.id",
        "$message.payload",
        "$outputs.id.deeper",
    ] {
        let expression = Expression::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(expression.value(&Stage), None, "{text}");
    }
}

#[test]
fn what_is_no_expression_is_a_text() {
    for text in [
        "$5.00",
        "$",
        "$.a.b",
        "$inputs.",
        "$inputs.two words",
        "$steps.a",
        "$response",
        "$respons.body",
        "$response.header.",
        "$response.body#a",
        "$response.trailer.x",
        "$dependencies.a.b",
        "inputs.a",
        "$workflows.w.id",
        "$inputs.a}{",
        "$inputs.a[x]",
    ] {
        assert_eq!(Expression::parse(text), None, "{text}");
        let value = Template::of_text(text).value(&Stage);
        assert_eq!(value, Ok(Some(text.into())), "{text}");
    }
}

#[test]
fn embedded_expressions_become_text() {
    for (text, value) in [
        ("Bearer {$inputs.s}", "Bearer it's"),
        ("{$inputs.n}", "5"),
        ("{$inputs.o}", r#"{"x":[7,8]}"#),
        ("{$inputs.n}-{$steps.one.outputs.id}", "5-job-1"),
        ("/a/{petId}/{$inputs.o#/x/1}", "/a/{petId}/8"),
        ("{$inputs.none}", "null"),
        ("{$nothing.here} {$inputs.n}", "{$nothing.here} 5"),
        ("{$inputs.n", "{$inputs.n"),
    ] {
        assert_eq!(
            Template::of_text(text).value(&Stage),
            Ok(Some(value.into())),
            "{text}"
        );
    }
    let absent = Template::of_text("id {$inputs.absent}").value(&Stage);
    assert_eq!(absent, Err(Vague("$inputs.absent".into())));
}

#[test]
fn structures_keep_types_and_leave_out_what_has_no_value() {
    let payload = json!({
        "n": "$inputs.n", "gone": "$inputs.absent", "list": ["$inputs.absent", "$inputs.o"],
        "text": "n={$inputs.n}", "plain": [1, null, "$5"],
    });
    let wanted = json!({
        "n": 5, "list": [null, {"x": [7, 8]}], "text": "n=5", "plain": [1, null, "$5"],
    });
    assert_eq!(Template::of(&payload).value(&Stage), Ok(Some(wanted)));
}

#[test]
fn lapses_are_remembered() {
    let lapse = |text| Expression::parse(text).and_then(|expression| expression.lapse);
    assert_eq!(lapse("$steps.one.id"), Some(Lapse::NoOutputs));
    assert_eq!(lapse("$steps.two words.outputs.id"), Some(Lapse::LooseName));
    assert_eq!(lapse("$steps.one.outputs.id"), None);
}
