//! How a watch behaves: how often it polls, how many failures it bears, how long it goes on.

use std::time::Duration;

/// How a watch behaves: [`Pace`], [`Tolerance`] and the time limits.
///
/// Setters clamp rather than fail: any value gives a policy whose watches end.
#[derive(Clone, Copy, Debug, PartialEq)]
#[doc(alias = "config")]
#[doc(alias = "options")]
pub struct WatchPolicy {
    pub(crate) pace: Pace,
    pub(crate) tolerance: Tolerance,
    pub(crate) deadline: Duration,
    pub(crate) grace: Duration,
    long_poll: Option<Duration>,
    pub(crate) poll_timeout: Duration,
    pub(crate) expected: Option<Duration>,
}

impl WatchPolicy {
    /// The longest deadline: 7 days. Every watch has a deadline.
    pub const MAX_DEADLINE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// Sets the pauses between polls. Default: from 1 s up to 15 s.
    #[must_use]
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Sets how many failed polls in a row are borne. Default: 10.
    #[must_use]
    #[doc(alias = "retries")]
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets how long to watch, at most [`MAX_DEADLINE`](Self::MAX_DEADLINE). Default: 30 min.
    ///
    /// The last poll is over at that time. With zero it is the only one, and an answer that is not there
    /// at once is too late. Most jobs end within ten minutes, and queues of half an hour occur.
    #[must_use]
    #[doc(alias = "timeout")]
    #[doc(alias = "wait")]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline.min(Self::MAX_DEADLINE);
        self
    }

    /// Sets how long a job may stay [`Undecided`](crate::Phase::Undecided), or unlisted, before that
    /// counts as a failure. Default: 60 s; zero accepts the first answer.
    ///
    /// The default is long enough for a service to list a new job or to store a result, and short
    /// enough for somebody who watches the screen.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace.min(Self::MAX_DEADLINE);
        self
    }

    /// Sets how long a long poll may stay open where the service offers long polls; zero turns them
    /// off. Default: 30 s, since proxies commonly cut a silent connection after 60 s.
    #[must_use]
    #[doc(alias = "wait")]
    #[doc(alias = "hold")]
    pub fn long_poll(mut self, limit: Duration) -> Self {
        self.long_poll = Some(limit.min(Self::MAX_DEADLINE));
        self
    }

    /// Sets how long a long poll may stay open where [`long_poll`](Self::long_poll) was not called. It
    /// is for sources whose proxies are known.
    #[must_use]
    pub fn default_long_poll(self, limit: Duration) -> Self {
        match self.long_poll {
            Some(_) => self,
            None => self.long_poll(limit),
        }
    }

    pub(crate) fn long_poll_limit(&self) -> Duration {
        self.long_poll.unwrap_or(LONG_POLL)
    }

    /// Sets how long one poll may take, at least 1 ms; a long poll gets this on top of the time that it
    /// may stay open. Default: 30 s, ten times what a slow answer takes.
    ///
    /// A poll that takes longer is dropped and counts as a transient fault. No poll goes on after the
    /// deadline.
    #[must_use]
    #[doc(alias = "request_timeout")]
    #[doc(alias = "timeout")]
    pub fn poll_timeout(mut self, limit: Duration) -> Self {
        self.poll_timeout = limit.clamp(SHORTEST, Self::MAX_DEADLINE);
        self
    }

    /// Sets how long such a job runs once it has begun, the queue not counted. Default: unknown, which
    /// zero stands for too.
    ///
    /// Polls then gather around the expected end, so that few of them find it soon. What the service
    /// says of the end comes first. A time that is too long costs at most one pause at the cap of the
    /// [`Pace`]; one that is too short costs a few more polls.
    #[must_use]
    #[doc(alias = "eta")]
    #[doc(alias = "duration")]
    pub fn expected(mut self, run: Duration) -> Self {
        self.expected = (!run.is_zero()).then_some(run.min(Self::MAX_DEADLINE));
        self
    }
}

impl Default for WatchPolicy {
    /// Creates the policy that has the default of each setter.
    fn default() -> Self {
        Self {
            pace: Pace::default(),
            tolerance: Tolerance::default(),
            deadline: Duration::from_secs(30 * 60),
            grace: Duration::from_secs(60),
            long_poll: None,
            poll_timeout: Duration::from_secs(30),
            expected: None,
        }
    }
}

