//! The knobs of waiting, each on its own: how often, through how much trouble, for how long.

use std::time::Duration;

use crate::decide::News;

/// How a watch behaves: [`Pace`], [`Tolerance`] and the limits on time.
///
/// Setters clamp rather than fail: any value gives a policy that ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WatchPolicy {
    pub(crate) pace: Pace,
    pub(crate) tolerance: Tolerance,
    pub(crate) deadline: Duration,
    pub(crate) grace: Duration,
    hold: Option<Duration>,
    pub(crate) patience: Duration,
    pub(crate) expected: Option<Duration>,
}

impl WatchPolicy {
    /// The longest deadline, 7 days; there is no watch without one.
    pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// Sets the pauses between looks.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Sets how many failed looks in a row are borne.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets how long to watch, at most [`LONGEST`](Self::LONGEST). A look at the end of that time is
    /// the last; with zero it is the only one, and an answer that is not there at once is too late.
    ///
    /// The default is 30 minutes: most jobs end within ten, and queues of half an hour occur.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline.min(Self::LONGEST);
        self
    }

    /// Sets how long work may stay [`Undecided`](crate::Phase::Undecided) before that counts as a
    /// failure; zero believes the first sight.
    ///
    /// The default is 60 seconds: long enough for a service to enter a fresh job in its queue or to
    /// store a finished result, short enough for somebody who looks on.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace.min(Self::LONGEST);
        self
    }

    /// Sets the longest hold to ask for where the source offers a long poll; zero asks for none.
    ///
    /// The default is 30 seconds: proxies commonly cut a silent connection after 60.
    #[must_use]
    pub fn with_hold(mut self, hold: Duration) -> Self {
        self.hold = Some(hold.min(Self::LONGEST));
        self
    }

    /// Sets the longest hold where none was set: what suits a source whose proxies are known.
    #[must_use]
    pub fn with_hold_unless_set(self, hold: Duration) -> Self {
        match self.hold {
            Some(_) => self,
            None => self.with_hold(hold),
        }
    }

    pub(crate) fn longest_hold(&self) -> Duration {
        self.hold.unwrap_or(HOLD)
    }

    /// Sets how long a look may take on top of its hold; one that takes longer is abandoned and
    /// counts as a passing fault. At least 1 millisecond.
    ///
    /// The default is 30 seconds, ten times what a slow answer takes. No look outlives the deadline.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience.clamp(SHORTEST, Self::LONGEST);
        self
    }

    /// Sets how long such work takes once it has begun, the queue not counted; zero, the default,
    /// stands for unknown.
    ///
    /// With it, looks gather around the expected end, so that few of them find it soon. What the
    /// source tells of the end counts for more. Expecting too much costs no more than one pause at
    /// the cap of the [`Pace`]; expecting too little costs a few more looks.
    #[must_use]
    pub fn with_expected(mut self, run: Duration) -> Self {
        self.expected = (!run.is_zero()).then_some(run.min(Self::LONGEST));
        self
    }
}

impl Default for WatchPolicy {
    /// A pace of 1 to 15 seconds, ten failed looks in a row borne, a deadline of 30 minutes, a grace
    /// of 60 seconds, holds of 30 seconds and a patience of 30 seconds.
    fn default() -> Self {
        Self {
            pace: Pace::default(),
            tolerance: Tolerance::default(),
            deadline: Duration::from_secs(30 * 60),
            grace: Duration::from_secs(60),
            hold: None,
            patience: Duration::from_secs(30),
            expected: None,
        }
    }
}

/// Pauses that start short, grow by a factor up to a cap, and are shortened at random.
///
/// A hint of the service beats the pace, and so does knowing when the work should begin or end: then
/// the next look is at about that time, and a pause up to the cap leads there. A look that was held back by the service starts it over,
/// since the time was spent waiting already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    pub(crate) first: Duration,
    cap: Duration,
    factor: f64,
    jitter: f64,
}

