//! Lowers component schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Lowering, docs, nullable};
use crate::document::referred;
use crate::names::{NameScope, field_key, keyword_safe, variant};
use crate::notes::Notes;
use crate::passes::{DEFAULT_TAG, REFERABLE};
use crate::plan::{Field, TypeKind, UnionVariant};
use crate::pointer::Pointer;
use crate::shape::{Shape, shape};

impl Lowering<'_> {
    /// What a component becomes, and what the backend gets in its place.
    pub(super) fn component(
        &self,
        name: &str,
        schema: &Value,
        notes: &mut Notes,
    ) -> (TypeKind, Value) {
        match shape(schema) {
            Shape::Struct => self.structure(name, schema, notes),
            // The backend only needs to know that these exist; they are emitted without it.
            Shape::Enum => (enumeration(schema), json!({ "type": "string" })),
            Shape::Union => (self.union(schema), json!({ "type": "object" })),
            Shape::Alias => (TypeKind::Alias(self.schema(schema)), Value::Null),
        }
    }

    fn structure(&self, name: &str, schema: &Value, notes: &mut Notes) -> (TypeKind, Value) {
        let mut scope = NameScope::default();
        let mut fields = BTreeMap::new();
        let mut properties = Map::new();
        let mut required = Vec::new();
        let must: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |list| {
                list.iter().filter_map(Value::as_str).collect()
            });
        let declared = schema.get("properties").and_then(Value::as_object);
        for (wire, property) in declared.into_iter().flatten() {
            let is_tag = self.tags.get(name).is_some_and(|tags| tags.contains(wire));
            if is_tag && !self.direct.contains(name) {
                continue;
            }
            let key = scope.claim(&field_key(wire));
            if key != field_key(wire) {
                let at = Pointer::schema(name).child("properties").child(wire);
                notes.push("names", at, format!("the field is called `{key}`"));
            }
            // What only the service sets cannot be asked of a request.
            let read_only =
                property.get("readOnly") == Some(&json!(true)) && self.sent.contains(name);
            let is_required = must.contains(&wire.as_str()) && !read_only && !is_tag;
            let mut lowered = self.schema(property);
            if !is_required || property.get("nullable") == Some(&json!(true)) {
                lowered = nullable(lowered);
            }
            if let Value::Object(lowered) = &mut lowered {
                let text = docs::member_docs(wire, property);
                if lowered.contains_key("$ref") {
                    let reference = lowered.remove("$ref");
                    lowered.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
                }
                lowered.insert("description".to_owned(), text.into());
            }
            if is_required {
                required.push(json!(key));
            }
            let marked = |schema: Option<&Value>| {
                schema.and_then(|schema| schema.get(REFERABLE)) == Some(&json!(true))
            };
            let items = property
                .get("items")
                .or_else(|| property.get("additionalProperties"));
            let field = Field {
                wire: wire.clone(),
                referable: marked(Some(property)) && !is_tag,
                items_referable: marked(items),
            };
            fields.insert(keyword_safe(key.clone()), field);
            properties.insert(key, lowered);
        }
        let mut lowered = Map::from_iter([("type".to_owned(), json!("object"))]);
        lowered.insert(
            "description".to_owned(),
            docs::type_docs(name, schema).into(),
        );
        if !required.is_empty() {
            lowered.insert("required".to_owned(), Value::Array(required));
        }
        match schema.get("additionalProperties") {
            Some(inner @ Value::Object(_)) => {
                lowered.insert("additionalProperties".to_owned(), self.schema(inner));
            }
            Some(Value::Bool(false)) if properties.is_empty() => {
                lowered.insert("additionalProperties".to_owned(), json!(false));
            }
            _ => {}
        }
        lowered.insert("properties".to_owned(), Value::Object(properties));
        (TypeKind::Struct { fields }, Value::Object(lowered))
    }

    fn union(&self, schema: &Value) -> TypeKind {
        let mut scope = NameScope::default();
        let text = |pointer: &str| {
            schema
                .pointer(pointer)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let mapping = schema
            .pointer("/discriminator/mapping")
            .and_then(Value::as_object);
        let mut variants = Vec::new();
        for (tag, target) in mapping.into_iter().flatten() {
            let target = target
                .as_str()
                .and_then(crate::document::schema_name)
                .unwrap_or_default();
            let holds = self.names.get(&target).cloned().unwrap_or(target);
            variants.push(UnionVariant {
                tag: tag.clone(),
                name: scope.claim(&variant(tag)),
                holds,
            });
        }
        TypeKind::Union {
            tag: text("/discriminator/propertyName").unwrap_or_default(),
            default: text(&format!("/{DEFAULT_TAG}")),
            variants,
            raw: free(&mut scope, "Raw"),
        }
    }

    /// Lowers a schema where it is used.
    pub(super) fn schema(&self, schema: &Value) -> Value {
        if let Some(name) = referred(schema) {
            return json!({ "$ref": self.reference(&name) });
        }
        let inner = |key: &str| {
            let inner = schema.get(key).filter(|inner| inner.is_object());
            inner.map_or_else(
                || json!({}),
                |inner| {
                    let lowered = self.schema(inner);
                    if inner.get("nullable") == Some(&json!(true)) {
                        nullable(lowered)
                    } else {
                        lowered
                    }
                },
            )
        };
        let format = schema.get("format").and_then(Value::as_str);
        match schema.get("type").and_then(Value::as_str) {
            Some("string") if matches!(format, Some("date-time" | "binary")) => {
                json!({ "type": "string", "format": format })
            }
            Some("string") => json!({ "type": "string" }),
            Some("integer") => match format {
                Some("int32" | "int64" | "uint32" | "uint64") => {
                    json!({ "type": "integer", "format": format })
                }
                _ => json!({ "type": "integer", "format": "int64" }),
            },
            Some("number") => json!({ "type": "number" }),
            Some("boolean") => json!({ "type": "boolean" }),
            Some("array") => json!({ "type": "array", "items": inner("items") }),
            Some("object") => {
                json!({ "type": "object", "additionalProperties": inner("additionalProperties") })
            }
            _ => json!({}),
        }
    }
}

fn enumeration(schema: &Value) -> TypeKind {
    let mut scope = NameScope::default();
    let values = schema.get("enum").and_then(Value::as_array);
    let texts = values.into_iter().flatten().filter_map(Value::as_str);
    let mut variants: Vec<(String, String)> = Vec::new();
    for text in texts {
        if !variants.iter().any(|(known, _)| known == text) {
            variants.push((text.to_owned(), scope.claim(&variant(text))));
        }
    }
    let unknown = free(&mut scope, "Unknown");
    TypeKind::Enum { variants, unknown }
}

/// The name of the variant for what the contract does not list, another where it lists one so called.
fn free(scope: &mut NameScope, wanted: &str) -> String {
    let name = scope.claim(wanted);
    if name == wanted {
        name
    } else {
        scope.claim("Unlisted")
    }
}
