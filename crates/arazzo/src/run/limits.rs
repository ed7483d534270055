//! The bounds of a run. There is none without.

use std::time::Duration;

/// The bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(super) call: Duration,
    pub(super) run: Duration,
    pub(super) wait: Option<Duration>,
    pub(super) steps: u32,
    pub(super) reply: usize,
    pub(super) longest_hint: Duration,
}

/// How long a loop may go on that nobody has said anything of.
const WAIT: Duration = Duration::from_secs(15 * 60);

/// How deep workflows may call each other.
pub(super) const DEEPEST: usize = 10;

impl Limits {
    /// Sets how long one call may take. A step's own `timeout` may be shorter. Default: 60 s.
    #[must_use]
    pub fn call(mut self, limit: Duration) -> Self {
        self.call = limit;
        self
    }

    /// Sets how long the whole run may take. Default: 1 h.
    #[must_use]
    pub fn run(mut self, limit: Duration) -> Self {
        self.run = limit;
        self
    }

    /// Sets how long one loop by `goto` may go on. Default: what the waiter of the operation that is
    /// polled says in the contract, and otherwise 15 min.
    #[must_use]
    pub fn wait(mut self, limit: Duration) -> Self {
        self.wait = Some(limit);
        self
    }

    /// Returns how long a loop may go on whose own deadline is this.
    pub(super) fn loop_deadline(&self, own: Option<Duration>) -> Duration {
        self.wait.or(own).unwrap_or(WAIT)
    }

    /// Sets how many calls a run may make, retries and loops counted. Default: 2,000.
    #[must_use]
    pub fn steps(mut self, limit: u32) -> Self {
        self.steps = limit;
        self
    }

    /// Sets how many bytes a reply may have. Default: 10 MiB.
    #[must_use]
    pub fn reply(mut self, limit: usize) -> Self {
        self.reply = limit;
        self
    }

    /// Sets the longest pause that a service may ask for by `Retry-After`; one that asks for more gets
    /// this. Default: 5 min.
    #[must_use]
    pub fn longest_hint(mut self, limit: Duration) -> Self {
        self.longest_hint = limit;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(60),
            run: Duration::from_secs(60 * 60),
            wait: None,
            steps: 2_000,
            reply: 10 << 20,
            longest_hint: Duration::from_secs(5 * 60),
        }
    }
}
