//! What is saved: where a file comes from, what it is called after, and by what it is fetched.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use job_watch::{Clock, UsualClock};
use secrecy::SecretString;

use crate::Transfer;

/// A file that a service can be asked for.
pub trait Source: Send + Sync {
    /// Why a file cannot be had.
    type Error: Failure;

    /// Returns the link, where the service has sent one yet; it may have expired.
    fn link(&self) -> Option<SecretString>;

    /// Asks the service for another link than the one that was refused.
    ///
    /// # Errors
    ///
    /// There is no other, or the service cannot be asked.
    fn fresh_link(
        &self,
        refused: Option<&SecretString>,
    ) -> impl Future<Output = Result<SecretString, Self::Error>> + Send;
}

/// An error of whoever saves: it can hold what goes wrong with a transfer.
pub trait Failure: From<Transfer> + Send + Sync {
    /// Returns what went wrong with the transfer, where that is it.
    fn transfer(&self) -> Option<&Transfer>;

    /// Returns whether the same may work a moment later.
    fn is_retryable(&self) -> bool;

    /// Returns how long the service asks to be left alone.
    fn retry_after(&self) -> Option<Duration>;
}

/// What a file is called after.
pub trait Named {
    /// Returns its place among those of its work, from 0.
    fn index(&self) -> usize;

    /// Returns the seed that it was made with.
    fn seed(&self) -> Option<i64>;

    /// Returns the id of the work that made it.
    fn work(&self) -> &str;
}

impl<T: Named> Named for &T {
    fn index(&self) -> usize {
        (**self).index()
    }

    fn seed(&self) -> Option<i64> {
        (**self).seed()
    }

    fn work(&self) -> &str {
        (**self).work()
    }
}

/// By what files are fetched. Cheap to clone.
#[derive(Clone)]
pub struct Transfers {
    /// The HTTP client, such as that of [`Connections::storage`](crate::Connections::storage); it carries no credential.
    pub client: reqwest::Client,
    /// The source of time.
    pub clock: Arc<dyn Clock>,
    /// What is told of every chunk that comes.
    pub received: Option<Arc<dyn Fn(u64) + Send + Sync>>,
    /// The largest file, in bytes.
    pub largest: u64,
}

impl Transfers {
    /// Fetches by a client, in the time of the runtime, files of any size.
    #[must_use]
    pub fn by(client: reqwest::Client) -> Self {
        Self {
            client,
            clock: Arc::new(UsualClock),
            received: None,
            largest: u64::MAX,
        }
    }
}

impl fmt::Debug for Transfers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transfers")
            .field("largest", &self.largest)
            .finish_non_exhaustive()
    }
}
