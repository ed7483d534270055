//! What a service has to say about a job before anything can wait for it.

use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::time::Duration;

use crate::Progress;

/// A handle of work that runs elsewhere and can be looked at.
///
/// A handle is small and cheap to clone: a [`WatchError`](crate::WatchError) gives one back, so that
/// the work can be watched again. Its `Display` names the work in logs and messages and so holds an
/// id, never a secret.
///
/// What names the work should be kept as text or serde data, so that another process can make the
/// handle anew and go on watching.
pub trait Job: Clone + Debug + Display + Send + Sync + 'static {
    /// What one look brings back; cloned once per look, so wrap it in an `Arc` where it is large.
    type Snapshot: Clone + Debug + Send + Sync + 'static;

    /// Why a look failed.
    type Error: Error + Send + Sync + 'static;

    /// Looks once, without retries of its own: the tolerance of the watch is the only retry.
    ///
    /// With `hold`, the source may keep the answer back for up to that long while nothing happens.
    /// It is `None` whenever [`longest_hold`](Self::longest_hold) is.
    ///
    /// # Errors
    ///
    /// Whatever stops the look; [`fault`](Self::fault) then says whether another one may work.
    fn look(
        &self,
        hold: Option<Duration>,
    ) -> impl Future<Output = Result<Seen<Self::Snapshot>, Self::Error>> + Send;

    /// Looks once for somebody who wants each change and not only the end: as
    /// [`look`](Self::look), but a source that can ends its hold at the first change, and says so by
    /// [`Seen::until_change`]. Such an answer is followed by the next look at once, so that each
    /// change costs one request and is known when it happens.
    ///
    /// The default is [`look`](Self::look).
    ///
    /// # Errors
    ///
    /// As for [`look`](Self::look).
    fn look_for_change(
        &self,
        hold: Option<Duration>,
    ) -> impl Future<Output = Result<Seen<Self::Snapshot>, Self::Error>> + Send {
        self.look(hold)
    }

    /// Judges an error of [`look`](Self::look).
    fn fault(&self, error: &Self::Error) -> Fault;

    /// The longest time that the source holds an answer back, or `None` (the default) where it
    /// offers no long poll. Asked before every look, so a source may change its mind.
    fn longest_hold(&self) -> Option<Duration> {
        None
    }
}

/// What one look saw.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Seen<S> {
    /// Where the work stands.
    pub phase: Phase,
    /// The service's own account of it.
    pub snapshot: S,
    /// How long the service asks to be left alone. Beats the pace of the watch.
    pub retry_after: Option<Duration>,
    /// How far the work has come.
    pub progress: Progress,
    /// The items that are finished, those of earlier looks included.
    pub finished: Vec<u64>,
    /// What the look saw, as a number, where the source was to answer at the first change: looks that
    /// saw the same have the same number.
    pub until_change: Option<u64>,
}

impl<S> Seen<S> {
    /// A look that saw `snapshot` in `phase`, with no hint when to come back.
    pub fn new(phase: Phase, snapshot: S) -> Self {
        Self {
            phase,
            snapshot,
            retry_after: None,
            progress: Progress::default(),
            finished: Vec::new(),
            until_change: None,
        }
    }

    /// Sets the time for which the service asks to be left alone.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: impl Into<Option<Duration>>) -> Self {
        self.retry_after = retry_after.into();
        self
    }

    /// Sets how far the work has come.
    #[must_use]
    pub fn with_progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Sets the items that are finished, those of earlier looks included.
    ///
    /// The source gives each item of the work a number of its own, such as its place in the
    /// snapshot. The watch tells the caller of each once.
    #[must_use]
    pub fn with_finished(mut self, items: impl IntoIterator<Item = u64>) -> Self {
        self.finished = items.into_iter().collect();
        self
    }

    /// Says that the source was to answer at the first change, and what the look saw, as a number: a
    /// digest of all that counts as a change.
    ///
    /// An answer before its hold was over with the number of the look before shows that the source
    /// does not do so, and the watch keeps to its pace.
    #[must_use]
    pub fn with_until_change(mut self, digest: impl Into<Option<u64>>) -> Self {
        self.until_change = digest.into();
        self
    }
}

/// Where work stands, in the words that waiting needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Accepted, and not begun.
    Waiting,
    /// Under way.
    Running,
    /// A state that the source has no word for; counts as running, so that a service can add states
    /// without ending anybody's wait.
    #[default]
    Unknown,
    /// May be a failure already or may still turn into a result. Looked at again for the grace
    /// period of the policy and counted as a failure after that.
    Undecided,
    /// Ended with a result.
    Succeeded,
    /// Ended without a result.
    Failed,
    /// Ended by the service because its own time was up.
    Expired,
    /// Ended on somebody's wish.
    Canceled,
}

impl Phase {
    /// Whether the work is over, well or badly.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Failed | Self::Expired | Self::Canceled
        )
    }
}

impl Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Unknown => "unknown",
            Self::Undecided => "undecided",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        })
    }
}

/// What a failed look means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Another look may work: a lost connection, an overloaded service, too many requests.
    Passing {
        /// How long the service asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Another look fails the same way: no such job, no permission.
    Lasting,
    /// The source does not have work that was just handed over to it. It is polled again for the grace
    /// period of the policy; once something was seen of it, and after that, this is
    /// [`Lasting`](Self::Lasting).
    Missing,
    /// The source will not hold its answer. The same look is taken at once without a hold, and the
    /// watch asks for no more; without a hold this is [`Lasting`](Self::Lasting).
    HoldRefused,
}
