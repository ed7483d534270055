//! What a workflow would cost.

use std::collections::BTreeMap;

use super::snapshot::WorkflowSnapshot;
use super::step::StepSnapshot;

/// What a workflow would cost, and what it would run with. Nothing runs, and nothing is paid.
#[derive(Clone, Debug)]
pub struct Preview(WorkflowSnapshot);

impl Preview {
    pub(crate) fn new(priced: WorkflowSnapshot) -> Self {
        Self(priced)
    }

    /// The price in Buzz, tips counted in; the most that it can come to where the price
    /// [is a ceiling](WorkflowSnapshot::is_price_ceiling).
    #[must_use]
    pub fn price(&self) -> u64 {
        u64::try_from(self.0.cost().total).unwrap_or(0)
    }

    /// Whether the price is the most that the work can cost. What the work did not cost is given back
    /// at its end.
    #[must_use]
    pub fn is_price_ceiling(&self) -> bool {
        self.0.is_price_ceiling()
    }

    /// The price by the kind of Buzz that would pay it, as far as the service tells.
    #[must_use]
    pub fn by_currency(&self) -> BTreeMap<String, i64> {
        self.0.spent()
    }

    /// Whether the account has the Buzz for it. A service that does not say counts as yes.
    #[must_use]
    pub fn is_affordable(&self) -> bool {
        !self.0.is_buzz_short()
    }

    /// The steps as the service would run them, with the resources it resolved.
    #[must_use]
    pub fn steps(&self) -> &[StepSnapshot] {
        self.0.steps()
    }

    /// All of the reply.
    #[must_use]
    pub fn snapshot(&self) -> &WorkflowSnapshot {
        &self.0
    }
}
