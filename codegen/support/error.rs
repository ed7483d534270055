//! The one error of a generated client.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::{DecodeError, Problem};

/// Why a call gave no result. Ask it questions; its kinds may grow.
pub struct Error(Box<Kind>);

enum Kind {
    /// The client could not be made, or the request could not.
    Invalid {
        what: String,
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// No complete reply came.
    Transport(reqwest::Error),
    /// The service refused.
    Refused {
        head: Head,
        body: Bytes,
        problem: Option<Problem>,
    },
    /// A success whose body says something else than the contract.
    Undecodable {
        head: Head,
        body: Bytes,
        source: DecodeError,
    },
    /// A body over the limit.
    TooLarge { head: Head, most: usize },
}

struct Head {
    status: StatusCode,
    headers: HeaderMap,
}

impl Error {
    /// Returns the HTTP status, when a reply came.
    pub fn status(&self) -> Option<StatusCode> {
        match &*self.0 {
            Kind::Transport(error) => error.status(),
            _ => self.head().map(|head| head.status),
        }
    }

    /// Returns the HTTP headers, when a reply came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.head().map(|head| &head.headers)
    }

    /// Returns the body of the reply, when it was read.
    pub fn body(&self) -> Option<&Bytes> {
        match &*self.0 {
            Kind::Refused { body, .. } | Kind::Undecodable { body, .. } => Some(body),
            _ => None,
        }
    }

    /// Returns the problem document of a refusal, when it held one.
    pub fn problem(&self) -> Option<&Problem> {
        match &*self.0 {
            Kind::Refused { problem, .. } => problem.as_ref(),
            _ => None,
        }
    }

