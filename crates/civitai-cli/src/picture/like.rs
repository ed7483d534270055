//! `--like`: what another picture was made by, as a beginning.

use civitai_jobs::workflows::NamedStep;
use serde_json::Value;

use super::Picture;
use crate::recipe::Origin;

/// What any engine may be asked for, whatever the other picture was made by.
const WORDS: [&str; 5] = ["prompt", "negativePrompt", "seed", "width", "height"];

/// The step that made another picture, without what is given anew; with `is_worded` the prompt is.
pub(super) fn step(args: &Picture, origin: &Origin, is_worded: bool) -> NamedStep {
    let is = |member: &str, given: &Option<String>| {
        let there = origin.input.get(member).and_then(Value::as_str);
        given.as_deref().is_none_or(|given| there == Some(given))
    };
    let is_kept = is("engine", &args.engine) && is("ecosystem", &args.ecosystem);
    let kind = if is_kept { &origin.kind } else { "imageGen" };
    let given = [
        ("prompt", is_worded),
        ("negativePrompt", args.negative_prompt.is_some()),
        ("model", args.model.is_some()),
        ("seed", args.seed.is_some()),
        ("steps", args.steps.is_some()),
        ("cfgScale", args.cfg_scale.is_some()),
        ("width", args.size.is_some()),
        ("height", args.size.is_some()),
    ];
    let kept = origin.input.iter().filter(|(member, value)| {
        let is_given = given
            .iter()
            .any(|(name, is_given)| name == member && *is_given);
        let is_wanted = is_kept || WORDS.contains(&member.as_str());
        is_wanted && !is_given && !is_gone(value)
    });
    kept.fold(NamedStep::new(kind), |step, (member, value)| {
        step.set(member, value.clone())
    })
}

/// Whether a value led to something that a recipe does not keep: another step, a file in the request.
fn is_gone(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.contains_key("$ref"),
        Value::Array(items) => !items.is_empty() && items.iter().all(is_gone),
        Value::String(text) => text.starts_with("data:") && text.ends_with(','),
        _ => false,
    }
}
