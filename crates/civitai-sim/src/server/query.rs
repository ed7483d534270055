//! Parameters of a request, read one by one.

use axum::extract::Query;
use chrono::{DateTime, Utc};

use crate::core::problem::Problem;

/// The largest number of 32 bits with a sign.
const LARGEST: u32 = i32::MAX.unsigned_abs();

/// A query as pairs, since some names occur more than once.
pub(crate) type Pairs = Query<Vec<(String, String)>>;

/// The last value of a name.
pub(crate) fn value<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let named = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
    query
        .iter()
        .rev()
        .find(named)
        .map(|(_, value)| value.as_str())
}

/// A switch, `default` where it is not given.
pub(crate) fn flag(query: &[(String, String)], name: &str, default: bool) -> Result<bool, Problem> {
    match value(query, name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("") => Ok(default),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Problem::field(name, "Must be true or false.")),
    }
}

/// A text that is not empty.
pub(crate) fn text(query: &[(String, String)], name: &str) -> Option<String> {
    let text = value(query, name).filter(|text| !text.is_empty());
    text.map(ToOwned::to_owned)
}

/// All values of a parameter that may be given more than once.
pub(crate) fn texts(query: &[(String, String)], name: &str) -> Vec<String> {
    let given = query.iter().filter(|(other, _)| other == name);
    given.map(|(_, text)| text.clone()).collect()
}

/// A whole number of 32 bits with a sign, not below 0.
pub(crate) fn number(query: &[(String, String)], name: &str) -> Result<Option<usize>, Problem> {
    let Some(text) = text(query, name) else {
        return Ok(None);
    };
    let number = text
        .parse::<u32>()
        .ok()
        .filter(|number| *number <= LARGEST)
        .and_then(|number| usize::try_from(number).ok());
    let range = || format!("Must be a whole number from 0 to {LARGEST}.");
    let number = number.ok_or_else(|| Problem::field(name, range()))?;
    Ok(Some(number))
}

/// A size in bytes.
pub(crate) fn bytes(query: &[(String, String)], name: &str) -> Result<Option<u64>, Problem> {
    let size = text(query, name).map(|text| text.parse());
    size.transpose()
        .map_err(|_| Problem::field(name, "Must be a number of bytes."))
}

/// A date and time with an offset.
pub(crate) fn date(text: &str, name: &str) -> Result<DateTime<Utc>, Problem> {
    let date = DateTime::parse_from_rfc3339(text);
    let date = date.map_err(|_| Problem::field(name, "Must be a date and time with an offset."))?;
    Ok(date.to_utc())
}
