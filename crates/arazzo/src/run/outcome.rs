//! How a run ended and what it gives.

use std::fmt;

use serde_json::{Map, Value};

/// How a run ended and what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub(super) end: End,
    pub(super) outputs: Map<String, Value>,
    pub(super) missing: Vec<String>,
}

/// How a workflow ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// By its last step, which went well.
    Completed,
    /// By an action of type `end`.
    #[non_exhaustive]
    ByAction {
        /// The step.
        step: String,
        /// The action.
        action: String,
        /// Whether it was an action for success.
        success: bool,
    },
    /// By a step that failed and that no action took care of.
    #[non_exhaustive]
    Failed {
        /// The step.
        step: String,
        /// Why, in one line.
        why: String,
    },
}

impl Outcome {
    /// Returns how it ended.
    #[must_use]
    pub fn end(&self) -> &End {
        &self.end
    }

    /// Returns whether no failure ended it.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.end.is_success()
    }

    /// Returns the outputs that have a value, secrets masked.
    #[must_use]
    pub fn outputs(&self) -> &Map<String, Value> {
        &self.outputs
    }

    /// Returns the outputs that were not produced, since their step was skipped or failed.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
}

impl End {
    pub(super) fn is_success(&self) -> bool {
        !matches!(
            self,
            Self::Failed { .. } | Self::ByAction { success: false, .. }
        )
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Completed => f.write_str("completed"),
            Self::ByAction {
                step,
                action,
                success,
            } => {
                let how = if *success { "" } else { " after a failure" };
                write!(f, "ended{how} at `{step}` by `{action}`")
            }
            Self::Failed { step, why } => write!(f, "failed at `{step}`: {why}"),
        }
    }
}
