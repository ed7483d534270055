//! A cap over all that the ledger tells.

use std::fmt;
use std::time::Duration;

use civitai_jobs::Buzz;

/// Buzz that may be spent within some time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) limit: Buzz,
    /// The time; all of it where there is none.
    pub(crate) within: Option<Duration>,
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Buzz", self.limit)?;
        match self.within.map(|time| time.as_secs() / 86_400) {
            Some(1) => f.write_str(" a day"),
            Some(days) => write!(f, " in {days} days"),
            None => Ok(()),
        }
    }
}
