//! What the service put in place of what was asked for.

use std::fmt;

use serde_json::{Map, Value};

use super::request::{WorkflowRequest, levels};
use super::snapshot::{StepSnapshot, WorkflowSnapshot};
use crate::Air;

/// The member that names the model by an AIR or by a word of the engine.
const MODEL: &str = "model";

/// Something that was asked for, and what the service put in its place: another model or engine, a smaller
/// quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitution {
    place: String,
    asked: String,
    given: Option<String>,
    reason: Option<String>,
}

impl Substitution {
    /// Returns where it was asked for: the name of the step and the member of its input, such as
    /// `imageGen.quantity`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns what was asked for.
    #[must_use]
    pub fn asked(&self) -> &str {
        &self.asked
    }

    /// Returns what stands in its place; `None` where nothing does, as for a LoRA that was left out.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }

    /// Returns why, in the service's words, where it tells.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// One line for a person, such as `imageGen.quantity: asked for 8, given 4`.
impl fmt::Display for Substitution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, asked, .. } = self;
        write!(f, "{place}: asked for {asked}, given ")?;
        f.write_str(self.given().unwrap_or("nothing"))?;
        match &self.reason {
            Some(reason) => write!(f, " ({reason})"),
            None => Ok(()),
        }
    }
}

impl WorkflowSnapshot {
    /// Returns what the service put in place of what a request asked for; also before anything is paid, by the
    /// snapshot of a [preview](crate::workflows::Preview).
    ///
    /// Compared are the inputs of steps as the service shows them: tags such as the engine, models and other
    /// resources, words that the contract lists, numbers and truths. What it does not show counts as given, and so
    /// do words of free text and links, which a service may write in another way. Models that the service says itself
    /// that it replaced come first.
    #[must_use]
    pub fn substitutions(&self, asked: &WorkflowRequest) -> Vec<Substitution> {
        let mut found = told("workflow", self.reply().metadata.get(TOLD));
        let asked = asked.to_unchecked();
        let steps = asked["steps"].as_array();
        for step in steps.into_iter().flatten() {
            let name = step["name"].as_str().unwrap_or_default();
            if let (Some(given), Some(asked)) = (self.step(name), step["input"].as_object()) {
                found.extend(of_step(given, asked));
            }
        }
        found
    }
}

/// Where the service tells of models that it replaced.
const TOLD: &str = "modelSubstitutions";

fn told(place: &str, list: Option<&Value>) -> Vec<Substitution> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let told = list.filter_map(|one| {
        Some(Substitution {
            place: format!("{place}.{MODEL}"),
            asked: text(&one["requested"])?,
            given: text(&one["applied"]),
            reason: text(&one["reason"]),
        })
    });
    told.collect()
}

fn of_step(given: &StepSnapshot, asked: &Map<String, Value>) -> Vec<Substitution> {
    let name = given.name();
    let metadata = given.typed().metadata();
    let mut found = told(name, metadata.as_ref().and_then(|all| all.get(TOLD)));
    let input = civitai_api::Members::member(given.typed(), "input");
    let Some(Value::Object(input)) = input else {
        return found;
    };
    let levels = levels(given.kind(), asked);
    let is_word = |member: &str| {
        let mut levels = levels.iter();
        member == MODEL
            || levels.any(|level| {
                let rule = level.member(member).map(civitai_api::Member::rule);
                level.tag() == Some(member) || rule.is_some_and(|rule| rule.listed().is_some())
            })
    };
    for (member, wanted) in asked {
        let Some(given) = input.get(member) else {
            continue;
        };
        compare(
            &format!("{name}.{member}"),
            is_word(member),
            wanted,
            given,
            &mut found,
        );
    }
    found
}

