//! What the backend demands of a document, checked by us before it is asked: all violations at
//! once, each with its place. The backend itself stops at the first, or panics.

use std::collections::BTreeSet;

use heck::{ToPascalCase as _, ToSnakeCase as _};
use serde_json::Value;

use crate::document::{METHODS, operation_pointer};
use crate::error::{Error, Faults};
use crate::names::{keyword_safe, snake};
use crate::pointer::Pointer;

/// The media types a body may have after lowering.
const MEDIA: [&str; 4] = [
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
];

/// Checks a lowered document.
///
/// # Errors
///
/// Every rule that is broken, with the pointer into the lowered document.
pub(crate) fn check(lowered: &Value, file: &str) -> Result<(), Error> {
    let mut checker = Checker {
        file,
        faults: Faults::default(),
    };
    for (path, item) in members(lowered, "/paths") {
        checker.path(path);
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                checker.operation(&operation_pointer(path, method), operation);
            }
        }
    }
    for (name, schema) in members(lowered, "/components/schemas") {
        checker.schema(name, schema);
    }
    checker.faults.into_result()
}

struct Checker<'a> {
    file: &'a str,
    faults: Faults,
}

impl Checker<'_> {
    fn fault(&mut self, at: Pointer, what: impl Into<String>) {
        self.faults.push((self.file.to_owned(), at), what);
    }

    /// A path begins with a slash, and its braces come in pairs.
    fn path(&mut self, path: &str) {
        let at = Pointer::root().child("paths").child(path);
        if !path.starts_with('/') {
            self.fault(at.clone(), "a path must begin with `/`");
        }
        let mut open = false;
        for letter in path.chars() {
            match letter {
                '{' if !open => open = true,
                '}' if open => open = false,
                '{' | '}' => return self.fault(at, "the braces of a path must come in pairs"),
                _ => {}
            }
        }
        if open {
            self.fault(at, "the braces of a path must come in pairs");
        }
    }

    fn operation(&mut self, at: &Pointer, operation: &Value) {
        let mut taken = BTreeSet::new();
        if operation.get("requestBody").is_some() {
            taken.insert("body".to_owned());
        }
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let at = at.child("parameters").index(index);
            let name = parameter
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if name.is_empty() {
                self.fault(at, "a parameter must have a name");
            } else if !taken.insert(snake(name)) {
                let what = format!(
                    "the argument `{}` of this method already exists; rename one",
                    snake(name)
                );
                self.fault(at, what);
            }
        }
        if let Some(body) = operation.get("requestBody") {
            self.content(&at.child("requestBody"), body);
        }
        let mut types = BTreeSet::new();
        for (status, reply) in operation
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let at = at.child("responses").child(status);
            let digits = status.len() == 3 && status.starts_with('2');
            if !digits
                || !(status.ends_with("XX") || status.bytes().all(|byte| byte.is_ascii_digit()))
            {
                self.fault(at.clone(), format!("`{status}` is no status of a success"));
            }
            types.insert(reply.get("content").map(Value::to_string));
            if reply.get("content").is_some() {
                self.content(&at, reply);
            }
        }
        if types.len() > 1 {
            self.fault(
                at.child("responses"),
                "an operation can have one success type only",
            );
        }
    }

    fn content(&mut self, at: &Pointer, message: &Value) {
        let content = message.get("content").and_then(Value::as_object);
        let media: Vec<&String> = content
            .into_iter()
            .flat_map(serde_json::Map::keys)
            .collect();
        match media.as_slice() {
            [one] if MEDIA.contains(&one.as_str()) => {}
            [one] => self.fault(
                at.clone(),
                format!("the backend cannot carry the media type `{one}`"),
            ),
            _ => self.fault(at.clone(), "a message must have exactly one media type"),
        }
    }

    /// A name must come through the backend as it is, or the emission would not find it again.
    fn schema(&mut self, name: &str, schema: &Value) {
        let at = Pointer::schema(name);
        if name.to_pascal_case() != name {
            let what = format!(
                "the backend would call the type `{}`",
                name.to_pascal_case()
            );
            self.fault(at.clone(), what);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for key in properties.into_iter().flat_map(serde_json::Map::keys) {
            let at = at.child("properties").child(key);
            if key.to_snake_case() != *key {
                let what = format!(
                    "the backend would call the field `{}`",
                    keyword_safe(key.to_snake_case())
                );
                self.fault(at, what);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf", "not"] {
            if schema.get(keyword).is_some() {
                self.fault(
                    at.child(keyword),
                    format!("`{keyword}` must be gone before the backend"),
                );
            }
        }
    }
}

fn members<'a>(root: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    root.pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}
