//! The bodies of requests and replies: what each media type carries, and how.

use std::collections::BTreeMap;

use serde_json::Value;

use super::content::{Content, Ty};
use super::styles::{Place, Style, StyleKind};
use super::{is_on, text};
use crate::document::{Document, referred};
use crate::media::{bare, is_json};
use crate::names::{NameScope, field_key, keyword_safe};

/// One way to send the body of a request.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// Its media type, as the contract writes it.
    pub media: String,
    /// How it is written.
    pub kind: BodyKind,
    /// What it holds.
    pub content: Content,
    /// Member → how it is written, where that is not as usual.
    pub styles: BTreeMap<String, Style>,
    /// The parts of a form of parts; nothing where the contract does not name any.
    pub parts: Vec<Part>,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BodyKind {
    /// As JSON.
    Json,
    /// As the parts of a form, files among them.
    Multipart,
    /// As the pairs of a form.
    Form,
    /// As it is.
    Bytes,
    /// As text.
    Text,
}

/// One part of a form.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its name on the wire.
    pub wire: String,
    /// Its name in Rust.
    pub field: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds; of a list, what one part of it holds.
    pub content: Content,
    /// Whether there may be several of it.
    pub many: bool,
    /// Whether it is a file.
    pub file: bool,
    /// Its media type, where the contract fixes one.
    pub media: Option<String>,
}

/// One way to read the body of a reply.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// Its media type, as the contract writes it.
    pub media: String,
    /// How it is read.
    pub kind: ReplyKind,
    /// What it holds; of a stream, what one item of it is.
    pub content: Content,
}

/// How a reply is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReplyKind {
    /// As one JSON document.
    Json,
    /// As events, one after the other.
    Events,
    /// As JSON documents, one a line.
    Lines,
    /// As JSON documents with a sign before each.
    Sequence,
    /// As it comes.
    Bytes,
}

/// Reads the ways to send a body, the usual one first.
pub(super) fn bodies(doc: &Document, body: &Value) -> Vec<Body> {
    let mut found: Vec<Body> = media(body)
        .map(|(media, value)| self::body(doc, media, value))
        .collect();
    let rank = |body: &Body| (body.kind, bare(&body.media) != "application/json");
    found.sort_by_key(rank);
    let json = found.iter().position(|one| one.kind == BodyKind::Json);
    // The same JSON under another name is the same.
    let mut index = 0;
    found.retain(|one| {
        index += 1;
        one.kind != BodyKind::Json || json == Some(index - 1)
    });
    found
}

fn body(doc: &Document, media: &str, value: &Value) -> Body {
    let kind = match bare(media).as_str() {
        name if is_json(name) => BodyKind::Json,
        "multipart/form-data" => BodyKind::Multipart,
        "application/x-www-form-urlencoded" => BodyKind::Form,
        "text/plain" => BodyKind::Text,
        _ => BodyKind::Bytes,
    };
    let schema = value.get("schema").unwrap_or(&Value::Null);
    let encoding = |name: &str| value.get("encoding").and_then(|all| all.get(name));
    let mut styles = BTreeMap::new();
    let names = value.get("encoding").and_then(Value::as_object);
    for (name, encoding) in names.into_iter().flatten() {
        let style = Style::of(encoding, Place::Query);
        let is_usual = style.kind == StyleKind::Form && style.explode;
        let is_json = text(encoding, "contentType").is_some_and(is_json);
        if !is_usual {
            styles.insert(name.clone(), style);
        } else if is_json && kind == BodyKind::Form {
            let kind = StyleKind::Json;
            styles.insert(name.clone(), Style { kind, ..style });
        }
    }
    let parts = if kind == BodyKind::Multipart {
        parts(doc, schema, &encoding)
    } else {
        Vec::new()
    };
    Body {
        media: media.to_owned(),
        kind,
        content: Content::of(schema),
        styles,
        parts,
    }
}

