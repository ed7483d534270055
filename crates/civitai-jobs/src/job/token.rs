//! What a job is found by again: text that can be stored and passed on.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The label that carries a [`ClientKey`].
const LABEL: &str = "clientKey";
/// The label that tells which job of a batch one is, such as `3/5`.
const PLACE_LABEL: &str = "clientJob";
/// What a token that holds the id of one job begins with.
const ID: &str = "jobId";
/// Tokens grow with their batch; one of a thousand jobs takes some 52 KiB.
const LONGEST: usize = 1 << 20;
/// Ids so far have 36 or 64 characters.
const LONGEST_ID: usize = 256;

/// What a job is found by again: the service's token of its batch, the [`ClientKey`] that it was
/// submitted under, or its own id.
///
/// It is text that can be stored, and [`Client::attach`](crate::Client::attach) turns it into a
/// [`Job`](crate::Job) again. A token of the service is opaque and passed back unchanged; a key is
/// written `clientKey:` and the UUID, an id `jobId:` and the id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Batch(Arc<str>),
    Key(ClientKey),
    Id(Arc<str>),
}

/// The way to what a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way<'a> {
    /// The service's token of a batch.
    Batch(&'a str),
    /// The label of a submission.
    Key(ClientKey),
    /// The id of one job.
    Id(&'a str),
}

impl Token {
    /// Names one job by its id, an opaque text such as a UUID.
    ///
    /// # Errors
    ///
    /// The id is empty, longer than 256 characters, or holds something else than ASCII letters,
    /// digits and signs.
    pub fn of_job(id: &str) -> Result<Self, ParseTokenError> {
        // These two lead to another path of the service.
        if is_one_word(id, LONGEST_ID) && !matches!(id, "." | "..") {
            Ok(Self(Kind::Id(id.into())))
        } else {
            Err(ParseTokenError(
                "the id of a job is one word of letters, digits and signs, as the service told it",
            ))
        }
    }

    pub(crate) fn way(&self) -> Way<'_> {
        match &self.0 {
            Kind::Batch(token) => Way::Batch(token),
            Kind::Key(key) => Way::Key(*key),
            Kind::Id(id) => Way::Id(id),
        }
    }
}

fn is_one_word(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl From<ClientKey> for Token {
    fn from(key: ClientKey) -> Self {
        Self(Kind::Key(key))
    }
}

impl FromStr for Token {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, ParseTokenError> {
        // No token of the service holds a colon.
        match text.split_once(':') {
            Some((LABEL, key)) => return key.parse().map(|key| Self(Kind::Key(key))),
            Some((ID, id)) => return Self::of_job(id),
            _ => {}
        }
        if is_one_word(text, LONGEST) {
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
            Kind::Id(id) => write!(f, "{ID}:{id}"),
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

/// Names one submission, so that its jobs can be found when the answer was lost.
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

    /// The labels by which all jobs of a submission under this key are found.
    pub(crate) fn properties(self) -> Map<String, Value> {
        Map::from_iter([(LABEL.to_owned(), self.to_string().into())])
    }

    /// The labels of one of the jobs. One that is alone needs no place.
    pub(crate) fn labels(self, place: Place) -> Map<String, Value> {
        let mut labels = self.properties();
        if place.of > 1 {
            labels.insert(PLACE_LABEL.to_owned(), place.to_string().into());
        }
        labels
    }
}

/// Whether a label is one of those that this crate gives to jobs.
pub(crate) fn is_own_label(label: &str) -> bool {
    label == LABEL || label == PLACE_LABEL
}

/// What is wrong with a label of the caller's that has such a name.
pub(crate) const OWN_LABEL: &str =
    "is taken: submissions are found again by it; choose another name";

/// Which job of its batch one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Counted from 0.
    pub(crate) index: usize,
    pub(crate) of: usize,
}

impl Place {
    /// The place that a job's labels tell; without the label it was alone.
    pub(crate) fn read(labels: &std::collections::BTreeMap<String, Value>) -> Option<Self> {
        let Some(label) = labels.get(PLACE_LABEL) else {
            return Some(Self { index: 0, of: 1 });
        };
        let (number, of) = label.as_str()?.split_once('/')?;
        let (number, of): (usize, usize) = (number.parse().ok()?, of.parse().ok()?);
        let index = number.checked_sub(1)?;
        (index < of).then_some(Self { index, of })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.of)
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
            "jobId:67e55044-10b1-426f-9247-bb680e5fe0c8",
        ] {
            let token: Token = text.parse().unwrap();
            assert_eq!(token.to_string(), text);
            let json = serde_json::to_string(&token).unwrap();
            assert_eq!(serde_json::from_str::<Token>(&json).unwrap(), token);
        }
    }

    #[test]
    fn the_labels_of_a_batch_tell_each_place() {
        let key = ClientKey::new();
        for of in [1, 2, 500] {
            for index in 0..of {
                let place = Place { index, of };
                assert_eq!(
                    Place::read(&key.labels(place).into_iter().collect()),
                    Some(place)
                );
            }
        }
        for odd in ["0/2", "3/2", "1", "a/b", "1/"] {
            let labels = std::collections::BTreeMap::from([(PLACE_LABEL.to_owned(), odd.into())]);
            assert_eq!(Place::read(&labels), None, "{odd}");
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
