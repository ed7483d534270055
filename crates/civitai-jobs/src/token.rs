//! The token of a batch: text that can be stored and passed on, and leads back to the jobs.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::id::is_word;
use crate::{ClientKey, JobId, ParseIdError};

/// Stands before a key in a token.
const KEY: &str = "clientKey";
/// Stands before the id of a job in a token.
const ID: &str = "jobId";
/// Tokens grow with their batch; one of a thousand jobs takes some 52 KiB.
const LONGEST: usize = 1 << 20;

/// Leads back to a batch: the service's token of it, the [`ClientKey`] that it was submitted under,
/// or the id of its only job.
///
/// It is text that can be stored, and [`Jobs::attach`](crate::Jobs::attach) turns it into a
/// [`Batch`](crate::Batch) again. A token of the service is opaque and passed back unchanged; a key
/// is written `clientKey:` and the UUID, an id `jobId:` and the id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Batch(Arc<str>),
    Key(ClientKey),
    Job(JobId),
}

/// The way to what a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way<'a> {
    /// The service's token of a batch.
    Batch(&'a str),
    /// The label of a submission.
    Key(ClientKey),
    /// The id of one job.
    Job(&'a JobId),
}

impl Token {
    pub(crate) fn way(&self) -> Way<'_> {
        match &self.0 {
            Kind::Batch(token) => Way::Batch(token),
            Kind::Key(key) => Way::Key(*key),
            Kind::Job(id) => Way::Job(id),
        }
    }
}

impl Token {
    /// The id of the one job that it names.
    #[cfg(feature = "events")]
    pub(crate) fn job_id(&self) -> Option<&JobId> {
        match &self.0 {
            Kind::Job(id) => Some(id),
            _ => None,
        }
    }
}

/// A copy, so that handles are made of tokens by reference.
impl From<&Token> for Token {
    fn from(token: &Token) -> Self {
        token.clone()
    }
}

impl From<ClientKey> for Token {
    fn from(key: ClientKey) -> Self {
        Self(Kind::Key(key))
    }
}

impl From<JobId> for Token {
    fn from(id: JobId) -> Self {
        Self(Kind::Job(id))
    }
}

impl FromStr for Token {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        // No token of the service holds a colon.
        match text.split_once(':') {
            Some((KEY, key)) => key.parse().map(|key| Self(Kind::Key(key))),
            Some((ID, id)) => JobId::new(id).map(Self::from),
            _ if is_word(text, LONGEST) => Ok(Self(Kind::Batch(text.into()))),
            _ => Err(ParseIdError::new(
                "a token is one word of letters, digits and signs, as the submission returned it",
            )),
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Batch(token) => f.write_str(token),
            Kind::Key(key) => write!(f, "{KEY}:{key}"),
            Kind::Job(id) => write!(f, "{ID}:{id}"),
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
            "jobId:67e55044-10b1-426f-9247-bb680e5fe0c8",
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
            "jobId:",
            "jobId:..",
            "jobId:a b",
            "t\u{f6}",
        ] {
            assert!(text.parse::<Token>().is_err(), "{text:?}");
        }
    }
}
