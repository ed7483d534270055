//! Lengths of time as the service writes them: `hh:mm:ss`.

use std::time::Duration;

/// The service counts in ticks of 100 ns.
pub(crate) const SHORTEST: Duration = Duration::from_nanos(100);
/// Longest time that the service's own type holds: 2^63 ticks.
pub(crate) const LONGEST: Duration = Duration::from_secs(922_337_203_685);

/// Writes `hh:mm:ss`, with days in front and a fraction of seven digits behind where needed.
pub(crate) fn text(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    let days = if days == 0 {
        String::new()
    } else {
        format!("{days}.")
    };
    let ticks = time.subsec_nanos() / 100;
    let fraction = if ticks == 0 {
        String::new()
    } else {
        format!(".{ticks:07}")
    };
    format!("{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// Reads `[d.]hh:mm:ss[.fffffff]`; nothing for a time that has gone by or is written otherwise.
pub(crate) fn read(text: &str) -> Option<Duration> {
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let number = |text: &str| text.parse::<u32>().ok();
    let whole = f64::from(number(days)?) * 86_400.0
        + f64::from(number(hours)?) * 3_600.0
        + f64::from(number(minutes)?) * 60.0;
    Duration::try_from_secs_f64(whole + seconds.parse::<f64>().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_service_writes_them() {
        for (time, expected) in [
            (Duration::from_secs(1), "00:00:01"),
            (Duration::from_secs(600), "00:10:00"),
            (Duration::from_secs(86_399), "23:59:59"),
            (Duration::from_secs(86_400), "1.00:00:00"),
            (Duration::from_millis(43_770), "00:00:43.7700000"),
            (Duration::from_nanos(43_770_745_299), "00:00:43.7707452"),
            (LONGEST, "10675199.02:48:05"),
        ] {
            assert_eq!(text(time), expected);
        }
    }

    #[test]
    fn time_spans_are_read_as_the_service_writes_them() {
        for (text, seconds) in [
            ("00:00:43.7707452", Some(43.770_745_2)),
            ("00:10:00", Some(600.0)),
            ("1.02:03:04", Some(93_784.0)),
            ("-00:00:05", None),
            ("5", None),
            ("", None),
            ("aa:bb:cc", None),
        ] {
            assert_eq!(read(text).map(|span| span.as_secs_f64()), seconds, "{text}");
        }
    }
}
