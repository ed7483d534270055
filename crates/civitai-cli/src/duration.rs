//! Times as people write them.

use std::time::Duration;

/// Reads hours, minutes and seconds in this order, each at most once; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let expected = || "expected a time from 1s to 7 days, such as 90s, 15m or 1h30m".to_owned();
    let (mut rest, mut seconds) = (text, 0_u64);
    for (unit, worth) in [('h', 3_600), ('m', 60), ('s', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let number: u64 = number.parse().map_err(|_| expected())?;
            seconds = seconds.saturating_add(number.saturating_mul(worth));
            rest = after;
        }
    }
    if !rest.is_empty() {
        let number: u64 = rest.parse().map_err(|_| expected())?;
        seconds = if rest == text { number } else { 0 };
    }
    let most = civitai_jobs::WatchPolicy::MAX_DEADLINE;
    let time = Duration::from_secs(seconds);
    if time.is_zero() || time > most {
        Err(expected())
    } else {
        Ok(time)
    }
}

/// Reads the same with days in front, of any length.
pub(crate) fn long(text: &str) -> Result<Duration, String> {
    let (days, rest) = text.split_once('d').unwrap_or(("0", text));
    let expected = || "expected a time such as 12h or 7d".to_owned();
    let days: u64 = days.parse().map_err(|_| expected())?;
    let rest = match rest {
        "" if days > 0 => Duration::ZERO,
        rest => duration(rest).map_err(|_| expected())?,
    };
    Ok(rest + Duration::from_secs(days.saturating_mul(86_400)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("90", Some(90)),
            ("15m", Some(900)),
            ("1h30m", Some(5400)),
            ("1h1m1s", Some(3661)),
            ("0", None),
            ("0s", None),
            ("", None),
            ("s", None),
            ("1m1h", None),
            ("1h5", None),
            ("-5s", None),
            ("169h", None),
            ("99999999999999999999s", None),
        ] {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(duration(text).ok(), expected, "{text}");
        }
    }
}
