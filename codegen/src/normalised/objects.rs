//! Takes from objects what a validator would hold against a sound message: tags that the union
//! around a variant already fixes, and demands that only the service meets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::model::{Model, Renames, direct, written_tags};
use crate::notes::Notes;

/// How the schemas of a document are used.
pub(super) struct Uses {
    /// Schema → the tags that every way to it writes.
    pub(super) written: BTreeMap<String, BTreeSet<String>>,
    /// The schemas that something other than a union refers to.
    pub(super) direct: BTreeSet<String>,
}

pub(super) fn run(doc: &mut Document) -> Uses {
    let model = Model::of(doc, &[], &Renames::default(), &mut Notes::default());
    let (written, direct, sent) = (written_tags(&model), direct(&model), &model.sent);
    let none = BTreeSet::new();
    for (name, schema) in doc.schemas_mut() {
        let Value::Object(schema) = schema else {
            continue;
        };
        let tags = written.get(name).unwrap_or(&none);
        let read_only = if sent.contains(name) {
            read_only(schema)
        } else {
            BTreeSet::new()
        };
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|member| {
                let member = member.as_str().unwrap_or_default();
                !tags.contains(member) && !read_only.contains(member)
            });
            if required.is_empty() {
                schema.remove("required");
            }
        }
        let is_map = has_typed_rest(schema);
        if !direct.contains(name)
            && !is_map
            && let Some(Value::Object(properties)) = schema.get_mut("properties")
        {
            properties.retain(|member, _| !tags.contains(member));
        }
    }
    Uses { written, direct }
}

/// Whether members without a name of their own have a type, so that a tag would be taken for one.
pub(super) fn is_map(schema: &Value) -> bool {
    schema.as_object().is_some_and(has_typed_rest)
}

fn has_typed_rest(schema: &Map<String, Value>) -> bool {
    let rest = schema.get("additionalProperties");
    rest.is_some_and(|values| values != &json!({}))
}

/// The members that only the service sets.
fn read_only(schema: &Map<String, Value>) -> BTreeSet<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let marked = properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| property.get("readOnly") == Some(&json!(true)));
    marked.map(|(name, _)| name.clone()).collect()
}
