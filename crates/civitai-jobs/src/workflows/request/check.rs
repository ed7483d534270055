//! The checks before anything is sent: all that is wrong, at once.

use civitai_api::v2::limits::WORKFLOW_TEMPLATE;
use civitai_api::{Limits, Member, Rule, ViolationKind};
use serde_json::{Map, Value};

use crate::FieldProblems;
use crate::net::is_loopback;
use civitai_api::v2::types::{WorkflowCallback, WorkflowTemplate};

pub(super) use graph::references;

mod graph;

/// What the contract does not say of a workflow without its steps.
pub(super) fn frame(
    frame: &WorkflowTemplate,
    waits: bool,
    unchecked: bool,
    problems: &mut FieldProblems,
) {
    let callbacks = frame.callbacks.as_deref().unwrap_or_default();
    if frame.ephemeral == Some(true) && callbacks.is_empty() && !waits {
        let what = "needs a callback, or a submission that waits: its results are gone at its end";
        problems.add("ephemeral", what);
    }
    for (index, callback) in callbacks.iter().enumerate() {
        if !is_address(callback, unchecked) {
            problems.add(
                format!("callbacks[{index}].url"),
                "must be an https address",
            );
        }
        if callback.type_.is_empty() {
            problems.add(format!("callbacks[{index}].type"), "must name an event");
        }
    }
    for (name, value) in frame.arguments.iter().flatten() {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            let what = "must have a name of letters, digits, `_` and `-`, by which steps find it";
            problems.add(format!("arguments.{name}"), what);
        }
        if value.is_null() {
            problems.add(format!("arguments.{name}"), "must be a finite number");
        }
    }
}

/// The service calls back over HTTPS only; a simulator on this machine has none.
fn is_address(callback: &WorkflowCallback, unchecked: bool) -> bool {
    url::Url::parse(&callback.url).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => unchecked || is_loopback(&url),
        _ => false,
    })
}

/// A name stands for one step, and `$` for what is none.
pub(super) fn names(steps: &[Map<String, Value>], problems: &mut FieldProblems) {
    let name =
        |step: &Map<String, Value>| step.get("name").and_then(Value::as_str).map(str::to_owned);
    let mut first = std::collections::HashMap::new();
    for (index, step) in steps.iter().enumerate() {
        let name = name(step).unwrap_or_default();
        let field = format!("steps[{index}].name");
        if name.is_empty() {
            problems.add(field, "must not be empty");
        } else if name.starts_with('$') || name.contains(char::is_control) {
            let what = "must begin with no `$` and hold no control character";
            problems.add(field, what);
        } else if let Some(other) = first.get(&name) {
            problems.add(field, format!("is taken by steps[{other}]: `{name}`"));
        } else {
            first.insert(name, index);
        }
    }
}

/// The limits of the contract, and what no service can make sense of.
pub(super) fn limits(whole: &Value, unchecked: bool, problems: &mut FieldProblems) {
    for violation in WORKFLOW_TEMPLATE.check(whole) {
        // A limit may have moved since; a member that is missing, or not what it should be, stays
        // wrong.
        let stays = matches!(
            violation.kind(),
            ViolationKind::Missing | ViolationKind::Type
        );
        if stays || !unchecked {
            problems.add(violation.path(), violation.what());
        }
    }
    let steps = whole.get("steps").and_then(Value::as_array);
    for (index, step) in steps.into_iter().flatten().enumerate() {
        unset(index, step, problems);
    }
}

/// What a default of the contract's types leaves empty, and what was no number.
fn unset(index: usize, step: &Value, problems: &mut FieldProblems) {
    let of_step = WORKFLOW_TEMPLATE.member("steps").map(Member::rule);
    let Some(Rule::List {
        item: Rule::Object(of_step),
        ..
    }) = of_step
    else {
        return;
    };
    let of_input = variant(of_step, step).member("input").map(Member::rule);
    let (Some(Rule::Object(of_input)), Some(input)) = (of_input, step.get("input")) else {
        return;
    };
    for member in variant(of_input, input).members() {
        let value = input.get(member.name());
        let empty = match value {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            _ => false,
        };
        let field = || format!("steps[{index}].input.{}", member.name());
        if empty && member.is_required() {
            problems.add(field(), "must be set; it is empty");
        }
        // Where it is required, the limits miss it already.
        let no_number = value.is_some_and(Value::is_null) && member.rule().range().is_some();
        if no_number && !member.is_required() {
            problems.add(field(), "must be a finite number");
        }
    }
}

/// What the contract asks of the variant that a value is.
fn variant(mut limits: &'static Limits, value: &Value) -> &'static Limits {
    while let Some(tag) = limits.tag() {
        let tag = value
            .get(tag)
            .and_then(Value::as_str)
            .or(limits.default_tag());
        let found = limits
            .variants()
            .iter()
            .find(|(name, _)| Some(*name) == tag);
        let Some((_, variant)) = found else { break };
        limits = variant;
    }
    limits
}
