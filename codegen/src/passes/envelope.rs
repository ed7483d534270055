//! Opens the envelope that a service puts around every reply: the type of a reply is that of what is
//! inside, and the client takes the envelope off. The mark `x-envelope` at the top of the document names
//! its members.
//!
//! It comes before every pass, and is none of them: whoever checks messages wants them as they travel.

use serde_json::{Map, Value};

use crate::document::{Document, as_object_mut, member_mut, operation_pointer, referred};
use crate::marks::ENVELOPE;
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Opens the envelope in every success.
pub(crate) fn open(doc: &mut Document, notes: &mut Notes) {
    let Some(envelope) = doc.root.get(ENVELOPE) else {
        return;
    };
    let member = envelope.get("result").and_then(Value::as_str);
    let member = member.unwrap_or("result").to_owned();
    let schemas = doc.root.pointer("/components/schemas");
    let schemas = schemas.cloned().unwrap_or_default();
    let mut open = |at: Pointer, reply: &mut Value| {
        let media = reply.get_mut("content").and_then(Value::as_object_mut);
        for (name, content) in media.into_iter().flatten() {
            let Some(schema) = content.get_mut("schema") else {
                continue;
            };
            let named = referred(schema).and_then(|name| schemas.get(&name));
            let members = named.unwrap_or(schema).get("properties");
            match members.and_then(|members| members.get(&member)) {
                Some(inside) if name.contains("json") => *schema = inside.clone(),
                _ => {
                    let what = format!("the reply has no `{member}` and is read as a whole");
                    notes.guess("envelope", at.clone(), what);
                }
            }
        }
    };
    doc.each_operation_mut(|path, method, operation| {
        let at = operation_pointer(path, method).child("responses");
        let replies = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        let successes = replies.into_iter().flatten();
        for (status, reply) in successes.filter(|(status, _)| status.starts_with('2')) {
            open(at.child(status), reply);
        }
    });
    let shared: Option<&mut Map<String, Value>> = doc
        .root
        .pointer("/components/responses")
        .is_some()
        .then(|| {
            member_mut(
                member_mut(as_object_mut(&mut doc.root), "components"),
                "responses",
            )
        });
    for (name, reply) in shared.into_iter().flatten() {
        let at = Pointer::root()
            .child("components")
            .child("responses")
            .child(name);
        open(at, reply);
    }
}
