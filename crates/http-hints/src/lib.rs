#![doc = include_str!("../README.md")]

use std::time::Duration;

use http::StatusCode;
use http::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

/// The longest pause that a service is believed to mean.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns whether a request that was answered with this status is worth repeating: the trouble may pass.
#[must_use]
pub fn is_passing_status(status: StatusCode) -> bool {
    // 520 to 530 come from the proxy in front of the service.
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502..=504 | 520..=530)
}

/// Returns the pause that `Retry-After` asks for, at most 24 h; `None` where there is none that can be read.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    of_value(headers, headers.get(RETRY_AFTER)?)
}

/// Returns the pause that a header asks for in one of the forms of `Retry-After`, at most 24 h.
#[must_use]
pub fn pause(headers: &HeaderMap, name: &str) -> Option<Duration> {
    of_value(headers, headers.get(name)?)
}

fn of_value(headers: &HeaderMap, value: &HeaderValue) -> Option<Duration> {
    let text = |value: &HeaderValue| value.to_str().ok().map(|text| text.trim().to_owned());
    let hint = text(value)?;
    let pause = seconds(&hint).or_else(|| {
        let until = httpdate::parse_http_date(&hint).ok()?;
        let sent = headers.get(DATE).and_then(text)?;
        let sent = httpdate::parse_http_date(&sent).ok()?;
        Some(until.duration_since(sent).unwrap_or_default())
    })?;
    Some(pause.min(LONGEST))
}

fn seconds(text: &str) -> Option<Duration> {
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds = text.parse().ok().filter(|_| is_number)?;
    // What is too large for a duration is longer than any pause that is believed.
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_another_name_has_the_same_forms() {
        let mut headers = HeaderMap::new();
        headers.insert("x-poll-after", HeaderValue::from_static("4"));
        assert_eq!(
            pause(&headers, "X-Poll-After"),
            Some(Duration::from_secs(4))
        );
        assert_eq!(retry_after(&headers), None);
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        for (hint, date, seconds) in [
            (Some("7"), None, Some(7)),
            (Some(" 0 "), None, Some(0)),
            (Some("99999999999"), None, Some(86_400)),
            (Some("999999999999999999999999"), None, Some(86_400)),
            (Some("2.0"), None, Some(2)),
            (
                Some("Fri, 02 Jan 2026 00:01:30 GMT"),
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some(90),
            ),
            (
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some("Fri, 02 Jan 2026 00:00:09 GMT"),
                Some(0),
            ),
            (
                Some("Friday, 02-Jan-26 00:01:30 GMT"),
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some(90),
            ),
            (
                Some("Fri Jan  2 00:01:30 2026"),
                Some("Fri, 02 Jan 2026 00:00:00 GMT"),
                Some(90),
            ),
            (Some("Fri, 02 Jan 2026 00:01:30 GMT"), None, None),
            (Some("1e3"), None, None),
            (Some("inf"), None, None),
            (Some(""), None, None),
            (Some("-3"), None, None),
            (Some("soon"), None, None),
            (None, None, None),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(RETRY_AFTER, hint), (DATE, date)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(&headers), expected, "{hint:?}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1.5"));
        assert_eq!(retry_after(&headers), Some(Duration::from_millis(1_500)));
    }
}
