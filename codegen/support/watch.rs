//! What watching stands on: the transport of the client sends what a waiter asks for.

use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value as Json;

pub(crate) use job_waiter::spec::*;
pub(crate) use job_waiter::{
    Answer, BoxError, Bytes, Call, Handle, Job, LookError, Phase, RemoteFile, Snapshot, Started,
    Transport, Watch, Work,
};
pub(crate) use std::time::Duration;

use super::{Error, Http, ResponseValue, body, envelope};

/// What a poll accepts: JSON rather than anything else.
const ACCEPTED: HeaderValue = HeaderValue::from_static("application/json, */*;q=0.5");

impl Transport for Http {
    type Error = Error;

    fn base_url(&self) -> &str {
        Http::base_url(self)
    }

    async fn send(&self, call: Call) -> Result<Answer, Error> {
        let method = match call.method {
            "DELETE" => reqwest::Method::DELETE,
            "PATCH" => reqwest::Method::PATCH,
            "POST" => reqwest::Method::POST,
            "PUT" => reqwest::Method::PUT,
            _ => reqwest::Method::GET,
        };
        let operation = self.operation(call.operation.map_or("", |(id, ..)| id));
        // An operation may be at a server of its own.
        let rest = call.url.strip_prefix(Http::base_url(self));
        let url = match rest.filter(|_| call.operation.is_some()) {
            Some(rest) => format!("{}{rest}", self.server(&operation)),
            None => call.url,
        };
        let mut request = self.client().request(method, url).build()?;
        request.headers_mut().insert(ACCEPT, ACCEPTED);
        for (name, value) in call.headers {
            let value = HeaderValue::try_from(value)?;
            let name = HeaderName::try_from(name);
            let name = name.map_err(|_| Error::unusable_address("a header has no proper name"))?;
            request.headers_mut().insert(name, value);
        }
        let mut response = match call.credential {
            true => self.send_trusted(request, &operation).await?,
            false => self.send_bare(request, &operation).await?,
        };
        let whole = body::read(&mut response).await?;
        let (body, refused) = match response.status().is_success() {
            true => match envelope::opened(&response, whole.clone()) {
                Ok(body) => (body, None),
                Err(error) => (whole, Some(error.to_string())),
            },
            false => (whole, None),
        };
        Ok(Answer {
            status: response.status(),
            refused,
            headers: response.headers().clone(),
            body,
        })
    }

    fn is_lasting(&self, error: &Error) -> bool {
        error.is_invalid()
    }
}

/// Takes up the work that a request has started.
pub(crate) fn started<T: Serialize, W: Work<Transport = Http>>(reply: &ResponseValue<T>) -> Job<W> {
    let (http, sent) = reply.sent();
    let answer = Answer {
        status: reply.status(),
        headers: reply.headers().clone(),
        refused: None,
        body: serde_json::to_vec(&**reply).unwrap_or_default().into(),
    };
    let started = Started {
        operation: sent.operation,
        url: &sent.url,
        request: sent.body.as_deref(),
        answer: &answer,
    };
    Job::started(http, &started)
}

/// Reads the handles of work that is listed.
pub(crate) fn listed<T: Serialize, W: Work>(
    reply: &ResponseValue<T>,
    items: &str,
    paths: &[&str],
) -> Vec<Handle<W>> {
    let body = serde_json::to_value(&**reply).unwrap_or_default();
    let at = |value: &Json, path: &str| {
        let pointer = if path.is_empty() {
            String::new()
        } else {
            format!("/{path}")
        };
        value.pointer(&pointer).cloned().unwrap_or_default()
    };
    let list = at(&body, items);
    let entries = list.as_array().into_iter().flatten();
    let parts = entries.map(|entry| {
        paths.iter().map(|path| match at(entry, path) {
            Json::String(text) => text,
            Json::Null => String::new(),
            other => other.to_string(),
        })
    });
    parts
        .filter_map(|parts| Handle::of(parts.collect()).ok())
        .collect()
}