impl Pace {
    /// Pauses from `first` up to `cap`, each 1.5 times the one before, up to a quarter of each taken
    /// off at random.
    ///
    /// `first`, which is also the shortest pause that a hint can ask for, is at least 1 millisecond;
    /// `cap` is at least `first` and at most [`WatchPolicy::LONGEST`].
    #[must_use]
    pub fn growing(first: Duration, cap: Duration) -> Self {
        let first = first.clamp(SHORTEST, WatchPolicy::LONGEST);
        Self {
            first,
            cap: cap.clamp(first, WatchPolicy::LONGEST),
            factor: 1.5,
            jitter: 0.25,
        }
    }

    /// Pauses that are all alike, without jitter.
    #[must_use]
    pub fn fixed(pause: Duration) -> Self {
        Self::growing(pause, pause).with_jitter(0.0)
    }

    /// Sets the growth from one pause to the next, from 1 (none) to 10.
    #[must_use]
    pub fn with_factor(mut self, factor: f64) -> Self {
        self.factor = if factor.is_nan() {
            1.0
        } else {
            factor.clamp(1.0, 10.0)
        };
        self
    }

    /// Sets the share of a pause that chance may take off, from 0 (none) to 1 (all of it).
    ///
    /// Jitter keeps watches that started together from looking together.
    #[must_use]
    pub fn with_jitter(mut self, jitter: f64) -> Self {
        self.jitter = if jitter.is_nan() {
            0.0
        } else {
            jitter.clamp(0.0, 1.0)
        };
        self
    }

    /// The pause after `grown` earlier ones; `draw` is a random number from 0 to 1.
    pub(crate) fn pause(&self, grown: u32, draw: f64) -> Duration {
        // May be infinite, which the cap then takes care of.
        let growth = self.factor.powi(i32::try_from(grown).unwrap_or(i32::MAX));
        let full = (self.first.as_secs_f64() * growth).min(self.cap.as_secs_f64());
        Duration::from_secs_f64(full * (1.0 - self.jitter * draw)).max(SHORTEST)
    }

    /// The pause that leads to foretold news, as far as the cap lets it: past the begin, since a look
    /// before it is for nothing, and short of the end, to close in on it.
    pub(crate) fn toward(&self, news: News, draw: f64) -> Duration {
        let off = self.jitter.min(0.0625) * draw;
        let (wait, spread) = match news {
            News::Begin(wait) => (wait, 1.0 + off),
            News::End(wait) => (wait, 1.0 - off),
        };
        wait.clamp(self.first, self.cap).mul_f64(spread)
    }

    /// The pause that honours a hint: never shorter than it, and spread out above it, because a
    /// service tends to tell everybody the same.
    pub(crate) fn honour(&self, hint: Duration, draw: f64) -> Duration {
        let hint = hint.max(self.first);
        hint.saturating_add(hint.min(self.cap).mul_f64(self.jitter * draw))
    }
}

impl Default for Pace {
    /// From 1 second, so that short work is noticed at once, to 15 seconds, so that long work costs
    /// few requests.
    fn default() -> Self {
        Self::growing(Duration::from_secs(1), Duration::from_secs(15))
    }
}

/// How many failed looks in a row a watch bears, as long as each is a
/// [passing](crate::Fault::Passing) one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    pub(crate) in_a_row: u32,
}

impl Tolerance {
    /// Bears `looks` failed looks in a row and gives up at the one after.
    #[must_use]
    pub fn in_a_row(looks: u32) -> Self {
        Self { in_a_row: looks }
    }

    /// Gives up at the first failed look.
    #[must_use]
    pub fn none() -> Self {
        Self::in_a_row(0)
    }
}

impl Default for Tolerance {
    /// Ten in a row, which at the default pace outlives a break of about a minute and a half.
    fn default() -> Self {
        Self::in_a_row(10)
    }
}

/// Proxies commonly cut a silent connection after 60 s.
const HOLD: Duration = Duration::from_secs(30);
/// Keeps a pause of zero from turning a watch into a busy loop.
const SHORTEST: Duration = Duration::from_millis(1);
