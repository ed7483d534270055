//! Every limit of a contract's requests is in the generated data: for each, a value that breaks it
//! is found at its place, and the nearest one that keeps it is not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use civitai_api::{Limits, Member, Rule, ViolationKind as Kind};
use codegen::{Document, Notes, Overrides};
use serde_json::{Value, json};

fn normal(contract: &str) -> Document {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let mut doc = codegen::load(&root.join(contract).join("openapi.yaml")).unwrap();
    let overrides = Overrides::load(&root.join("overrides.toml")).unwrap();
    overrides.of(contract).apply(&mut doc).unwrap();
    codegen::normalise(doc, &mut Notes::default()).unwrap()
}

/// Every reference in a part of the document, those of discriminators included.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            found.extend(
                text.strip_prefix("#/components/schemas/")
                    .map(str::to_owned),
            );
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => members
            .values()
            .for_each(|member| references(member, found)),
        _ => {}
    }
}

/// Walks the contract and the generated limits side by side.
struct Compare<'a> {
    doc: &'a Document,
    contract: &'a str,
    seen: BTreeSet<String>,
    limits: usize,
    types: usize,
}

impl Compare<'_> {
    /// A component, against the rule that stands for it; no rule is right where it limits nothing.
    fn component(&mut self, name: &str, rule: Rule, skip: &BTreeSet<String>) {
        let schema = self.doc.schema(name).unwrap();
        let Some(mapping) = schema.pointer("/discriminator/mapping") else {
            if schema.get("properties").is_none() {
                return self.value(schema, rule, name);
            }
            if self.seen.insert(name.to_owned()) {
                self.members(name, schema, rule, skip);
            }
            return;
        };
        if !self.seen.insert(name.to_owned()) {
            return;
        }
        let Rule::Object(limits) = rule else {
            panic!("{}: `{name}` has no limits", self.contract)
        };
        let tag = schema
            .pointer("/discriminator/propertyName")
            .unwrap()
            .as_str()
            .unwrap();
        assert_eq!(limits.tag(), Some(tag), "{name}");
        let absent = kinds(limits, &json!({}), tag);
        assert_eq!(
            absent.contains(&Kind::Missing),
            limits.default_tag().is_none(),
            "{name}"
        );
        assert_eq!(
            kinds(limits, &json!({ tag: "unheard of" }), tag),
            [Kind::Unlisted],
            "{name}"
        );
        let mut skip = skip.clone();
        skip.insert(tag.to_owned());
        for (value, target) in mapping.as_object().unwrap() {
            let target = target.as_str().unwrap().rsplit('/').next().unwrap();
            let variants = limits.variants();
            let found = variants.iter().find(|(listed, _)| listed == value);
            let (_, variant) = found.unwrap_or_else(|| panic!("`{value}` of `{name}` is missing"));
            self.component(target, Rule::Object(variant), &skip);
        }
    }

    fn members(&mut self, name: &str, schema: &Value, rule: Rule, skip: &BTreeSet<String>) {
        let member = |wire: &str| match rule {
            Rule::Object(limits) => limits.member(wire),
            _ => None,
        };
        let required = schema.get("required").cloned().unwrap_or_else(|| json!([]));
        for (wire, property) in schema["properties"].as_object().unwrap() {
            if skip.contains(wire) {
                continue;
            }
            let at = format!("{name}.{wire}");
            let said = |key: &str| property.get(key) == Some(&json!(true));
            let must = required.as_array().unwrap().contains(&json!(wire));
            let must = must && !said("nullable") && !said("readOnly");
            let found = member(wire);
            assert_eq!(found.is_some_and(Member::is_required), must, "{at}");
            self.limits += usize::from(must);
            self.value(property, found.map_or(Rule::Any, Member::rule), &at);
        }
    }

    /// Puts a value of another type in the place of one whose type is known.
    fn wrong_type(&mut self, schema: &Value, rule: Rule, at: &str) {
        let wrong = match schema.get("type").and_then(Value::as_str) {
            Some("string") => json!(7),
            Some("integer" | "number" | "boolean") => json!("seven"),
            Some("array") => json!({}),
            _ => return,
        };
        if matches!(rule, Rule::Any) {
            return;
        }
        let found = rule.check(&wrong);
        let is_said = found.iter().any(|one| one.kind() == Kind::Type);
        assert!(is_said, "{}: {at} lets {wrong} through", self.contract);
        self.types += 1;
    }

    /// Breaks each limit of a schema in turn.
    fn value(&mut self, schema: &Value, rule: Rule, at: &str) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap();
            return self.component(name, rule, &BTreeSet::new());
        }
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        let text = |length: f64| json!("x".repeat(length as usize));
        let list =
            |length: f64| Value::Array((0..length as usize).map(|item| json!(item)).collect());
        self.wrong_type(schema, rule, at);
        let mut cases: Vec<(Value, Value, Kind)> = Vec::new();
        for (key, beyond) in [("minimum", -1.0), ("maximum", 1.0)] {
            // A list of values is narrower than its bounds.
            let bound = number(key).filter(|_| schema.get("enum").is_none());
            let case = bound.map(|bound| (json!(bound), json!(bound + beyond), Kind::Range));
            cases.extend(case);
        }
        let least = |key: &str| number(key).filter(|least| *least > 0.0);
        cases.extend(least("minLength").map(|n| (text(n), text(n - 1.0), Kind::Length)));
        cases.extend(number("maxLength").map(|n| (text(n), text(n + 1.0), Kind::Length)));
        cases.extend(least("minItems").map(|n| (list(n), list(n - 1.0), Kind::Count)));
        cases.extend(number("maxItems").map(|n| (list(n), list(n + 1.0), Kind::Count)));
        if schema.get("uniqueItems") == Some(&json!(true)) {
            cases.push((json!([1, 2]), json!([1, 1]), Kind::Repeated));
        }
        let listed = schema.get("enum").and_then(Value::as_array);
        for value in listed.into_iter().flatten() {
            let other = if value.is_string() {
                json!("unheard of")
            } else {
                json!(-7.25)
            };
            cases.push((value.clone(), other, Kind::Unlisted));
        }
        for (keeps, breaks, kind) in cases {
            let own = |value: &Value| {
                let found = rule.check(value);
                found.iter().any(|one| one.kind() == kind)
            };
            assert!(!own(&keeps), "{}: {at} refuses {keeps}", self.contract);
            assert!(
                own(&breaks),
                "{}: {at} lets {breaks} through",
                self.contract
            );
            self.limits += 1;
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
                let below = match rule {
                    Rule::List { item, .. } if key == "items" => *item,
                    Rule::Map(value) if key != "items" => *value,
                    _ => Rule::Any,
                };
                self.value(inner, below, &format!("{at}.{key}"));
            }
        }
    }
}

