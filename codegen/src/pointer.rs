//! JSON pointers (RFC 6901): every message of this crate says where in a document it stands.

use std::fmt;

/// A JSON pointer, built while walking down a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the pointer to a component schema.
    pub fn schema(name: &str) -> Self {
        Self::root()
            .child("components")
            .child("schemas")
            .child(name)
    }

    /// Returns the pointer to a member of the value this one points to.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        // One letter at a time is what the library is quick at.
        if key.contains('~') || key.contains('/') {
            text.push_str(&escape(key));
        } else {
            text.push_str(key);
        }
        Self(text)
    }

    /// Returns the pointer to an element of the array this one points to.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Returns the pointer as text, for [`serde_json::Value::pointer`].
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the unescaped segments.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(unescape)
    }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Escapes one segment.
pub(crate) fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// Undoes [`escape`].
pub(crate) fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_survive_escaping() {
        let pointer = Pointer::root().child("paths").child("/v1/~jobs").index(3);
        assert_eq!(pointer.as_str(), "/paths/~1v1~1~0jobs/3");
        assert_eq!(
            pointer.segments().collect::<Vec<_>>(),
            ["paths", "/v1/~jobs", "3"]
        );
    }
}
