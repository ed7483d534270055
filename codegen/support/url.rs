//! Values in paths and queries.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Request, Url};
use serde::Serialize;
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

/// Adds a query parameter: not at all where it is absent, once, or once for each element of a list.
pub(crate) fn add_query<T: Serialize>(
    request: &mut Request,
    name: &'static str,
    value: &T,
) -> Result<(), Error> {
    let value = serde_json::to_value(value).map_err(|_| Error::unusable_value(name))?;
    add(request.url_mut(), name, value);
    Ok(())
}

fn add(url: &mut Url, name: &str, value: Value) {
    match value {
        Value::Null => {}
        Value::Array(values) => values.into_iter().for_each(|value| one(url, name, &value)),
        value => one(url, name, &value),
    }
}

fn one(url: &mut Url, name: &str, value: &Value) {
    let mut pairs = url.query_pairs_mut();
    match value.as_str() {
        Some(text) => pairs.append_pair(name, text),
        None => pairs.append_pair(name, &value.to_string()),
    };
}
