//! Parameters of a request, read one by one.

use chrono::{DateTime, Utc};

use crate::http::{flag, value};
use crate::problem::Problem;

pub(super) fn hides(query: &[(String, String)], usual: bool) -> Result<bool, Problem> {
    flag(query, "hideMatureContent", usual)
}

pub(super) fn text(query: &[(String, String)], name: &str) -> Option<String> {
    let text = value(query, name).filter(|text| !text.is_empty());
    text.map(ToOwned::to_owned)
}

/// All values of a parameter that may be given more than once.
pub(super) fn texts(query: &[(String, String)], name: &str) -> Vec<String> {
    let given = query.iter().filter(|(other, _)| other == name);
    given.map(|(_, text)| text.clone()).collect()
}

pub(super) fn number(query: &[(String, String)], name: &str) -> Result<Option<usize>, Problem> {
    let Some(text) = text(query, name) else {
        return Ok(None);
    };
    let number = text
        .parse::<u32>()
        .ok()
        .and_then(|n| usize::try_from(n).ok());
    let number = number.ok_or_else(|| Problem::field(name, "Must be a whole number from 0."))?;
    Ok(Some(number))
}

pub(super) fn date(
    query: &[(String, String)],
    name: &str,
) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(text) = text(query, name) else {
        return Ok(None);
    };
    let date = DateTime::parse_from_rfc3339(&text);
    let date = date.map_err(|_| Problem::field(name, "Must be a date and time with an offset."))?;
    Ok(Some(date.to_utc()))
}

/// A size in bytes.
pub(super) fn bytes(query: &[(String, String)], name: &str) -> Result<Option<u64>, Problem> {
    let size = text(query, name).map(|text| text.parse());
    size.transpose()
        .map_err(|_| Problem::field(name, "Must be a number of bytes."))
}
