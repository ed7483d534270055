//! Signed links to blobs, good for one hour, as object storage hands them out.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::core::seed::Seed;

/// How long a link is good.
pub(crate) const LIFETIME: Duration = Duration::from_secs(3_600);
const DATE: &str = "%Y%m%dT%H%M%SZ";

/// Why storage does not honour a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkError {
    Unsigned,
    Forged,
    Expired,
}

/// The path and query under which a blob can be had from `now` on for one hour.
pub(crate) fn sign(seed: Seed, key: &str, now: DateTime<Utc>) -> String {
    let (date, lifetime) = (now.format(DATE).to_string(), LIFETIME.as_secs().to_string());
    let signature = seed.sign(&[key, &date, &lifetime]);
    format!(
        "/blobs/{key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}\
         &X-Amz-Expires={lifetime}&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
    )
}

/// Checks the query of a request for `key`.
pub(crate) fn check(
    seed: Seed,
    key: &str,
    query: &[(String, String)],
    now: DateTime<Utc>,
) -> Result<(), LinkError> {
    let value = |name: &str| {
        let found = query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.as_str())
            .ok_or(LinkError::Unsigned)
    };
    let (date, lifetime) = (value("X-Amz-Date")?, value("X-Amz-Expires")?);
    if value("X-Amz-Signature")? != seed.sign(&[key, date, lifetime]) {
        return Err(LinkError::Forged);
    }
    let signed = NaiveDateTime::parse_from_str(date, DATE).map_err(|_| LinkError::Forged)?;
    let seconds: i64 = lifetime.parse().map_err(|_| LinkError::Forged)?;
    if (now - signed.and_utc()).num_milliseconds() > seconds * 1_000 {
        return Err(LinkError::Expired);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_an_hour_and_for_its_own_blob() {
        let start = DateTime::UNIX_EPOCH;
        let link = sign(Seed(1), "AB", start);
        let query: Vec<(String, String)> = link
            .split_once('?')
            .unwrap()
            .1
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let at = |seconds| start + chrono::Duration::seconds(seconds);
        assert_eq!(check(Seed(1), "AB", &query, at(3_600)), Ok(()));
        assert_eq!(
            check(Seed(1), "AB", &query, at(3_601)),
            Err(LinkError::Expired)
        );
        assert_eq!(check(Seed(1), "CD", &query, at(0)), Err(LinkError::Forged));
        assert_eq!(check(Seed(2), "AB", &query, at(0)), Err(LinkError::Forged));
        assert_eq!(
            check(Seed(1), "AB", &query[..2], at(0)),
            Err(LinkError::Unsigned)
        );
    }
}
