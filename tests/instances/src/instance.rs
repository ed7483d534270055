//! Instances of the schemas of a contract: random, seeded, valid, or with one kind of surprise.

use serde_json::{Map, Value, json};

use crate::contract::{Contract, last};
use crate::scalar::{self, Random};

/// Beyond this depth an instance has only what it must have, so that recursion ends.
const DEEP: usize = 7;
/// Beyond this depth is null: a schema that must hold its like has no instance that ends.
const BOTTOM: usize = 60;

/// A surprise that a client must live with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// None: the instance is valid.
    Nothing,
    /// Each object has a member that its schema does not name.
    UnknownMember,
    /// Each enum has a value that it does not list.
    UnknownValue,
    /// Unions have a tag that they do not know, or none.
    UnknownTag,
    /// Each optional member is null.
    NullMember,
    /// Each number is an integer, where one is allowed.
    WholeNumber,
    /// Half of the values that another step may give are references to it.
    Reference,
}

/// An instance, and what it is when it has been decoded and encoded.
#[derive(Clone, Debug)]
pub struct Made {
    /// What is decoded.
    pub sent: Value,
    /// What comes back: the same, with a tag that may be left out and with points in time in UTC.
    pub back: Value,
}

impl Made {
    /// What comes back as it was sent.
    pub(crate) fn same(value: Value) -> Self {
        Self {
            back: value.clone(),
            sent: value,
        }
    }
}

/// Makes instances.
#[derive(Debug)]
pub struct Maker<'a> {
    contract: &'a Contract,
    twist: Twist,
    random: Random,
    /// How often the surprise was built in.
    pub twisted: usize,
}

impl<'a> Maker<'a> {
    /// Makes a maker of instances with a surprise.
    pub fn new(contract: &'a Contract, twist: Twist) -> Self {
        Self {
            contract,
            twist,
            random: Random::new(0),
            twisted: 0,
        }
    }

    /// Makes an instance of a schema; the same seed makes the same one.
    pub fn make(&mut self, name: &str, seed: u64) -> Made {
        self.random.restart(seed);
        self.component(name, 0)
    }

    fn component(&mut self, name: &str, depth: usize) -> Made {
        // A branch that became part of another type has no schema any more.
        let is_gone = self.contract.document().schema(name).is_none();
        if depth > BOTTOM || is_gone {
            Made::same(Value::Null)
        } else if self.contract.tag(name).is_some() {
            self.union(name, depth)
        } else {
            self.schema(self.contract.schema(name), depth)
        }
    }

    fn union(&mut self, name: &str, depth: usize) -> Made {
        let (schema, variants) = (self.contract.schema(name), self.contract.variants(name));
        let member = self.contract.tag(name).unwrap_or_default();
        let default = schema.get("x-default-tag").and_then(Value::as_str);
        let chosen = if depth > DEEP {
            variants
                .iter()
                .min_by_key(|(_, held)| self.contract.height(held))
        } else {
            self.random.choice(&variants)
        };
        let Some((tag, held)) = chosen else {
            return Made::same(json!({}));
        };
        let mut made = self.component(held, depth);
        if self.twist(Twist::UnknownTag) {
            // No tag at all stands for the default, where there is one.
            let mut tags = vec![json!("no such tag"), json!(""), json!(17), json!([tag])];
            if default.is_none() {
                tags.push(Value::Null);
            }
            made.sent[member] = tags.swap_remove(self.random.usize(..tags.len()));
            return Made::same(made.sent);
        }
        made.sent[member] = json!(tag);
        made.back[member] = json!(tag);
        if default == Some(tag) && self.random.bool() {
            match &mut made.sent {
                Value::Object(members) if self.random.bool() => drop(members.remove(member)),
                members => members[member] = Value::Null,
            }
        }
        made
    }

