//! A member that a base has and the child declares again.

use serde_json::{Map, Value, json};

use super::super::alternatives::ABOUT;
use super::Flattener;
use crate::document::{referred, schema_reference};
use crate::error::Error;
use crate::pointer::Pointer;

impl Flattener<'_> {
    /// Puts a nearer declaration in the place of another. One that only adds words or limits leaves the
    /// type; two objects become one with the members of both.
    pub(super) fn redeclare(
        &mut self,
        there: &mut Map<String, Value>,
        name: &str,
        property: Value,
        at: &Pointer,
    ) -> Result<(), Error> {
        let Some(old) = there.get_mut(name) else {
            there.insert(name.to_owned(), property);
            return Ok(());
        };
        let at = at.child("properties").child(name);
        if kind(old) == kind(&property) {
            *old = property;
        } else if says_no_type(&property) {
            if let (Value::Object(old), Value::Object(new)) = (old, property) {
                old.extend(new);
            }
        } else if let Some(both) = self.both(name, old, &property, &at)? {
            self.notes.conversion(
                "inheritance",
                at,
                "declared again with more members; it has those of both",
            );
            there.insert(name.to_owned(), both);
        } else {
            self.notes.guess(
                "inheritance",
                at,
                "declared again with another type; the nearest declaration counts",
            );
            *old = property;
        }
        Ok(())
    }

    /// One object with the members of two, where the nearer does not have them all itself.
    fn both(
        &mut self,
        name: &str,
        old: &Value,
        new: &Value,
        at: &Pointer,
    ) -> Result<Option<Value>, Error> {
        let (Some(one), Some(other)) = (referred(old), referred(new)) else {
            return Ok(None);
        };
        if self.is_open(&one) || self.is_open(&other) {
            return Ok(None);
        }
        let pair = (one, other);
        let (one, other) = (self.behind(&pair.0)?, self.behind(&pair.1)?);
        let members = |schema: &Value| schema.get("properties")?.as_object().cloned();
        let (Some(one), Some(other)) = (members(&one), members(&other)) else {
            return Ok(None);
        };
        if one.keys().all(|member| other.contains_key(member)) {
            return Ok(None);
        }
        let made = match self.pairs.get(&pair) {
            Some(made) => made.clone(),
            None => {
                let parent = self.open.last().cloned().unwrap_or_default();
                let made = self
                    .scope
                    .claim(&format!("{parent}{}", crate::names::pascal(name)));
                // What they hold may be this pair again.
                self.pairs.insert(pair, made.clone());
                let flat = self.flat(json!({ "allOf": [old, new] }), at)?;
                self.done.insert(made.clone(), flat);
                made
            }
        };
        let mut both = json!({ "$ref": schema_reference(&made) });
        if let (Value::Object(both), Value::Object(new)) = (&mut both, new) {
            let beside = new.iter().filter(|(key, _)| key.as_str() != "$ref");
            both.extend(beside.map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(Some(both))
    }

    /// Whether a component is being flattened.
    pub(super) fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }
}

fn kind(schema: &Value) -> (Option<&Value>, Option<&Value>) {
    (schema.get("type"), schema.get("$ref"))
}

/// Whether a schema only has words, limits and listed values.
fn says_no_type(schema: &Value) -> bool {
    let limits = [
        "enum",
        "format",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "nullable",
        "pattern",
    ];
    schema.as_object().is_some_and(|schema| {
        let fits = |key: &String| {
            ABOUT.contains(&key.as_str()) || limits.contains(&key.as_str()) || key.starts_with("x-")
        };
        schema.keys().all(fits)
    })
}
