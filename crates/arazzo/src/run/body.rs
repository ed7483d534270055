//! The body of a request.

use serde_json::Value;
use url::form_urlencoded;

use super::scope::Here;
use crate::condition::Reading;
use crate::contract::{Operation, is_json};
use crate::document::{Body, Replacement, Spot};
use crate::expression::{Embedded, Piece, Template, plain};
use crate::pointer::keys;

/// A body as it is sent, and as expressions see it.
#[derive(Default)]
pub(super) struct Payload {
    pub(super) content_type: Option<String>,
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) value: Option<Value>,
}

pub(super) fn payload(
    here: &Here<'_>,
    body: Option<&Body>,
    operation: Operation<'_>,
) -> Result<Payload, String> {
    let Some(body) = body else {
        return Ok(Payload::default());
    };
    let declared = || {
        operation
            .media_types()
            .first()
            .map(|(name, _)| (*name).to_owned())
    };
    let kind = body.content_type.clone().or_else(declared);
    let kind = kind.unwrap_or_else(|| "application/json".to_owned());
    let json = is_json(&kind);
    let mut value = match &body.payload {
        None => Value::Object(serde_json::Map::new()),
        Some(Template::Text(text)) if json => parsed(&json_text(here, text)?)?,
        Some(Template::Literal(Value::String(text)))
            if json && text.trim_start().starts_with(['{', '[']) =>
        {
            parsed(text)?
        }
        Some(template) => here.value(template)?.ok_or("its body has no value")?,
    };
    for replacement in &body.replacements {
        replace(here, &mut value, replacement)?;
    }
    let bytes = if json {
        value.to_string().into_bytes()
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        form(&value)?.into_bytes()
    } else if kind.starts_with("multipart/") {
        return Err(format!("bodies of {kind} are not supported"));
    } else {
        plain(&value).into_bytes()
    };
    Ok(Payload {
        content_type: Some(kind),
        bytes: Some(bytes),
        value: Some(value),
    })
}

/// Fills a JSON text: what stands between quotes is escaped, all else is JSON.
fn json_text(here: &Here<'_>, text: &Embedded) -> Result<String, String> {
    let meant = here.frame.session.runner.reading == Reading::Meant;
    let (mut filled, mut skip) = (String::new(), false);
    for (index, piece) in text.pieces.iter().enumerate() {
        match piece {
            Piece::Text(plain) => {
                filled.push_str(plain.strip_prefix('"').filter(|_| skip).unwrap_or(plain));
                skip = false;
            }
            Piece::Expression(expression) => {
                let value = expression.value(here);
                let value = value.ok_or_else(|| format!("{expression} has no value"))?;
                let quoted = text.around(index) == (Some('"'), Some('"'));
                if quoted && meant && (value.is_object() || value.is_array()) {
                    filled.pop();
                    filled.push_str(&value.to_string());
                    skip = true;
                } else if text.around(index).0 == Some('"') || value.is_string() {
                    let json = Value::from(plain(&value)).to_string();
                    filled.push_str(&json[1..json.len() - 1]);
                } else {
                    filled.push_str(&value.to_string());
                }
            }
        }
    }
    Ok(filled)
}

fn parsed(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("its body is no JSON: {error}"))
}

fn form(value: &Value) -> Result<String, String> {
    let members = match value {
        Value::String(text) => return Ok(text.clone()),
        Value::Object(members) => members,
        _ => return Err("a form is made of an object".to_owned()),
    };
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        form.append_pair(key, &plain(value));
    }
    Ok(form.finish())
}

fn replace(here: &Here<'_>, body: &mut Value, replacement: &Replacement) -> Result<(), String> {
    let value = here
        .value(&replacement.value)?
        .ok_or("a replacement has no value")?;
    match &replacement.target {
        Spot::Pointer(pointer) => put(body, pointer, value),
        Spot::Path(path) => {
            let found = path.query_located(body);
            let places: Vec<_> = found
                .iter()
                .map(|node| node.location().to_json_pointer())
                .collect();
            if places.is_empty() {
                return Err(format!("a replacement finds no place for {path}"));
            }
            places
                .iter()
                .try_for_each(|place| put(body, place, value.clone()))
        }
    }
}

/// Puts a value at a place; the last member of an object or the end of a list is made.
fn put(body: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    if let Some(spot) = body.pointer_mut(pointer) {
        *spot = value;
        return Ok(());
    }
    let lost = || format!("a replacement finds no place for {pointer}");
    let (parent, _) = pointer.rsplit_once('/').ok_or_else(lost)?;
    let key = keys(pointer)
        .and_then(|keys| keys.last().cloned())
        .ok_or_else(lost)?;
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(key, value);
            Ok(())
        }
        Some(Value::Array(items)) if key == "-" || key == items.len().to_string() => {
            items.push(value);
            Ok(())
        }
        _ => Err(lost()),
    }
}
