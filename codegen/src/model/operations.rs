//! The operations of a contract.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::content::{About, Content};
use super::gates::Gate;
use super::messages::{self, Body, BodyKind, Reply};
use super::names::Renames;
use super::paging::Pages;
use super::security::{self, Security, Server};
use super::styles::{Place, Style};
use super::{Model, is_on, text};
use crate::document::{Document, operation_pointer};
use crate::marks;
use crate::names::{NameScope, snake};
use crate::notes::Notes;
use crate::pointer::Pointer;

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
    /// The ways to send its body, the usual one first; none where it has no body.
    pub bodies: Vec<Body>,
    /// Whether it may be sent without its body.
    pub bodiless: bool,
    /// The statuses of its successes.
    pub statuses: Vec<String>,
    /// The ways to read its successes, the usual one first; none where they have no body.
    pub replies: Vec<Reply>,
    /// Its methods in Rust, the usual one first: one for each way to send and to read.
    pub methods: Vec<Method>,
    /// Status of a refusal → what it means.
    pub errors: BTreeMap<String, String>,
    /// How its pages follow each other, where it answers in pages.
    pub pages: Option<Pages>,
    /// Whether a success declares the header `Link`.
    pub linked: bool,
    /// What it asks for as a credential; nothing where that is a bearer token, or not said.
    pub security: Option<Security>,
    /// Its server, where that is another than the document's.
    pub server: Option<Server>,
    /// When it is compiled, whatever the types that it takes and gives ask for.
    pub gate: Gate,
    /// Whether no generated method can express it.
    pub hand_written: bool,
}

/// One method of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    /// Its name in Rust.
    pub rust: String,
    /// Which way of sending it is, by number.
    pub body: usize,
    /// Which way of reading it is, by number.
    pub reply: usize,
}

/// One parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// The name of its argument in Rust.
    pub rust: String,
    /// Where it is sent.
    pub place: Place,
    /// How its value is written there.
    pub style: Style,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds, its description among it.
    pub content: Content,
}

impl Parameter {
    /// Whether it stands in the path.
    pub(crate) fn is_in_path(&self) -> bool {
        self.place == Place::Path
    }
}

/// Methods that every generated client has, and the constant that lists all operations.
const RESERVED: [&str; 5] = ["all", "builder", "clone", "http", "new"];
/// What a method's body calls by its bare name.
const CALLED: [&str; 1] = ["encode_path"];

/// Reads the operations of a document, and the names that their methods have taken. Their pages are not
/// known yet.
pub(super) fn operations(
    doc: &Document,
    renames: &Renames,
    notes: &mut Notes,
) -> (Vec<Operation>, NameScope) {
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
            notes.conversion(
                "operations",
                at.clone(),
                format!("`{rust}` is written by hand"),
            );
        } else if rust != wanted {
            let what = format!("the method is called `{rust}`, since `{wanted}` is taken");
            notes.guess("names", at.clone(), what);
        }
        let parameters = parameters(operation, &at, notes);
        let errors = operation.get(marks::ERRORS).and_then(Value::as_object);
        let errors = errors.into_iter().flatten();
        let replies = operation.get("responses").and_then(Value::as_object);
        // Every success has the same ways to be read.
        let reply = replies.and_then(|replies| replies.values().next());
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
            parameters,
            bodies: operation
                .get("requestBody")
                .map(|body| messages::bodies(doc, body))
                .unwrap_or_default(),
            bodiless: operation
                .get("requestBody")
                .is_some_and(|body| !is_on(body, "required")),
            statuses: replies
                .into_iter()
                .flatten()
                .map(|(status, _)| status.clone())
                .collect(),
            replies: reply.map(messages::replies).unwrap_or_default(),
            methods: Vec::new(),
            pages: None,
            linked: reply.is_some_and(|reply| is_on(reply, marks::LINKED)),
            security: security::security(doc, operation, &at, notes),
            server: security::server(doc, path, operation),
            errors: errors
                .map(|(status, text)| {
                    (status.clone(), text.as_str().unwrap_or_default().to_owned())
                })
                .collect(),
            gate: Gate::Always,
            hand_written,
        });
    }
    // The usual methods have their names; those of the others stand back.
    for operation in &mut operations {
        operation.methods = methods(operation, &mut scope);
        let free = |body: &&Body| body.kind == BodyKind::Multipart && body.parts.is_empty();
        if operation.bodies.iter().any(|body| free(&body)) {
            let at = operation_pointer(&operation.path, operation.method).child("requestBody");
            let what = "names no parts of its form; the caller names them";
            notes.guess("bodies", at, what);
        }
    }
    (operations, scope)
}

/// The methods of an operation: each way to send with each way to read.
fn methods(operation: &Operation, scope: &mut NameScope) -> Vec<Method> {
    let mut methods = Vec::new();
    for body in 0..operation.bodies.len().max(1) {
        for reply in 0..operation.replies.len().max(1) {
            let mut rust = operation.rust.trim_end_matches('_').to_owned();
            if let Some(sent) = operation.bodies.get(body).filter(|_| body > 0) {
                rust = format!("{rust}_{}", sent.suffix());
            }
            if let Some(read) = operation.replies.get(reply).filter(|_| reply > 0) {
                rust = format!("{rust}_{}", read.suffix());
            }
            let rust = if body == 0 && reply == 0 {
                operation.rust.clone()
            } else {
                scope.claim(&rust)
            };
            methods.push(Method { rust, body, reply });
        }
    }
    methods
}

/// Reads the parameters of an operation. A name may stand in several places, and two names may be one in
/// Rust: their arguments are numbered.
fn parameters(operation: &Value, at: &Pointer, notes: &mut Notes) -> Vec<Parameter> {
    let mut scope = NameScope::with_reserved(CALLED);
    if operation.get("requestBody").is_some() {
        scope.claim("body");
    }
    let list = operation.get("parameters").and_then(Value::as_array);
    let mut made: Vec<Parameter> = list.into_iter().flatten().map(parameter).collect();
    // Who comes first has the name: the path, then whoever is called like the argument.
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by_key(|index| {
        let one = &made[*index];
        (!one.is_in_path(), snake(&one.name) != one.name)
    });
    for index in order {
        let wanted = snake(&made[index].name);
        let given = scope.claim(&wanted);
        if given != wanted {
            let what = format!("the argument is called `{given}`, since `{wanted}` is taken");
            notes.guess("names", at.child("parameters").index(index), what);
        }
        made[index].rust = given;
    }
    made
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
    let place = match text(parameter, "in") {
        Some("path") => Place::Path,
        Some("query") => Place::Query,
        Some("header") => Place::Header,
        _ => Place::Cookie,
    };
    Parameter {
        name: text(parameter, "name").unwrap_or_default().to_owned(),
        rust: String::new(),
        place,
        style: Style::of(parameter, place),
        required: is_on(parameter, "required"),
        content,
    }
}

impl Operation {
    /// Calls `visit` with every schema that its parameters and messages refer to.
    pub(crate) fn each_name<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        for parameter in &self.parameters {
            parameter.content.each_name(visit);
        }
        self.bodies.iter().for_each(|body| body.each_name(visit));
        for reply in &self.replies {
            reply.content.each_name(visit);
        }
    }
}

impl Model {
    /// What an operation needs: its own gate and those of all types that it takes and gives.
    pub(crate) fn gates_of(&self, operation: &Operation) -> BTreeSet<Gate> {
        let mut needed = BTreeSet::from([operation.gate.clone()]);
        operation.each_name(&mut |name| {
            needed.insert(self.gate(name).clone());
        });
        needed.remove(&Gate::Always);
        needed
    }
}
