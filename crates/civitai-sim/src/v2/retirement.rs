//! Engines and models that are about to be gone: first a warning, then a refusal.

use std::time::Duration;

use serde_json::{Value, json};

use crate::problem::{FieldErrors, Problem};

use super::mention::mentioned;
use super::state::Orchestrator;
use super::template::Template;
use super::view::put;

/// When an engine or a model is gone, counted from the start of the simulation.
///
/// ```
/// use std::time::Duration;
/// use civitai_sim::{Retirement, Simulator};
///
/// let retirement = Retirement::after(Duration::from_secs(86_400)).replacement("veo3.1");
/// let builder = Simulator::builder().retires("veo3", retirement);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retirement {
    retires: Duration,
    replacement: Option<String>,
}

impl Retirement {
    /// Gone after this time; announced at the start.
    pub fn after(time: Duration) -> Self {
        Self {
            retires: time.min(crate::builder::LONGEST),
            replacement: None,
        }
    }

    /// What is to be used in its place; default nothing.
    pub fn replacement(mut self, name: impl Into<String>) -> Self {
        self.replacement = Some(name.into());
        self
    }
}

impl Orchestrator {
    /// What is to be told of a step that uses what retires; nothing where there is nothing.
    pub(super) fn warnings(&self, input: &Value) -> Option<Value> {
        let retirements = &self.settings.v2.retirements;
        let names = mentioned(input, &|name| retirements.contains_key(name));
        let warnings = names.into_iter().filter_map(|name| {
            let retirement = retirements.get(name)?;
            let retires = self.date(retirement.retires);
            let mut warning = json!({
                "code": "modelDeprecated",
                "message": format!("`{name}` retires at {retires}."),
                "deprecatedAt": self.date(Duration::ZERO),
                "retiresAt": retires,
            });
            let replacement = retirement.replacement.clone().map(Value::from);
            put(&mut warning, "replacement", replacement);
            Some(warning)
        });
        let warnings: Vec<Value> = warnings.collect();
        (!warnings.is_empty()).then(|| warnings.into())
    }

    /// Refuses a workflow that uses what is gone.
    ///
    /// # Errors
    ///
    /// Names every step that does.
    pub(super) fn refuse_retired(&self, template: &Template) -> Result<(), Problem> {
        let retirements = &self.settings.v2.retirements;
        let is_gone = |name: &str| {
            let retirement = retirements.get(name);
            retirement.is_some_and(|retirement| retirement.retires <= self.now)
        };
        let mut errors = FieldErrors::new();
        for (index, step) in template.steps.iter().enumerate() {
            for name in mentioned(&step.input, &is_gone) {
                let messages = errors.entry(format!("steps[{index}].input")).or_default();
                messages.push(format!("`{name}` has retired."));
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(errors))
        }
    }
}
