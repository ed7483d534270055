//! What the step types are: what each costs and makes, read from a table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use civitai_api::Violation;
use civitai_api::v2::limits;
use serde::Deserialize;
use serde_json::Value;

/// A step type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Kind {
    /// The part of the catalogue of services that it is listed in.
    pub(crate) service: String,
    /// Buzz for one unit.
    pub(crate) price: u64,
    /// Members of the input that may say how many units are wanted; the first that is there counts.
    #[serde(default)]
    units: Vec<String>,
    /// Whether each unit is a job of its own.
    #[serde(default)]
    pub(crate) fan_out: bool,
    /// Whether the price grows with the megapixels of a unit.
    #[serde(default)]
    sized: bool,
    /// The list of the output that fills while the step runs.
    pub(crate) grows: Option<String>,
    /// Whether it can only be run by its recipe.
    #[serde(default)]
    pub(crate) recipe_only: bool,
    /// Whether references in its input are left alone, since they are about steps still to be made.
    /// A recipe has no other steps, so that the list it repeats for is always empty.
    #[serde(default)]
    pub(crate) verbatim: bool,
    /// The shape of the output; the module `output` reads it.
    pub(crate) output: Value,
}

/// The side of a picture whose caller names none.
const SIDE: u32 = 512;
/// Pictures are not painted larger.
const SIDE_AT_MOST: u32 = 4_096;
/// A step makes no more than this many things.
const UNITS_AT_MOST: u32 = 100;
const MEGAPIXEL: u64 = 1_024 * 1_024;

static KINDS: LazyLock<BTreeMap<String, Kind>> =
    LazyLock::new(|| serde_json::from_str(include_str!("kinds.json")).unwrap_or_default());

/// All step types by their `$type`.
pub(crate) fn all() -> &'static BTreeMap<String, Kind> {
    &KINDS
}

/// The step type of a `$type`.
pub(crate) fn named(name: &str) -> Option<&'static Kind> {
    KINDS.get(name)
}

/// What is wrong with the input of a step type, by the limits of the contract.
pub(crate) fn check_input(name: &str, input: &Value) -> Vec<Violation> {
    let recipe_only = match name {
        "batchOCRSafetyClassification" => Some(&limits::BATCH_OCR_SAFETY_CLASSIFICATION_INPUT),
        "humanoidImageMask" => Some(&limits::HUMANOID_IMAGE_MASK_INPUT),
        "repeat" => Some(&limits::REPEAT_INPUT),
        "tryOnU" => Some(&limits::TRY_ON_U_INPUT),
        _ => None,
    };
    if let Some(limits) = recipe_only {
        return limits.check(input);
    }
    let variants = limits::WORKFLOW_STEP_TEMPLATE.variants();
    let step = variants.iter().find(|(tag, _)| *tag == name);
    let rule = step.and_then(|(_, step)| step.member("input"));
    rule.map(|member| member.rule().check(input))
        .unwrap_or_default()
}

impl Kind {
    /// How many units an input asks for.
    pub(crate) fn units(&self, input: &Value) -> u32 {
        let asked = self
            .units
            .iter()
            .find_map(|name| input.get(name)?.as_u64())
            .and_then(|units| u32::try_from(units).ok());
        asked.unwrap_or(1).clamp(1, UNITS_AT_MOST)
    }

    /// What one factor of the price is, by name.
    pub(crate) fn factors(&self, input: &Value) -> BTreeMap<&'static str, f64> {
        let mut factors = BTreeMap::new();
        let units = self.units(input);
        if units > 1 {
            factors.insert("quantity", f64::from(units));
        }
        let (width, height) = size(input);
        let megapixels = (u64::from(width) * u64::from(height)).div_ceil(MEGAPIXEL);
        if self.sized && megapixels > 1 {
            factors.insert("size", megapixels as f64);
        }
        factors
    }
}

/// Width and height that an input asks for.
pub(crate) fn size(input: &Value) -> (u32, u32) {
    let side = |name: &str| {
        let asked = input.get(name)?.as_u64()?;
        u32::try_from(asked).ok().filter(|side| *side > 0)
    };
    let side = |name| side(name).unwrap_or(SIDE).min(SIDE_AT_MOST);
    (side("width"), side("height"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_has_every_step_type_of_the_contract() {
        let steps: Vec<&str> = limits::WORKFLOW_STEP_TEMPLATE
            .variants()
            .iter()
            .map(|(tag, _)| *tag)
            .collect();
        assert!(steps.len() >= 44, "{steps:?}");
        for step in &steps {
            assert!(
                named(step).is_some_and(|kind| !kind.recipe_only),
                "no {step}"
            );
        }
        let others = all().iter().filter(|(_, kind)| kind.recipe_only).count();
        assert_eq!(all().len(), steps.len() + others);
    }

    #[test]
    fn units_and_pixels_make_the_price() {
        let kind = named("imageGen").unwrap();
        let input = json!({"quantity": 3, "width": 2048, "height": 1024});
        let factors = kind.factors(&input);
        assert_eq!((factors["quantity"], factors["size"]), (3.0, 2.0));
        assert!(kind.factors(&json!({"prompt": "a bay"})).is_empty());
    }
}
