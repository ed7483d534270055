//! Engines and models that are about to be gone: first a warning, then a refusal.

use std::time::Duration;

use serde_json::{Value, json};

use crate::core::problem::{FieldErrors, Problem};
use crate::core::reply::put;

use super::mention::mentioned;
use super::state::State;
use super::template::Template;

/// What is to be told of a step that uses what retires; nothing where there is nothing.
pub(crate) fn warnings(state: &State, input: &Value) -> Option<Value> {
    let retirements = &state.settings.retirements;
    let names = mentioned(input, &|name| retirements.contains_key(name));
    let warnings = names.into_iter().filter_map(|name| {
        let retirement = retirements.get(name)?;
        let retires = state.date_text(retirement.retires);
        let mut warning = json!({
            "code": "modelDeprecated",
            "message": format!("`{name}` retires at {retires}."),
            "deprecatedAt": state.date_text(Duration::ZERO),
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
pub(crate) fn refuse_retired(state: &State, template: &Template) -> Result<(), Problem> {
    let retirements = &state.settings.retirements;
    let is_gone = |name: &str| {
        let retirement = retirements.get(name);
        retirement.is_some_and(|retirement| retirement.retires <= state.now)
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
