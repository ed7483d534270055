//! What is sent: parameters, bodies, replacements, and what comes out.

use serde_json::{Value, json};

use crate::stage::{Stage, reply};

async fn sent(steps: &str, inputs: Value) -> (Stage, crate::stage::Ran) {
    let stage = Stage::open().await;
    let flow = format!("workflows:\n  - workflowId: w\n    steps:\n{steps}");
    let ran = stage.play(&flow, inputs).await;
    (stage, ran)
}

#[tokio::test]
async fn parameters_go_where_they_belong() {
    let steps = "
      - stepId: a
        operationId: getItem
        parameters:
          - {name: id, in: path, value: $inputs.id}
          - {name: tags, in: query, value: $inputs.tags}
          - {name: filter, in: query, value: {kind: $inputs.kind, min: 2}}
          - {name: q, in: query, value: 'a={$inputs.kind}'}
          - {name: X-Note, in: header, value: $inputs.kind}
          - {name: seen, in: cookie, value: 1}
          - {name: other, in: cookie, value: x}
";
    let inputs = json!({"id": "a/b", "tags": ["x", "y"], "kind": "k 1"});
    let (stage, ran) = sent(steps, inputs).await;
    assert_eq!(ran.end(), "completed", "{ran:#?}");
    let got = &stage.got()[0];
    let line = "GET /items/a%2Fb?tags=x%2Cy&filter%5Bkind%5D=k+1&filter%5Bmin%5D=2&q=a%3Dk+1";
    assert_eq!(got.line, line);
    assert_eq!(got.headers["x-note"], "k 1");
    assert_eq!(got.headers["cookie"], "seen=1; other=x");
}

#[tokio::test]
async fn what_has_no_value_is_left_out_or_refused() {
    let step = |value: &str| {
        format!(
            "
      - stepId: a
        operationId: getItem
        parameters:
          - {{name: id, in: path, value: {value}}}
          - {{name: q, in: query, value: $inputs.absent}}
          - {{name: X-Note, in: header, value: $inputs.absent}}
"
        )
    };
    let (stage, ran) = sent(&step("7"), json!({})).await;
    assert_eq!(
        (ran.end().as_str(), stage.lines()[0].as_str()),
        ("completed", "GET /items/7")
    );
    for value in ["$inputs.absent", "''", "'..'", "'x{$inputs.absent}'"] {
        let (stage, ran) = sent(&step(value), json!({})).await;
        assert!(
            ran.end().starts_with("error: the step `a` cannot be sent"),
            "{value}: {ran:#?}"
        );
        assert_eq!(stage.lines(), [] as [&str; 0]);
    }
}

