//! The settings of a simulator that are about version 2.

use std::time::Duration;

use crate::core::content::Content;
use crate::core::rule::{Rule, Submission};
use crate::core::time::LONGEST;
use crate::v2::loading::Loading;
use crate::v2::maturity::Maturity;
use crate::v2::retirement::Retirement;
use crate::v2::settings::Disorder;
use crate::v2::shape::{Shape, UntilChange};
use crate::v2::wallet::Currency;

use super::SimulatorBuilder;

impl SimulatorBuilder {
    /// Sets the Buzz on one account of version 2, 4,294,967,295 at most. Default: 10,000 on each.
    pub fn buzz(mut self, currency: Currency, buzz: u64) -> Self {
        // What a workflow costs is told in 32 bits.
        let buzz = buzz.min(u64::from(u32::MAX));
        self.v2.balances.insert(currency, buzz);
        self
    }

    /// Sets how often a job of version 2 goes back from `scheduled` to `preparing` before it runs, as
    /// when it is given to another worker: from 0 to 100 times. Default: 1.
    pub fn reassignments(mut self, times: u32) -> Self {
        self.v2.reassignments = times.min(100);
        self
    }

    /// Sets how long links of version 2 are good. Default: 1 h.
    pub fn link_life(mut self, life: Duration) -> Self {
        self.v2.link_life = life.min(LONGEST);
        self
    }

    /// Sets what goes wrong with callbacks on their way. Default: nothing.
    pub fn disorder(mut self, disorder: Disorder) -> Self {
        self.v2.disorder = disorder;
        self
    }

    /// Rates what a step makes as `rule` says. Default: as mature as the workflow says, or for everyone.
    ///
    /// Rules are asked in the order in which they were added; the first that gives a rating counts.
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
        self.v2.ratings.push(Rule::new(rule));
        self
    }

    /// Blocks the files of steps for which `rule` gives a reason: the step succeeds, and its files are
    /// withheld. Default: none is blocked.
    ///
    /// Rules are asked in the order in which they were added; the first that gives a reason counts.
    pub fn block_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<String> + Send + Sync + 'static,
    {
        self.v2.blocks.push(Rule::new(rule));
        self
    }

    /// Answers every submission of a workflow with 403 and this text, as for an account that may not
    /// generate. Default: submissions are accepted.
    pub fn forbid_submissions(mut self, reason: impl Into<String>) -> Self {
        self.v2.forbidden = Some(reason.into());
        self
    }

    /// Answers 404 for a resource, named by its AIR. Default: every resource exists.
    pub fn missing_resource(mut self, air: impl Into<String>) -> Self {
        self.v2.missing.insert(air.into());
        self
    }

    /// Sets whether 400 is answered where a workflow is read with `wait`, as older deployments did.
    /// Default: `false`.
    pub fn refuse_wait(mut self, refuse: bool) -> Self {
        self.v2.refuses_wait = refuse;
        self
    }

    /// Sets whether 500 without a body is answered where a workflow is priced whose steps refer to each
    /// other, as the service has been seen to do. Default: `false`.
    pub fn refuse_chained_previews(mut self, refuse: bool) -> Self {
        self.v2.refuses_chained_previews = refuse;
        self
    }

    /// Sets which description of the service replies follow. Default: [`Shape::Both`].
    pub fn shape(mut self, shape: Shape) -> Self {
        self.v2.shape = shape;
        self
    }

    /// Sets how a request that waits `until=change` is answered. Default: [`UntilChange::Served`], or
    /// [`UntilChange::Ignored`] in the shape [`Shape::Old`].
    pub fn until_change(mut self, answer: UntilChange) -> Self {
        self.v2.until_change = Some(answer);
        self
    }

    /// Makes a model, named by its AIR, one that no worker holds: steps that use it wait until it is
    /// loaded, and tell how far it has come. Default: every model is loaded.
    pub fn not_loaded(mut self, air: impl Into<String>, loading: Loading) -> Self {
        self.v2.not_loaded.insert(air.into(), loading);
        self
    }

    /// Makes an engine or a model, by the name or AIR that inputs give it, one that will be gone: steps
    /// that use it carry a warning, and are refused with 400 once it is. Default: nothing retires.
    pub fn retires(mut self, name: impl Into<String>, retirement: Retirement) -> Self {
        self.v2.retirements.insert(name.into(), retirement);
        self
    }

    /// Makes the price of the steps a ceiling for which `rule` gives a share, from 0 to 1: the price is
    /// taken at submission, and all but this share is given back at the end. Default: prices are exact.
    ///
    /// Rules are asked in the order in which they were added; the first that gives a share counts.
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
        self.v2.bills.push(Rule::new(rule));
        self
    }

    /// Puts a file at an address that `blobs/ingest` may take files in from. Default: the service's own
    /// files and addresses of this machine.
    pub fn source(mut self, address: impl Into<String>, content: Content) -> Self {
        self.v2.sources.insert(address.into(), content);
        self
    }

    /// Sets whether steps may have types that the contract does not list, which then make what their name
    /// suggests. Default: `false`.
    pub fn take_unlisted_steps(mut self, take: bool) -> Self {
        self.v2.takes_unlisted = take;
        self
    }
}
