//! What an answer of the storage means for a transfer: the whole file, its rest, or neither.

use chrono::DateTime;
use reqwest::StatusCode;
use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED,
};

use crate::Transfer;

/// How much older than the reply a file must be, in seconds, for its date to tell it from the next
/// state of the file.
const SETTLED: i64 = 1;

/// What tells one state of a file from another, strong enough to join two parts of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Validator {
    name: HeaderName,
    value: HeaderValue,
}

impl Validator {
    /// A strong `ETag`, or else a date that lies far enough back.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let strong = |value: &&HeaderValue| value.as_bytes().starts_with(b"\"");
        if let Some(tag) = headers.get(ETAG).filter(strong) {
            let value = tag.clone();
            return Some(Self { name: ETAG, value });
        }
        let date = |name| DateTime::parse_from_rfc2822(headers.get(name)?.to_str().ok()?).ok();
        let age = date(DATE)? - date(LAST_MODIFIED)?;
        let value = headers.get(LAST_MODIFIED)?.clone();
        let name = LAST_MODIFIED;
        (age.num_seconds() >= SETTLED).then_some(Self { name, value })
    }

    /// What goes into `If-Range`.
    pub(crate) fn value(&self) -> &HeaderValue {
        &self.value
    }

    /// Whether a part of the file is of the same state; one that does not say is, since it was only
    /// sent for that state.
    fn allows(&self, headers: &HeaderMap) -> bool {
        headers
            .get(&self.name)
            .is_none_or(|value| *value == self.value)
    }
}

/// The part of a file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Have {
    pub(crate) bytes: u64,
    /// The size of the whole file, where it was announced.
    pub(crate) size: Option<u64>,
    pub(crate) validator: Validator,
}

/// What is about to come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    /// The file from its beginning.
    Whole {
        size: Option<u64>,
        validator: Option<Validator>,
        media_type: String,
        /// When the service wrote the file, as an HTTP date.
        modified: Option<String>,
    },
    /// What is missing behind the part that is there.
    Rest { size: Option<u64> },
}

/// Reads an answer; `asked` is the part that is there, where the rest was asked for.
pub(crate) fn read(
    status: StatusCode,
    headers: &HeaderMap,
    asked: Option<&Have>,
) -> Result<Coming, Transfer> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (status, asked) {
        (StatusCode::PARTIAL_CONTENT, Some(have)) => {
            let range = text(CONTENT_RANGE).and_then(content_range);
            let (first, size) = range.ok_or(Transfer::Changed)?;
            let same_size = size.is_none() || have.size.is_none() || size == have.size;
            if first != have.bytes || !same_size || !have.validator.allows(headers) {
                return Err(Transfer::Changed);
            }
            let size = size.or(have.size);
            Ok(Coming::Rest { size })
        }
        (StatusCode::RANGE_NOT_SATISFIABLE, Some(_)) => Err(Transfer::Changed),
        (StatusCode::OK, _) => Ok(Coming::Whole {
            size: text(CONTENT_LENGTH).and_then(|length| length.trim().parse().ok()),
            validator: Validator::of(headers),
            media_type: text(CONTENT_TYPE).unwrap_or_default().to_owned(),
            modified: text(LAST_MODIFIED).map(str::to_owned),
        }),
        _ => Err(Transfer::Refused {
            status,
            retry_after: http_hints::retry_after(headers),
        }),
    }
}

/// The first byte and the size of the whole in `bytes 100-199/200`, where the size may be `*`.
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, size) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let size = match size {
        "*" => None,
        size => Some(size.parse().ok()?),
    };
    (first <= last && size.is_none_or(|size| last < size)).then_some((first, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        let pairs = pairs.iter().map(|(name, text)| (name.clone(), value(text)));
        pairs.collect()
    }

    fn tag(text: &str) -> Validator {
        Validator::of(&headers(&[(ETAG, text)])).unwrap()
    }

    #[test]
    fn only_a_strong_validator_joins_two_parts() {
        let (noon, later) = (
            "Fri, 02 Jan 2026 12:00:00 GMT",
            "Fri, 02 Jan 2026 12:00:01 GMT",
        );
        for (pairs, expected) in [
            (&[(ETAG, "\"a\""), (LAST_MODIFIED, noon)][..], Some("\"a\"")),
            (&[(ETAG, "W/\"a\"")], None),
            (
                &[(ETAG, "W/\"a\""), (LAST_MODIFIED, noon), (DATE, later)],
                Some(noon),
            ),
            (&[(LAST_MODIFIED, noon), (DATE, later)], Some(noon)),
            (&[(LAST_MODIFIED, noon), (DATE, noon)], None),
            (&[(LAST_MODIFIED, later), (DATE, noon)], None),
            (&[(LAST_MODIFIED, noon)], None),
            (&[(LAST_MODIFIED, "yesterday"), (DATE, later)], None),
            (&[], None),
        ] {
            let found = Validator::of(&headers(pairs));
            let found = found.as_ref().map(|found| found.value().to_str().unwrap());
            assert_eq!(found, expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_part_must_fit_what_is_there() {
        let have = Have {
            bytes: 100,
            size: Some(200),
            validator: tag("\"a\""),
        };
        for (range, etag, fits) in [
            ("bytes 100-199/200", Some("\"a\""), true),
            ("bytes 100-149/200", Some("\"a\""), true),
            ("bytes 100-199/*", Some("\"a\""), true),
            ("bytes 100-199/200", None, true),
            ("bytes 100-199/200", Some("\"b\""), false),
            ("bytes 100-199/200", Some("W/\"a\""), false),
            ("bytes 99-199/200", Some("\"a\""), false),
            ("bytes 0-199/200", Some("\"a\""), false),
            ("bytes 100-299/300", Some("\"a\""), false),
            ("bytes 100-200/200", Some("\"a\""), false),
            ("bytes 199-100/200", Some("\"a\""), false),
            ("bytes 100-/200", Some("\"a\""), false),
            ("lines 100-199/200", Some("\"a\""), false),
            ("", Some("\"a\""), false),
        ] {
            let mut pairs = vec![(CONTENT_RANGE, range)];
            pairs.extend(etag.map(|etag| (ETAG, etag)));
            let read = read(StatusCode::PARTIAL_CONTENT, &headers(&pairs), Some(&have));
            let size = Some(200);
            match read {
                Ok(coming) => assert!(fits && coming == Coming::Rest { size }, "{range} {etag:?}"),
                Err(Transfer::Changed) => assert!(!fits, "{range} {etag:?}"),
                Err(other) => panic!("{range} {etag:?}: {other}"),
            }
        }
    }

    #[test]
    fn a_status_decides_what_comes() {
        let have = Have {
            bytes: 100,
            size: None,
            validator: tag("\"a\""),
        };
        let none = HeaderMap::new();
        for asked in [None, Some(&have)] {
            let whole = read(StatusCode::OK, &none, asked);
            assert!(matches!(whole, Ok(Coming::Whole { .. })));
            for status in [204, 301, 403, 503] {
                let status = StatusCode::from_u16(status).unwrap();
                let refused = read(status, &none, asked);
                assert!(matches!(refused, Err(Transfer::Refused { .. })), "{status}");
            }
        }
        let beyond = StatusCode::RANGE_NOT_SATISFIABLE;
        assert!(matches!(
            read(beyond, &none, Some(&have)),
            Err(Transfer::Changed)
        ));
        let unasked = read(StatusCode::PARTIAL_CONTENT, &none, None);
        assert!(matches!(unasked, Err(Transfer::Refused { .. })));
    }
}
