//! Requests made from a contract: every way through its unions, within its limits.

use std::collections::BTreeSet;

use codegen::Document;
use serde_json::{Map, Value, json};

/// A resource that every pattern of the contracts takes where it takes a resource at all.
const AIR: &str = "urn:air:sdxl:checkpoint:civitai:101055@128078";

/// Makes requests for the schemas of a document in the normal form.
pub(crate) struct Instances<'a> {
    doc: &'a Document,
}

impl<'a> Instances<'a> {
    pub(crate) fn new(doc: &'a Document) -> Self {
        Self { doc }
    }

    /// Each leaf of each union that a component leads to, once with required members only and once
    /// with all; a default tag is also left out.
    pub(crate) fn of(&self, component: &str) -> Vec<Value> {
        self.component(component, &BTreeSet::new())
    }

    /// The instances of any schema.
    pub(crate) fn of_schema(&self, schema: &Value) -> Vec<Value> {
        self.schema(schema, &BTreeSet::new())
    }

    /// `open` holds the components around this one; what holds itself ends there.
    fn component(&self, name: &str, open: &BTreeSet<String>) -> Vec<Value> {
        if open.contains(name) {
            return Vec::new();
        }
        let mut open = open.clone();
        open.insert(name.to_owned());
        let schema = self.doc.schema(name).unwrap();
        let Some(Value::Object(mapping)) = schema.pointer("/discriminator/mapping") else {
            return self.schema(schema, &open);
        };
        let tag = schema["discriminator"]["propertyName"].as_str().unwrap();
        let mut all = Vec::new();
        for (value, target) in mapping {
            for mut made in self.component(last(target), &open) {
                let made = made.as_object_mut().unwrap();
                made.insert(tag.to_owned(), json!(value));
                all.push(json!(made));
                if schema.get("x-default-tag") == Some(&json!(value)) {
                    made.remove(tag);
                    all.push(json!(made));
                    made.insert(tag.to_owned(), Value::Null);
                    all.push(json!(made));
                }
            }
        }
        all
    }

    fn schema(&self, schema: &Value, open: &BTreeSet<String>) -> Vec<Value> {
        if let Some(reference) = schema.get("$ref") {
            return self.component(last(reference), open);
        }
        if let Some(value) = schema.get("enum").and_then(|values| values.get(0)) {
            return vec![value.clone()];
        }
        if let Some(Value::Object(choices)) = schema.get("x-untagged") {
            let branches = choices.values().filter_map(Value::as_array).flatten();
            return branches
                .flat_map(|branch| self.schema(branch, open))
                .collect();
        }
        if schema.get("x-choice").is_some() {
            let branches = schema["oneOf"].as_array().into_iter().flatten();
            return branches
                .flat_map(|branch| self.schema(branch, open))
                .collect();
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema, open),
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
                let made = self.schema(&items, open);
                match (made.is_empty(), least) {
                    (true, 0) => vec![json!([])],
                    _ => made
                        .into_iter()
                        .map(|item| json!(vec![item; usize::try_from(least.max(1)).unwrap()]))
                        .collect(),
                }
            }
            Some("string") => vec![text(schema)],
            Some("integer") => vec![json!(number(schema, 7.0) as i64)],
            Some("number") => vec![json!(number(schema, 0.5))],
            Some("boolean") => vec![json!(true)],
            _ => vec![json!({ "any": ["thing", null] })],
        }
    }

    fn object(&self, schema: &Value, open: &BTreeSet<String>) -> Vec<Value> {
        let required = schema.get("required").cloned().unwrap_or_else(|| json!([]));
        let must = |name: &str| required.as_array().unwrap().contains(&json!(name));
        let (mut least, mut full, mut ways) = (Map::new(), Map::new(), Vec::new());
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if property.get("readOnly") == Some(&json!(true)) {
                continue;
            }
            let mut made = self.schema(property, open).into_iter();
            match made.next() {
                Some(first) => {
                    full.insert(name.clone(), first.clone());
                    if must(name) {
                        least.insert(name.clone(), first);
                    }
                }
                None if must(name) => return Vec::new(),
                None => {}
            }
            ways.extend(made.map(|other| (name.clone(), other)));
        }
        if let Some(values) = schema
            .get("additionalProperties")
            .filter(|values| values.is_object())
            && let Some(first) = self.schema(values, open).into_iter().next()
        {
            full.insert(AIR.to_owned(), first);
        }
        let mut all = vec![Value::Object(least), Value::Object(full.clone())];
        all.extend(ways.into_iter().map(|(name, other)| {
            let mut with = full.clone();
            with.insert(name, other);
            Value::Object(with)
        }));
        all
    }
}

/// The name that a reference ends in.
fn last(reference: &Value) -> &str {
    reference.as_str().unwrap().rsplit('/').next().unwrap()
}

fn text(schema: &Value) -> Value {
    let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
    let pattern = schema.get("pattern").and_then(Value::as_str);
    match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => json!("2026-01-01T00:00:00Z"),
        Some("uri") => json!("https://example.com/file"),
        _ if pattern.is_some_and(|pattern| pattern.contains("<source>")) => json!(AIR),
        _ if pattern.is_some() && schema.get("default").is_some_and(Value::is_string) => {
            schema["default"].clone()
        }
        // One of some words.
        _ if pattern.is_some_and(|pattern| pattern.starts_with("^(") && pattern.contains('|')) => {
            let words = pattern.unwrap_or_default().trim_start_matches("^(");
            json!(words.split('|').next())
        }
        _ => json!("text".repeat(1 + usize::try_from(least).unwrap() / 4)),
    }
}

/// The wanted number, or the nearest within the limits.
fn number(schema: &Value, wanted: f64) -> f64 {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    let (least, most) = (limit("minimum"), limit("maximum"));
    wanted
        .max(least.unwrap_or(wanted))
        .min(most.unwrap_or(wanted))
}
