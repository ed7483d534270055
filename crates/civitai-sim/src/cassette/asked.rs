//! A request as a cassette has it.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use bytes::Bytes;

use super::exchange::{Asked, Body, Server};
use super::places::Places;

impl Asked {
    /// A request with its links written as the file has them; nothing is hidden yet.
    pub(super) fn of(server: Server, parts: &Parts, bytes: &Bytes, places: &Places) -> Self {
        let content_type = text(&parts.headers, &header::CONTENT_TYPE);
        let mut body = Body::of(content_type.as_deref(), bytes);
        if let Some(Body::Json(value)) = &mut body {
            places.take_from_client(value);
        }
        Self {
            server,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(ToOwned::to_owned),
            range: text(&parts.headers, &header::RANGE),
            content_type,
            body,
        }
    }

    /// The request in a line, for who reads.
    pub(super) fn line(&self) -> String {
        let storage = match self.server {
            Server::Api => "",
            Server::Storage => "{storage}",
        };
        let query = self.query.as_deref();
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        format!("{} {storage}{}{query}", self.method, self.path)
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    value.to_str().ok().map(ToOwned::to_owned)
}
