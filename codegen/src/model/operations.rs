//! The operations of a contract.

use std::collections::BTreeMap;

use serde_json::Value;

use super::content::{About, Content};
use super::names::Renames;
use super::{is_on, text};
use crate::document::{Document, operation_pointer};
use crate::marks;
use crate::names::{NameScope, snake};
use crate::notes::Notes;

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Its name in the contract.
    pub id: String,
    /// The name of its method in Rust.
    pub rust: String,
    /// Its path, with placeholders.
    pub path: String,
    /// Its HTTP method, as OpenAPI spells it.
    pub method: &'static str,
    /// A short description.
    pub summary: Option<String>,
    /// What the contract says about it.
    pub about: About,
    /// Its first tag.
    pub tag: Option<String>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Media type → what the body may hold.
    pub body: Option<Message>,
    /// Status → what the reply holds.
    pub replies: BTreeMap<String, Message>,
    /// Status of a refusal → what it means.
    pub errors: BTreeMap<String, String>,
    /// The media type of its body, where that is JSON under another name.
    pub content_type: Option<String>,
    /// Whether no generated method can express it.
    pub hand_written: bool,
}

/// Media type → content, of a body or a reply.
pub(crate) type Message = BTreeMap<String, Content>;

/// One parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds, its description among it.
    pub content: Content,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path.
    Path,
    /// Behind the question mark.
    Query,
    /// As a header.
    Header,
    /// Anywhere else.
    Other,
}

impl Place {
    /// Returns how OpenAPI spells it.
    pub(crate) fn spelled(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Other => "cookie",
        }
    }
}

/// Methods that every generated client has.
const RESERVED: [&str; 3] = ["builder", "http", "new"];

/// Reads the operations of a document.
pub(super) fn operations(doc: &Document, renames: &Renames, notes: &mut Notes) -> Vec<Operation> {
    let mut scope = NameScope::with_reserved(RESERVED);
    let mut operations = Vec::new();
    for (path, method, operation) in doc.operations() {
        let id = text(operation, "operationId").unwrap_or_default();
        let wanted = snake(
            &renames
                .member("operations", id)
                .unwrap_or_else(|| id.to_owned()),
        );
        let rust = scope.claim(&wanted);
        let at = operation_pointer(path, method);
        let hand_written = is_on(operation, marks::HAND_WRITTEN);
        if hand_written {
            notes.conversion("operations", at, format!("`{rust}` is written by hand"));
        } else if rust != wanted {
            let what = format!("the method is called `{rust}`, since `{wanted}` is taken");
            notes.guess("names", at, what);
        }
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let errors = operation.get(marks::ERRORS).and_then(Value::as_object);
        let errors = errors.into_iter().flatten();
        let replies = operation.get("responses").and_then(Value::as_object);
        let tag = operation.pointer("/tags/0").and_then(Value::as_str);
        operations.push(Operation {
            id: id.to_owned(),
            rust,
            path: path.to_owned(),
            method,
            summary: text(operation, "summary").map(str::to_owned),
            about: About {
                text: text(operation, "description").map(str::to_owned),
                ..About::of(operation)
            },
            tag: tag.map(str::to_owned),
            parameters: parameters.into_iter().flatten().map(parameter).collect(),
            body: operation.get("requestBody").map(message),
            replies: replies
                .into_iter()
                .flatten()
                .map(|(status, reply)| (status.clone(), message(reply)))
                .collect(),
            errors: errors
                .map(|(status, text)| {
                    (status.clone(), text.as_str().unwrap_or_default().to_owned())
                })
                .collect(),
            content_type: text(operation, marks::CONTENT_TYPE).map(str::to_owned),
            hand_written,
        });
    }
    operations
}

fn parameter(parameter: &Value) -> Parameter {
    let schema = parameter.get("schema");
    let text_only = serde_json::json!({ "type": "string" });
    let mut content = Content::of(schema.unwrap_or(&text_only));
    let own = About::of(parameter);
    content.about = About {
        text: own.text.or(content.about.text),
        ..own
    };
    Parameter {
        name: text(parameter, "name").unwrap_or_default().to_owned(),
        place: match text(parameter, "in") {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("header") => Place::Header,
            _ => Place::Other,
        },
        required: is_on(parameter, "required"),
        content,
    }
}

fn message(message: &Value) -> Message {
    let media = message.get("content").and_then(Value::as_object);
    let content = |value: &Value| value.get("schema").map_or_else(Content::any, Content::of);
    media
        .into_iter()
        .flatten()
        .map(|(media, value)| (media.clone(), content(value)))
        .collect()
}

impl Operation {
    /// Calls `visit` with every schema that its parameters and messages refer to.
    pub(crate) fn each_name<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        for parameter in &self.parameters {
            parameter.content.each_name(visit);
        }
        let messages = self.body.iter().chain(self.replies.values());
        for content in messages.flat_map(BTreeMap::values) {
            content.each_name(visit);
        }
    }
}
