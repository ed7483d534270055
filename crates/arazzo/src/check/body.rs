//! What a step sends in its body against what the operation takes.

use super::expressions::Site;
use super::{Check, Scene};
use crate::contract::{Node, Operation, Presence, Structure, is_json, structure};
use crate::document::Body;
use crate::expression::{Embedded, Piece, Root, Template};
use crate::finding::Rule;
use crate::pointer::Pointer;

impl<'a> Check<'a> {
    pub(super) fn body(&mut self, scene: Scene<'a>) {
        let Some(body) = &scene.step.body else {
            return;
        };
        let site = Site::Request(scene);
        let place = body.at.child("payload");
        if let Some(payload) = &body.payload {
            self.template(payload, &place, site);
            if let Template::Text(text) = payload {
                self.quotes(text, &place, scene);
            }
        }
        for replacement in &body.replacements {
            self.template(&replacement.value, &replacement.at.child("value"), site);
        }
        let Some(operation) = scene.operation else {
            return;
        };
        let schema = self.media_type(body, operation);
        if let (Some(payload), Some(schema)) = (&body.payload, schema) {
            let replaced: Vec<_> = body
                .replacements
                .iter()
                .map(super::super::document::Replacement::top)
                .collect();
            self.members(payload, &[schema], &place, &replaced);
        }
    }

    /// Checks the media type and returns the schema of such a body.
    fn media_type(&mut self, body: &Body, operation: Operation<'a>) -> Option<Node<'a>> {
        let types = operation.media_types();
        let Some(wanted) = &body.content_type else {
            return types.first()?.1.get("schema");
        };
        let plain = |name: &str| {
            name.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_lowercase()
        };
        let found = types
            .iter()
            .find(|(name, _)| plain(name) == plain(wanted) || *name == "*/*");
        if found.is_none() {
            let declared: Vec<_> = types.iter().map(|(name, _)| *name).collect();
            let takes = if declared.is_empty() {
                "no body".to_owned()
            } else {
                declared.join(", ")
            };
            let message = format!("{} does not take {wanted}, but {takes}", operation.shown());
            self.add(Rule::UndeclaredMediaType, &body.at, message);
        }
        found?.1.get("schema")
    }

    fn members(
        &mut self,
        payload: &Template,
        schemas: &[Node<'a>],
        at: &Pointer,
        replaced: &[String],
    ) {
        match payload {
            Template::Map(members) => {
                let known = structure(schemas);
                for (key, member) in members {
                    let place = at.child(key);
                    match known.member(key) {
                        Presence::Declared(next) => self.members(member, &next, &place, &[]),
                        Presence::Undeclared | Presence::Impossible(_) => {
                            let message = format!("the contract declares no member `{key}` here");
                            self.add(Rule::UndeclaredMember, &place, message);
                        }
                        Presence::Unknown => {}
                    }
                }
                if let [schema] = schemas {
                    let given = |name: &&str| {
                        members.iter().any(|(key, _)| key == name)
                            || replaced.iter().any(|key| key == name)
                    };
                    let required = Structure::required(*schema);
                    let missing: Vec<_> =
                        required.into_iter().filter(|name| !given(name)).collect();
                    if !missing.is_empty() {
                        let message = format!("the contract requires {} here", missing.join(", "));
                        self.add(Rule::MissingMember, at, message);
                    }
                }
            }
            Template::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Presence::Declared(next) = structure(schemas).member("0") {
                        self.members(item, &next, &at.item(index), &[]);
                    }
                }
            }
            _ => {}
        }
    }

    /// Tells of objects and lists that would stand between the quotes of a JSON text.
    fn quotes(&mut self, text: &Embedded, at: &Pointer, scene: Scene<'a>) {
        let media_type = scene
            .step
            .body
            .as_ref()
            .and_then(|body| body.content_type.as_deref());
        if !media_type.is_none_or(is_json) {
            return;
        }
        for (index, piece) in text.pieces.iter().enumerate() {
            let Piece::Expression(expression) = piece else {
                continue;
            };
            let is_structure = match &expression.root {
                Root::Input(name) if expression.pointer.is_none() => {
                    let input = scene.workflow.inputs.declared.get(name.as_str());
                    input.is_some_and(|input| input.is_structure)
                }
                _ => false,
            };
            if is_structure && text.around(index) == (Some('"'), Some('"')) {
                let message = format!(
                    "`{expression}` is an object or a list, and between quotes it makes no JSON; take \
                     the quotes away"
                );
                self.add(Rule::QuotedValue, at, message);
            }
        }
    }
}

impl crate::document::Replacement {
    /// Returns the member of the body that it is in.
    fn top(&self) -> String {
        match &self.target {
            crate::document::Spot::Pointer(pointer) => {
                let keys = crate::pointer::keys(pointer).unwrap_or_default();
                keys.into_iter().next().unwrap_or_default()
            }
            crate::document::Spot::Path(path) => {
                let start = crate::condition::Query::start_of(&path.to_string());
                start.into_iter().next().unwrap_or_default()
            }
        }
    }
}