    fn schema(&mut self, schema: &Value, depth: usize) -> Made {
        if let Some(reference) = schema.get("$ref") {
            return self.component(last(reference), depth);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let texts = values.iter().all(Value::is_string);
            if texts && self.twist(Twist::UnknownValue) {
                return Made::same(json!("no such value ✓"));
            }
            return Made::same(self.random.choice(values).cloned().unwrap_or_default());
        }
        if schema.get("x-choice").is_some() {
            let branches = schema.get("oneOf").and_then(Value::as_array);
            let branches = branches.map_or(&[][..], Vec::as_slice);
            let branch = self.random.choice(branches).cloned().unwrap_or_default();
            return self.nullable(&branch, depth + 1);
        }
        if let Some(branches) = schema.get("x-untagged").and_then(untagged) {
            let branch = self.random.choice(branches).cloned().unwrap_or_default();
            let made = self.schema(&branch, depth + 1);
            // Where Rust has no type with the members of all, it has free JSON, which comes back as it is.
            return if schema.get("properties").is_some() {
                made
            } else {
                Made::same(made.sent)
            };
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("null") => Made::same(Value::Null),
            Some("string") => scalar::text(schema, &mut self.random),
            Some("integer") => Made::same(scalar::integer(schema, &mut self.random)),
            Some("number") => {
                let whole = self.twist(Twist::WholeNumber);
                Made::same(scalar::number(schema, whole, &mut self.random))
            }
            Some("boolean") => Made::same(json!(self.random.bool())),
            Some("array") => self.array(schema, depth),
            Some("object") => self.object(schema, depth),
            _ => Made::same(scalar::anything(&mut self.random, 0)),
        }
    }

    fn array(&mut self, schema: &Value, depth: usize) -> Made {
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
        let least = limit("minItems").unwrap_or(0);
        let most = limit("maxItems").unwrap_or(u64::MAX);
        let wanted = if depth > DEEP {
            least
        } else {
            self.random.u64(least..=most.min(least + 2))
        };
        let unique = schema.get("uniqueItems") == Some(&json!(true));
        let items = schema.get("items").unwrap_or(&Value::Null);
        let mut made = Vec::new();
        for _ in 0..wanted {
            let item = self.nullable(items, depth + 1);
            let known = made.iter().any(|other: &Made| other.sent == item.sent);
            if !(unique && known) {
                made.push(item);
            }
        }
        let (sent, back) = made.into_iter().map(|item| (item.sent, item.back)).unzip();
        Made {
            sent: Value::Array(sent),
            back: Value::Array(back),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Made {
        let (mut sent, mut back) = (Map::new(), Map::new());
        let required = schema.get("required").and_then(Value::as_array);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let required = required.is_some_and(|list| list.iter().any(|one| one == name));
            if !required && self.twist(Twist::NullMember) {
                sent.insert(name.clone(), Value::Null);
                back.insert(name.clone(), Value::Null);
            } else if required || (depth <= DEEP && self.random.usize(..depth + 2) < 2) {
                let made = self.nullable(property, depth + 1);
                back.insert(name.clone(), made.back);
                sent.insert(name.clone(), made.sent);
            }
        }
        let map = schema
            .get("additionalProperties")
            .filter(|inner| inner.is_object());
        if let Some(inner) = map {
            let most = if depth > DEEP { 1 } else { 3 };
            for _ in 0..self.random.usize(..most) {
                let (key, made) = (
                    scalar::key(&mut self.random),
                    self.nullable(inner, depth + 1),
                );
                sent.insert(key.clone(), made.sent);
                back.insert(key, made.back);
            }
        }
        if properties.is_some() && map.is_none() && self.twist(Twist::UnknownMember) {
            let name = "no such member".to_owned();
            let value = scalar::anything(&mut self.random, 0);
            back.insert(name.clone(), value.clone());
            sent.insert(name, value);
        }
        Made {
            sent: Value::Object(sent),
            back: Value::Object(back),
        }
    }

    /// Makes an instance, or null where that is allowed.
    fn nullable(&mut self, schema: &Value, depth: usize) -> Made {
        let referable = schema.get("x-referable") == Some(&json!(true));
        if referable && self.random.bool() && self.twist(Twist::Reference) {
            return Made::same(json!({ "$ref": "hero", "path": "output.images[0].url" }));
        }
        if schema.get("nullable") == Some(&json!(true)) && self.random.u8(..8) == 0 {
            Made::same(Value::Null)
        } else {
            self.schema(schema, depth)
        }
    }

    /// Whether this surprise is to be built in here. Half of the unions keep their tag, so that
    /// those inside them have their turn.
    fn twist(&mut self, twist: Twist) -> bool {
        let here = self.twist == twist && (twist != Twist::UnknownTag || self.random.bool());
        self.twisted += usize::from(here);
        here
    }
}

/// The branches of a choice that no tag tells apart.
fn untagged(choices: &Value) -> Option<&Vec<Value>> {
    let choices = choices.as_object()?.values();
    choices.filter_map(Value::as_array).next()
}
