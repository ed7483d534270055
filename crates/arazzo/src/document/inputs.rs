//! The inputs that a workflow declares.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fields::Reader;
use crate::finding::Rule;
use crate::pointer::Pointer;

/// What a workflow declares of its inputs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// The schema, with the components that it may refer to; `None` where there is none.
    pub(crate) schema: Option<Value>,
    pub(crate) declared: BTreeMap<String, Input>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Input {
    pub(crate) required: bool,
    pub(crate) default: Option<Value>,
    pub(crate) secret: bool,
    /// Whether a text is taken as it stands, and not as JSON.
    pub(crate) is_text: bool,
    /// Whether it is an object or a list.
    pub(crate) is_structure: bool,
    pub(crate) description: Option<String>,
}

/// Deepest chain of references between schemas.
const DEEPEST: usize = 20;

impl Inputs {
    pub(super) fn read(reader: &mut Reader<'_>, schema: Option<(&Value, Pointer)>) -> Self {
        let Some((schema, at)) = schema else {
            return Self::default();
        };
        let Some(members) = schema.as_object() else {
            reader.wrong(&at, "a JSON Schema of an object belongs here");
            return Self::default();
        };
        let mut inputs = Self::default();
        inputs.gather(reader, members, &at, 0);
        // References lead to the components of the document.
        let mut whole = members.clone();
        let components = reader.root.pointer("/components/inputs").cloned();
        whole.insert(
            "components".to_owned(),
            json!({ "inputs": components.unwrap_or_default() }),
        );
        inputs.schema = Some(Value::Object(whole));
        inputs
    }

    fn gather(
        &mut self,
        reader: &mut Reader<'_>,
        schema: &Map<String, Value>,
        at: &Pointer,
        depth: usize,
    ) {
        if depth > DEEPEST {
            return;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            match resolve(reader.root, reference).and_then(Value::as_object) {
                Some(target) => self.gather(reader, target, at, depth + 1),
                None => {
                    let message = format!("`{reference}` leads nowhere in this document");
                    reader.findings.add(Rule::UnknownComponent, at, message);
                }
            }
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(part) = part.as_object() {
                self.gather(reader, part, at, depth + 1);
            }
        }
        for (name, member) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let mut member = member;
            for _ in 0..DEEPEST {
                let reference = member.get("$ref").and_then(Value::as_str);
                match reference.and_then(|reference| resolve(reader.root, reference)) {
                    Some(target) => member = target,
                    None => break,
                }
            }
            self.declared.insert(name.clone(), Input::of(name, member));
        }
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(name) = name.as_str() {
                self.declared.entry(name.to_owned()).or_default().required = true;
            }
        }
    }

    /// Returns whether an input is a secret, declared or not.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        self.declared
            .get(name)
            .map_or_else(|| sounds_secret(name), |input| input.secret)
    }

    /// Returns whether an input always has a value.
    pub(crate) fn is_certain(&self, name: &str) -> bool {
        self.declared
            .get(name)
            .is_some_and(|input| input.required || input.default.is_some())
    }
}

impl Input {
    fn of(name: &str, schema: &Value) -> Self {
        let kind = schema.get("type");
        let is_text = kind.and_then(Value::as_str) == Some("string");
        let marked = schema.get("format").and_then(Value::as_str) == Some("password")
            || schema.get("writeOnly") == Some(&Value::Bool(true));
        Self {
            required: false,
            default: schema.get("default").cloned(),
            secret: marked || ((is_text || kind.is_none()) && sounds_secret(name)),
            is_text,
            is_structure: is_structure(schema),
            description: schema
                .get("description")
                .and_then(Value::as_str)
                .map(str::to_owned),
        }
    }
}

fn is_structure(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    let branches = ["oneOf", "anyOf"]
        .iter()
        .find_map(|key| schema.get(key)?.as_array());
    match (kind, branches) {
        (Some(kind), _) => kind == "object" || kind == "array",
        (None, Some(branches)) => !branches.is_empty() && branches.iter().all(is_structure),
        (None, None) => false,
    }
}

fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    root.pointer(reference.strip_prefix('#')?)
}

/// Names that secrets go by.
fn sounds_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    let words = [
        "apikey",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "credential",
        "authorization",
        "accesskey",
        "privatekey",
        "bearer",
    ];
    plain.ends_with("token") || plain == "key" || words.iter().any(|word| plain.contains(word))
}
