//! A request as a cassette has it.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use bytes::Bytes;

use super::exchange::{Asked, Body, Server};
use super::places::Places;

/// What stands between the parts of a form; each client makes up its own.
const BOUNDARY: &str = "boundary";

impl Asked {
    /// A request with its links written as the file has them; nothing is hidden yet.
    pub(super) fn of(server: Server, parts: &Parts, bytes: &Bytes, places: &Places) -> Self {
        let mut content_type = text(&parts.headers, &header::CONTENT_TYPE);
        let mut bytes = bytes.clone();
        if let Some(boundary) = content_type
            .as_deref()
            .and_then(boundary)
            .map(ToOwned::to_owned)
        {
            bytes = replaced(&bytes, boundary.as_bytes());
            content_type = content_type.map(|text| text.replace(&boundary, BOUNDARY));
        }
        let mut body = Body::of(content_type.as_deref(), &bytes);
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

/// What a form's media type says of the text between its parts.
fn boundary(content_type: &str) -> Option<&str> {
    let (_, rest) = content_type.split_once("boundary=")?;
    let boundary = rest
        .split(';')
        .next()
        .unwrap_or(rest)
        .trim()
        .trim_matches('"');
    let is_form = content_type.to_ascii_lowercase().starts_with("multipart/");
    (is_form && !boundary.is_empty()).then_some(boundary)
}

/// The same bytes with another text between the parts.
fn replaced(bytes: &Bytes, boundary: &[u8]) -> Bytes {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = &bytes[..];
    while let Some(first) = rest.first() {
        if let Some(behind) = rest.strip_prefix(boundary) {
            plain.extend_from_slice(BOUNDARY.as_bytes());
            rest = behind;
        } else {
            plain.push(*first);
            rest = &rest[1..];
        }
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_form_is_the_same_whatever_its_boundary() {
        let places = Places {
            api: "http://127.0.0.1:1".to_owned(),
            storage: "http://127.0.0.1:2".to_owned(),
        };
        let asked = |boundary: &str| {
            let request = Request::post("/files");
            let media_type = format!("multipart/form-data; boundary={boundary}");
            let request = request.header("content-type", media_type).body(()).unwrap();
            let bare = boundary.trim_matches('"');
            let form = format!("--{bare}\r\n\r\nfog\r\n--{bare}--\r\n");
            Asked::of(Server::Api, &request.into_parts().0, &form.into(), &places)
        };
        assert_eq!(asked("xYz-1").body, asked("\"another\"").body);
        assert_ne!(asked("a").body, None);
    }
}
