//! What the service sends by itself.

use serde_json::Value;

use super::content::Content;
use super::text;
use super::types::{Kind, Type};
use crate::document::Document;
use crate::marks;
use crate::names::{NameScope, snake, variant};

/// A webhook or a callback.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Its name in the contract.
    pub name: String,
    /// Where it stands in the document.
    pub at: String,
    /// The name of its variant in Rust.
    pub variant: String,
    /// The name of its function in Rust.
    pub function: String,
    /// What it holds.
    pub content: Content,
    /// What the contract says of it.
    pub about: String,
}

/// Reads the events of a document.
pub(super) fn events(doc: &Document) -> Vec<Event> {
    let mut variants = NameScope::with_reserved(["Unlisted"]);
    let mut functions = NameScope::with_reserved(["decode"]);
    let listed = doc.root.get(marks::EVENTS).and_then(Value::as_array);
    let events = listed.into_iter().flatten().map(|event| {
        let name = text(event, "name").unwrap_or_default();
        Event {
            name: name.to_owned(),
            at: text(event, "at").unwrap_or_default().to_owned(),
            variant: variants.claim(&variant(name)),
            function: functions.claim(&snake(name)),
            content: Content::of(event.get("schema").unwrap_or(&Value::Null)),
            about: text(event, "description").unwrap_or_default().to_owned(),
        }
    });
    events.collect()
}

/// The member whose value tells all events apart, and its value in each.
pub(crate) fn told_by(
    events: &[Event],
    types: &std::collections::BTreeMap<String, Type>,
) -> Option<(String, Vec<String>)> {
    let fixed = |event: &Event| -> Vec<(String, String)> {
        let super::Ty::Named(schema) = &event.content.ty else {
            return Vec::new();
        };
        let Some(Kind::Struct(made)) = types.get(schema).map(|found| &found.kind) else {
            return Vec::new();
        };
        let members = made.members.iter();
        let fixed = members.filter_map(|member| match member.content.listed.as_slice() {
            [Value::String(value)] => Some((member.wire.clone(), value.clone())),
            _ => None,
        });
        fixed.collect()
    };
    let all: Vec<Vec<(String, String)>> = events.iter().map(fixed).collect();
    all.first()?.iter().find_map(|(member, _)| {
        let values: Option<Vec<String>> = all
            .iter()
            .map(|fixed| fixed.iter().find(|(other, _)| other == member))
            .map(|found| found.map(|(_, value)| value.clone()))
            .collect();
        let values = values?;
        let apart: std::collections::BTreeSet<&String> = values.iter().collect();
        (apart.len() == events.len()).then(|| (member.clone(), values.clone()))
    })
}
