//! What a request must keep to: for every schema that one may hold, which members must be there,
//! and their ranges, lengths, counts and listed values.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase as _;
use serde_json::{Value, json};
use sharing::{bases, inline, share, shared_base};

use super::Lowering;
use crate::document::{referred, schema_name};
use crate::names::NameScope;
use crate::passes::DEFAULT_TAG;
use crate::plan::{LimitsKind, LimitsPlan, MemberPlan, RulePlan, TagPlan};
use crate::shape::{Shape, shape};

mod sharing;

/// An alias of an alias of an alias … ends here.
const DEEPEST_ALIAS: usize = 16;

/// Plans the limits of everything that is sent, by the names of their statics.
pub(super) fn limits(
    lowering: &Lowering<'_>,
    areas: &BTreeMap<String, String>,
) -> BTreeMap<String, LimitsPlan> {
    let mut finder = Finder::new(lowering);
    finder.find_limited();
    let mut members: BTreeMap<&str, Vec<MemberPlan>> = finder
        .limited
        .iter()
        .map(|name| (name.as_str(), finder.members(name)))
        .collect();
    let bases = bases(&finder);
    share(&finder, &bases, &mut members);
    let mut plans = BTreeMap::new();
    for name in &finder.limited {
        let Some(schema) = lowering.doc.schema(name) else {
            continue;
        };
        let base = shared_base(name, &bases, &members);
        let kind = match shape(schema) {
            Shape::Enum => LimitsKind::Values(texts(schema)),
            _ => LimitsKind::Object {
                base: base.and_then(|base| finder.names.get(base).cloned()),
                members: members.get(name.as_str()).cloned().unwrap_or_default(),
                tag: finder.tag(schema),
            },
        };
        let plan = LimitsPlan {
            schema: name.clone(),
            area: areas.get(name).cloned().unwrap_or_default(),
            kind,
        };
        plans.insert(finder.names[name.as_str()].clone(), plan);
    }
    inline(&mut plans);
    plans
}

/// Finds the rules of schemas.
struct Finder<'a> {
    lowering: &'a Lowering<'a>,
    /// Schema → the name of its static.
    names: BTreeMap<&'a str, String>,
    /// The schemas that are known to limit something.
    limited: BTreeSet<String>,
}

impl<'a> Finder<'a> {
    fn new(lowering: &'a Lowering<'a>) -> Self {
        let mut scope = NameScope::default();
        let names = lowering.sent.iter().map(|name| {
            let rust = lowering.names.get(name).unwrap_or(name);
            (name.as_str(), scope.claim(&rust.to_shouty_snake_case()))
        });
        Self {
            names: names.collect(),
            lowering,
            limited: BTreeSet::new(),
        }
    }

    /// Schemas may refer to each other in circles: one counts once it is seen to limit something.
    fn find_limited(&mut self) {
        loop {
            let found: Vec<String> = self
                .lowering
                .sent
                .iter()
                .filter(|name| !self.limited.contains(*name) && self.is_limited(name))
                .cloned()
                .collect();
            if found.is_empty() {
                return;
            }
            self.limited.extend(found);
        }
    }

    fn is_limited(&self, name: &str) -> bool {
        match self.lowering.doc.schema(name).map(shape) {
            Some(Shape::Enum | Shape::Union) => true,
            Some(Shape::Struct) => !self.members(name).is_empty(),
            Some(Shape::Alias) | None => false,
        }
    }

    /// The members of a struct that have a limit or must be there. The tags that unions around it
    /// write are theirs to look at.
    fn members(&self, name: &str) -> Vec<MemberPlan> {
        let schema = self.lowering.doc.schema(name);
        let Some(schema) = schema.filter(|schema| shape(schema) == Shape::Struct) else {
            return Vec::new();
        };
        let must = schema.get("required").and_then(Value::as_array);
        let must = |wire: &str| must.is_some_and(|must| must.iter().any(|name| name == wire));
        let on = |property: &Value, key: &str| property.get(key) == Some(&json!(true));
        let tags = self.lowering.tags.get(name);
        let declared = schema.get("properties").and_then(Value::as_object);
        declared
            .into_iter()
            .flatten()
            .filter(|(wire, _)| !tags.is_some_and(|tags| tags.contains(*wire)))
            .map(|(wire, property)| MemberPlan {
                wire: wire.clone(),
                // What only the service sets is not asked of a request; null counts as absent.
                required: must(wire) && !on(property, "readOnly") && !on(property, "nullable"),
                rule: self.rule(property, 0),
            })
            .filter(|member| member.required || member.rule != RulePlan::Any)
            .collect()
    }

