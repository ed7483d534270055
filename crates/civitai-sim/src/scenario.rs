//! Scenario files: what goes wrong with which request, with which job, and with callbacks.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::builder::SimulatorBuilder;
use crate::core::request_rule::RequestRule;
use crate::core::rule::Submission;
use crate::v2::maturity::Maturity;
use crate::v2::settings::Disorder;

/// What goes wrong in a run, read from JSON.
///
/// The same scenario, seed and order of requests give the same replies, byte for byte. The README of this
/// crate lists all words.
///
/// ```
/// use civitai_sim::Scenario;
///
/// let scenario: Scenario = r#"{"requests": [{
///     "on": {"method": "POST", "path": "/v2/consumer/workflows*", "times": 2},
///     "do": [{"fault": "status", "status": 429, "retryAfter": "2"}]
/// }]}"#.parse()?;
/// let builder = civitai_sim::Simulator::builder().scenario(scenario);
/// # Ok::<(), civitai_sim::ScenarioError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Scenario {
    requests: Vec<RequestRule>,
    jobs: Vec<JobRule>,
    callbacks: Callbacks,
    /// How far the service's clock is ahead of this machine's, in seconds; below 0 it is behind.
    clock_skew: i64,
}

/// Why a text is no [`Scenario`].
#[derive(Debug, thiserror::Error)]
#[error("the scenario cannot be read")]
pub struct ScenarioError(#[from] serde_json::Error);

/// What becomes of the jobs and steps that it is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct JobRule {
    /// Text that the prompt holds.
    prompt: Option<String>,
    /// The `$type`, such as `imageGen`.
    r#type: Option<String>,
    /// The message with which it fails.
    fail: Option<String>,
    /// The reason for which its files are blocked.
    block: Option<String>,
    /// How mature its files are, such as `r`.
    rate: Option<Maturity>,
    /// The share of its price that it costs in the end: the price is a ceiling.
    bill: Option<f64>,
}

/// What goes wrong with callbacks, as shares of all from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Callbacks {
    lost: f64,
    duplicated: f64,
    reordered: f64,
    forged: f64,
    late: f64,
    late_seconds: u64,
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        Ok(serde_json::from_str(text)?)
    }
}

impl SimulatorBuilder {
    /// Adds a scenario to what else is ordered. Default: nothing goes wrong.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        for rule in scenario.requests {
            self = self.request_rule(rule);
        }
        for job in scenario.jobs {
            self = job.order(self);
        }
        let callbacks = scenario.callbacks;
        if callbacks != Callbacks::default() {
            self = self.disorder(callbacks.disorder());
        }
        self.clock_skew(chrono::Duration::seconds(scenario.clock_skew))
    }
}

impl JobRule {
    fn order(self, mut builder: SimulatorBuilder) -> SimulatorBuilder {
        if let Some(message) = self.fail.clone() {
            let rule = self.clone();
            builder = builder.fail_when(move |job| rule.is_about(job).then(|| message.clone()));
        }
        if let Some(reason) = self.block.clone() {
            let rule = self.clone();
            builder = builder.block_when(move |job| rule.is_about(job).then(|| reason.clone()));
        }
        if let Some(rating) = self.rate {
            let rule = self.clone();
            builder = builder.rate_when(move |job| rule.is_about(job).then_some(rating));
        }
        if let Some(share) = self.bill {
            builder = builder.bill_when(move |job| self.is_about(job).then_some(share));
        }
        builder
    }

    /// Whether it is about a job or step.
    fn is_about(&self, job: &Submission<'_>) -> bool {
        self.r#type
            .as_ref()
            .is_none_or(|wanted| wanted == job.job_type())
            && self
                .prompt
                .as_ref()
                .is_none_or(|text| job.prompt().contains(text.as_str()))
    }
}

impl Callbacks {
    fn disorder(self) -> Disorder {
        Disorder::default()
            .lost(self.lost)
            .duplicated(self.duplicated)
            .reordered(self.reordered)
            .forged(self.forged)
            .late(self.late, Duration::from_secs(self.late_seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scenario_does_not_know_is_said() {
        for text in [
            r#"{"request": []}"#,
            r#"{"requests": [{"do": [{"fault": "explode"}]}]}"#,
            r#"{"requests": [{"on": {"pth": "x"}, "do": []}]}"#,
        ] {
            assert!(serde_json::from_str::<Scenario>(text).is_err(), "{text}");
        }
    }
}
