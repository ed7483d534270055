//! Which of its published descriptions the service speaks.

use std::str::FromStr;

/// What replies of version 2 hold: the service's description has changed, and it is not known of each
/// deployment which one it follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// As described in June 2026: steps have `jobs`, each with its place in the queue. Nothing that
    /// came later is there: unknown operations answer 404, unknown parameters and members are ignored.
    Old,
    /// As described in September 2026: steps have no `jobs`, but their own place in the queue, what
    /// they are prepared with, warnings, and errors.
    New,
    /// Everything of both, as the service sends while it moves from one to the other.
    #[default]
    Both,
}

/// How a request that waits `until=change` is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UntilChange {
    /// As soon as something has changed.
    Served,
    /// Once the workflow has ended, as by a service that does not know the parameter.
    Ignored,
    /// With 400.
    Refused,
}

/// Reads `old`, `new` or `both`.
impl FromStr for Shape {
    type Err = ShapeError;

    fn from_str(text: &str) -> Result<Self, ShapeError> {
        match text {
            "old" => Ok(Self::Old),
            "new" => Ok(Self::New),
            "both" => Ok(Self::Both),
            _ => Err(ShapeError),
        }
    }
}

/// Why a text is no [`Shape`].
#[derive(Debug, thiserror::Error)]
#[error("a shape is `old`, `new` or `both`")]
pub struct ShapeError;

impl Shape {
    /// Whether steps have `jobs`.
    pub(crate) fn is_old(self) -> bool {
        self != Self::New
    }

    /// Whether there is what came in September.
    pub(crate) fn is_new(self) -> bool {
        self != Self::Old
    }
}
