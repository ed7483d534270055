//! A hook for counters: what a client does, told to whoever wants to know.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Learns what a client does; given to [`ClientBuilder::observer`](crate::ClientBuilder::observer).
///
/// It is called on the task that does the work, so it must be quick and must not block. Nothing that
/// it is told is secret: no token, no prompt, no link.
pub trait Observer: Debug + Send + Sync {
    /// A request to the API was answered, or has failed.
    fn request(&self, answer: &Answer) {
        let _ = answer;
    }

    /// A job, a batch, a workflow or a page of workflows was polled by a watch.
    fn poll(&self) {}

    /// So many bytes of a file have arrived.
    fn received(&self, bytes: u64) {
        let _ = bytes;
    }
}

/// How a request to the API ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP method.
    pub method: &'static str,
    /// The path of the operation, with `{jobId}` in place of an id.
    pub path: &'static str,
    /// Counts the tries of one call, from 1; more than 1 is a retry.
    pub attempt: u32,
    /// The HTTP status, where a reply came.
    pub status: Option<u16>,
    /// The time from the request to the end of the reply, by the clock of the client.
    pub took: Duration,
    /// The size of the reply's body in bytes, where it is known.
    pub bytes: Option<u64>,
}

/// Plain counters, for who needs no more than that.
///
/// ```
/// use std::sync::Arc;
/// use civitai_jobs::{Client, Counters};
///
/// # fn main() -> Result<(), civitai_jobs::Error> {
/// let counters = Arc::new(Counters::default());
/// let client = Client::builder().token("a token".to_owned()).observer(counters.clone()).build()?;
/// assert_eq!(counters.requests(), 0);
/// # Ok(()) }
/// ```
#[derive(Debug, Default)]
pub struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    polls: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    /// Requests to the API, retries among them.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Requests that repeated one that had failed.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Looks of watches.
    #[must_use]
    pub fn polls(&self) -> u64 {
        self.polls.load(Ordering::Relaxed)
    }

    /// Bytes that have arrived: of files, and of replies as far as their size is known.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Observer for Counters {
    fn request(&self, answer: &Answer) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.retries
            .fetch_add(u64::from(answer.attempt > 1), Ordering::Relaxed);
        self.received(answer.bytes.unwrap_or(0));
    }

    fn poll(&self) {
        self.polls.fetch_add(1, Ordering::Relaxed);
    }

    fn received(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}
