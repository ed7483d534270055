//! Values in paths and queries.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Error;

/// What may stand in a path segment as it is (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes one segment of a path, so that a value cannot leave its place.
///
/// Every parser of addresses takes `.` and `..` for a way through the path, percent-encoded as well, and
/// an empty segment makes the address that of something else: those cannot be sent.
pub(crate) fn encode_path(name: &'static str, segment: impl Display) -> Result<String, Error> {
    match segment.to_string().as_str() {
        "" | "." | ".." => Err(Error::unusable_segment(name)),
        segment => Ok(utf8_percent_encode(segment, SEGMENT).to_string()),
    }
}

/// A query parameter: absent, once, or once for each element of a list.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T: Serialize> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = serde_json::to_value(self.value).map_err(serde::ser::Error::custom)?;
        let values = match value {
            Value::Null => Vec::new(),
            Value::Array(values) => values,
            value => vec![value],
        };
        let mut pairs = serializer.serialize_seq(Some(values.len()))?;
        for value in values {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            pairs.serialize_element(&(self.name, text))?;
        }
        pairs.end()
    }
}
