//! The place of a job in the queue.

use std::time::Duration;

use chrono::{DateTime, Utc};
use civitai_api::v1::types::{JobStatus, JobSupport, ProviderJobQueuePosition};

/// The place of a job in the queue of the provider that will have it first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueuePlace {
    /// The provider whose queue it is.
    pub provider: String,
    /// How many jobs are ahead.
    pub preceding_jobs: Option<u32>,
    /// When work should begin, as the service sees it.
    pub starts_at: Option<DateTime<Utc>>,
    /// In what time work should begin.
    pub starts_in: Option<Duration>,
}

/// The best place among all providers that can do the job.
pub(super) fn best_place(status: &JobStatus) -> Option<QueuePlace> {
    let providers = status.service_providers.iter().flatten();
    let places = providers.filter_map(|(provider, standing)| {
        if standing.support == Some(JobSupport::Unsupported) {
            return None;
        }
        Some(place(provider, standing.queue_position.as_ref()?))
    });
    // What a provider leaves out counts as late.
    places.min_by_key(|place| {
        (
            place.starts_in.unwrap_or(Duration::MAX),
            place.preceding_jobs.unwrap_or(u32::MAX),
        )
    })
}

fn place(provider: &str, position: &ProviderJobQueuePosition) -> QueuePlace {
    let ahead = position.preceding_jobs;
    let wait = position.estimated_start_duration.as_deref();
    QueuePlace {
        provider: provider.to_owned(),
        preceding_jobs: ahead.and_then(|jobs| u32::try_from(jobs).ok()),
        starts_at: position.estimated_start_date,
        starts_in: wait.and_then(time_span),
    }
}

/// Reads `[d.]hh:mm:ss[.fffffff]`; nothing for a time that has gone by or is written otherwise.
fn time_span(text: &str) -> Option<Duration> {
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
            assert_eq!(
                time_span(text).map(|span| span.as_secs_f64()),
                seconds,
                "{text}"
            );
        }
    }
}