fn kinds(limits: &Limits, value: &Value, at: &str) -> Vec<Kind> {
    let found = limits.check(value);
    found
        .iter()
        .filter(|one| one.path() == at)
        .map(civitai_api::Violation::kind)
        .collect()
}

/// Compares everything that the bodies of a contract's requests hold; returns how many limits there
/// are, and how many types.
fn compare(contract: &str, entries: &[&'static Limits]) -> (usize, usize) {
    let doc = normal(contract);
    let mut compare = Compare {
        doc: &doc,
        contract,
        seen: BTreeSet::new(),
        limits: 0,
        types: 0,
    };
    for limits in entries {
        compare.component(limits.schema(), Rule::Object(limits), &BTreeSet::new());
    }
    // Whatever else a request holds limits nothing, or is not here.
    let mut next = Vec::new();
    for (_, _, operation) in doc.operations() {
        references(
            operation.get("requestBody").unwrap_or(&Value::Null),
            &mut next,
        );
    }
    while let Some(name) = next.pop() {
        let schema = doc.schema(&name).unwrap();
        if !compare.seen.contains(&name) && schema.get("enum").is_none() {
            compare.component(&name, Rule::Any, &BTreeSet::new());
            references(schema, &mut next);
        }
    }
    (compare.limits, compare.types)
}

#[test]
fn every_limit_of_v1_is_generated() {
    use civitai_api::v1::limits;
    let entries = [&limits::JOB_TEMPLATE_LIST, &limits::JOB_REQUEST];
    let (limits, types) = compare("v1", &entries);
    assert!(limits > 70, "{limits} limits");
    assert!(types > 20, "{types} types");
}

#[test]
fn every_limit_of_v2_is_generated() {
    use civitai_api::v2::limits;
    // The bodies that have limits; one that is missing here is found by its first limit.
    let entries = [
        &limits::WORKFLOW_TEMPLATE,
        &limits::BATCH_OCR_SAFETY_CLASSIFICATION_INPUT,
        &limits::HUMANOID_IMAGE_MASK_INPUT,
        &limits::JSON_PATCH_OPERATION,
        &limits::PREPARE_RESOURCE_INPUT,
        &limits::REPEAT_INPUT,
        &limits::TRY_ON_U_INPUT,
        &limits::UPDATE_WORKFLOW_REQUEST,
        &limits::UPDATE_WORKFLOW_STEP_REQUEST,
    ];
    let (limits, types) = compare("v2", &entries);
    assert!(limits > 2_000, "{limits} limits");
    assert!(types > 1_000, "{types} types");
}
