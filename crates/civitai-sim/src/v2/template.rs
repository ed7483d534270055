//! What a caller submits: workflows and their steps.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::core::rule::Submission;

use super::kind::{self, Kind};
use super::wallet::Currency;

/// A workflow as it was submitted.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Template {
    pub(crate) steps: Vec<StepTemplate>,
    /// As it was written; empty stands for any.
    pub(crate) currencies: Vec<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) callbacks: Vec<Callback>,
    /// Rates for the service and for creators.
    pub(crate) tips: (f64, f64),
    pub(crate) nsfw_level: Option<String>,
    pub(crate) experimental: Option<bool>,
    pub(crate) allow_mature: Option<bool>,
    /// Whether mature content is paid for anew without asking.
    pub(crate) upgrades: bool,
    pub(crate) ephemeral: bool,
    pub(crate) external_id: Option<String>,
    /// How urgently models are loaded that no worker holds.
    pub(crate) download_priority: Option<Priority>,
}

/// A step as it was submitted.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct StepTemplate {
    pub(crate) step_type: String,
    pub(crate) name: String,
    pub(crate) priority: Priority,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: u32,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) input: Value,
    /// The steps that its input refers to, by their place.
    pub(crate) needs: BTreeSet<usize>,
}

/// How urgent a step is; the most urgent first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub(crate) enum Priority {
    High,
    Normal,
    Low,
}

/// Where events are to be sent.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Callback {
    pub(crate) url: String,
    pub(crate) types: Vec<String>,
    pub(crate) detailed: Option<bool>,
}

impl Template {
    /// A workflow of one step, as a recipe runs it.
    pub(crate) fn of_one(step: StepTemplate, allow_mature: Option<bool>) -> Self {
        Self {
            steps: vec![step],
            currencies: Vec::new(),
            metadata: Map::new(),
            arguments: Map::new(),
            tags: Vec::new(),
            callbacks: Vec::new(),
            tips: (0.0, 0.0),
            nsfw_level: None,
            experimental: None,
            allow_mature,
            upgrades: false,
            ephemeral: true,
            external_id: None,
            download_priority: None,
        }
    }

    /// The accounts that the caller allows.
    fn accounts(&self) -> Vec<Currency> {
        let allowed = |currency: &Currency| {
            self.currencies.is_empty()
                || self.currencies.iter().any(|name| name == currency.as_str())
        };
        Currency::ALL.into_iter().filter(allowed).collect()
    }

    /// The accounts that pay; mature content takes yellow Buzz alone.
    pub(crate) fn payers(&self) -> Vec<Currency> {
        let mut accounts = self.accounts();
        if self.allow_mature == Some(true) {
            accounts.retain(|currency| *currency == Currency::Yellow);
        }
        accounts
    }
}

impl StepTemplate {
    /// What its type costs and makes.
    pub(crate) fn kind(&self) -> &'static Kind {
        kind::of(&self.step_type)
    }

    /// The step as rules see it.
    pub(crate) fn submission<'a>(
        &'a self,
        input: &'a Value,
        metadata: &'a Map<String, Value>,
        attempt: u32,
    ) -> Submission<'a> {
        Submission {
            job_type: &self.step_type,
            prompt: input.get("prompt").and_then(Value::as_str).unwrap_or(""),
            properties: metadata,
            attempt,
        }
    }
}

impl Priority {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::High, Self::Normal, Self::Low];
        all.into_iter().find(|priority| priority.as_str() == name)
    }
}
