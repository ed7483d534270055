//! What happens in a run, as it happens.

use std::fmt;
use std::time::Duration;

/// Something that has happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The workflow.
    pub workflow: String,
    /// The step, where it is about one.
    pub step: Option<String>,
    /// How often the step has been called so far.
    pub visit: u32,
    /// What has happened.
    pub happening: Happening,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening {
    /// The step is sent.
    #[non_exhaustive]
    Sent {
        /// The method, in upper case.
        method: String,
        /// The address, secrets masked.
        url: String,
    },
    /// The service has answered.
    #[non_exhaustive]
    Answered {
        /// The status.
        status: u16,
        /// How long that took.
        took: Duration,
    },
    /// There was no answer.
    #[non_exhaustive]
    Unanswered {
        /// Why.
        why: String,
    },
    /// A criterion of the step does not hold.
    #[non_exhaustive]
    Unmet {
        /// The condition.
        condition: String,
    },
    /// The step went well, or not.
    #[non_exhaustive]
    Judged {
        /// Whether it went well.
        success: bool,
    },
    /// An action is taken.
    #[non_exhaustive]
    Taken {
        /// The name of the action.
        action: String,
        /// What it does, in words.
        does: String,
    },
    /// The run pauses before a retry.
    #[non_exhaustive]
    Paused {
        /// How long.
        pause: Duration,
    },
    /// Something is not as it seems to be meant.
    #[non_exhaustive]
    Warned {
        /// What.
        what: String,
    },
}

/// One line.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.workflow)?;
        if let Some(step) = &self.step {
            write!(f, "/{step}")?;
        }
        if self.visit > 1 {
            write!(f, " ({})", self.visit)?;
        }
        match &self.happening {
            Happening::Sent { method, url } => write!(f, ": {method} {url}"),
            Happening::Answered { status, took } => {
                write!(f, ": {status} after {:.1} s", took.as_secs_f64())
            }
            Happening::Unanswered { why } => write!(f, ": no answer: {why}"),
            Happening::Unmet { condition } => write!(f, ": does not hold: {condition}"),
            Happening::Judged { success: true } => write!(f, ": done"),
            Happening::Judged { success: false } => write!(f, ": failed"),
            Happening::Taken { action, does } => write!(f, ": {action}: {does}"),
            Happening::Paused { pause } => write!(f, ": pauses {:.1} s", pause.as_secs_f64()),
            Happening::Warned { what } => write!(f, ": warning: {what}"),
        }
    }
}