/// The pauses between polls: they start short, grow by a factor up to a cap, and are shortened at
/// random.
///
/// A pause that the service asks for comes first. So does an expected begin or end of the job: then
/// pauses up to the cap lead to that time. After a long poll the pauses start over.
#[derive(Clone, Copy, Debug, PartialEq)]
#[doc(alias = "backoff")]
#[doc(alias = "interval")]
pub struct Pace {
    pub(crate) first: Duration,
    pub(crate) cap: Duration,
    factor: f64,
    pub(crate) jitter: f64,
}

impl Pace {
    /// Creates pauses from `first` up to `cap`, each 1.5 times as long as the one before, of which
    /// chance takes off up to a quarter.
    ///
    /// `first` is at least 1 ms; it is also the shortest pause that a service can ask for. `cap` is at
    /// least `first` and at most 7 days.
    #[must_use]
    pub fn growing(first: Duration, cap: Duration) -> Self {
        let first = first.clamp(SHORTEST, WatchPolicy::MAX_DEADLINE);
        Self {
            first,
            cap: cap.clamp(first, WatchPolicy::MAX_DEADLINE),
            factor: 1.5,
            jitter: 0.25,
        }
    }

    /// Creates pauses that are all alike, without jitter.
    #[must_use]
    pub fn fixed(pause: Duration) -> Self {
        Self::growing(pause, pause).jitter(0.0)
    }

    /// Sets the first pause, at least 1 ms. A cap that is shorter becomes as long.
    #[must_use]
    pub fn first(self, first: Duration) -> Self {
        Self {
            factor: self.factor,
            jitter: self.jitter,
            ..Self::growing(first, self.cap)
        }
    }

    /// Sets the longest pause, at least the first one and at most 7 days.
    #[must_use]
    pub fn cap(self, cap: Duration) -> Self {
        Self {
            factor: self.factor,
            jitter: self.jitter,
            ..Self::growing(self.first, cap)
        }
    }

    /// Sets the growth from one pause to the next, from 1 (none) to 10. Default: 1.5.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = if factor.is_nan() {
            1.0
        } else {
            factor.clamp(1.0, 10.0)
        };
        self
    }

    /// Sets the share of a pause that chance may take off, from 0 (none) to 1 (all of it). Default:
    /// 0.25.
    ///
    /// Jitter keeps watches that started together from polling together.
    #[must_use]
    #[doc(alias = "random")]
    pub fn jitter(mut self, jitter: f64) -> Self {
        self.jitter = if jitter.is_nan() {
            0.0
        } else {
            jitter.clamp(0.0, 1.0)
        };
        self
    }

    /// Returns the pause after `grown` earlier ones; `draw` is a random number from 0 to 1.
    pub(crate) fn pause(&self, grown: u32, draw: f64) -> Duration {
        // May be infinite, which the cap then takes care of.
        let growth = self.factor.powi(i32::try_from(grown).unwrap_or(i32::MAX));
        let full = (self.first.as_secs_f64() * growth).min(self.cap.as_secs_f64());
        Duration::from_secs_f64(full * (1.0 - self.jitter * draw)).max(SHORTEST)
    }
}

impl Default for Pace {
    /// Creates pauses from 1 s, so that short jobs are noticed at once, to 15 s, so that long jobs cost
    /// few requests.
    fn default() -> Self {
        Self::growing(Duration::from_secs(1), Duration::from_secs(15))
    }
}

/// How many failed polls in a row a watch bears, as long as each is a
/// [transient](crate::Fault::Transient) fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "retries")]
pub struct Tolerance {
    pub(crate) in_a_row: u32,
}

impl Tolerance {
    /// Creates a tolerance that bears so many failed polls in a row and gives up at the one after.
    #[must_use]
    pub fn in_a_row(polls: u32) -> Self {
        Self { in_a_row: polls }
    }

    /// Creates a tolerance that gives up at the first failed poll.
    #[must_use]
    pub fn none() -> Self {
        Self::in_a_row(0)
    }
}

impl Default for Tolerance {
    /// Creates a tolerance of ten in a row, which at the default pace outlives an outage of about a
    /// minute and a half.
    fn default() -> Self {
        Self::in_a_row(10)
    }
}

/// Proxies commonly cut a silent connection after 60 s.
const LONG_POLL: Duration = Duration::from_secs(30);
/// Keeps a pause of zero from turning a watch into a busy loop.
const SHORTEST: Duration = Duration::from_millis(1);
