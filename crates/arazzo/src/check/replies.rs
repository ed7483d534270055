//! Whether a path can be in the replies of an operation.

use super::{Check, Scene};
use crate::contract::{Node, Operation, Presence, covers, is_json, presence};
use crate::expression::{Expression, Move, Part};
use crate::finding::Rule;
use crate::pointer::{Pointer, keys};

/// What is known of a body.
enum Body<'a> {
    Schema(Node<'a>),
    /// Not JSON.
    Opaque,
    /// The status allows none.
    Never,
    /// Nothing is said.
    Unsaid,
}

impl<'a> Check<'a> {
    /// Checks that a part of the reply can be there when the step went well (`true`), badly, or however.
    pub(super) fn reply(
        &mut self,
        scene: Scene<'a>,
        success: Option<bool>,
        part: &Part,
        expression: &Expression,
        at: &Pointer,
    ) {
        let Some(operation) = scene.operation else {
            return;
        };
        let replies = scene.replies(operation, success);
        match part {
            Part::Body => {
                let keys = expression.keys();
                self.body_path(&replies, &keys, &expression.text, at);
            }
            Part::Header(name) => {
                let declares = |reply: &Node<'a>| {
                    let headers = reply.get("headers").map(Node::members).unwrap_or_default();
                    headers
                        .iter()
                        .any(|(known, _)| known.eq_ignore_ascii_case(name))
                };
                if !replies.is_empty() && !replies.iter().any(|(_, reply)| declares(reply)) {
                    let message = format!("the contract declares no header `{name}` of the reply");
                    self.add(Rule::UnprovedPath, at, message);
                }
            }
            Part::Query(_) | Part::Path(_) => {
                let message =
                    format!("`{expression}` has no value: a reply has neither query nor path");
                self.add(Rule::ImpossiblePath, at, message);
            }
        }
    }

    /// Checks a path in the bodies of replies.
    pub(super) fn body_path(
        &mut self,
        replies: &[(&str, Node<'a>)],
        keys: &[String],
        shown: &str,
        at: &Pointer,
    ) {
        let (mut undeclared, mut unsaid, mut why) = (false, false, None);
        for (status, reply) in replies {
            match body(status, *reply) {
                Body::Schema(schema) => match presence(&[schema], keys) {
                    Presence::Declared(_) => return,
                    Presence::Undeclared => undeclared = true,
                    Presence::Impossible(reason) => why = Some(reason),
                    Presence::Unknown => unsaid = true,
                },
                Body::Opaque if keys.is_empty() => return,
                Body::Opaque => why = Some("the reply is no JSON"),
                Body::Never => why = why.or(Some("a reply of this status has no body")),
                Body::Unsaid => unsaid = true,
            }
        }
        if unsaid {
            let message = format!("the contract does not say whether `{shown}` is there");
            self.add(Rule::UnprovedPath, at, message);
        } else if undeclared {
            let message = format!("the contract does not declare what `{shown}` asks for");
            self.add(Rule::UndeclaredPath, at, message);
        } else if let Some(why) = why {
            let message = format!("`{shown}` cannot be there: {why}");
            self.add(Rule::ImpossiblePath, at, message);
        }
    }
}

impl<'a> Scene<'a> {
    /// Returns the replies that the contract declares for a step that went well, badly, or however.
    pub(super) fn replies(
        &self,
        operation: Operation<'a>,
        success: Option<bool>,
    ) -> Vec<(&'a str, Node<'a>)> {
        let fits = |status: u16| match success {
            Some(true) => self.step.admits(status) != Some(false),
            Some(false) => self.step.admits(status) != Some(true),
            None => self.step.admits(status) != Some(false) || status < 300,
        };
        let all = operation.replies();
        let own = |status: u16| {
            all.iter()
                .any(|(key, _)| *key != "default" && covers(key, status))
        };
        let replies = all.iter().filter(|(key, _)| {
            let mut statuses = (100..600).filter(|status| covers(key, *status));
            statuses.any(|status| fits(status) && (*key != "default" || !own(status)))
        });
        replies.copied().collect()
    }

    /// Returns the schemas of the bodies of good replies.
    pub(super) fn schemas(&self) -> Vec<Node<'a>> {
        let Some(operation) = self.operation else {
            return Vec::new();
        };
        let bodies = self.replies(operation, Some(true)).into_iter();
        let bodies = bodies.filter_map(|(status, reply)| match body(status, reply) {
            Body::Schema(schema) => Some(schema),
            _ => None,
        });
        bodies.collect()
    }
}

impl Expression {
    /// Returns the way into the body that it names.
    pub(super) fn keys(&self) -> Vec<String> {
        let pointer = self.pointer.as_deref().unwrap_or_default();
        let moves = self.moves.iter().map(|step| match step {
            Move::Name(name) => name.clone(),
            Move::Index(index) => index.to_string(),
        });
        keys(pointer)
            .unwrap_or_default()
            .into_iter()
            .chain(moves)
            .collect()
    }
}

fn body<'a>(status: &str, reply: Node<'a>) -> Body<'a> {
    let types = reply.get("content").map(Node::members).unwrap_or_default();
    if types.is_empty() {
        let never = ["1", "204", "205", "3"]
            .iter()
            .any(|start| status.starts_with(start));
        return if never { Body::Never } else { Body::Unsaid };
    }
    match types
        .iter()
        .find(|(name, _)| is_json(name) || *name == "*/*")
    {
        Some((_, media)) => media.get("schema").map_or(Body::Unsaid, Body::Schema),
        None => Body::Opaque,
    }
}
