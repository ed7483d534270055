//! Deliveries as bytes: what is an event, and of what.

use civitai_jobs::events::{Event, EventError, Inbox, Refusal, Scope, Secret};
use serde_json::{Value, json};

/// Which kind of error a body is.
fn kind(error: &EventError) -> &'static str {
    match error {
        EventError::TooLong => "too long",
        EventError::NoEvent => "no event",
        EventError::Unreadable(_) => "unreadable",
        _ => "another",
    }
}

#[test]
fn an_event_is_told_by_its_members_whatever_it_calls_itself() {
    let workflow = json!({"$type": "workflow", "workflowId": "6-1", "status": "succeeded",
        "timestamp": "2026-01-01T00:00:00Z"});
    let step = json!({"$type": "step", "workflowId": "6-1", "name": "$0", "status": "processing"});
    let job = json!({"$type": "job", "workflowId": "6-1", "stepName": "$0", "jobId": "j",
        "status": "failed", "progress": 0.5, "reason": "no_provider", "blockedReason": "mature"});
    let with = |event: &Value, name: &str, value: Value| {
        let mut event = event.clone();
        event[name] = value;
        event
    };
    let without = |event: &Value, name: &str| {
        let mut event = event.clone();
        event.as_object_mut().unwrap().remove(name);
        event
    };
    // A detailed event tells steps without their type.
    let details = json!({"metadata": {}, "arguments": {}, "createdAt": "2026-01-01T00:00:00Z",
        "steps": [{"name": "$0", "status": "succeeded", "metadata": {}, "cost": 8,
            "input": {"prompt": "fog"}, "output": {"images": []}}]});
    let of_step = json!({"retries": 1, "metadata": {}, "input": {}, "output": {"images": []},
        "startedAt": "2026-01-01T00:00:00Z", "estimatedProgressRate": 0.25});
    for (body, scope, status) in [
        (workflow.clone(), Scope::Workflow, "succeeded"),
        (step.clone(), Scope::Step, "processing"),
        (job.clone(), Scope::StepJob, "failed"),
        (
            with(&workflow, "details", details),
            Scope::Workflow,
            "succeeded",
        ),
        (with(&step, "details", of_step), Scope::Step, "processing"),
        (
            with(&workflow, "$type", "WorkflowEvent2".into()),
            Scope::Workflow,
            "succeeded",
        ),
        (without(&workflow, "$type"), Scope::Workflow, "succeeded"),
        (without(&job, "$type"), Scope::StepJob, "failed"),
        (
            with(&job, "name", "a later member".into()),
            Scope::StepJob,
            "failed",
        ),
        (
            with(&step, "status", "Polishing".into()),
            Scope::Step,
            "Polishing",
        ),
        (
            with(&step, "strokes", json!([7])),
            Scope::Step,
            "processing",
        ),
    ] {
        let event = Event::parse(body.to_string().as_bytes()).unwrap();
        let told = (event.scope(), event.work_id(), event.claimed_status());
        assert_eq!(told, (scope, "6-1", status.to_owned()), "{body}");
    }
}

#[test]
fn what_is_no_event_says_why() {
    let padded = |length: usize| {
        let head =
            r#"{"workflowId":"6-1","status":"failed","timestamp":"2026-01-01T00:00:00Z","a":""#;
        let padding = "a".repeat(length - head.len() - 2);
        format!("{head}{padding}\"}}").into_bytes()
    };
    const LONGEST: usize = 4 << 20;
    assert!(Event::parse(&padded(LONGEST)).is_ok());
    let deep = "[".repeat(200_000);
    for (body, expected) in [
        (padded(LONGEST + 1), "too long"),
        (b"".to_vec(), "unreadable"),
        (b"{".to_vec(), "unreadable"),
        (b"\xff\xfe".to_vec(), "unreadable"),
        (b"<html>".to_vec(), "unreadable"),
        (deep.into_bytes(), "unreadable"),
        (b"[]".to_vec(), "no event"),
        (b"null".to_vec(), "no event"),
        (b"{}".to_vec(), "no event"),
        (
            br#"{"workflowId":7,"status":"failed"}"#.to_vec(),
            "no event",
        ),
        (br#"{"jobId":"..","scheduled":false}"#.to_vec(), "no event"),
    ] {
        let error = Event::parse(&body).unwrap_err();
        let start = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(kind(&error), expected, "{start}");
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn a_wrong_secret_is_refused_before_the_body_is_read() {
    let secret = Secret::new("0123456789abcdef").unwrap();
    let inbox = Inbox::new(secret.clone());
    let body = br#"{"workflowId":"6-1","status":"failed","timestamp":"2026-01-01T00:00:00Z"}"#;
    for guess in [
        "",
        "0123456789abcde",
        "0123456789abcdeF",
        "0123456789abcdef0",
    ] {
        for body in [&body[..], b"no event"] {
            let refusal = inbox.receive(guess, body).unwrap_err();
            assert!(matches!(refusal, Refusal::WrongSecret));
            assert_eq!(refusal.status(), 404);
        }
    }
    assert_eq!(
        inbox
            .receive("0123456789abcdef", b"{}")
            .unwrap_err()
            .status(),
        400
    );
    assert!(inbox.receive("0123456789abcdef", body).is_ok());
    assert!(!format!("{inbox:?} {secret:?}").contains("0123"));

    for weak in [
        "",
        "0123456789abcde",
        "0123456789 abcdef",
        "0123456789/abcdef",
    ] {
        assert!(Secret::new(weak.to_owned()).is_err(), "{weak}");
    }
    for (base, address) in [
        (
            "https://example.com/hooks",
            Some("https://example.com/hooks/0123456789abcdef"),
        ),
        (
            "https://example.com/hooks/?a=1",
            Some("https://example.com/hooks/0123456789abcdef?a=1"),
        ),
        (
            "http://127.0.0.1:80/",
            Some("http://127.0.0.1/0123456789abcdef"),
        ),
        ("http://example.com/hooks", None),
        ("ftp://example.com/hooks", None),
        ("data:hooks", None),
    ] {
        let made = secret.address(&base.parse().unwrap()).ok();
        assert_eq!(made.as_ref().map(url::Url::as_str), address, "{base}");
    }
}
