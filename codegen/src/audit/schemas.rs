//! Schemas against types: every member that a schema declares is looked for where the model has it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Auditor;
use super::members::{declared, held};
use crate::document::{referred, schema_reference};
use crate::model::{Content, Ty};
use crate::pointer::Pointer;

/// Keywords that say what an instance is.
const SAYING: [&str; 11] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "items",
    "oneOf",
    "patternProperties",
    "properties",
    "type",
];

/// How deep the variants of a choice are compared with what is declared, to tell which is meant.
const LOOK: usize = 3;

impl<'a> Auditor<'a> {
    /// Every component, and what is written inside it.
    pub(super) fn schemas(&mut self) {
        let doc = self.doc;
        for (name, schema) in doc.schemas() {
            let at = Pointer::schema(name);
            let own = Content::of(&json!({ "$ref": schema_reference(name) }));
            if self.model.kind(name).is_none() {
                self.miss(&at, "", || "the schema has no type".to_owned());
                continue;
            }
            self.compare(&at, schema, &own, name);
        }
    }

    /// Compares what a schema says with what stands in its place.
    ///
    /// `within` is the nearest type of the model around it, at whose place a pass may have told.
    pub(super) fn compare(
        &mut self,
        at: &Pointer,
        schema: &'a Value,
        content: &Content,
        within: &str,
    ) {
        let within = match &content.ty {
            Ty::Named(name) => name,
            _ => within,
        };
        let there = held(self.model, content);
        let nothing_else =
            there.members.is_empty() && there.items.is_empty() && there.rest.is_empty();
        let is_any = there.any && nothing_else;
        if let Some(name) = referred(schema) {
            // A component that is any JSON itself is told of in its own place.
            let itself = Content::of(&json!({ "$ref": schema_reference(&name) }));
            if is_any && !held(self.model, &itself).any {
                self.any(at, schema, within);
            }
            if schema.get("properties").is_none() {
                return;
            }
        } else if is_any {
            self.any(at, schema, within);
        }
        let wanted = declared(self.doc, at, schema);
        for (name, places) in &wanted {
            self.found.members.declared += 1;
            let candidates = there.members.get(name);
            let is_tag = self.tags.contains(*name);
            if candidates.is_some() || is_tag || is_any {
                // What any JSON holds is one loss, which is counted above.
                self.found.members.held += usize::from(candidates.is_some() || is_tag);
            } else {
                let (at, name) = (&places[0].0, *name);
                self.miss(at, within, || format!("the member `{name}` has no field"));
            }
            // What another component declares is looked at in its place.
            let own = places.iter().filter(|(place, _)| {
                let below = place.as_str().strip_prefix(at.as_str());
                below.is_some_and(|below| below.starts_with('/'))
            });
            for (place, property) in own {
                let candidates = candidates.map_or(&[][..], Vec::as_slice);
                let Some(best) = self.best(place, property, candidates).cloned() else {
                    continue;
                };
                self.compare(place, property, &best, within);
            }
        }
        for (key, inner) in [
            ("items", &there.items),
            ("additionalProperties", &there.rest),
        ] {
            let schema = schema.get(key).filter(|inner| inner.is_object());
            if let (Some(schema), Some(content)) = (schema, inner.first()) {
                let content = (*content).clone();
                self.compare(&at.child(key), schema, &content, within);
            }
        }
    }

    /// Counts a place that is any JSON, unless the document says no more of it.
    fn any(&mut self, at: &Pointer, schema: &Value, within: &str) {
        if self.says_something(schema) || !declared(self.doc, at, schema).is_empty() {
            self.found.any += 1;
            self.miss(at, within, || "is any JSON in the crate".to_owned());
        }
    }

    /// Which of several variants' members is the one that a place declares.
    fn best<'c>(&self, at: &Pointer, schema: &Value, all: &[&'c Content]) -> Option<&'c Content> {
        if let [only] = all {
            return Some(only);
        }
        let fit = |content: &&&Content| {
            let any = held(self.model, content).any;
            (self.fit(at, schema, content, LOOK), !any)
        };
        all.iter().max_by_key(fit).copied()
    }

    /// How many of the members that a place declares something has, those inside them included.
    fn fit(&self, at: &Pointer, schema: &Value, content: &Content, depth: usize) -> usize {
        let there = held(self.model, content);
        let wanted = declared(self.doc, at, schema);
        let members = wanted.iter().filter_map(|(name, places)| {
            let candidates = there.members.get(name)?;
            let (at, schema) = places.first()?;
            let below = candidates
                .iter()
                .filter(|_| depth > 0)
                .map(|one| self.fit(at, schema, one, depth - 1));
            Some(1 + below.max().unwrap_or(0))
        });
        members.sum()
    }

    /// Whether a schema says what an instance is, and not only that there is one.
    fn says_something(&self, schema: &Value) -> bool {
        let mut seen = BTreeSet::new();
        let mut schema = schema;
        while let Some(name) = referred(schema) {
            match self.doc.schema(&name).filter(|_| seen.insert(name)) {
                Some(target) => schema = target,
                None => return false,
            }
        }
        let bare = json!({ "type": "object" });
        let all = |key: &str| {
            let parts = schema.get(key).and_then(Value::as_array);
            parts.is_some_and(|parts| parts.iter().all(|part| self.says_something(part)))
        };
        // `anyOf: [{}, …]` says nothing, and neither does an object without members.
        if ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(*key).is_some())
        {
            return all("oneOf") || all("anyOf");
        }
        let words = schema.as_object().into_iter().flatten();
        let said =
            words.filter(|(key, value)| SAYING.contains(&key.as_str()) && !value.is_boolean());
        let said: serde_json::Map<String, Value> = said
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        !said.is_empty()
            && Value::Object(said) != bare
            && schema.get("type") != Some(&json!("null"))
            && schema.get("const") != Some(&Value::Null)
    }
}
