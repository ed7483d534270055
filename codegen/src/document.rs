//! One bundled OpenAPI document: a JSON value that knows which file each part came from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::pointer::Pointer;

/// The HTTP methods that a generated client sends, as OpenAPI spells them.
pub(crate) const METHODS: [&str; 6] = ["get", "put", "post", "delete", "head", "patch"];

/// A bundled document. All references are local (`#/components/…`).
#[derive(Clone, Debug)]
pub struct Document {
    /// The document itself.
    pub root: Value,
    /// The root file, as the user named it.
    pub file: String,
    /// The SHA-256 over all files read, in hex.
    pub digest: String,
    /// Where a schema or a path was written, when not in the root file: pointer → file and pointer.
    pub(crate) origins: BTreeMap<Pointer, (String, Pointer)>,
    /// Where a component that the passes made of an anonymous schema was written: name → pointer.
    pub(crate) lifted: BTreeMap<String, Pointer>,
    /// Rules that the files break and that were lived with while they were joined: pointer → what.
    pub(crate) faults: Vec<(Pointer, String)>,
    /// What could not be read meanwhile: pointer → what.
    pub(crate) losses: Vec<(Pointer, String)>,
    /// What was decided meanwhile: pointer → what.
    pub(crate) guesses: Vec<(Pointer, String)>,
}

impl Document {
    /// Makes a document of a value that refers to no other file.
    pub fn from_value(file: impl Into<String>, root: Value) -> Self {
        Self {
            root,
            file: file.into(),
            digest: String::new(),
            origins: BTreeMap::new(),
            lifted: BTreeMap::new(),
            faults: Vec::new(),
            losses: Vec::new(),
            guesses: Vec::new(),
        }
    }

    /// Returns the component schemas by name.
    pub fn schemas(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.root
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::iter)
    }

    /// Returns one component schema.
    pub fn schema(&self, name: &str) -> Option<&Value> {
        self.root.get("components")?.get("schemas")?.get(name)
    }

    /// Returns the map of component schemas, made where it is missing.
    pub(crate) fn schemas_mut(&mut self) -> &mut Map<String, Value> {
        member_mut(
            member_mut(as_object_mut(&mut self.root), "components"),
            "schemas",
        )
    }

    /// Returns every operation as (path, method, operation).
    pub fn operations(&self) -> impl Iterator<Item = (&str, &'static str, &Value)> {
        let paths = self.root.get("paths").and_then(Value::as_object);
        paths
            .into_iter()
            .flat_map(Map::iter)
            .flat_map(|(path, item)| {
                METHODS
                    .iter()
                    .filter_map(move |method| Some((path.as_str(), *method, item.get(*method)?)))
            })
    }

    /// Calls `f` with every operation, its path and its method.
    pub(crate) fn each_operation_mut(&mut self, mut f: impl FnMut(&str, &'static str, &mut Value)) {
        let Some(paths) = self.root.get_mut("paths").and_then(Value::as_object_mut) else {
            return;
        };
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    f(path, method, operation);
                }
            }
        }
    }

    /// Returns the file and the pointer in it for a pointer into the bundle.
    pub(crate) fn locate(&self, at: &Pointer) -> (String, Pointer) {
        let mut best: Option<(&Pointer, &(String, Pointer))> = None;
        for (prefix, origin) in &self.origins {
            let fits = at
                .as_str()
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            if fits
                && best.is_none_or(|(longest, _)| longest.as_str().len() < prefix.as_str().len())
            {
                best = Some((prefix, origin));
            }
        }
        match best {
            Some((prefix, (file, start))) => {
                let rest = &at.as_str()[prefix.as_str().len()..];
                (
                    file.clone(),
                    Pointer::from(format!("{start}{rest}").as_str()),
                )
            }
            None => (self.file.clone(), at.clone()),
        }
    }

    /// Returns the place in the bundle, as it was loaded, for a place that the passes speak of: that of
    /// the anonymous schema, where they made a component of one.
    pub(crate) fn written_at(&self, at: &Pointer) -> Pointer {
        let mut at = at.clone();
        // A component may be made of what stands inside another that was made so.
        for _ in 0..=self.lifted.len() {
            let Some(rest) = at.as_str().strip_prefix("/components/schemas/") else {
                break;
            };
            let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let Some(written) = self.lifted.get(&crate::pointer::unescape(name)) else {
                break;
            };
            at = Pointer::from(format!("{written}{rest}").as_str());
        }
        at
    }

    /// Makes an error at a place of this document.
    pub(crate) fn error(&self, at: &Pointer, what: impl Into<String>) -> Error {
        let (file, pointer) = self.locate(at);
        Error::new(file, pointer, what)
    }
}

/// Returns the pointer to an operation.
pub(crate) fn operation_pointer(path: &str, method: &str) -> Pointer {
    Pointer::root().child("paths").child(path).child(method)
}

/// Returns the name a `#/components/schemas/…` reference ends in.
pub(crate) fn schema_name(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    (!name.is_empty() && !name.contains('/')).then(|| crate::pointer::unescape(name))
}

/// Returns the reference to a component schema.
pub(crate) fn schema_reference(name: &str) -> String {
    format!("#/components/schemas/{}", crate::pointer::escape(name))
}

/// Returns the component a schema refers to, when it is a reference.
pub(crate) fn referred(schema: &Value) -> Option<String> {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
}

/// Returns the value as an object, turning anything else into an empty one.
pub(crate) fn as_object_mut(value: &mut Value) -> &mut Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => {
            *other = Value::Object(Map::new());
            as_object_mut(other)
        }
    }
}

/// Returns an object member, made where it is missing.
pub(crate) fn member_mut<'a>(
    object: &'a mut Map<String, Value>,
    key: &str,
) -> &'a mut Map<String, Value> {
    as_object_mut(
        object
            .entry(key)
            .or_insert_with(|| Value::Object(Map::new())),
    )
}
