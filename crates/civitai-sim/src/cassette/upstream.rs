//! The service that is recorded, and the hosts that its links lead to.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use bytes::{Bytes, BytesMut};
use file_save::Connections;
use reqwest::redirect::Policy;
use url::Url;

use super::error::CassetteError;

/// Bytes of one body, at most.
pub(super) const BODY_AT_MOST: usize = 64 << 20;
const CONNECT: Duration = Duration::from_secs(30);
/// The service holds a request for a hundred seconds.
const SILENCE: Duration = Duration::from_secs(150);
const WHOLE: Duration = Duration::from_secs(900);
/// Headers that are about one connection, or that whoever sends a message writes anew.
const OF_THE_CONNECTION: &[&str] = &[
    "accept-encoding",
    "alt-svc",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// What other hosts than the service get to see.
const FOR_STORAGE: &[HeaderName] = &[
    header::ACCEPT,
    header::CONTENT_TYPE,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::RANGE,
    header::USER_AGENT,
];

/// Asks the service and other hosts in the name of the client.
#[derive(Debug)]
pub(super) struct Upstream {
    /// The address of the service, without a slash at its end.
    pub(super) address: String,
    client: reqwest::Client,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why there is no answer to pass on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Missing {
    #[error("The service did not answer: {0}.")]
    Failed(String),
    #[error("The answer has more than {BODY_AT_MOST} bytes, and a cassette takes no body beyond.")]
    Large,
}

impl Upstream {
    pub(super) fn new(address: &str) -> Result<Self, CassetteError> {
        let read = Url::parse(address).ok().filter(|url| {
            let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
            let is_plain = url.query().is_none() && url.fragment().is_none();
            is_web && is_plain && url.username().is_empty() && url.password().is_none()
        });
        if read.is_none() {
            return Err(CassetteError::Upstream {
                upstream: address.to_owned(),
            });
        }
        let connections =
            Connections::new(false).map_err(|error| CassetteError::Client(error.into()))?;
        let client = connections
            .builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .build()
            .map_err(|error| CassetteError::Client(error.into()))?;
        Ok(Self {
            address: address.trim_end_matches('/').to_owned(),
            client,
        })
    }

    pub(super) async fn ask(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Came, Missing> {
        let request = self.client.request(method, url).headers(headers).body(body);
        let mut reply = request.send().await.map_err(told)?;
        let (status, headers) = (reply.status(), reply.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = reply.chunk().await.map_err(told)? {
            if body.len() + chunk.len() > BODY_AT_MOST {
                return Err(Missing::Large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Came {
            status,
            headers,
            body: body.freeze(),
        })
    }
}

/// What the client for HTTP says, without the address, which may be signed.
fn told(error: reqwest::Error) -> Missing {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    Missing::Failed(text)
}

/// The headers that the service gets.
pub(super) fn for_service(headers: &HeaderMap) -> HeaderMap {
    passed_on(headers, |name| !OF_THE_CONNECTION.contains(&name.as_str()))
}

/// The headers that another host gets: no credential is among them.
pub(super) fn for_storage(headers: &HeaderMap) -> HeaderMap {
    passed_on(headers, |name| FOR_STORAGE.contains(name))
}

/// The headers of an answer that its client gets.
pub(super) fn for_client(headers: &HeaderMap, method: &Method) -> HeaderMap {
    passed_on(headers, |name| {
        // An answer without a body tells its size by the header alone.
        (method == Method::HEAD && name == header::CONTENT_LENGTH)
            || !OF_THE_CONNECTION.contains(&name.as_str())
    })
}

/// The headers of an answer that a cassette keeps.
pub(super) fn for_tape(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        if name == header::SET_COOKIE {
            continue;
        }
        kept.entry(name.to_string())
            .and_modify(|all| *all = format!("{all}, {value}"))
            .or_insert_with(|| value.to_owned());
    }
    kept
}

fn passed_on(headers: &HeaderMap, is_for: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let all = headers.iter();
    let passed = all.filter(|(name, _)| is_for(name));
    passed
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
