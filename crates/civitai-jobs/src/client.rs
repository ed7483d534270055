//! The client: one account, its connections and its settings.

use std::fmt;
use std::sync::Arc;

use civitai_api::v1;
use job_watch::{Clock, Estimates, Throttle, WatchPolicy};

pub use builder::{ClientBuilder, FromEnvError};

#[cfg(feature = "workflows")]
use crate::uploads::Uploads;
use crate::{Observer, SubmitPolicy};

mod builder;

/// A client of the service. Cheap to clone; clones share connections and settings.
///
/// The token goes to the API and to no other host, and no output of this type shows it.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    api: v1::Client,
    #[cfg(feature = "workflows")]
    api_v2: civitai_api::v2::Client,
    #[cfg(feature = "workflows")]
    uploads: Uploads,
    /// Fetches files; has no credential to leak.
    storage: reqwest::Client,
    policy: WatchPolicy,
    submit_policy: SubmitPolicy,
    throttle: Throttle,
    /// How long jobs take, by their kind, learned from those that were watched.
    estimates: Estimates,
    clock: Arc<dyn Clock>,
    largest_file: u64,
    observer: Option<Arc<dyn Observer>>,
}

impl Client {
    /// Returns a builder; a token is all it needs.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Creates a client from `CIVITAI_API_TOKEN` and, where it is set, `CIVITAI_BASE_URL`.
    ///
    /// # Errors
    ///
    /// The token is missing or blank, or a value cannot be used.
    pub fn from_env() -> Result<Self, FromEnvError> {
        let builder = ClientBuilder::from_variables(std::env::var)?;
        builder.build().map_err(FromEnvError::Unusable)
    }

    /// Returns the low-level client of the v1 API, for calls that this crate does not wrap.
    #[must_use]
    pub fn api(&self) -> &v1::Client {
        &self.inner.api
    }

    /// Returns the low-level client of the v2 API, for calls that this crate does not wrap, recipes among
    /// them.
    #[cfg(feature = "workflows")]
    #[must_use]
    pub fn api_v2(&self) -> &civitai_api::v2::Client {
        &self.inner.api_v2
    }

    #[cfg(feature = "workflows")]
    pub(crate) fn uploads(&self) -> &Uploads {
        &self.inner.uploads
    }

    pub(crate) fn storage(&self) -> &reqwest::Client {
        &self.inner.storage
    }

    pub(crate) fn policy(&self) -> WatchPolicy {
        self.inner.policy
    }

    pub(crate) fn submit_policy(&self) -> SubmitPolicy {
        self.inner.submit_policy
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(crate) fn estimates(&self) -> &Estimates {
        &self.inner.estimates
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.inner.observer.as_deref()
    }

    pub(crate) fn shared_observer(&self) -> Option<Arc<dyn Observer>> {
        self.inner.observer.clone()
    }

    /// Tells the observer of a poll.
    pub(crate) fn observe_poll(&self) {
        if let Some(observer) = self.observer() {
            observer.poll();
        }
    }

    pub(crate) fn largest_file(&self) -> u64 {
        self.inner.largest_file
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.api().http().base_url())
            .finish_non_exhaustive()
    }
}
