//! Lengths of time as the services write them, which are those of .NET.

use std::time::Duration;

/// Writes a duration as the service does: `00:00:43.7707452`, with days in front where needed.
pub(crate) fn clock_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    let ticks = duration.subsec_nanos() / 100;
    let days = if days > 0 {
        format!("{days}.")
    } else {
        String::new()
    };
    let fraction = if ticks > 0 {
        format!(".{ticks:07}")
    } else {
        String::new()
    };
    format!("{days}{hours:02}:{minutes:02}:{rest:02}{fraction}")
}

/// Reads a duration as [`clock_text`] writes it, of up to a year.
pub(crate) fn clock_parse(text: &str) -> Option<Duration> {
    let mut parts = text.rsplitn(3, ':');
    let (seconds, minutes, hours) = (parts.next()?, parts.next()?, parts.next()?);
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let seconds: f64 = seconds.parse().ok().filter(|s| (0.0..60.0).contains(s))?;
    let minutes: u64 = minutes.parse().ok().filter(|m| *m < 60)?;
    let hours: u64 = hours.parse().ok().filter(|h| *h < 24)?;
    let days: u64 = days.parse().ok().filter(|d| *d < 366)?;
    let whole = Duration::from_secs(((days * 24 + hours) * 60 + minutes) * 60);
    Some(whole + Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_the_service_writes_them() {
        for (nanos, text) in [
            (0, "00:00:00"),
            (43_770_745_200, "00:00:43.7707452"),
            (600_000_000_000, "00:10:00"),
            (93_784_000_000_000, "1.02:03:04"),
        ] {
            let duration = Duration::from_nanos(nanos);
            assert_eq!(clock_text(duration), text);
            assert_eq!(clock_parse(text), Some(duration), "{text}");
        }
        for text in [
            "", "10", "10:00", "24:00:00", "00:60:00", "00:00:60", "PT10M", "-1:00:00",
        ] {
            assert_eq!(clock_parse(text), None, "{text}");
        }
    }
}