/// Reads the parts of a form from the members of its schema.
fn parts<'a>(
    doc: &Document,
    schema: &Value,
    encoding: &dyn Fn(&str) -> Option<&'a Value>,
) -> Vec<Part> {
    let mut schema = schema;
    // A component is a reference to another at most as often as there are components.
    for _ in 0..doc.schemas().count() {
        match referred(schema).and_then(|name| doc.schema(&name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    let must = schema.get("required").and_then(Value::as_array);
    let members = schema.get("properties").and_then(Value::as_object);
    let mut scope = NameScope::default();
    let members = members.into_iter().flatten();
    let members = members.filter(|(_, member)| !is_on(member, "readOnly"));
    let parts = members.map(|(wire, member)| {
        let said = encoding(wire).and_then(|encoding| text(encoding, "contentType"));
        let many = text(member, "type") == Some("array");
        let one = if many {
            member.get("items").unwrap_or(&Value::Null)
        } else {
            member
        };
        Part {
            wire: wire.clone(),
            field: keyword_safe(scope.claim(&field_key(wire))),
            required: must.is_some_and(|must| must.iter().any(|name| name == wire)),
            content: Content::of(one),
            many,
            file: is_file(one, said),
            // One of several, or a pattern, is the caller's choice.
            media: said
                .filter(|said| !said.contains([',', '*']))
                .map(str::to_owned),
        }
    });
    parts.collect()
}

/// Whether a part is a file: bytes, or what the contract gives a media type that is no text.
fn is_file(schema: &Value, said: Option<&str>) -> bool {
    let of_bytes = text(schema, "format") == Some("binary")
        || (schema.get("contentMediaType").is_some() && schema.get("contentEncoding").is_none());
    let nothing = ["type", "$ref", "enum", "properties"];
    let open = nothing.iter().all(|key| schema.get(key).is_none());
    let other = said.is_some_and(|said| !is_json(said) && !said.starts_with("text/"));
    let is_text = text(schema, "type") == Some("string");
    of_bytes || (other && (open || is_text))
}

/// Reads the ways to read a reply, the usual one first.
pub(super) fn replies(reply: &Value) -> Vec<Reply> {
    let mut found: Vec<Reply> = media(reply)
        .map(|(media, value)| self::reply(media, value))
        .collect();
    let rank = |reply: &Reply| (reply.kind, bare(&reply.media) != "application/json");
    found.sort_by_key(rank);
    let mut kept: Vec<Reply> = Vec::new();
    for one in found {
        // The same JSON under another name is the same.
        let same = |other: &Reply| {
            other.kind == one.kind
                && (one.kind != ReplyKind::Bytes)
                && other.content.ty == one.content.ty
        };
        if !kept.iter().any(same) {
            kept.push(one);
        }
    }
    kept
}

fn reply(media: &str, value: &Value) -> Reply {
    let schema = value.get("schema").unwrap_or(&Value::Null);
    let mut content = Content::of(schema);
    let kind = match bare(media).as_str() {
        "text/event-stream" => ReplyKind::Events,
        "application/json-seq" => ReplyKind::Sequence,
        name if name.ends_with("+json-seq") => ReplyKind::Sequence,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/jsonlines"
        | "application/stream+json"
        | "application/x-json-stream" => ReplyKind::Lines,
        name if is_json(name) => ReplyKind::Json,
        // What some frameworks write where they know no media type.
        "*/*" if !matches!(content.ty, Ty::Any | Ty::Text(_)) => ReplyKind::Json,
        _ => ReplyKind::Bytes,
    };
    if let (ReplyKind::Events | ReplyKind::Lines | ReplyKind::Sequence, Ty::List(item)) =
        (kind, &content.ty)
    {
        content = (**item).clone();
    }
    Reply {
        media: media.to_owned(),
        kind,
        content,
    }
}

fn media(message: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let content = message.get("content").and_then(Value::as_object);
    let all = content.into_iter().flatten();
    all.map(|(media, value)| (media.as_str(), value))
}

impl Body {
    /// Calls `visit` with every schema that it refers to.
    pub(super) fn each_name<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        if self.kind == BodyKind::Multipart {
            let parts = self.parts.iter();
            parts.for_each(|part| part.content.each_name(visit));
        } else {
            self.content.each_name(visit);
        }
    }

    /// What the name of a method says that sends it, where another is the usual one.
    pub(super) fn suffix(&self) -> String {
        match self.kind {
            BodyKind::Json => "json".to_owned(),
            BodyKind::Multipart => "multipart".to_owned(),
            BodyKind::Form => "form".to_owned(),
            BodyKind::Text => "text".to_owned(),
            BodyKind::Bytes => subtype(&self.media),
        }
    }
}

impl Reply {
    /// What the name of a method says that asks for it, where another is the usual one.
    pub(super) fn suffix(&self) -> String {
        match self.kind {
            ReplyKind::Events => "stream".to_owned(),
            ReplyKind::Lines | ReplyKind::Sequence => "as_items".to_owned(),
            ReplyKind::Json | ReplyKind::Bytes => format!("as_{}", subtype(&self.media)),
        }
    }
}

/// The last word of a media type: `png` of `image/png`.
fn subtype(media: &str) -> String {
    let bare = bare(media);
    let last = bare.rsplit('/').next().unwrap_or_default();
    if last.contains('*') || last == "octet-stream" {
        return "bytes".to_owned();
    }
    field_key(last.trim_start_matches("x-"))
}
