//! What the builder decides about version 2.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::core::content::Content;
use crate::core::rule::Rule;
use crate::core::time::LONGEST;

use super::kind::Kind;
use super::loading::Loading;
use super::maturity::Maturity;
use super::retirement::Retirement;
use super::shape::{Shape, UntilChange};
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
    pub(crate) shape: Shape,
    /// Where it is told; otherwise it follows from the shape.
    pub(crate) until_change: Option<UntilChange>,
    /// Models that no worker holds at the start, by their AIR.
    pub(crate) not_loaded: BTreeMap<String, Loading>,
    /// Engines and models that will be gone, by their name.
    pub(crate) retirements: BTreeMap<String, Retirement>,
    /// Which steps are charged less in the end than they are priced.
    pub(crate) bills: Vec<Rule<f64>>,
    /// Addresses that files may be taken in from, and what lies there.
    pub(crate) sources: BTreeMap<String, Content>,
    /// Whether steps may have types that the contract does not list.
    pub(crate) takes_unlisted: bool,
}

impl Settings {
    /// Whether the service knows a step type, or only came to do so later.
    pub(crate) fn knows(&self, kind: &Kind) -> bool {
        self.shape.is_new() || !kind.new
    }

    /// How requests that wait for a change are answered.
    pub(crate) fn until_change(&self) -> UntilChange {
        self.until_change.unwrap_or(if self.shape.is_new() {
            UntilChange::Served
        } else {
            UntilChange::Ignored
        })
    }
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
            shape: Shape::default(),
            until_change: None,
            not_loaded: BTreeMap::new(),
            retirements: BTreeMap::new(),
            bills: Vec::new(),
            sources: BTreeMap::new(),
            takes_unlisted: false,
        }
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
    pub(crate) forged: f64,
    pub(crate) late: f64,
    pub(crate) delay: Duration,
}

impl Disorder {
    /// Sets the share of events that never arrive. Default: 0.
    pub fn lost(mut self, share: f64) -> Self {
        self.lost = share;
        self
    }

    /// Sets the share of events that arrive twice. Default: 0.
    pub fn duplicated(mut self, share: f64) -> Self {
        self.duplicated = share;
        self
    }

    /// Sets the share of events that the next one of their workflow overtakes. Default: 0.
    pub fn reordered(mut self, share: f64) -> Self {
        self.reordered = share;
        self
    }

    /// Sets the share of events ahead of which a forged one comes, which says that all has succeeded. Default:
    /// 0.
    pub fn forged(mut self, share: f64) -> Self {
        self.forged = share;
        self
    }

    /// Sets the share of events that are sent later, and by how much simulated time, 365 days at most.
    /// Default: 0.
    pub fn late(mut self, share: f64, delay: Duration) -> Self {
        self.late = share;
        self.delay = delay.min(LONGEST);
        self
    }
}
