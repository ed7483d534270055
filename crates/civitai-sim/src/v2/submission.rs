//! Reads what a caller submits, and checks it against the limits of the contract.

use std::collections::BTreeSet;
use std::time::Duration;

use civitai_api::ViolationKind;
use civitai_api::v2::limits;
use serde_json::{Map, Value};

use crate::core::fields::Fields;
use crate::core::problem::{FieldErrors, Problem};
use crate::core::time_span::clock_parse;

use super::chain;
use super::kind::{self, Kind};
use super::settings::Settings;
use super::template::{Callback, Priority, StepTemplate, Template};

/// A tag has no more characters.
const TAG_AT_MOST: usize = 200;
/// A workflow has no more tags.
const TAGS_AT_MOST: usize = 10;
/// A workflow has no more steps; a bound of the simulator.
const STEPS_AT_MOST: usize = 1_000;
/// A step is tried no more often.
const RETRIES_AT_MOST: i64 = 10;

/// Reads a submission; the settings say which step types the service knows.
///
/// # Errors
///
/// Names everything that is wrong with it at once.
pub(crate) fn read(body: &Value, settings: &Settings) -> Result<Template, Problem> {
    let Some(object) = body.as_object() else {
        return Err(Problem::field("$", "The workflow must be an object."));
    };
    let steps = body.get("steps").and_then(Value::as_array);
    if steps.is_some_and(|steps| steps.len() > STEPS_AT_MOST) {
        let message = format!("There must be no more than {STEPS_AT_MOST} steps.");
        return Err(Problem::field("steps", message));
    }
    let mut errors = violations(body, settings.takes_unlisted);
    let fields = Fields::new("", object);
    let steps = read_steps(&fields, settings, &mut errors);
    let tips = fields.object("tips", &mut errors);
    let tip = |name| tips.as_ref().and_then(|tips| tips.value(name)?.as_f64());
    let template = Template {
        currencies: texts(fields.value("currencies")),
        metadata: map(&fields, "metadata", &mut errors),
        arguments: map(&fields, "arguments", &mut errors),
        tags: texts(fields.value("tags")),
        callbacks: read_callbacks(&fields, &mut errors),
        tips: (
            tip("civitai").unwrap_or(0.0),
            tip("creators").unwrap_or(0.0),
        ),
        nsfw_level: fields.text("nsfwLevel", &mut errors).map(ToOwned::to_owned),
        experimental: flag(&fields, "experimental", &mut errors),
        allow_mature: flag(&fields, "allowMatureContent", &mut errors),
        upgrades: fields.text("upgradeMode", &mut errors) == Some("automatic"),
        ephemeral: flag(&fields, "ephemeral", &mut errors).unwrap_or(false),
        external_id: fields
            .text("externalId", &mut errors)
            .map(ToOwned::to_owned),
        download_priority: if settings.shape.is_new() {
            read_lane(&fields, &mut errors)
        } else {
            None
        },
        steps,
    };
    check_tags(&template.tags, &mut errors);
    if template.external_id.as_deref().is_some_and(is_no_key) {
        let message = "Must be of letters, digits, `_` and `-`.";
        fields.refuse("externalId", message, &mut errors);
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    chain::link(template)
}

/// What the limits of the contract say about a submission.
fn violations(body: &Value, unlisted: bool) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for violation in limits::WORKFLOW_TEMPLATE.check(body) {
        // Published as required, yet samples and the service's own clients leave it out.
        if violation.path() == "currencies" && violation.kind() == ViolationKind::Missing {
            continue;
        }
        if unlisted && is_step_type(violation.path()) && violation.kind() == ViolationKind::Unlisted
        {
            continue;
        }
        let message = format!("The value {}.", violation.what());
        errors
            .entry(violation.path().to_owned())
            .or_default()
            .push(message);
    }
    errors
}

/// Whether a path is that of a step's type, such as `steps[0].$type`.
fn is_step_type(path: &str) -> bool {
    let index = path.strip_prefix("steps[");
    let index = index.and_then(|rest| rest.strip_suffix("].$type"));
    index.is_some_and(|index| index.bytes().all(|digit| digit.is_ascii_digit()))
}

