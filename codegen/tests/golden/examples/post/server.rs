//! The post office, small.

use std::convert::Infallible;

use axum::extract::{Multipart, Query, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};

/// Starts the office on a port of its own, and returns its address.
pub(crate) async fn start(key: &'static str) -> std::io::Result<String> {
    let let_in = move |headers: HeaderMap, request: Request, next: Next| async move {
        let known = headers.get("X-Key").is_some_and(|found| found == key);
        if known {
            next.run(request).await
        } else {
            StatusCode::UNAUTHORIZED.into_response()
        }
    };
    let office = Router::new()
        .route("/forms/parts", post(take))
        .route("/lists/cursor", get(page))
        .route("/news", get(news))
        .layer(middleware::from_fn(let_in));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, office).await });
    Ok(address)
}

/// Takes a form of one picture and two labels.
async fn take(mut form: Multipart) -> Result<StatusCode, Response> {
    let mut seen = Vec::new();
    while let Some(part) = form
        .next_field()
        .await
        .map_err(IntoResponse::into_response)?
    {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let head = [
            text(part.name()),
            text(part.file_name()),
            text(part.content_type()),
        ];
        let body = part.text().await.map_err(IntoResponse::into_response)?;
        seen.push((head.join(" "), body));
    }
    let wanted = [
        ("labels  ", "cat"),
        ("labels  ", "small"),
        ("picture cat.png image/png", "PNG"),
    ];
    let fits = seen
        .iter()
        .map(|(head, body)| (head.as_str(), body.as_str()))
        .eq(wanted);
    if fits {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err((StatusCode::BAD_REQUEST, format!("{seen:?}")).into_response())
    }
}

/// One of two pages.
async fn page(Query(query): Query<Value>) -> Json<Value> {
    Json(match query["cursor"].as_str() {
        None => json!({ "items": [{ "number": 1 }, { "number": 2 }], "next": "two" }),
        Some(_) => json!({ "items": [{ "number": 3 }], "next": null }),
    })
}

/// Two events.
async fn news() -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let event = |number: i64| Ok(Event::default().data(json!({ "number": number }).to_string()));
    let last = Ok(Event::default().data("[DONE]"));
    Sse::new(stream::iter([event(10), event(11), last]))
}
