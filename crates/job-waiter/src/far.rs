//! How far work has come.

use std::time::Duration;

use chrono::{DateTime, Utc};
use job_watch::Progress;
use serde_json::Value;

use crate::path;
use crate::spec;

/// From as many seconds on, a number is a point in time: the year 2001.
const POINT_IN_TIME: f64 = 1e9;

/// Reads how far the work has come.
pub(crate) fn progress(says: &spec::Progress, body: &Value) -> Progress {
    let count = |at: &str| {
        path::number(body, at)
            .filter(|number| (0.0..=f64::from(u32::MAX)).contains(number))
            .map(whole)
    };
    let share = path::number(body, says.percent);
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a percentage needs no more"
    )]
    let share = share.map(|share| share as f32 / says.scale * 100.0);
    let (done, total) = (
        count(says.done),
        count(says.total).filter(|total| *total > 0),
    );
    #[allow(clippy::cast_precision_loss, reason = "a percentage needs no more")]
    let counted = done
        .zip(total)
        .map(|(done, total)| 100.0 * done as f32 / total as f32);
    Progress::new()
        .percent(share.or(counted))
        .items(total.and_then(|total| usize::try_from(total).ok()))
        .queue_position(count(says.queue).map(|place| place.saturating_sub(says.base)))
        .starts_in(time(body, says.starts))
        .ends_in(time(body, says.ends))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "its range has been checked"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

/// The time until a point in time, or the seconds that stand there.
fn time(body: &Value, at: &str) -> Option<Duration> {
    let now = || {
        let now = Utc::now().signed_duration_since(DateTime::UNIX_EPOCH);
        now.to_std().unwrap_or_default()
    };
    let point = |seconds: f64| Duration::try_from_secs_f64(seconds).ok();
    if let Some(number) = path::number(body, at) {
        let found = point(number)?;
        return Some(if number < POINT_IN_TIME {
            found
        } else {
            found.saturating_sub(now())
        });
    }
    let date = DateTime::parse_from_rfc3339(&path::text(body, at)?).ok()?;
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of our time fit")]
    let seconds = date.timestamp_millis() as f64 / 1000.0;
    Some(point(seconds)?.saturating_sub(now()))
}
