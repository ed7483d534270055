//! What the contract says of replies: which operation and status each is of, and what it must hold.

use std::collections::{BTreeMap, BTreeSet};

use contract_tests::{Validator, fault, message, normalised, schema_validator, validator};
use serde_json::Value;

use crate::recorder::Exchange;

/// A contract that replies are held against.
pub(crate) struct Judge {
    document: Value,
    operations: Vec<Operation>,
    /// What errors look like that an operation does not declare, where the contract has one form for all.
    problem: Option<Validator>,
    validators: BTreeMap<String, Validator>,
    /// The operations and statuses that were seen and declared.
    pub(crate) seen: BTreeSet<(String, String)>,
    pub(crate) judged: usize,
}

/// An operation of the contract.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// Its path, with the names of parameters in braces.
    pub(crate) path: String,
    pub(crate) takes_json: bool,
    pub(crate) queries: Vec<String>,
    pub(crate) statuses: Vec<String>,
}

impl Judge {
    pub(crate) fn new(contract: &str) -> Self {
        let document = normalised(contract);
        Self {
            problem: document
                .pointer("/components/schemas/ProblemDetails")
                .map(|_| validator(&document, "ProblemDetails")),
            validators: BTreeMap::new(),
            operations: operations(&document),
            document,
            seen: BTreeSet::new(),
            judged: 0,
        }
    }

    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Holds a reply against the contract.
    pub(crate) fn judge(&mut self, exchange: &Exchange) {
        let Exchange {
            method,
            path,
            status,
            media_type,
            body,
        } = exchange;
        let shown = String::from_utf8_lossy(&body[..body.len().min(4000)]);
        let at = format!("{method} {path} {status} {media_type:?} {shown}");
        let operation = self
            .operation(method, path)
            .unwrap_or_else(|| panic!("no operation: {at}"));
        let replies = &self.document["paths"][&operation.path][&operation.method]["responses"];
        let declared = [status.to_string(), "default".to_owned()];
        let declared = declared.into_iter().find(|key| replies.get(key).is_some());
        self.judged += 1;
        let Some(declared) = declared else {
            // What a contract leaves unsaid is an error, in the one form of errors.
            assert!(*status >= 400, "not declared: {at}");
            return self.judge_problem(body, &at);
        };
        let content_types = replies[&declared]["content"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        self.seen.insert((operation.id.clone(), declared.clone()));
        if method == "HEAD" {
            return assert!(body.is_empty(), "a body: {at}");
        }
        let Some((wanted, content)) = content_types.iter().next() else {
            // An error says what is wrong, declared or not.
            if *status < 400 {
                assert!(body.is_empty(), "a body where none is declared: {at}");
            } else if !body.is_empty() {
                self.judge_problem(body, &at);
            }
            return;
        };
        if !wanted.contains("json") {
            return assert!(!body.is_empty(), "nothing: {at}");
        }
        let media_type = media_type.as_deref().unwrap_or_default();
        if media_type.starts_with("application/zip") {
            // The list of workflows has a second form, which a header asks for.
            return assert!(body.starts_with(b"PK"), "{at}");
        }
        if media_type.starts_with("text/event-stream") {
            assert!(content_types.contains_key("text/event-stream"), "{at}");
            return;
        }
        assert!(media_type.contains("json"), "no JSON: {at}");
        let value: Value = serde_json::from_slice(body).unwrap_or_else(|_| panic!("no JSON: {at}"));
        // Many replies are of one schema, and a validator takes long to build.
        let schema = &content["schema"];
        let validator = self.validators.entry(schema.to_string());
        let validator = validator.or_insert_with(|| schema_validator(&self.document, schema));
        let accepted = validator.is_valid(&value);
        assert!(accepted, "{}: {at}", message(fault(validator, &value)));
    }

    /// Holds an error that no operation declares against the one form of errors, or against none but JSON.
    fn judge_problem(&self, body: &[u8], at: &str) {
        let problem = serde_json::from_slice(body).unwrap_or_else(|_| panic!("no problem: {at}"));
        match &self.problem {
            Some(form) => assert_eq!(message(fault(form, &problem)), "accepted", "{at}"),
            None => assert!(problem.is_object(), "no object: {at}"),
        }
    }

    /// The operation of a request: of those whose path fits, the one with the fewest parameters.
    fn operation(&self, method: &str, path: &str) -> Option<Operation> {
        let fits = |template: &str| {
            let (wanted, given) = (template.split('/'), path.split('/'));
            wanted.clone().count() == given.clone().count()
                && wanted
                    .zip(given)
                    .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
        };
        let operations = self.operations().iter();
        let fitting =
            operations.filter(|one| one.method.eq_ignore_ascii_case(method) && fits(&one.path));
        fitting
            .min_by_key(|one| one.path.matches('{').count())
            .cloned()
    }

    /// The operations and statuses that the contract declares and nobody has seen.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let declared = self.operations.iter().flat_map(|one| {
            one.statuses
                .iter()
                .cloned()
                .map(move |status| (one.id.clone(), status))
        });
        let unseen = declared.filter(|pair| !self.seen.contains(pair));
        unseen
            .map(|(id, status)| format!("{id} {status}"))
            .collect()
    }
}

/// The operations of a contract.
fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations.map(move |(method, operation)| (path, method, operation))
    });
    let made = operations.map(|(path, method, operation)| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let queries = parameters.filter(|parameter| parameter["in"] == "query");
        let content = operation
            .pointer("/requestBody/content")
            .and_then(Value::as_object);
        Operation {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.clone(),
            path: path.clone(),
            takes_json: content
                .is_some_and(|content| content.keys().all(|key| key.contains("json"))),
            queries: queries
                .map(|query| query["name"].as_str().unwrap().to_owned())
                .collect(),
            statuses: operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect(),
        }
    });
    made.collect()
}
