//! The places of an instance, and what a client must tell of each when it is bad.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use instances::{Contract, last};

/// Whether a fault is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is, with its place.
    Yes,
    /// It is no fault.
    No,
    /// Rust may have a wider type there.
    Perhaps,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// A member of a type.
    Member,
    /// An item of a list or an entry of a map.
    Item,
    /// The tag of a union, which has no other that counts in its place.
    Tag,
}

/// A place of an instance.
#[derive(Clone, Debug)]
pub struct Place {
    /// As a JSON pointer.
    pub pointer: String,
    /// As a client names it.
    pub path: String,
    /// What stands there.
    pub stands: Stands,
    /// A value of another type.
    pub wrong: Value,
    /// Whether that is told.
    pub of_wrong: Told,
    /// Whether null is told.
    pub of_null: Told,
    /// Whether it is told when there is nothing.
    pub of_missing: Told,
}

/// Finds the places of an instance of a schema.
pub fn places(contract: &Contract, name: &str, value: &Value) -> Vec<Place> {
    let mut finder = Finder {
        contract,
        around: contract.tags_around(),
        found: Vec::new(),
    };
    finder.component(name, value, &At::default());
    finder.found
}

#[derive(Clone, Default)]
struct At {
    pointer: String,
    path: String,
}

impl At {
    fn member(&self, name: &str) -> Self {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        let dot = if self.path.is_empty() { "" } else { "." };
        Self {
            pointer: format!("{}/{escaped}", self.pointer),
            path: format!("{}{dot}{name}", self.path),
        }
    }

    fn item(&self, index: usize) -> Self {
        Self {
            pointer: format!("{}/{index}", self.pointer),
            path: format!("{}[{index}]", self.path),
        }
    }
}

struct Finder<'a> {
    contract: &'a Contract,
    around: BTreeMap<String, BTreeSet<String>>,
    found: Vec<Place>,
}

impl Finder<'_> {
    fn component(&mut self, name: &str, value: &Value, at: &At) {
        let schema = self.contract.schema(name).clone();
        let Some(tag) = self.contract.tag(name).map(str::to_owned) else {
            let tags = self.around.get(name).cloned().unwrap_or_default();
            return self.schema(&schema, value, at, &tags);
        };
        let default = schema.get("x-default-tag");
        let given = value.get(&tag).or(default).and_then(Value::as_str);
        let variants = self.contract.variants(name);
        let held = variants.iter().find(|(tag, _)| Some(tag.as_str()) == given);
        if default.is_none() && value.get(&tag).is_some() {
            let at = at.member(&tag);
            self.push(&at, Stands::Tag, json!(true), [Told::Yes; 3]);
        }
        if let Some((_, held)) = held {
            self.component(held, value, at);
        }
    }

    fn schema(&mut self, schema: &Value, value: &Value, at: &At, tags: &BTreeSet<String>) {
        if let Some(reference) = schema.get("$ref") {
            return self.component(last(reference), value, at);
        }
        if schema.get("x-untagged").is_some() || schema.get("enum").is_some() {
            return;
        }
        // A choice without a tag is kept whole where a part of it is bad.
        if schema.get("x-choice").is_some() {
            return;
        }
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(&schema["items"], item, &at.item(index));
                }
            }
            Value::Object(members) => {
                for (name, member) in members.iter().filter(|(name, _)| !tags.contains(*name)) {
                    let rest = schema.get("additionalProperties");
                    match (schema["properties"].get(name), rest) {
                        (Some(property), _) => {
                            let must = schema["required"].as_array();
                            let must = must.is_some_and(|must| must.contains(&json!(name)));
                            self.member(property, must, member, &at.member(name));
                        }
                        (None, Some(rest)) if rest.is_object() => {
                            self.item(rest, member, &at.member(name));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, schema: &Value, must: bool, value: &Value, at: &At) {
        let (wrong, of_wrong) = self.wrong(schema);
        // What only the service sets is not asked for in a request, and what would hold its like for
        // ever may be left out.
        let is_sure = schema.get("readOnly") != Some(&json!(true)) && schema.get("$ref").is_none();
        let of_missing = match (must, is_sure) {
            (false, _) => Told::No,
            (true, true) => Told::Yes,
            (true, false) => Told::Perhaps,
        };
        let of_null = if self.takes_null(schema) {
            Told::No
        } else {
            of_missing
        };
        let told = [of_wrong, of_null, of_missing];
        self.push(at, Stands::Member, wrong, told);
        self.schema(schema, value, at, &BTreeSet::new());
    }

    fn item(&mut self, schema: &Value, value: &Value, at: &At) {
        let (wrong, of_wrong) = self.wrong(schema);
        let of_null = if self.takes_null(schema) {
            Told::No
        } else {
            of_wrong
        };
        self.push(at, Stands::Item, wrong, [of_wrong, of_null, Told::No]);
        self.schema(schema, value, at, &BTreeSet::new());
    }

    /// A value of another type than a schema's.
    fn wrong(&self, schema: &Value) -> (Value, Told) {
        let schema = self.resolved(schema);
        let is_there = |key: &str| schema.get(key).is_some();
        if is_there("x-untagged") {
            return (json!(true), Told::Perhaps);
        }
        if is_there("discriminator") || is_there("properties") || is_there("enum") {
            return (json!(true), Told::Yes);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("boolean") => (json!("text"), Told::Yes),
            Some("string" | "integer" | "number" | "array") => (json!(true), Told::Yes),
            Some(_) => (json!(true), Told::Perhaps),
            None => (json!(true), Told::No),
        }
    }

    fn takes_null(&self, schema: &Value) -> bool {
        let is_nullable = |schema: &Value| schema.get("nullable") == Some(&json!(true));
        let (_, of_wrong) = self.wrong(schema);
        is_nullable(schema) || is_nullable(self.resolved(schema)) || of_wrong == Told::No
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref") {
            schema = self.contract.schema(last(reference));
        }
        schema
    }

    fn push(&mut self, at: &At, stands: Stands, wrong: Value, told: [Told; 3]) {
        let [of_wrong, of_null, of_missing] = told;
        self.found.push(Place {
            pointer: at.pointer.clone(),
            path: at.path.clone(),
            stands,
            wrong,
            of_wrong,
            of_null,
            of_missing,
        });
    }
}
