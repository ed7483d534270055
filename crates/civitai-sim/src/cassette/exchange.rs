//! What a line of a cassette holds: a request and the reply that it got.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the form that is written and read.
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    /// The version of the form.
    pub(super) cassette: u32,
    /// The service that answered.
    pub(super) upstream: String,
    pub(super) recorded_at: DateTime<Utc>,
    /// Whether prompts were replaced.
    #[serde(default)]
    pub(super) hides_prompts: bool,
}

/// A request and its reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: Asked,
    pub(super) reply: Answered,
}

/// Which of the two addresses was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Server {
    /// The service itself.
    Api,
    /// The hosts that its links lead to; the path begins with scheme and host, as in `/https/host/path`.
    Storage,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    pub(super) server: Server,
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) range: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Answered {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
}

/// A body in the form that is read most easily.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body {
    /// JSON, kept by what it means: spaces and the order of members are not.
    Json(Value),
    Text(String),
    Base64(String),
}

impl Body {
    /// A body by its media type; nothing where there are no bytes.
    pub(super) fn of(media_type: Option<&str>, bytes: &Bytes) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
        if media_type.contains("json")
            && let Ok(value) = serde_json::from_slice(bytes)
        {
            return Some(Self::Json(value));
        }
        let is_text = ["text/", "xml", "json", "x-www-form-urlencoded"];
        if is_text.iter().any(|part| media_type.contains(part))
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Some(Self::Text(text.to_owned()));
        }
        Some(Self::Base64(STANDARD.encode(bytes)))
    }

    /// The bytes that it stands for; nothing where the base64 is none.
    pub(super) fn bytes(&self) -> Option<Bytes> {
        match self {
            Self::Json(value) => serde_json::to_vec(value).ok().map(Bytes::from),
            Self::Text(text) => Some(Bytes::copy_from_slice(text.as_bytes())),
            Self::Base64(text) => STANDARD.decode(text).ok().map(Bytes::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_in_the_form_that_suits_it() {
        for (media_type, bytes, form) in [
            (
                "application/json; charset=utf-8",
                &b"{\"a\":[1]}"[..],
                "json",
            ),
            ("application/problem+json", b"null", "json"),
            ("application/json", b"{", "text"),
            ("text/html", b"<p>", "text"),
            ("text/html", b"\xff", "base64"),
            ("image/png", b"\x89PNG", "base64"),
        ] {
            let bytes = Bytes::from_static(bytes);
            let body = Body::of(Some(media_type), &bytes);
            let answered = Answered {
                status: 200,
                headers: BTreeMap::new(),
                body,
            };
            let written = serde_json::to_value(&answered).unwrap();
            assert!(
                written["body"].get(form).is_some(),
                "{media_type}: {written}"
            );
            let read: Answered = serde_json::from_value(written).unwrap();
            assert_eq!(read, answered);
            assert_eq!(read.body.unwrap().bytes().unwrap(), bytes);
        }
        assert_eq!(Body::of(Some("image/png"), &Bytes::new()), None);
    }
}
