//! The settings of a simulator that are about version 2.

use std::sync::Arc;
use std::time::Duration;

use crate::builder::{LONGEST, SimulatorBuilder};
use crate::settings::Submission;

use super::maturity::Maturity;
use super::settings::{Disorder, Rule};
use super::wallet::Currency;

impl SimulatorBuilder {
    /// The Buzz on one account of version 2; default 10,000 on each.
    pub fn buzz(mut self, currency: Currency, buzz: u64) -> Self {
        // What a workflow costs is told in 32 bits.
        let buzz = buzz.min(u64::from(u32::MAX));
        self.settings.v2.balances.insert(currency, buzz);
        self
    }

    /// How often a job of version 2 goes back from `scheduled` to `preparing` before it runs, as
    /// when it is given to another worker; default once, at most 100 times.
    pub fn reassignments(mut self, times: u32) -> Self {
        self.settings.v2.reassignments = times.min(100);
        self
    }

    /// How long links of version 2 are good; default an hour.
    pub fn link_life(mut self, life: Duration) -> Self {
        self.settings.v2.link_life = life.min(LONGEST);
        self
    }

    /// What goes wrong with callbacks on their way; default nothing.
    pub fn disorder(mut self, disorder: Disorder) -> Self {
        self.settings.v2.disorder = disorder;
        self
    }

    /// Rates what a step makes by the first rule that says something; otherwise it is as mature as
    /// the workflow says, or for everyone.
    ///
    /// ```
    /// use civitai_sim::{Maturity, Simulator};
    ///
    /// let builder = Simulator::builder()
    ///     .rate_when(|step| step.prompt().contains("bare").then_some(Maturity::R));
    /// ```
    pub fn rate_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<Maturity> + Send + Sync + 'static,
    {
        self.settings.v2.ratings.push(Rule(Arc::new(rule)));
        self
    }

    /// Blocks the files of steps for which `rule` gives a reason: the step succeeds, and its files
    /// are withheld.
    pub fn block_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<String> + Send + Sync + 'static,
    {
        self.settings.v2.blocks.push(Rule(Arc::new(rule)));
        self
    }

    /// Answers every submission of a workflow with 403 and this text, as for an account that may
    /// not generate.
    pub fn forbid_submissions(mut self, reason: impl Into<String>) -> Self {
        self.settings.v2.forbidden = Some(reason.into());
        self
    }

    /// Answers 404 for a resource, named by its AIR.
    pub fn missing_resource(mut self, air: impl Into<String>) -> Self {
        self.settings.v2.missing.insert(air.into());
        self
    }

    /// Answers 400 where a workflow is read with `wait`, as older deployments did; default no.
    pub fn refuse_wait(mut self, refuse: bool) -> Self {
        self.settings.v2.refuses_wait = refuse;
        self
    }

    /// Answers 500 without a body where a workflow is priced whose steps refer to each other, as
    /// the service has been seen to do; default no.
    pub fn refuse_chained_previews(mut self, refuse: bool) -> Self {
        self.settings.v2.refuses_chained_previews = refuse;
        self
    }
}
