//! What can be said of a job of any kind: when, where and how often it runs, and what it is called.

use std::time::Duration;

use chrono::{DateTime, Utc};
use civitai_api::v1::types::Provider;
use serde_json::{Map, Value};

use super::{Priority, TextToImage};
use serde::{Deserialize, Serialize};

/// Settings of the job, apart from the picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) name: Option<String>,
    pub(super) dependencies: Vec<String>,
    pub(super) priority: Option<Priority>,
    pub(super) providers: Vec<Provider>,
    pub(super) expire_at: Option<DateTime<Utc>>,
    pub(super) timeout: Option<Duration>,
    pub(super) retries: Option<u32>,
    pub(super) callback_url: Option<String>,
    pub(super) properties: Map<String, Value>,
}

/// Settings of the job, apart from the picture.
impl TextToImage {
    /// Sets a name, by which other jobs can depend on this one.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with(|parts| parts.settings.name = Some(name.into()))
    }

    /// Adds the name of a job that must end before this one starts.
    pub fn depends_on(self, name: impl Into<String>) -> Self {
        self.with(|parts| parts.settings.dependencies.push(name.into()))
    }

    /// Sets how soon the job is to run: one number, or a range such as `2..=8`; lower goes first.
    pub fn priority(self, priority: impl Into<Priority>) -> Self {
        self.with(|parts| parts.settings.priority = Some(priority.into()))
    }

    /// Adds a provider that may run the job; without any, all may.
    pub fn provider(self, provider: Provider) -> Self {
        self.with(|parts| parts.settings.providers.push(provider))
    }

    /// Sets when the job is given up if it has not ended.
    pub fn expire_at(self, at: impl Into<DateTime<Utc>>) -> Self {
        self.with(|parts| parts.settings.expire_at = Some(at.into()))
    }

    /// Sets how long a worker may take; the service decides by default.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|parts| parts.settings.timeout = Some(timeout))
    }

    /// Sets how often the service tries a failed job again; none by default.
    pub fn retries(self, retries: u32) -> Self {
        self.with(|parts| parts.settings.retries = Some(retries))
    }

    /// Sets the `https` address where the service posts the status of the job, at the latest when
    /// it ends. What it posts is not signed.
    pub fn callback_url(self, url: impl Into<String>) -> Self {
        self.with(|parts| parts.settings.callback_url = Some(url.into()))
    }

    /// Labels the job with any JSON value; labels come back in each status and can be queried. A
    /// label of the same name is replaced.
    ///
    /// `clientKey` and `clientJob` are taken: a submission is found again by them.
    pub fn property(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with(|parts| {
            parts.settings.properties.insert(name.into(), value.into());
        })
    }
}
