//! Forms of step types, read from the limits of the contract.

use civitai_api::v2::limits;
use civitai_api::{Limits, Member, Rule};
use serde_json::{Value, json};

/// Unions nest no deeper.
const CHOICES_AT_MOST: usize = 16;

pub(super) fn names() -> Vec<&'static str> {
    let variants = limits::WORKFLOW_STEP_TEMPLATE.variants().iter();
    variants.map(|(name, _)| *name).collect()
}

/// The form of a step's input: which choices there are, which of them are made, and the members that
/// follow from those.
pub(super) fn form(name: &str, choices: &[(String, String)]) -> Option<Value> {
    let variants = limits::WORKFLOW_STEP_TEMPLATE.variants().iter();
    let (_, step) = variants.into_iter().find(|(tag, _)| *tag == name)?;
    let Some(Rule::Object(mut input)) = step.member("input").map(Member::rule) else {
        return Some(json!({"choices": [], "members": []}));
    };
    let mut made = Vec::new();
    for _ in 0..CHOICES_AT_MOST {
        let Some(tag) = input.tag() else { break };
        let variants = input.variants();
        let chosen = choices.iter().rev().find(|(choice, _)| choice == tag);
        let chosen = chosen
            .map(|(_, value)| value.as_str())
            .or(input.default_tag());
        let found = variants.iter().find(|(listed, _)| Some(*listed) == chosen);
        let (value, next) = *found.or(variants.first())?;
        let listed: Vec<&str> = variants.iter().map(|(listed, _)| *listed).collect();
        made.push(json!({"name": tag, "value": value, "listed": listed}));
        input = next;
    }
    Some(json!({"choices": made, "members": members(input, &made)}))
}

fn members(limits: &Limits, choices: &[Value]) -> Vec<Value> {
    let is_choice = |name: &str| choices.iter().any(|choice| choice["name"] == name);
    let members = limits.members().filter(|member| !is_choice(member.name()));
    let mut shown: Vec<Value> = members
        .map(|member| {
            let mut shown = field(&member.rule());
            shown["name"] = member.name().into();
            shown["required"] = member.is_required().into();
            shown
        })
        .collect();
    // What must be there comes first, and after that what a reader knows.
    shown.sort_by_key(|member| (member["required"] != true, member["name"].to_string()));
    shown
}

fn field(rule: &Rule) -> Value {
    match rule {
        Rule::Flag => json!({"kind": "flag"}),
        Rule::Number(range) => json!({
            "kind": "number",
            "whole": range.is_integer(),
            "least": range.least(),
            "most": range.most(),
        }),
        Rule::Numbers(listed) => json!({"kind": "number", "listed": listed}),
        Rule::Text(count) => json!({"kind": "text", "most": count.most()}),
        Rule::Listed(listed) => json!({"kind": "listed", "listed": listed}),
        Rule::List { .. } => json!({"kind": "json", "hint": "[…]"}),
        Rule::Map(_) | Rule::Object(_) => json!({"kind": "json", "hint": "{…}"}),
        _ => json!({"kind": "json", "hint": "JSON"}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_type_has_a_form_and_choices_lead_on() {
        let names = names();
        assert!(names.len() >= 44, "{names:?}");
        for name in names {
            assert!(form(name, &[]).is_some(), "{name}");
        }
        let choice = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let chosen = [
            choice("engine", "flux2"),
            choice("model", "klein"),
            choice("operation", "createImage"),
        ];
        let form = form("imageGen", &chosen).unwrap();
        let made = form["choices"].as_array().unwrap();
        assert!(
            made.iter().any(|choice| choice["value"] == "klein"),
            "{form}"
        );
        let members = form["members"].as_array().unwrap();
        let prompt = members
            .iter()
            .find(|member| member["name"] == "prompt")
            .unwrap();
        assert_eq!(
            (&prompt["kind"], &prompt["required"]),
            (&json!("text"), &json!(true))
        );
    }
}