    fn rule(&self, schema: &Value, depth: usize) -> RulePlan {
        if let Some(name) = referred(schema) {
            return self.referred_rule(&name, depth);
        }
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        let inner = |key: &str| {
            let inner = schema.get(key).filter(|inner| inner.is_object());
            inner.map_or(RulePlan::Any, |inner| self.rule(inner, depth))
        };
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return listed(schema, values);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some(kind @ ("integer" | "number")) => {
                let bound = |key| Some((key, schema.get(key)?.as_f64()?));
                let bounds: Vec<_> = BOUNDS.iter().copied().filter_map(bound).collect();
                let whole = kind == "integer";
                Some(RulePlan::Number { whole, bounds })
                    .filter(|rule| !matches!(rule, RulePlan::Number { bounds, .. } if bounds.is_empty()))
                    .unwrap_or(RulePlan::Any)
            }
            Some("string") => match (count("minLength").unwrap_or(0), count("maxLength")) {
                (0, None) => RulePlan::Any,
                (least, most) => RulePlan::Text(least, most),
            },
            Some("array") => {
                let (least, most) = (count("minItems").unwrap_or(0), count("maxItems"));
                let unique = schema.get("uniqueItems") == Some(&json!(true));
                let item = inner("items");
                if least == 0 && most.is_none() && !unique && item == RulePlan::Any {
                    return RulePlan::Any;
                }
                let item = Box::new(item);
                RulePlan::List {
                    least,
                    most,
                    unique,
                    item,
                }
            }
            Some("object") => match inner("additionalProperties") {
                RulePlan::Any => RulePlan::Any,
                rule => RulePlan::Map(Box::new(rule)),
            },
            _ => RulePlan::Any,
        }
    }

    fn referred_rule(&self, name: &str, depth: usize) -> RulePlan {
        let Some(schema) = self.lowering.doc.schema(name) else {
            return RulePlan::Any;
        };
        let known = self
            .names
            .get(name)
            .cloned()
            .filter(|_| self.limited.contains(name));
        match (shape(schema), known) {
            (Shape::Alias, _) if depth < DEEPEST_ALIAS => self.rule(schema, depth + 1),
            (Shape::Enum, Some(name)) => RulePlan::Enum(name),
            (Shape::Struct | Shape::Union, Some(name)) => RulePlan::Object(name),
            _ => RulePlan::Any,
        }
    }

    fn tag(&self, schema: &Value) -> Option<TagPlan> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let limited = |target: &str| {
            let name = self.names.get(target).cloned();
            name.filter(|_| self.limited.contains(target))
        };
        let variants = mapping(schema).map(|(tag, target)| (tag.clone(), limited(&target)));
        Some(TagPlan {
            name: text(schema.pointer("/discriminator/propertyName"))?,
            default: text(schema.get(DEFAULT_TAG)),
            variants: variants.collect(),
        })
    }
}

/// Keywords that bound a number.
const BOUNDS: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

fn listed(schema: &Value, values: &[Value]) -> RulePlan {
    let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    let words = texts(schema);
    if !values.is_empty() && words.len() == values.len() {
        RulePlan::Values(words)
    } else if !values.is_empty() && numbers.len() == values.len() {
        RulePlan::Numbers(numbers)
    } else {
        RulePlan::Any
    }
}

fn texts(schema: &Value) -> Vec<String> {
    let values = schema.get("enum").and_then(Value::as_array);
    let texts = values.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// Each tag of a union and the schema it leads to.
fn mapping(schema: &Value) -> impl Iterator<Item = (&String, String)> {
    let mapping = schema
        .pointer("/discriminator/mapping")
        .and_then(Value::as_object);
    let pairs = mapping.into_iter().flatten();
    pairs.filter_map(|(tag, target)| Some((tag, target.as_str().and_then(schema_name)?)))
}
