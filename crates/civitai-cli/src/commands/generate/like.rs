//! `--like`: what another picture was made by, as a beginning.

use std::path::Path;

use civitai_jobs::workflows::NamedStep;
use serde_json::Value;

use super::Generate;
use crate::failure::Failure;
use crate::recipe::{Origin, Recipe};

/// What any engine may be asked for, whatever the other picture was made by.
const WORDS: [&str; 5] = ["prompt", "negativePrompt", "seed", "width", "height"];

/// Reads what a picture was made by.
pub(super) fn read(picture: &Path) -> Result<Origin, Failure> {
    let origin = Recipe::of_file(picture)?.origin();
    origin.ok_or_else(|| {
        let what = format!("`{}`: its recipe has no words", picture.display());
        Failure::input(what)
    })
}

/// The step that made another picture, without what is given anew.
pub(super) fn step(args: &Generate, origin: &Origin) -> NamedStep {
    let is = |member: &str, given: &Option<String>| {
        let there = origin.input.get(member).and_then(Value::as_str);
        given.as_deref().is_none_or(|given| there == Some(given))
    };
    let is_kept = is("engine", &args.engine) && is("ecosystem", &args.ecosystem);
    let kind = if is_kept { &origin.kind } else { "imageGen" };
    let given = [
        ("prompt", args.prompt.is_some()),
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