#[tokio::test]
async fn bodies_are_written_by_their_type() {
    let inputs = json!({"s": "say \"hi\"", "n": 5, "o": {"a": [1]}});
    for (body, kind, text) in [
        ("{payload: {s: $inputs.s, n: $inputs.n, gone: $inputs.no, l: [$inputs.no, $inputs.o]}}",
            "application/json", r#"{"l":[null,{"a":[1]}],"n":5,"s":"say \"hi\""}"#),
        ("{payload: $inputs.o}", "application/json", r#"{"a":[1]}"#),
        // Text that is JSON: what stands between quotes is escaped.
        ("{contentType: application/json, payload: '{\"s\": \"{$inputs.s}\", \"o\": {$inputs.o}, \"n\": {$inputs.n}}'}",
            "application/json", r#"{"n":5,"o":{"a":[1]},"s":"say \"hi\""}"#),
        ("{contentType: application/x-www-form-urlencoded, payload: {s: $inputs.s, o: $inputs.o, no: $inputs.no}}",
            "application/x-www-form-urlencoded", "o=%7B%22a%22%3A%5B1%5D%7D&s=say+%22hi%22"),
        ("{contentType: text/plain, payload: 'n is {$inputs.n}'}", "text/plain", "n is 5"),
        // Replacements: what is there, a new member, the end of a list, and by JSONPath.
        ("{payload: {a: 1, l: [1]}, replacements: [{target: /a, value: $inputs.n}, {target: /b, value: $inputs.o},
            {target: /l/-, value: 2}]}",
            "application/json", r#"{"a":5,"b":{"a":[1]},"l":[1,2]}"#),
        ("{payload: {l: [{q: 0}, {q: 0}]}, replacements: [{target: '$.l[*].q', targetSelectorType: jsonpath, value: $inputs.n}]}",
            "application/json", r#"{"l":[{"q":5},{"q":5}]}"#),
    ] {
        let steps = format!("      - {{stepId: a, operationId: postA, requestBody: {body}}}\n");
        let (stage, ran) = sent(&steps, inputs.clone()).await;
        assert_eq!(ran.end(), "completed", "{body}: {ran:#?}");
        let got = &stage.got()[0];
        assert_eq!((got.headers["content-type"].as_str(), got.body.as_str()), (kind, text), "{body}");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_made_are_refused() {
    for body in [
        "{payload: $inputs.absent}",
        "{contentType: application/json, payload: '{\"a\": {$inputs.s}}'}",
        "{contentType: multipart/form-data, payload: {a: 1}}",
        "{payload: {a: 1}, replacements: [{target: /b/c, value: 1}]}",
        "{payload: {a: 1}, replacements: [{target: /a, value: $inputs.absent}]}",
    ] {
        let steps = format!("      - {{stepId: a, operationId: postA, requestBody: {body}}}\n");
        let (stage, ran) = sent(&steps, json!({"s": "word"})).await;
        assert!(ran.end().contains("`a` cannot be sent"), "{body}: {ran:#?}");
        assert_eq!(stage.lines(), [] as [&str; 0]);
    }
}

#[tokio::test]
async fn parameters_come_from_workflow_and_components_too() {
    let flow = "
workflows:
  - workflowId: w
    parameters:
      - {name: X-Note, in: header, value: all}
      - {name: q, in: query, value: all}
    steps:
      - stepId: a
        operationPath: '{$sourceDescriptions.api.url}#/paths/~1items~1{id}/get'
        parameters:
          - {reference: $components.parameters.id, value: 8}
          - {name: x-note, in: header, value: own}
components: {parameters: {id: {name: id, in: path, value: 1}}}
";
    let stage = Stage::open().await;
    let ran = stage.play(flow, json!({})).await;
    assert_eq!(ran.end(), "completed", "{ran:#?}");
    let got = &stage.got()[0];
    assert_eq!(
        (got.line.as_str(), got.headers["x-note"].as_str()),
        ("GET /items/8?q=all", "own")
    );
}

#[tokio::test]
async fn outputs_come_from_every_part_of_a_call() {
    let flow = "
workflows:
  - workflowId: w
    steps:
      - stepId: a
        operationId: postA
        parameters: [{name: q, in: query, value: 1}]
        requestBody: {payload: {sent: [true]}}
        outputs:
          url: $url
          method: $method
          status: $statusCode
          sent: $request.body#/sent/0
          q: $request.query.q
          kind: $response.header.Content-Type
          all: $response.body
          part: $response.body#/list/1/k
          chosen: {context: $response.body, selector: '$.list[?@.k == 2].v', type: jsonpath}
          pointed: {context: $response.body, selector: /list/0, type: jsonpointer}
          gone: $response.body#/nothing
    outputs:
      url: $steps.a.outputs.url
      method: $steps.a.outputs.method
      status: $steps.a.outputs.status
      sent: $steps.a.outputs.sent
      q: $steps.a.outputs.q
      part: $steps.a.outputs.part
      deep: $steps.a.outputs.all#/list/0/k
      chosen: $steps.a.outputs.chosen
      pointed: $steps.a.outputs.pointed
      text: 'status {$steps.a.outputs.status}'
      gone: $steps.a.outputs.gone
      'null': $steps.a.outputs.all#/null
";
    let stage = Stage::open().await;
    let body = json!({"list": [{"k": 1, "v": "one"}, {"k": 2, "v": "two"}], "null": null});
    stage.answer("POST /a", [reply(201, body)]);
    let ran = stage.play(flow, json!({})).await;
    let wanted = json!({
        "url": format!("{}/a?q=1", stage.url), "method": "POST", "status": 201, "sent": true, "q": 1,
        "part": 2, "deep": 1, "chosen": "two", "pointed": {"k": 1, "v": "one"}, "text": "status 201",
        "null": null,
    });
    assert_eq!(ran.outputs(), wanted);
    assert_eq!(ran.outcome.unwrap().missing(), ["gone"]);
}

#[tokio::test]
async fn replies_are_read_by_their_type() {
    for (kind, text, body, deep) in [
        (
            "application/json",
            "{\"a\": 1}",
            json!({"a": 1}),
            Some(json!(1)),
        ),
        (
            "application/problem+json; charset=utf-8",
            "{\"a\": 1}",
            json!({"a": 1}),
            Some(json!(1)),
        ),
        ("text/plain", "{\"a\": 1}", json!("{\"a\": 1}"), None),
        ("application/json", "{\"a\": ", json!("{\"a\": "), None),
        ("application/json", "", Value::Null, None),
    ] {
        let stage = Stage::open().await;
        stage.answer(
            "GET /a",
            [reply(200, json!({}))
                .header("content-type", kind)
                .text(text)],
        );
        let flow = "workflows: [{workflowId: w, steps: [{stepId: a, operationId: getA, outputs: {
            body: $response.body, a: $response.body#/a}}],
            outputs: {body: $steps.a.outputs.body, a: $steps.a.outputs.a}}]";
        let ran = stage.play(flow, json!({})).await;
        let outputs = ran.outputs();
        assert_eq!(
            outputs.get("body").cloned().unwrap_or_default(),
            body,
            "{kind} {text}"
        );
        assert_eq!(outputs.get("a").cloned(), deep, "{kind} {text}");
    }
}
