//! Every leaf of every v2 union goes there and back through the entry types: nothing is lost, each
//! tag is written once, no known leaf decodes to the raw variant, and a small stack does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use civitai_api::v2::types::{Workflow, WorkflowTemplate};
use contract_tests::{Contract, difference, on_a_small_stack};
use serde_json::{Map, Value, json};

/// A chain of tags that leads through nested unions to a leaf: union → tag.
type Choice = BTreeMap<String, String>;

/// Makes instances of the contract's schemas.
struct Instances {
    contract: Contract,
    /// Whether optional members are there.
    full: bool,
}

impl Instances {
    fn new(full: bool) -> Self {
        Self {
            contract: Contract::load("v2"),
            full,
        }
    }

    fn mapping(&self, union: &str) -> Option<BTreeMap<String, String>> {
        self.contract.tag(union)?;
        Some(self.contract.variants(union).into_iter().collect())
    }

    /// Every way through a union and the unions nested in it.
    fn leaves(&self, union: &str) -> Vec<Choice> {
        let mut all = Vec::new();
        for (tag, target) in self.mapping(union).unwrap_or_default() {
            let mut below = self.leaves(&target);
            if below.is_empty() {
                below.push(Choice::new());
            }
            for mut choice in below {
                choice.insert(union.to_owned(), tag.clone());
                all.push(choice);
            }
        }
        all
    }

    fn component(&self, name: &str, choice: &Choice, depth: usize) -> Value {
        let schema = self.contract.schema(name);
        let Some(mapping) = self.mapping(name) else {
            return self.instance(schema, choice, depth);
        };
        // A step inside a step (`repeat`) is another one, or there would be no end.
        let inner_step = depth > 0 && name.starts_with("WorkflowStep");
        let chosen = choice.get(name).filter(|_| !inner_step);
        let tag = chosen.or_else(|| mapping.keys().next()).unwrap();
        let mut value = self.component(&mapping[tag], choice, depth);
        let property = self.contract.tag(name).unwrap();
        value[property] = json!(tag);
        value
    }

    fn instance(&self, schema: &Value, choice: &Choice, depth: usize) -> Value {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.component(reference.rsplit('/').next().unwrap(), choice, depth + 1);
        }
        if let Some(value) = schema.get("enum").and_then(|values| values.get(0)) {
            return value.clone();
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") if schema.get("format") == Some(&json!("date-time")) => {
                json!("2026-01-01T00:00:00Z")
            }
            Some("string") => json!("text"),
            Some("integer") => json!(7),
            Some("number") => json!(0.5),
            Some("boolean") => json!(true),
            // A type that holds itself ends in an empty list.
            Some("array") if depth > 12 => json!([]),
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                json!([self.instance(&items, choice, depth + 1)])
            }
            Some("object") => self.object(schema, choice, depth),
            _ => json!({"any": [1, "thing", null]}),
        }
    }

    fn object(&self, schema: &Value, choice: &Choice, depth: usize) -> Value {
        let mut object = Map::new();
        let required = schema.get("required").cloned().unwrap_or_default();
        let required = |name: &str| {
            required
                .as_array()
                .is_some_and(|list| list.contains(&json!(name)))
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            // Recursion ends where optional members are left out.
            if required(name) || (self.full && depth < 8) {
                object.insert(name.clone(), self.instance(property, choice, depth + 1));
            }
        }
        if let Some(inner) = schema
            .get("additionalProperties")
            .filter(|inner| inner.is_object())
        {
            object.insert("key".to_owned(), self.instance(inner, choice, depth + 1));
        }
        Value::Object(object)
    }
}

/// Counts the members of that name in JSON text that `serde_json::Value` would merge.
fn count(text: &str, member: &str) -> usize {
    text.matches(&format!("\"{member}\":")).count()
}

/// Takes every leaf of a step union through an entry type and back.
fn there_and_back<T>(step_union: &str, whole: impl Fn(Value) -> Value)
where
    T: serde::de::DeserializeOwned + serde::Serialize + std::fmt::Debug,
{
    for full in [false, true] {
        let instances = Instances::new(full);
        let inner_unions: Vec<&str> = vec![
            "ImageGenInput",
            "VideoGenInput",
            "TrainingInput",
            "ImageResourceTrainingInput",
            "PolyGenInput",
            "TextToSpeechInput",
            "PreprocessImageInput",
            "XGuardModerationInput",
            "ShieldstralModerationInput",
            "ImageToSvgInput",
            "ChatCompletionMessage",
            "ImageOutputFormat",
            "ImageTransform",
            "MediaTransformer",
            "TrainingData",
            "ComposeMediaOutput",
            "Blob",
        ];
        let mut choices = instances.leaves(step_union);
        assert!(choices.len() >= 52, "{} step types", choices.len());
        let steps = choices.clone();
        let by_union = inner_unions
            .iter()
            .flat_map(|union| instances.leaves(union));
        for leaf in by_union {
            for step in &steps {
                let mut choice = leaf.clone();
                choice.extend(step.clone());
                choices.push(choice);
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        for choice in choices {
            let sent = whole(instances.component(step_union, &choice, 0));
            let text = sent.to_string();
            if !seen.insert(text.clone()) {
                continue;
            }
            let decoded: T =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(
                !format!("{decoded:?}").contains("Raw({"),
                "{choice:?} is raw: {text}"
            );
            let back = serde_json::to_string(&decoded).unwrap();
            let back_again: Value = serde_json::from_str(&back).unwrap();
            assert_eq!(
                difference(&sent, &back_again, "workflow"),
                None,
                "{choice:?}"
            );
            for tag in [
                "$type",
                "engine",
                "model",
                "operation",
                "ecosystem",
                "provider",
            ] {
                assert_eq!(
                    count(&back, tag),
                    count(&text, tag),
                    "`{tag}` of {choice:?}: {back}"
                );
            }
        }
        // Nested unions have 307 leaves in all; each made at least one instance of its own.
        assert!(seen.len() > 200, "{} instances", seen.len());
    }
}

#[test]
fn every_leaf_survives_a_submission() {
    on_a_small_stack(|| {
        there_and_back::<WorkflowTemplate>(
            "WorkflowStepTemplate",
            |step| json!({"steps": [step], "currencies": ["yellow"], "tags": ["t"]}),
        );
    });
}

#[test]
fn every_leaf_survives_a_reply() {
    on_a_small_stack(|| {
        let instances = Instances::new(false);
        let workflow = instances.component("Workflow", &Choice::new(), 0);
        assert!(serde_json::from_value::<Workflow>(workflow.clone()).is_ok());
        there_and_back::<Workflow>("WorkflowStep", |step| {
            let mut workflow = workflow.clone();
            workflow["steps"] = json!([step]);
            workflow
        });
    });
}

#[test]
fn a_raw_leaf_can_be_told_from_a_typed_one() {
    let step = json!({"$type": "no such step", "input": {}});
    let sent = json!({"steps": [step], "currencies": []});
    let decoded: WorkflowTemplate = serde_json::from_value(sent).unwrap();
    assert!(format!("{decoded:?}").contains("Raw({"), "{decoded:?}");
}