    /// Returns where and why a success could not be decoded.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &*self.0 {
            Kind::Undecodable { source, .. } => Some(source),
            _ => None,
        }
    }

    /// Whether no connection could be made, so that nothing reached the service.
    pub fn is_connect(&self) -> bool {
        // A browser does not tell.
        #[cfg(target_family = "wasm")]
        return false;
        #[cfg(not(target_family = "wasm"))]
        matches!(&*self.0, Kind::Transport(error) if error.is_connect())
    }

    /// Whether the time ran out.
    pub fn is_timeout(&self) -> bool {
        matches!(&*self.0, Kind::Transport(error) if error.is_timeout())
    }

    /// Whether the call was wrong before anything was sent.
    pub fn is_invalid(&self) -> bool {
        match &*self.0 {
            Kind::Invalid { .. } => true,
            Kind::Transport(error) => error.is_builder(),
            _ => false,
        }
    }

    /// A reply that is no declared success.
    pub(super) fn refusal((status, headers): (StatusCode, HeaderMap), body: Bytes) -> Self {
        let problem = Problem::read(&body);
        Self(Box::new(Kind::Refused {
            head: Head { status, headers },
            body,
            problem,
        }))
    }

    /// A refusal that comes as a success.
    pub(super) fn refused(
        (status, headers): (StatusCode, HeaderMap),
        body: Bytes,
        why: Option<String>,
    ) -> Self {
        let problem = Problem {
            detail: why,
            ..Problem::default()
        };
        Self(Box::new(Kind::Refused {
            head: Head { status, headers },
            body,
            problem: Some(problem),
        }))
    }

    pub(super) fn undecodable(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        source: DecodeError,
    ) -> Self {
        Self(Box::new(Kind::Undecodable {
            head: Head { status, headers },
            body,
            source,
        }))
    }

    pub(super) fn too_large(status: StatusCode, headers: HeaderMap, most: usize) -> Self {
        Self(Box::new(Kind::TooLarge {
            head: Head { status, headers },
            most,
        }))
    }

    pub(super) fn invalid_token() -> Self {
        let what =
            "the token is empty or holds characters that no HTTP header can carry".to_owned();
        Self(Box::new(Kind::Invalid { what, source: None }))
    }

    /// The address itself is left out, and `source` must not hold it: there may be a password in it.
    pub(super) fn invalid_base_url(source: impl StdError + Send + Sync + 'static) -> Self {
        Self(Box::new(Kind::Invalid {
            what: "the base URL is no address".to_owned(),
            source: Some(Box::new(source)),
        }))
    }

    /// The address itself is left out: it may hold a password.
    pub(super) fn unusable_base_url(why: &str) -> Self {
        Self(Box::new(Kind::Invalid {
            what: format!("the base URL cannot be used: {why}"),
            source: None,
        }))
    }

    /// An address of the caller's, which is left out: it may hold a signature.
    pub(crate) fn unusable_address(what: &str) -> Self {
        Self(Box::new(Kind::Invalid {
            what: what.to_owned(),
            source: None,
        }))
    }

    /// A value that stands in the path of an address and cannot.
    pub(super) fn unusable_segment(name: &str) -> Self {
        let what = format!("`{name}` must not be empty, `.` or `..`: it is part of the address");
        Self(Box::new(Kind::Invalid { what, source: None }))
    }

    /// What a hook of the user's said instead of letting a request go.
    pub(super) fn hook(source: Box<dyn StdError + Send + Sync>) -> Self {
        Self(Box::new(Kind::Invalid {
            what: "a hook did not let the request go".to_owned(),
            source: Some(source),
        }))
    }

    /// A reply of a token endpoint that holds no token.
    pub(super) fn no_token() -> Self {
        Self(Box::new(Kind::Invalid {
            what: "the token endpoint gave no token".to_owned(),
            source: None,
        }))
    }

    /// Whether the connection broke before an answer came.
    pub(super) fn is_broken(&self) -> bool {
        matches!(&*self.0, Kind::Transport(error) if !error.is_builder() && !error.is_timeout())
    }

    /// A value that cannot be written where it is to stand.
    pub(super) fn unusable_value(name: &str) -> Self {
        let what = format!("`{name}` holds a value that has no text form");
        Self(Box::new(Kind::Invalid { what, source: None }))
    }

    fn head(&self) -> Option<&Head> {
        match &*self.0 {
            Kind::Refused { head, .. }
            | Kind::Undecodable { head, .. }
            | Kind::TooLarge { head, .. } => Some(head),
            Kind::Invalid { .. } | Kind::Transport(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Invalid { what, .. } => f.write_str(what),
            Kind::Transport(error) if error.is_builder() => {
                f.write_str("the request cannot be made")
            }
            Kind::Transport(_) if self.is_connect() => f.write_str("the service cannot be reached"),
            Kind::Transport(error) if error.is_timeout() => {
                f.write_str("the service did not answer in time")
            }
            Kind::Transport(_) => f.write_str("the connection to the service failed"),
            Kind::Refused {
                head,
                problem: Some(problem),
                ..
            } => {
                write!(f, "the service answered {}: {problem}", head.status)
            }
            Kind::Refused {
                head,
                body,
                problem: None,
            } if looks_like_html(body) => {
                write!(
                    f,
                    "the service answered {} with a web page in place of JSON",
                    head.status
                )
            }
            Kind::Refused {
                head,
                problem: None,
                ..
            } => write!(f, "the service answered {}", head.status),
            Kind::Undecodable { body, .. } if looks_like_html(body) => {
                f.write_str("a web page came in place of JSON; is this the address of the API?")
            }
            Kind::Undecodable { head, body, .. } if body.is_empty() => {
                write!(f, "the service answered {} without a body", head.status)
            }
            Kind::Undecodable { .. } => f.write_str("the reply is not what the contract says"),
            Kind::TooLarge { most, .. } => write!(f, "the reply is larger than {most} bytes"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("what", &self.to_string())
            .field("status", &self.status());
        if let Some(source) = self.source() {
            out.field("source", &source);
        }
        out.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Invalid { source, .. } => source.as_deref().map(|source| source as _),
            Kind::Transport(error) => Some(error),
            Kind::Undecodable { source, .. } => Some(source),
            Kind::Refused { .. } | Kind::TooLarge { .. } => None,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The address is the caller's own and may hold what nobody else should read.
        Self(Box::new(Kind::Transport(error.without_url())))
    }
}

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        let what = "a header parameter holds characters that no HTTP header can carry".to_owned();
        Self(Box::new(Kind::Invalid {
            what,
            source: Some(Box::new(error)),
        }))
    }
}

/// Whether a body is a page for people, as front proxies send it.
fn looks_like_html(body: &[u8]) -> bool {
    let start: Vec<u8> = body
        .trim_ascii_start()
        .iter()
        .take(9)
        .map(u8::to_ascii_lowercase)
        .collect();
    start.starts_with(b"<!doctype") || start.starts_with(b"<html")
}
