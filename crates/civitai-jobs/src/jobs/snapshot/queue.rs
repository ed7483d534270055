//! The place of a job in the queue.

use std::time::Duration;

use chrono::{DateTime, Utc};
use civitai_api::v1::types::{JobStatus, JobSupport, ProviderJobQueuePosition};
use serde::{Deserialize, Serialize};

use crate::time_span;

/// The place of a job in the queue of the provider that will have it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QueuePlace {
    /// The provider whose queue it is.
    pub provider: String,
    /// How many jobs are ahead.
    pub preceding_jobs: Option<u32>,
    /// When work should begin, as the service sees it.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long it takes until work should begin.
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
        starts_in: wait.and_then(time_span::read),
    }
}
