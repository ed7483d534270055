//! What each failure means: may it be tried again, did money move, whose fault is it.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::{Client, Error, FieldProblem, Money, SkipClock, Token};
use civitai_sim::{Fault, Origin};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{CANARY, Stage, chain, request};

/// What a caller learns from an error.
#[derive(Debug, Default, PartialEq)]
struct Learnt {
    retryable: bool,
    unauthorized: bool,
    moderation: bool,
    web_page: bool,
    unreachable: bool,
    proxy_code: Option<u16>,
}

impl Learnt {
    fn from(error: &Error) -> Self {
        Self {
            retryable: error.is_retryable(),
            unauthorized: error.is_unauthorized(),
            moderation: error.is_moderation(),
            web_page: error.is_web_page(),
            unreachable: error.is_unreachable(),
            proxy_code: error.proxy_code(),
        }
    }

    fn retryable(self) -> Self {
        Self {
            retryable: true,
            ..self
        }
    }
}

fn nothing() -> Learnt {
    Learnt::default()
}

/// A client of a service that always answers the same.
async fn answering(reply: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(reply).mount(&server).await;
    let client = Client::builder()
        .token(CANARY)
        .base_url(server.uri())
        .clock(Arc::new(SkipClock::new()))
        .build()
        .unwrap();
    (server, client)
}

fn problem(status: u16, detail: &str) -> ResponseTemplate {
    let body = json!({"title": "No", "status": status, "detail": detail, "traceId": "00-ab-cd-00"});
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/problem+json")
}

fn page(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "text/html; charset=UTF-8")
}

/// Whether nobody can tell if the service took a submission that ended so.
fn is_unclear(status: u16) -> bool {
    matches!(status, 200..=299 | 408 | 500..)
}

#[tokio::test]
async fn every_status_has_one_meaning() {
    let refused = |status| (status, problem(status, "It was turned down."));
    let by_proxy = |status| (status, page(status, "<!DOCTYPE html><h1>Sorry</h1>"));
    let plain = |status, body: &str| (status, ResponseTemplate::new(status).set_body_string(body));
    let unauthorized = || Learnt {
        unauthorized: true,
        ..nothing()
    };
    let moderation = || Learnt {
        moderation: true,
        ..nothing()
    };
    let web_page = || Learnt {
        web_page: true,
        ..nothing()
    };
    let proxy = |code| Learnt {
        proxy_code: Some(code),
        ..nothing()
    };
    let mut cases = vec![
        (refused(400), nothing()),
        (refused(401), unauthorized()),
        (refused(402), nothing()),
        (refused(403), unauthorized()),
        (refused(404), nothing()),
        (refused(405), nothing()),
        (refused(408), nothing().retryable()),
        (refused(409), nothing()),
        (refused(413), nothing()),
        (refused(415), nothing()),
        (refused(422), nothing()),
        (refused(425), nothing().retryable()),
        (refused(429), nothing().retryable()),
        (refused(500), nothing().retryable()),
        (refused(501), nothing()),
        (refused(502), nothing().retryable()),
        (refused(503), nothing().retryable()),
        (refused(504), nothing().retryable()),
        (by_proxy(200), web_page().retryable()),
        (by_proxy(403), web_page()),
        (by_proxy(502), web_page().retryable()),
        (plain(403, "error code: 1020"), proxy(1020)),
        (plain(429, "error code: 1015"), proxy(1015).retryable()),
        (plain(530, "error code: 1016"), proxy(1016).retryable()),
        (plain(200, ""), nothing().retryable()),
        (plain(200, "[1]"), nothing()),
        (plain(200, "{"), nothing()),
        (plain(301, ""), nothing()),
    ];
    for status in (520..=527).chain([530]) {
        let learnt = Learnt {
            web_page: true,
            ..proxy(status)
        };
        cases.push((by_proxy(status), learnt.retryable()));
    }
    for status in [400, 403, 422] {
        let reply = problem(status, "The prompt was flagged by moderation.");
        cases.push(((status, reply), moderation()));
    }
    for ((status, reply), expected) in cases {
        let (server, client) = answering(reply).await;
        let error = client.jobs().submit(&request()).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.is_outcome_unknown(), is_unclear(status), "{status}");
        let money = [Money::Untouched, Money::Unknown][usize::from(is_unclear(status))];
        assert_eq!(error.money(), money, "{status}");
        assert!(
            !(error.is_retryable() && error.money() == Money::Unknown),
            "{status}"
        );

        let sent = server.received_requests().await.unwrap().len();
        let posts = server.received_requests().await.unwrap().into_iter();
        let posts = posts.filter(|r| r.method == "POST" && r.url.path().ends_with("/jobs"));
        // Only a service that was too busy to look at it gets it again.
        let most = if status == 429 { 4 } else { 1 };
        assert_eq!(posts.count(), most, "{status}");
        let error = client.jobs().get(&"1".parse().unwrap()).await.unwrap_err();
        assert_eq!(Learnt::from(&error), expected, "{status}: {error:?}");
        assert_eq!(error.money(), Money::Untouched, "{status}");
        let tries = server.received_requests().await.unwrap().len() - sent;
        assert_eq!(tries, if expected.retryable { 4 } else { 1 }, "{status}");
    }
}

