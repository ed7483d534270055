//! JSON Pointers (RFC 6901): places in a document.

use std::fmt;

use serde_json::Value;

/// A place in a JSON document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pointer(String);

impl Pointer {
    pub(crate) fn root() -> Self {
        Self::default()
    }

    pub(crate) fn child(&self, key: &str) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    pub(crate) fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Returns the place that this one is in; the root has none.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Returns the keys of a pointer; `None` where it is none.
pub(crate) fn keys(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    let key = |part: &str| part.replace("~1", "/").replace("~0", "~");
    Some(rest.split('/').map(key).collect())
}

/// Returns what a pointer leads to. `-` and indexes with a leading zero lead nowhere.
pub(crate) fn look_up<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    value.pointer(pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_hold_slashes_and_tildes() {
        let place = Pointer::root().child("a/b").child("c~d").item(3);
        assert_eq!(place.as_str(), "/a~1b/c~0d/3");
        assert_eq!(
            keys(place.as_str()),
            Some(vec!["a/b".into(), "c~d".into(), "3".into()])
        );
        assert_eq!(place.parent().unwrap().as_str(), "/a~1b/c~0d");
        assert_eq!(keys("a"), None);
        assert_eq!(keys("/"), Some(vec![String::new()]));
        assert_eq!(Pointer::root().parent(), None);
    }
}
