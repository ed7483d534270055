//! A walk over an instance along its schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use instances::{Contract, last};

/// What a walk over instances finds.
#[derive(Debug)]
pub struct Walk<'a> {
    contract: &'a Contract,
    /// The unions that it went through, each with the tag that it found.
    pub tags: BTreeSet<(String, String)>,
    /// How many objects got the mark.
    pub marked: usize,
    /// Values that their schema does not list.
    pub faults: Vec<String>,
}

impl<'a> Walk<'a> {
    /// The member that no schema has.
    pub const MARK: &'static str = "a member that no schema has";

    /// Starts a walk.
    pub fn new(contract: &'a Contract) -> Self {
        Self {
            contract,
            tags: BTreeSet::new(),
            marked: 0,
            faults: Vec::new(),
        }
    }

    /// Puts an unknown member into every object that is to become a type, and its tag where it is left out.
    pub fn mark(&mut self, name: &str, value: &mut Value) {
        let Some(member) = self.contract.tag(name) else {
            let schema = self.contract.schema(name);
            return self.schema(schema, value);
        };
        let default = self.contract.schema(name).get("x-default-tag");
        let is_left_out = value.get(member).is_none();
        if let (Some(default), true, Some(members)) = (default, is_left_out, value.as_object_mut())
        {
            // A tag that was left out is written.
            members.insert(member.to_owned(), default.clone());
        }
        let tag = value.get(member).and_then(Value::as_str);
        let tag = tag.unwrap_or_default().to_owned();
        let variants = self.contract.variants(name);
        let Some((_, held)) = variants.iter().find(|(known, _)| *known == tag) else {
            self.faults.push(format!("`{tag}` is no tag of {name}"));
            return;
        };
        self.tags.insert((name.to_owned(), tag));
        self.mark(held, value);
    }

    fn schema(&mut self, schema: &Value, value: &mut Value) {
        if let Some(reference) = schema.get("$ref") {
            return self.mark(last(reference), value);
        }
        let listed = schema.get("enum").and_then(Value::as_array);
        if listed.is_some_and(|values| !values.contains(value)) {
            self.faults
                .push(format!("{value} is none of {}", schema["enum"]));
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.schema(&schema["items"], item);
                }
            }
            Value::Object(members) => {
                let map = schema
                    .get("additionalProperties")
                    .filter(|inner| inner.is_object());
                for (name, member) in &mut *members {
                    let property = schema["properties"].get(name).or(map);
                    // What is free JSON stays as it is.
                    if let Some(property) = property {
                        self.schema(property, member);
                    }
                }
                if schema.get("properties").is_some() && map.is_none() {
                    members.insert(Self::MARK.to_owned(), json!(true));
                    self.marked += 1;
                }
            }
            _ => {}
        }
    }
}
