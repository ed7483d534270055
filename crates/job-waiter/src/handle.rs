//! What names a piece of work, so that any process can go on watching it.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::form_urlencoded;

use crate::Work;

/// What names a piece of work: one id, or an id with addresses and parameters.
///
/// As text and in serde it is that id, or `id=…&at=…` where it has several parts. An address that the
/// service gave may be signed, so the text is to be kept, not shown.
pub struct Handle<W> {
    parts: Arc<[String]>,
    kind: PhantomData<fn() -> W>,
}

impl<W: Work> Handle<W> {
    pub(crate) fn new(parts: Vec<String>) -> Self {
        Self {
            parts: parts.into(),
            kind: PhantomData,
        }
    }

    /// Makes one of its parts, in the order of the waiter.
    ///
    /// # Errors
    ///
    /// A part is missing or empty.
    pub fn of(parts: Vec<String>) -> Result<Self, ParseHandleError> {
        let mut names = W::WAITER.parts.iter().enumerate();
        let missing = names.find(|(index, _)| parts.get(*index).is_none_or(String::is_empty));
        match missing {
            None => Ok(Self::new(parts)),
            Some((_, missing)) => Err(ParseHandleError {
                name: W::WAITER.name,
                missing,
            }),
        }
    }

    /// Returns the part that names the work.
    #[must_use]
    pub fn id(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
    }

    /// Returns a part by its name in the waiter.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&str> {
        let mut names = W::WAITER.parts.iter();
        let index = names.position(|part| *part == name)?;
        self.parts.get(index).map(String::as_str)
    }
}

/// Why a text is no handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseHandleError {
    name: &'static str,
    missing: &'static str,
}

impl fmt::Display for ParseHandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "this is no handle of {}: it has no `{}`",
            self.name, self.missing
        )
    }
}

impl std::error::Error for ParseHandleError {}

impl<W: Work> FromStr for Handle<W> {
    type Err = ParseHandleError;

    fn from_str(text: &str) -> Result<Self, ParseHandleError> {
        let names = W::WAITER.parts;
        let missing = |missing| ParseHandleError {
            name: W::WAITER.name,
            missing,
        };
        if let [name] = names {
            let text = text.trim();
            return match text {
                "" => Err(missing(name)),
                text => Ok(Self::new(vec![text.to_owned()])),
            };
        }
        let pairs: Vec<_> = form_urlencoded::parse(text.trim().as_bytes()).collect();
        let part = |name: &&'static str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            let found = found.map(|(_, value)| value.to_string());
            found
                .filter(|value| !value.is_empty())
                .ok_or_else(|| missing(name))
        };
        names
            .iter()
            .map(part)
            .collect::<Result<_, _>>()
            .map(Self::new)
    }
}

impl<W: Work> fmt::Display for Handle<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [id] = &*self.parts {
            return f.write_str(id);
        }
        let pairs = W::WAITER.parts.iter().zip(self.parts.iter());
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        f.write_str(&text.finish())
    }
}

impl<W: Work> fmt::Debug for Handle<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", shown(self.id()))
    }
}

/// A part as it may be shown: an address without what may be its signature.
pub(crate) fn shown(part: &str) -> &str {
    part.split(['?', '#']).next().unwrap_or(part)
}

impl<W> Clone for Handle<W> {
    fn clone(&self) -> Self {
        Self {
            parts: Arc::clone(&self.parts),
            kind: PhantomData,
        }
    }
}

impl<W> PartialEq for Handle<W> {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl<W> Eq for Handle<W> {}

impl<W> std::hash::Hash for Handle<W> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.parts.hash(state);
    }
}

impl<W: Work> Serialize for Handle<W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, W: Work> Deserialize<'de> for Handle<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
