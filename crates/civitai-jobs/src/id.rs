//! Ids that the service gives: opaque words, checked so that none leads to another path.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Ids so far have up to 64 characters.
const LONGEST: usize = 256;

macro_rules! id {
    ($(#[$about:meta])* $name:ident, $wrong:literal) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Creates an id from text.
            ///
            /// # Errors
            ///
            /// The text is empty, `.` or `..`, longer than 256 characters, or holds something else
            /// than ASCII letters, digits and signs.
            pub fn new(text: &str) -> Result<Self, ParseIdError> {
                let is_id = is_word(text, LONGEST) && !matches!(text, "." | "..");
                is_id.then(|| Self(text.into())).ok_or(ParseIdError::new($wrong))
            }

            /// Returns the id as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// A copy, so that handles are made of ids by reference.
        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = ParseIdError;

            fn try_from(text: &str) -> Result<Self, ParseIdError> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(&text).map_err(de::Error::custom)
            }
        }
    };
}

id!(
    /// The id of a job (v1), such as a UUID. Opaque.
    ///
    /// ```
    /// use civitai_jobs::JobId;
    ///
    /// let id: JobId = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse()?;
    /// assert!("..".parse::<JobId>().is_err());
    /// # assert_eq!(id, "67e55044-10b1-426f-9247-bb680e5fe0c8");
    /// # Ok::<(), civitai_jobs::ParseIdError>(())
    /// ```
    JobId,
    "the id of a job is one word of letters, digits and signs, as the service gives it"
);

id!(
    /// The id of a workflow (v2). Opaque.
    ///
    /// ```
    /// use civitai_jobs::WorkflowId;
    ///
    /// let id: WorkflowId = "6-20260901120000000".parse()?;
    /// # assert_eq!(id, "6-20260901120000000");
    /// # Ok::<(), civitai_jobs::ParseIdError>(())
    /// ```
    WorkflowId,
    "the id of a workflow is one word of letters, digits and signs, as the service gives it"
);

/// Whether a text is one word of visible ASCII.
pub(crate) fn is_word(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A text is no [`JobId`], [`WorkflowId`], [`Token`](crate::Token) or [`ClientKey`](crate::ClientKey).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseIdError(&'static str);

impl ParseIdError {
    pub(crate) fn new(wrong: &'static str) -> Self {
        Self(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_word_and_leads_to_no_other_path() {
        for wrong in ["", ".", "..", "a b", "a\n", "t\u{f6}"] {
            assert!(JobId::new(wrong).is_err(), "{wrong:?}");
            assert!(serde_json::from_value::<WorkflowId>(wrong.into()).is_err());
        }
        let id = WorkflowId::new("6-1").unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<WorkflowId>(&json).unwrap(), id);
    }
}
