//! Which step waits for which: references to steps and arguments, checked before anything runs.

use std::collections::{BTreeSet, HashMap};

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
    let mut names: HashMap<String, usize> = HashMap::new();
    for (index, step) in template.steps.iter().enumerate() {
        names.entry(step.name.clone()).or_insert(index);
    }
    let count = template.steps.len();
    let mut refuse = |place: &str, message: String| {
        errors.entry(place.to_owned()).or_default().push(message);
    };
    let arguments = Value::Object(template.arguments.clone());
    for (index, step) in template.steps.iter_mut().enumerate() {
        if names.get(&step.name).is_some_and(|first| *first < index) {
            let message = format!("Another step has the name `{}`.", step.name);
            refuse(&format!("steps[{index}].name"), message);
        }
        let place_of_input = format!("steps[{index}].input");
        let mut found = Vec::new();
        reference::find(&step.input, &place_of_input, &mut found);
        let mut needs = BTreeSet::new();
        for one in found {
            if one.source == ARGUMENTS {
                // What selects from each item of a list is looked up when the list is there.
                let path = one.path.split("[*]").next().unwrap_or_default();
                if reference::look_up(&arguments, path).is_none() {
                    let message = format!("There is no argument `{}`.", one.path);
                    refuse(&one.place, message);
                }
            } else if let Some(needed) = place(&names, count, one.source) {
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
fn place(names: &HashMap<String, usize>, count: usize, source: &str) -> Option<usize> {
    let named = names.get(source).copied();
    let numbered = || source.strip_prefix('$')?.parse().ok();
    named.or_else(numbered).filter(|place| *place < count)
}

/// The steps that can never start.
fn in_circles(template: &Template) -> Vec<usize> {
    let steps = &template.steps;
    let mut left: Vec<usize> = steps.iter().map(|step| step.needs.len()).collect();
    let mut waiting = vec![Vec::new(); steps.len()];
    for (index, step) in steps.iter().enumerate() {
        for need in &step.needs {
            waiting[*need].push(index);
        }
    }
    let mut started: Vec<usize> = (0..steps.len()).filter(|index| left[*index] == 0).collect();
    while let Some(index) = started.pop() {
        for next in &waiting[index] {
            left[*next] -= 1;
            if left[*next] == 0 {
                started.push(*next);
            }
        }
    }
    (0..steps.len()).filter(|index| left[*index] > 0).collect()
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
