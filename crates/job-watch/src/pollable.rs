//! What a service has to provide before its jobs can be watched.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::time::Duration;

use crate::Polled;

/// A handle of a job that runs elsewhere and can be polled.
///
/// A handle is small and cheap to clone: a [`WatchError`](crate::WatchError) gives one back, so that
/// the job can be watched again. Its `Display` names the job in logs and messages, so it shows an id
/// and never a secret.
///
/// Keep what names the job as text or serde data. Another process can then make the handle anew and go
/// on watching.
#[doc(alias = "job")]
#[doc(alias = "polling")]
#[doc(alias = "operation")]
pub trait Pollable: Clone + Debug + Display + Send + Sync + 'static {
    /// What one poll brings back. It is cloned once per poll, so wrap it in an `Arc` where it is large.
    type Snapshot: Clone + Debug + Send + Sync + 'static;

    /// One of the things that the job makes, such as a file; `()` where a poll shows none of them.
    type Item: Clone + Debug + Send + Sync + 'static;

    /// Why a poll failed.
    type Error: Error + Send + Sync + 'static;

    /// Polls once, and is answered at once.
    ///
    /// It does not retry: the [`Tolerance`](crate::Tolerance) of the watch is the only retry.
    ///
    /// # Errors
    ///
    /// Whatever stops the poll; [`fault`](Self::fault) says whether another poll may work.
    fn poll(
        &self,
    ) -> impl Future<Output = Result<Polled<Self::Snapshot, Self::Item>, Self::Error>> + Send;

    /// Polls once, and lets the service keep the request open for up to `limit`.
    ///
    /// The service answers when the job ends. With [`Until::Change`] it may answer at the first change
    /// as well; where it does, set [`Polled::digest`], and the next poll follows at once.
    ///
    /// It is called only where [`max_long_poll`](Self::max_long_poll) gives a time. Default:
    /// [`poll`](Self::poll).
    ///
    /// # Errors
    ///
    /// Those of [`poll`](Self::poll). A service that does not offer long polls is a
    /// [`Fault::LongPollRefused`].
    fn long_poll(
        &self,
        limit: Duration,
        until: Until,
    ) -> impl Future<Output = Result<Polled<Self::Snapshot, Self::Item>, Self::Error>> + Send {
        let _ = (limit, until);
        self.poll()
    }

    /// Returns how long the service keeps a long poll open, at most; `None`, the default, where it
    /// offers no long polls. It is asked before each poll, so the answer may change.
    #[doc(alias = "wait")]
    #[doc(alias = "hold")]
    fn max_long_poll(&self) -> Option<Duration> {
        None
    }

    /// Returns what an error of a poll means for the next one.
    fn fault(&self, error: &Self::Error) -> Fault;

    /// Returns why the job ended without a result, in one line, where the snapshot tells it. It becomes
    /// part of the message of [`WatchError::Ended`](crate::WatchError::Ended). Default: `None`.
    fn reason(&self, snapshot: &Self::Snapshot) -> Option<String> {
        let _ = snapshot;
        None
    }
}

/// What ends a long poll, apart from its time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Until {
    /// The end of the job: nobody asks for what comes before.
    End,
    /// The first change, or the end of the job.
    Change,
}

/// What a failed poll means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "retry")]
pub enum Fault {
    /// Another poll may work: a lost connection, an overloaded service, too many requests.
    Transient {
        /// How long the service asks to wait before the next request.
        retry_after: Option<Duration>,
    },
    /// Another poll fails in the same way: no such job, no permission.
    Permanent,
    /// The service does not list the job, which may be too new. It is polled again for the grace
    /// period of the policy. After that, and after a poll that did find it, this counts as
    /// [`Permanent`](Self::Permanent).
    Missing,
    /// The service refuses long polls. The job is polled at once without one, and the watch asks for no
    /// more long polls. As the answer to a plain poll this counts as [`Permanent`](Self::Permanent).
    LongPollRefused,
}
