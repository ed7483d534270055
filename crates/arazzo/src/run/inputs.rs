//! Inputs: defaults, then the schema.

use serde_json::{Map, Value};

use super::error::RunError;
use super::secrets::Secrets;
use crate::document::Workflow;

/// Completes inputs by their defaults and checks them.
pub(super) fn prepare(
    workflow: &Workflow,
    mut inputs: Map<String, Value>,
    secrets: &Secrets,
) -> Result<Map<String, Value>, RunError> {
    let declared = &workflow.inputs;
    for (name, input) in &declared.declared {
        if let (false, Some(default)) = (inputs.contains_key(name), &input.default) {
            inputs.insert(name.clone(), default.clone());
        }
    }
    for (name, value) in &inputs {
        if declared.is_secret(name) {
            secrets.keep(name, value);
        }
    }
    let Some(schema) = &declared.schema else {
        return Ok(inputs);
    };
    let validator = jsonschema::draft202012::new(schema).map_err(|error| {
        let what = format!(
            "the inputs of `{}` have no sound schema: {error}",
            workflow.id
        );
        RunError::inputs(what)
    })?;
    let value = Value::Object(inputs);
    // The message of the validator shows values, which may be secrets.
    let faults: Vec<_> = validator
        .iter_errors(&value)
        .map(|error| {
            let place = error.instance_path().to_string();
            let text = secrets.mask(&error.to_string());
            if place.is_empty() {
                text
            } else {
                format!("`{}`: {text}", place.trim_start_matches('/'))
            }
        })
        .collect();
    if !faults.is_empty() {
        let what = format!(
            "the inputs of `{}` do not fit: {}",
            workflow.id,
            faults.join("; ")
        );
        return Err(RunError::inputs(what));
    }
    match value {
        Value::Object(inputs) => Ok(inputs),
        _ => Ok(Map::new()),
    }
}
