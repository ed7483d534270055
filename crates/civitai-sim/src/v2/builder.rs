//! The settings of a simulator that are about version 2.

use std::sync::Arc;
use std::time::Duration;

use crate::builder::{LONGEST, SimulatorBuilder};
use crate::content::Content;
use crate::settings::Submission;

use super::loading::Loading;
use super::maturity::Maturity;
use super::retirement::Retirement;
use super::settings::{Disorder, Rule};
use super::shape::{Shape, UntilChange};
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

    /// Which description of the service replies follow; default both at once.
    pub fn shape(mut self, shape: Shape) -> Self {
        self.settings.v2.shape = shape;
        self
    }

    /// How a request that waits `until=change` is answered; default served, or ignored in the shape
    /// [`Old`](Shape::Old).
    pub fn until_change(mut self, answer: UntilChange) -> Self {
        self.settings.v2.until_change = Some(answer);
        self
    }

    /// Makes a model, named by its AIR, one that no worker holds: steps that use it wait until it is
    /// loaded, and tell how far it has come.
    pub fn not_loaded(mut self, air: impl Into<String>, loading: Loading) -> Self {
        self.settings.v2.not_loaded.insert(air.into(), loading);
        self
    }

    /// Makes an engine or a model, by the name or AIR that inputs give it, one that will be gone:
    /// steps that use it carry a warning, and are refused with 400 once it is.
    pub fn retires(mut self, name: impl Into<String>, retirement: Retirement) -> Self {
        self.settings.v2.retirements.insert(name.into(), retirement);
        self
    }

    /// Makes the price of the steps a ceiling for which `rule` gives a share, from 0 to 1: the price is
    /// taken at submission, and all but this share is given back at the end.
    ///
    /// ```
    /// use civitai_sim::Simulator;
    ///
    /// let builder = Simulator::builder()
    ///     .bill_when(|step| (step.job_type() == "customComfy").then_some(0.4));
    /// ```
    pub fn bill_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<f64> + Send + Sync + 'static,
    {
        self.settings.v2.bills.push(Rule(Arc::new(rule)));
        self
    }

    /// Puts a file at an address that files may be taken in from. Besides, there are the service's own
    /// files and addresses of this machine.
    pub fn source(mut self, address: impl Into<String>, content: Content) -> Self {
        self.settings.v2.sources.insert(address.into(), content);
        self
    }

    /// Whether steps may have types that the contract does not list, which then make what their name
    /// suggests; default no.
    pub fn take_unlisted_steps(mut self, take: bool) -> Self {
        self.settings.v2.takes_unlisted = take;
        self
    }
}
