//! What a job is found by again: text that can be stored and passed on.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The label that carries a [`ClientKey`].
const LABEL: &str = "clientKey";
/// Tokens grow with their batch; one of a thousand jobs takes some 52 KiB.
const LONGEST: usize = 1 << 20;

/// What a job is found by again: the service's token of its batch, or the [`ClientKey`] that it was
/// submitted under.
///
/// It is text that can be stored, and [`Client::attach`](crate::Client::attach) turns it into a
/// [`Job`](crate::Job) again. A token of the service is opaque and passed back unchanged; a key is
/// written `clientKey:` and the UUID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Batch(Arc<str>),
    Key(ClientKey),
}

impl Token {
    /// The service's token, or else the key.
    pub(super) fn batch(&self) -> Result<&str, ClientKey> {
        match &self.0 {
            Kind::Batch(token) => Ok(token),
            Kind::Key(key) => Err(*key),
        }
    }
}

impl From<ClientKey> for Token {
    fn from(key: ClientKey) -> Self {
        Self(Kind::Key(key))
    }
}

impl FromStr for Token {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, ParseTokenError> {
        if let Some(key) = text
            .strip_prefix(LABEL)
            .and_then(|rest| rest.strip_prefix(':'))
        {
            return key.parse().map(|key| Self(Kind::Key(key)));
        }
        let fits = (1..=LONGEST).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(Kind::Batch(text.into())))
        } else {
            Err(ParseTokenError(
                "a token is one word of letters, digits and signs, as the submission returned it",
            ))
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Batch(token) => f.write_str(token),
            Kind::Key(key) => write!(f, "{LABEL}:{key}"),
        }
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A text is no [`Token`] or no [`ClientKey`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseTokenError(&'static str);

/// Names one submission, so that its job can be found when the answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientKey(Uuid);

impl ClientKey {
    /// A key that nobody else has.
    #[must_use]
    #[allow(
        clippy::new_without_default,
        reason = "a default is the same each time, and a key never is"
    )]
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// The labels of a job that was submitted under this key.
    pub(crate) fn properties(self) -> Map<String, Value> {
        Map::from_iter([(LABEL.to_owned(), self.to_string().into())])
    }
}

impl fmt::Display for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ClientKey {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, ParseTokenError> {
        let key = Uuid::try_parse(text).map(Self);
        key.map_err(|_| ParseTokenError("a client key is a UUID"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_every_age_pass_unchanged() {
        for text in [
            "W3siSm9icyI6eyJhIjoiYiJ9fV0=",
            "W3siSm9icyI6WyJhIl19XQ",
            "eyJKb2JzIjpbImEiXX0=",
            "clientKey:67e55044-10b1-426f-9247-bb680e5fe0c8",
        ] {
            let token: Token = text.parse().unwrap();
            assert_eq!(token.to_string(), text);
            let json = serde_json::to_string(&token).unwrap();
            assert_eq!(serde_json::from_str::<Token>(&json).unwrap(), token);
        }
    }

    #[test]
    fn what_cannot_be_a_token_is_refused() {
        for text in [
            "",
            " ",
            "a b",
            "a\n",
            "clientKey:",
            "clientKey:7",
            "t\u{f6}",
        ] {
            assert!(text.parse::<Token>().is_err(), "{text:?}");
        }
    }
}
