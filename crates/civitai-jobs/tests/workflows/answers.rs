//! Answers to a submission: every form that was seen, and what the client makes of it.

use std::time::Duration;

use civitai_jobs::workflows::{Step, Text};
use civitai_jobs::{Error, FieldProblem, Phase, WorkflowRequest};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fixtures::{reply, server};
use crate::stage::{client_of, picture, request};

/// What a submission makes of an answer.
async fn refused(answer: ResponseTemplate) -> Error {
    let server = server("POST", answer).await;
    let client = client_of(&server);
    client.workflows().submit(&request()).await.unwrap_err()
}

#[tokio::test]
async fn an_answer_reads_the_same_whether_work_goes_on_or_has_ended_or_was_only_priced() {
    for (http, status, phase) in [
        (200, "succeeded", Phase::Succeeded),
        (202, "scheduled", Phase::Queued),
    ] {
        let body = reply(status, &json!([]));
        let server = server("POST", ResponseTemplate::new(http).set_body_json(body)).await;
        let workflow = client_of(&server).workflows().submit(&request()).await;
        let workflow = workflow.unwrap();
        assert_eq!(
            (workflow.id().as_str(), workflow.first().unwrap().phase()),
            ("6-1", phase)
        );
    }
    for id in [Value::Null, json!("6-1")] {
        let mut body = reply("unassigned", &json!([]));
        body["id"] = id;
        let server = server("POST", ResponseTemplate::new(200).set_body_json(body)).await;
        let preview = client_of(&server).workflows().preview(&request()).await;
        assert_eq!(preview.unwrap().price(), 8);
    }
    let mut body = reply("unassigned", &json!([]));
    body.as_object_mut().unwrap().remove("id");
    let error = refused(ResponseTemplate::new(202).set_body_json(body)).await;
    assert!(error.is_outcome_unknown() && error.is_retryable());
}

/// What the service said in its own words.
fn detail(error: &Error) -> String {
    let source = error.api_error().unwrap();
    source.problem().unwrap().detail.clone().unwrap()
}

#[tokio::test]
async fn every_form_of_refusal_is_one_error() {
    let problem = json!({"title": "Forbidden", "status": 403, "detail": "Not for this account."});
    let fields = json!({"title": "Invalid", "status": 400, "errors": {
        "steps[0].input.resolution": ["Is not one of 720p, 1080p."], "currencies": ["Is empty."]}});
    let throttled = || ResponseTemplate::new(429).set_body_json(json!({"status": 429}));

    let error = refused(ResponseTemplate::new(403).set_body_json("You may not generate.")).await;
    assert_eq!((error.status(), error.is_retryable()), (Some(403), false));
    assert_eq!(detail(&error), "You may not generate.");

    let error = refused(ResponseTemplate::new(403).set_body_json(problem)).await;
    assert_eq!(detail(&error), "Not for this account.");

    let error = refused(ResponseTemplate::new(400).set_body_json(fields)).await;
    let mut wrong: Vec<_> = error.fields().iter().map(FieldProblem::field).collect();
    wrong.sort_unstable();
    assert_eq!(wrong, ["currencies", "steps[0].input.resolution"]);

    let error = refused(throttled().insert_header("Retry-After", "61")).await;
    let minute = Duration::from_secs(61);
    assert_eq!(
        (error.status(), error.retry_after()),
        (Some(429), Some(minute))
    );
    assert!(error.is_retryable() && !error.is_outcome_unknown());
    let error = refused(throttled()).await;
    assert_eq!((error.retry_after(), error.is_retryable()), (None, true));
    // A status without a word is no less clear.
    let error = refused(ResponseTemplate::new(402)).await;
    assert_eq!(
        (error.status(), error.is_outcome_unknown()),
        (Some(402), false)
    );
}

#[tokio::test]
async fn what_is_sent_holds_references_and_no_key_of_another() {
    let answer = ResponseTemplate::new(202).set_body_json(reply("scheduled", &json!([])));
    let server = server("POST", answer).await;
    let client = client_of(&server);
    let mut request = WorkflowRequest::new();
    let prompt = request.argument::<Text>("prompt", "fog");
    let hero = request.add(picture("a bay").with(|input| input.prompt = prompt.to_input()));
    request.add(Step::upscale_image(hero.image(0)));
    client.workflows().preview(&request).await.unwrap();
    client.workflows().submit(&request).await.unwrap();
    client.workflows().submit(&request).await.unwrap();
    let sent: Vec<Value> = server
        .received_requests()
        .await
        .unwrap()
        .iter()
        .map(|sent| sent.body_json().unwrap())
        .collect();
    assert_eq!(sent[0].get("externalId"), None);
    assert_ne!(sent[1]["externalId"], sent[2]["externalId"]);
    for body in sent {
        let prompt = json!({"$ref": "$arguments", "path": "prompt"});
        assert_eq!(body["steps"][0]["input"]["prompt"], prompt);
        assert_eq!(body["currencies"], json!([]));
    }
}