#[tokio::test]
async fn every_fault_of_the_simulator_has_one_meaning() {
    let lost = || Learnt {
        unreachable: true,
        ..nothing()
    };
    for (fault, expected) in [
        (Fault::Status(418), nothing()),
        (Fault::Status(503), nothing().retryable()),
        (
            Fault::Throttled(Duration::from_secs(7)),
            nothing().retryable(),
        ),
        (
            Fault::HtmlPage,
            Learnt {
                web_page: true,
                ..nothing()
            }
            .retryable(),
        ),
        (Fault::DropConnection, lost().retryable()),
        (Fault::DropReply, lost().retryable()),
        (Fault::TruncateBody, lost().retryable()),
        (Fault::EmptyBody, nothing().retryable()),
    ] {
        let stage = Stage::new().await;
        let job = stage.client.jobs().submit(&request()).await.unwrap();
        for _ in 0..4 {
            stage.sim.fail_next(Origin::Api, fault.clone());
        }
        let error = stage
            .client
            .jobs()
            .attach(job.token())
            .poll()
            .await
            .unwrap_err();
        assert_eq!(Learnt::from(&error), expected, "{fault:?}");
        let throttled = matches!(fault, Fault::Throttled(_));
        assert_eq!(error.retry_after().is_some(), throttled, "{fault:?}");
        let replied = error.status().is_some();
        assert_eq!(replied, !expected.unreachable, "{fault:?}");
        assert_eq!(error.money(), Money::Spent, "{fault:?}");
    }
}

#[tokio::test]
async fn a_blocked_prompt_is_sent_once() {
    let (server, client) = answering(problem(400, "Blocked by moderation.")).await;
    for _ in 0..5 {
        let error = client.jobs().submit(&request()).await.unwrap_err();
        assert!(error.is_moderation() && !error.is_retryable());
        assert_eq!(error.money(), Money::Untouched);
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 5);
}

#[tokio::test]
async fn the_words_and_names_of_the_service_are_kept() {
    let fields = json!({"errors": {"jobs[0].params.width": ["Too wide.", "Odd."]}, "title": "No"});
    let states = json!({"token": {"errors": [{"errorMessage": "Is no token."}], "children": null},
        "reason": ["Is too long."], "attempts": 3});
    for (body, expected) in [
        (
            fields,
            "jobs[0].params.width Too wide.; jobs[0].params.width Odd.",
        ),
        (states, "reason Is too long.; token Is no token."),
        (json!({"title": "No", "hint": ["None."]}), ""),
        (json!("No."), ""),
    ] {
        let reply = ResponseTemplate::new(400).set_body_json(body);
        let reply = reply.insert_header("cf-ray", "8a1b");
        let (_server, client) = answering(reply).await;
        let error = client.jobs().get(&"1".parse().unwrap()).await.unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(FieldProblem::to_string).collect();
        assert_eq!(fields.join("; "), expected);
        assert_eq!(error.request_id(), Some("8a1b"));
    }
    let (_server, client) = answering(problem(404, "There is no such job.")).await;
    let error = client.jobs().get(&"1".parse().unwrap()).await.unwrap_err();
    assert_eq!(error.request_id(), Some("00-ab-cd-00"));
    assert!(chain(&error).contains("There is no such job."));
}

#[tokio::test]
async fn what_could_not_be_read_is_kept_and_not_shown() {
    let body = format!("[7, \"{CANARY}{}\"]", "ü".repeat(2_000));
    let reply = ResponseTemplate::new(200).set_body_raw(body, "application/json");
    let (_server, client) = answering(reply).await;
    let token: Token = "bm90aGluZw==".parse().unwrap();
    let error = client.jobs().attach(token).poll().await.unwrap_err();
    let excerpt = error.body_excerpt().unwrap();
    assert!(excerpt.contains(CANARY));
    assert_eq!(excerpt.chars().count(), 500);
    let text = chain(&error);
    assert!(
        !text.contains(CANARY) && text.contains("an object"),
        "{text}"
    );
}

#[tokio::test]
async fn no_cause_is_printed_twice() {
    let nobody = Client::builder()
        .token(CANARY)
        .base_url("http://127.0.0.1:1");
    let nobody = nobody.clock(Arc::new(SkipClock::new())).build().unwrap();
    let (_one, refusing) = answering(problem(400, "No.")).await;
    let (_two, unreadable) = answering(page(200, "<html>")).await;
    for client in [nobody, refusing, unreadable] {
        for error in [
            client.jobs().submit(&request()).await.unwrap_err(),
            client.jobs().get(&"1".parse().unwrap()).await.unwrap_err(),
            client
                .account()
                .coverage_of(&request_model())
                .await
                .unwrap_err(),
            client.account().consumption(..).await.unwrap_err(),
            client
                .jobs()
                .cancel(&"1".parse().unwrap())
                .await
                .unwrap_err(),
        ] {
            let mut texts = vec![error.to_string()];
            let mut next = std::error::Error::source(&error);
            while let Some(cause) = next {
                texts.push(cause.to_string());
                next = cause.source();
            }
            for (index, text) in texts.iter().enumerate() {
                let again = texts[..index]
                    .iter()
                    .any(|above| above.contains(text.as_str()));
                assert!(!again && !text.is_empty(), "{texts:?}");
            }
        }
    }
}

fn request_model() -> civitai_jobs::Air {
    "urn:air:sd1:checkpoint:civitai:4384@128713"
        .parse()
        .unwrap()
}
