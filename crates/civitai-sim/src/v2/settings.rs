//! What the builder decides about version 2.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::settings::Submission;

use super::maturity::Maturity;
use super::wallet::Currency;

/// Everything about a run of version 2 that does not change once it has started.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) balances: BTreeMap<Currency, u64>,
    pub(crate) reassignments: u32,
    pub(crate) link_life: Duration,
    pub(crate) disorder: Disorder,
    pub(crate) ratings: Vec<Rule<Maturity>>,
    pub(crate) blocks: Vec<Rule<String>>,
    /// Why every submission is forbidden, if it is.
    pub(crate) forbidden: Option<String>,
    /// Resources that do not exist, by their AIR.
    pub(crate) missing: BTreeSet<String>,
    /// Whether `wait` is answered with 400 when a workflow is read.
    pub(crate) refuses_wait: bool,
    /// Whether workflows whose steps refer to each other cannot be priced.
    pub(crate) refuses_chained_previews: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            balances: Currency::ALL.map(|currency| (currency, 10_000)).into(),
            reassignments: 1,
            link_life: Duration::from_secs(3_600),
            disorder: Disorder::default(),
            ratings: Vec::new(),
            blocks: Vec::new(),
            forbidden: None,
            missing: BTreeSet::new(),
            refuses_wait: false,
            refuses_chained_previews: false,
        }
    }
}

type Decide<T> = dyn Fn(&Submission<'_>) -> Option<T> + Send + Sync;

/// Decides something about steps, such as how mature their results are.
pub(crate) struct Rule<T>(pub(crate) Arc<Decide<T>>);

impl<T> Clone for Rule<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Rule<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rule(..)")
    }
}

/// What goes wrong with callbacks on their way: shares of all events, from 0 to 1, drawn from the
/// seed.
///
/// ```
/// use std::time::Duration;
/// use civitai_sim::Disorder;
///
/// let disorder = Disorder::default().lost(0.1).late(0.2, Duration::from_secs(30));
/// let builder = civitai_sim::Simulator::builder().disorder(disorder);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[must_use]
pub struct Disorder {
    pub(crate) lost: f64,
    pub(crate) duplicated: f64,
    pub(crate) reordered: f64,
    pub(crate) late: f64,
    pub(crate) delay: Duration,
}

impl Disorder {
    /// The share of events that never arrive.
    pub fn lost(mut self, share: f64) -> Self {
        self.lost = share;
        self
    }

    /// The share of events that arrive twice.
    pub fn duplicated(mut self, share: f64) -> Self {
        self.duplicated = share;
        self
    }

    /// The share of events that the next one of their workflow overtakes.
    pub fn reordered(mut self, share: f64) -> Self {
        self.reordered = share;
        self
    }

    /// The share of events that are sent later, and by how much simulated time.
    pub fn late(mut self, share: f64, delay: Duration) -> Self {
        self.late = share;
        self.delay = delay.min(crate::builder::LONGEST);
        self
    }
}
