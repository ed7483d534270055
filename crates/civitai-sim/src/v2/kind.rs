//! What the step types are: what each costs and makes, read from a table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use civitai_api::Violation;
use civitai_api::v2::limits;
use serde::Deserialize;
use serde_json::{Value, json};

/// A step type.
#[derive(Clone, Debug, Deserialize)]
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
    /// Whether it came with the description of September 2026.
    #[serde(default)]
    pub(crate) new: bool,
    /// Members of the output that the description of September has no more.
    #[serde(default)]
    pub(crate) dropped: Vec<String>,
    /// Whether it merges what its references lead to, in place of having them resolved.
    #[serde(default)]
    pub(crate) merges: bool,
    /// Whether the output of a step that failed tells why.
    #[serde(default)]
    pub(crate) errors: bool,
    /// The shape of the output; the module `plan` reads it.
    pub(crate) output: Value,
}

/// The side of a picture whose caller names none.
const SIDE: u32 = 512;
/// Pictures are not painted larger.
const SIDE_AT_MOST: u32 = 4_096;
/// A step makes no more than this many things.
const UNITS_AT_MOST: u32 = 100;
const MEGAPIXEL: u64 = 1_024 * 1_024;

/// The table, and what the contract lists beside it.
static KINDS: LazyLock<BTreeMap<String, Kind>> = LazyLock::new(|| {
    let mut kinds = table();
    for (name, _) in limits::WORKFLOW_STEP_TEMPLATE.variants() {
        let guess = || guessed(name).clone();
        kinds.entry((*name).to_owned()).or_insert_with(guess);
    }
    kinds
});

/// What a step type may make that nothing is known of but its name; the first word that the name holds
/// counts.
static GUESSES: LazyLock<Vec<(&str, Kind)>> = LazyLock::new(|| {
    let guesses = [
        ("video", "video", "@any:video"),
        ("audio", "audio", "@any:audio"),
        ("music", "audio", "@any:audio"),
        ("song", "audio", "@any:audio"),
        ("speech", "audio", "@any:audio"),
        ("3d", "3d", "@any:model3d:glb"),
        ("image", "image", "@any:image"),
        ("gen", "image", "@any:image"),
    ];
    let guess = |(word, service, blob)| (word, Kind::plain(service, json!({ "blob": blob })));
    guesses.into_iter().map(guess).collect()
});

static NOTHING_KNOWN: LazyLock<Kind> = LazyLock::new(|| Kind::plain("utility", json!({})));

fn table() -> BTreeMap<String, Kind> {
    serde_json::from_str(include_str!("kinds.json")).unwrap_or_default()
}

/// A step type that is not in the table: a file of the kind that its name speaks of.
pub(crate) fn guessed(name: &str) -> &'static Kind {
    let name = name.to_ascii_lowercase();
    let guess = GUESSES.iter().find(|(word, _)| name.contains(word));
    guess.map_or(&NOTHING_KNOWN, |(_, kind)| kind)
}

/// All step types by their `$type`.
pub(crate) fn all() -> &'static BTreeMap<String, Kind> {
    &KINDS
}

/// The step type of a `$type`.
pub(crate) fn named(name: &str) -> Option<&'static Kind> {
    KINDS.get(name)
}

/// The step type of a `$type`, guessed where it is in no table.
pub(crate) fn of(name: &str) -> &'static Kind {
    named(name).unwrap_or_else(|| guessed(name))
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
    /// A step type that costs 1 Buzz and makes one thing.
    fn plain(service: &str, output: Value) -> Self {
        Self {
            service: service.to_owned(),
            price: 1,
            units: Vec::new(),
            fan_out: false,
            sized: false,
            grows: None,
            recipe_only: false,
            verbatim: false,
            new: false,
            dropped: Vec::new(),
            merges: false,
            errors: false,
            output,
        }
    }

    /// The output of a step that made nothing: its lists, empty.
    pub(crate) fn nothing(&self) -> Value {
        let members = self.output.as_object().into_iter().flatten();
        let lists = members.filter(|(_, shape)| shape.is_array() || shape.get("@each").is_some());
        let empty = lists.map(|(name, _)| (name.clone(), json!([])));
        Value::Object(empty.collect())
    }

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
    pub(crate) fn factors(&self, input: &Value) -> BTreeMap<String, f64> {
        let mut factors = BTreeMap::new();
        let units = self.units(input);
        if units > 1 {
            factors.insert("quantity".to_owned(), f64::from(units));
        }
        let (width, height) = size(input);
        let megapixels = (u64::from(width) * u64::from(height)).div_ceil(MEGAPIXEL);
        if self.sized && megapixels > 1 {
            factors.insert("size".to_owned(), megapixels as f64);
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
        assert!(!table().is_empty());
    }

    #[test]
    fn what_is_in_no_table_is_guessed_from_its_name() {
        for (name, output) in [
            ("danceVideoGen", json!({"blob": "@any:video"})),
            ("humToMusic", json!({"blob": "@any:audio"})),
            ("poseGen", json!({"blob": "@any:image"})),
            ("weigh", json!({})),
        ] {
            assert_eq!(guessed(name).output, output, "{name}");
        }
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
