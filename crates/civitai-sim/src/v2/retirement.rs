//! When engines and models are gone, as the builder is told.

use std::time::Duration;

use crate::core::time::LONGEST;

/// When an engine or a model is gone, counted from the start of the simulation.
///
/// ```
/// use std::time::Duration;
/// use civitai_sim::{Retirement, Simulator};
///
/// let retirement = Retirement::after(Duration::from_secs(86_400)).replacement("veo3.1");
/// let builder = Simulator::builder().retires("veo3", retirement);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retirement {
    pub(crate) retires: Duration,
    pub(crate) replacement: Option<String>,
}

impl Retirement {
    /// Returns the retirement of what is gone after this time, 365 days at most; it is announced at the
    /// start.
    pub fn after(time: Duration) -> Self {
        Self {
            retires: time.min(LONGEST),
            replacement: None,
        }
    }

    /// Sets what is to be used in its place. Default: nothing.
    pub fn replacement(mut self, name: impl Into<String>) -> Self {
        self.replacement = Some(name.into());
        self
    }
}