/// Compares a member with what the service shows of it; `is_word` where its text has a meaning of its own.
fn compare(
    place: &str,
    is_word: bool,
    asked: &Value,
    given: &Value,
    found: &mut Vec<Substitution>,
) {
    let other = |asked: &dyn fmt::Display, given: &dyn fmt::Display| Substitution {
        place: place.to_owned(),
        asked: asked.to_string(),
        given: Some(given.to_string()),
        reason: None,
    };
    match (asked, given) {
        (Value::Number(one), Value::Number(two)) if one.as_f64() != two.as_f64() => {
            found.push(other(one, two));
        }
        (Value::Bool(one), Value::Bool(two)) if one != two => found.push(other(one, two)),
        (Value::String(one), Value::String(two)) => {
            if let Some(true) = differs(one, two, is_word) {
                found.push(other(one, two));
            }
        }
        (Value::Array(asked), Value::Array(given)) => {
            for (index, (asked, given)) in asked.iter().zip(given).enumerate() {
                compare(&format!("{place}[{index}]"), is_word, asked, given, found);
            }
        }
        (Value::Object(asked), Value::Object(given)) => {
            for (member, wanted) in asked {
                match given.get(member) {
                    Some(given) => {
                        compare(&format!("{place}.{member}"), false, wanted, given, found);
                    }
                    // Resources stand under their names, and one that is not there was left out.
                    None if is_left_out(member, given) => found.push(Substitution {
                        place: place.to_owned(),
                        asked: member.clone(),
                        given: None,
                        reason: None,
                    }),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether two texts mean something else; none where that cannot be told.
fn differs(asked: &str, given: &str, is_word: bool) -> Option<bool> {
    if let Ok(asked) = asked.parse::<Air>() {
        return Some(!names(&asked, given));
    }
    if given.parse::<Air>().is_ok() {
        // The word of an engine for a model, and the model that it means.
        return None;
    }
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    is_word.then(|| plain(asked) != plain(given))
}

/// Whether a text names the same resource, in whichever form.
fn names(air: &Air, text: &str) -> bool {
    text.parse::<Air>().is_ok_and(|other| {
        // What one of them leaves open, the other fills in.
        let same = |part: fn(&Air) -> Option<&str>| match (part(air), part(&other)) {
            (Some(one), Some(two)) => one.eq_ignore_ascii_case(two),
            _ => true,
        };
        air.source().eq_ignore_ascii_case(other.source())
            && same(Air::id)
            && same(Air::version)
            && same(Air::file_id)
            && same(Air::layer)
    })
}

fn is_left_out(member: &str, given: &Map<String, Value>) -> bool {
    let air = member.parse::<Air>();
    air.is_ok_and(|air| !given.keys().any(|key| names(&air, key)))
}

#[cfg(test)]
#[cfg(feature = "image")]
mod tests {
    use serde_json::json;

    use super::*;

    const LORA: &str = "urn:air:sd1:lora:civitai:82098@87153";

    fn found(asked: Value, given: Value) -> Vec<String> {
        let step =
            |input: Value| json!({"steps": [{"$type": "imageGen", "name": "a", "input": input}]});
        let request = WorkflowRequest::from_json(step(asked)).unwrap();
        let mut reply = step(given);
        reply["id"] = "1-2".into();
        reply["status"] = "scheduled".into();
        let snapshot: WorkflowSnapshot = serde_json::from_value(reply).unwrap();
        let found = snapshot.substitutions(&request);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn another_engine_model_number_or_word_is_told() {
        let asked = json!({
            "engine": "sdcpp", "ecosystem": "sd1", "operation": "createImage", "prompt": "fog",
            "model": "urn:air:sd1:checkpoint:civitai:4384@128713", "quantity": 8, "cfgScale": 7.0,
            "sampleMethod": "euler", "loras": { LORA: 0.8 },
        });
        assert!(found(asked.clone(), asked.clone()).is_empty());
        let with = |member: &str, value: Value| {
            let mut given = asked.clone();
            given[member] = value;
            found(asked.clone(), given)
        };
        assert_eq!(
            with("engine", "flux2".into()),
            ["a.engine: asked for sdcpp, given flux2"]
        );
        let other = "urn:air:sd1:checkpoint:civitai:4384@9";
        assert_eq!(
            with("model", other.into()),
            [format!(
                "a.model: asked for urn:air:sd1:checkpoint:civitai:4384@128713, given {other}"
            )]
        );
        assert_eq!(
            with("quantity", 4.into()),
            ["a.quantity: asked for 8, given 4"]
        );
        assert_eq!(
            with("sampleMethod", "heun".into()),
            ["a.sampleMethod: asked for euler, given heun"]
        );
        assert_eq!(
            with("loras", json!({})),
            [format!("a.loras: asked for {LORA}, given nothing")]
        );
        assert_eq!(
            with("loras", json!({ LORA: 0.5 })),
            [format!("a.loras.{LORA}: asked for 0.8, given 0.5")]
        );
    }

    #[test]
    fn the_same_in_another_form_is_no_substitution() {
        let asked = json!({
            "engine": "sdcpp", "ecosystem": "sd1", "operation": "createImage", "prompt": "fog",
            "model": "urn:air:sd1:checkpoint:civitai:4384@128713", "cfgScale": 7, "quantity": 1,
            "image": "data:image/png;base64,AA==", "sampleMethod": "euler",
        });
        let given = json!({
            "engine": "SDCPP", "ecosystem": "sd1", "prompt": "fog, masterpiece", "seed": 7,
            "model": "civitai:4384@128713", "cfgScale": 7.0, "image": "https://blobs.example/a", "sampleMethod": "Euler",
        });
        assert!(found(asked.clone(), given).is_empty());
        // What is known once another step has run is nothing to compare.
        let mut later = asked.clone();
        later["quantity"] = json!({"$ref": "$arguments", "path": "n"});
        assert!(found(later, asked).is_empty());
    }

    #[test]
    fn what_the_service_tells_itself_is_told() {
        let input = json!({"engine": "sdcpp", "prompt": "fog"});
        let step = json!({"$type": "imageGen", "name": "a", "input": input});
        let request = WorkflowRequest::from_json(json!({"steps": [step]})).unwrap();
        let reply = json!({
            "id": "1-2", "status": "scheduled", "steps": [step], "metadata": {
                TOLD: [{"requested": 999, "applied": 2436219, "reason": "unrecognized"}, {"applied": 1}, "?"],
            },
        });
        let snapshot: WorkflowSnapshot = serde_json::from_value(reply).unwrap();
        let found = snapshot.substitutions(&request);
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["workflow.model: asked for 999, given 2436219 (unrecognized)"]
        );
    }
}