fn read_steps(
    fields: &Fields<'_>,
    settings: &Settings,
    errors: &mut FieldErrors,
) -> Vec<StepTemplate> {
    let steps = fields.value("steps").and_then(Value::as_array);
    let mut read = Vec::new();
    for (index, step) in steps.into_iter().flatten().enumerate() {
        let Some(object) = step.as_object() else {
            continue;
        };
        let step = Fields::new(format!("steps[{index}]"), object);
        let step_type = step.text("$type", errors).unwrap_or_default();
        let known = kind::named(step_type);
        let unlisted = settings.takes_unlisted && !step_type.is_empty();
        let is_none = |kind: &Kind| unlisted && kind.recipe_only || !settings.knows(kind);
        if known.is_some_and(is_none) {
            step.refuse("$type", "Is no type of a step.", errors);
        }
        let is_step = known.map_or(unlisted, |kind| !kind.recipe_only);
        if !is_step {
            continue;
        }
        let name = step.text("name", errors).filter(|name| !name.is_empty());
        read.push(StepTemplate {
            step_type: step_type.to_owned(),
            name: name.map_or_else(|| format!("${index}"), ToOwned::to_owned),
            priority: step
                .text("priority", errors)
                .and_then(Priority::named)
                .unwrap_or(Priority::Normal),
            timeout: read_timeout(&step, errors),
            retries: step
                .integer("retries", 0..=RETRIES_AT_MOST, errors)
                .and_then(|retries| u32::try_from(retries).ok())
                .unwrap_or(0),
            metadata: map(&step, "metadata", errors),
            input: step.value("input").cloned().unwrap_or_default(),
            needs: BTreeSet::new(),
        });
    }
    read
}

fn read_callbacks(fields: &Fields<'_>, errors: &mut FieldErrors) -> Vec<Callback> {
    let callbacks = fields.value("callbacks").and_then(Value::as_array);
    let mut read = Vec::new();
    for (index, callback) in callbacks.into_iter().flatten().enumerate() {
        let Some(object) = callback.as_object() else {
            continue;
        };
        let callback = Fields::new(format!("callbacks[{index}]"), object);
        let url = callback.text("url", errors).unwrap_or_default();
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            callback.refuse("url", "Must be an address.", errors);
        }
        read.push(Callback {
            url: url.to_owned(),
            types: texts(callback.value("type")),
            detailed: flag(&callback, "detailed", errors),
        });
    }
    read
}

/// A time such as `00:10:00` or `1.02:03:04.5`.
fn read_timeout(step: &Fields<'_>, errors: &mut FieldErrors) -> Option<Duration> {
    let text = step.text("timeout", errors)?;
    let timeout = clock_parse(text);
    if timeout.is_none() {
        step.refuse("timeout", "Must be a time such as 00:10:00.", errors);
    }
    timeout
}

/// The lane in which models are loaded.
pub(crate) fn read_lane(fields: &Fields<'_>, errors: &mut FieldErrors) -> Option<Priority> {
    let text = fields.text("downloadPriority", errors)?;
    let lane = Priority::named(text);
    if lane.is_none() {
        fields.one_of("downloadPriority", &["high", "normal", "low"], errors);
    }
    lane
}

/// What is wrong with a set of tags.
pub(crate) fn check_tags(tags: &[String], errors: &mut FieldErrors) {
    let mut refuse = |message: &str| {
        let messages = errors.entry("tags".to_owned()).or_default();
        messages.push(message.to_owned());
    };
    if tags.len() > TAGS_AT_MOST {
        refuse("There must be no more than 10 tags.");
    }
    if tags
        .iter()
        .any(|tag| tag.is_empty() || tag.chars().count() > TAG_AT_MOST)
    {
        refuse("A tag must have from 1 to 200 characters.");
    }
}

fn is_no_key(key: &str) -> bool {
    !key.chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

pub(crate) fn map(fields: &Fields<'_>, name: &str, errors: &mut FieldErrors) -> Map<String, Value> {
    let object = fields.object(name, errors);
    object.map_or_else(Map::new, |object| object.entries().clone())
}

pub(crate) fn flag(fields: &Fields<'_>, name: &str, errors: &mut FieldErrors) -> Option<bool> {
    let value = fields.value(name)?;
    if !value.is_boolean() {
        fields.refuse(name, "Must be true or false.", errors);
    }
    value.as_bool()
}

pub(crate) fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(ToOwned::to_owned))
        .collect()
}
