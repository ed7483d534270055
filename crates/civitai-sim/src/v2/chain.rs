//! Which step waits for which: references to steps and arguments, checked before anything runs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::core::problem::{FieldErrors, Problem};

use super::reference::{self, ARGUMENTS};
use super::template::Template;

/// Notes for each step which others its input refers to.
///
/// # Errors
///
/// Names two steps of one name, references that lead nowhere, and steps that wait for each other.
pub(crate) fn link(mut template: Template) -> Result<Template, Problem> {
    let mut errors = FieldErrors::new();
    let names: Vec<String> = template.steps.iter().map(|s| s.name.clone()).collect();
    let mut refuse = |place: &str, message: String| {
        errors.entry(place.to_owned()).or_default().push(message);
    };
    let arguments = Value::Object(template.arguments.clone());
    for (index, step) in template.steps.iter_mut().enumerate() {
        if names[..index].contains(&step.name) {
            let message = format!("Another step has the name `{}`.", step.name);
            refuse(&format!("steps[{index}].name"), message);
        }
        let mut found = Vec::new();
        reference::find(&step.input, &format!("steps[{index}].input"), &mut found);
        let mut needs = BTreeSet::new();
        for one in found {
            if one.source == ARGUMENTS {
                // What selects from each item of a list is looked up when the list is there.
                let path = one.path.split("[*]").next().unwrap_or_default();
                if reference::look_up(&arguments, path).is_none() {
                    let message = format!("There is no argument `{}`.", one.path);
                    refuse(&one.place, message);
                }
            } else if let Some(needed) = place(&names, one.source) {
                needs.insert(needed);
            } else {
                refuse(&one.place, format!("There is no step `{}`.", one.source));
            }
        }
        step.needs = needs;
    }
    for index in in_circles(&template) {
        let message = "The step waits for itself.".to_owned();
        refuse(&format!("steps[{index}].input"), message);
    }
    if errors.is_empty() {
        Ok(template)
    } else {
        Err(Problem::invalid(errors))
    }
}

/// A step by its name, or by its place as `$0`.
fn place(names: &[String], source: &str) -> Option<usize> {
    let named = names.iter().position(|name| name == source);
    let numbered = || source.strip_prefix('$')?.parse().ok();
    named.or_else(numbered).filter(|place| *place < names.len())
}

/// The steps that can never start.
fn in_circles(template: &Template) -> Vec<usize> {
    let mut started = BTreeSet::new();
    let steps = || template.steps.iter().enumerate();
    loop {
        let ready = steps()
            .filter(|(index, step)| !started.contains(index) && step.needs.is_subset(&started))
            .map(|(index, _)| index)
            .collect::<Vec<_>>();
        if ready.is_empty() {
            return steps()
                .map(|(index, _)| index)
                .filter(|index| !started.contains(index))
                .collect();
        }
        started.extend(ready);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::settings::Settings;
    use super::super::submission;

    fn step(name: Option<&str>, source: &str) -> Value {
        let message = json!({"$ref": source, "path": "output.message"});
        json!({"$type": "echo", "name": name, "input": {"message": message}})
    }

    #[test]
    fn what_leads_nowhere_is_named() {
        let plain = json!({"$type": "echo", "input": {"message": "hello"}});
        for (steps, places) in [
            (
                json!([plain, step(Some("b"), "$0"), step(None, "b")]),
                vec![],
            ),
            (json!([step(None, "a")]), vec!["steps[0].input.message"]),
            (json!([step(None, "$3")]), vec!["steps[0].input.message"]),
            (json!([step(Some("a"), "a")]), vec!["steps[0].input"]),
            (
                json!([step(Some("a"), "b"), step(Some("b"), "a")]),
                vec!["steps[0].input", "steps[1].input"],
            ),
            (
                json!([step(None, "$arguments")]),
                vec!["steps[0].input.message"],
            ),
        ] {
            let read = submission::read(&json!({"steps": steps}), &Settings::default());
            let errors = read.map_or_else(|problem| problem.errors().clone(), |_| [].into());
            assert_eq!(errors.keys().collect::<Vec<_>>(), places, "{steps}");
        }
    }
}
