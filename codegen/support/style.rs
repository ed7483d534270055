//! How a value becomes text in a path, a query, a header, a cookie or a form, as OpenAPI's styles say.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Error;

/// What may stand in an address as it is (RFC 3986, unreserved).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What cannot stand in a cookie as it is (RFC 6265).
const COOKIE_VALUE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// How a list or an object is written. A single value looks the same in all but the last four.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// `name=a,b`; exploded `name=a&name=b`.
    Form { explode: bool },
    /// `name=a b`.
    Space,
    /// `name=a|b`.
    Pipe,
    /// `name[member]=a`.
    Deep,
    /// `a,b`.
    Simple { explode: bool },
    /// `.a,b`; exploded `.a.b`.
    Label { explode: bool },
    /// `;name=a,b`; exploded `;name=a;name=b`.
    Matrix { explode: bool },
    /// JSON as text.
    Json,
}

/// Adds a parameter to the query of a request. One that is absent, and a list of nothing, add nothing.
pub(crate) fn query(
    request: &mut reqwest::Request,
    name: &str,
    value: &impl Serialize,
    style: Style,
) -> Result<(), Error> {
    let added = pairs(name, &json(name, value)?, style, &encode);
    if !added.is_empty() {
        let url = request.url_mut();
        let before = url.query().filter(|before| !before.is_empty());
        let before = before.map(|before| format!("{before}&"));
        url.set_query(Some(&(before.unwrap_or_default() + &added.join("&"))));
    }
    Ok(())
}

/// Writes a parameter as a part of a path.
pub(crate) fn path(
    name: &'static str,
    value: &impl Serialize,
    style: Style,
) -> Result<String, Error> {
    let value = json(name, value)?;
    let text = match style {
        Style::Label { explode } => {
            let between = if explode { "." } else { "," };
            format!(".{}", joined(&value, between, explode, &encode))
        }
        Style::Matrix { explode: false } => {
            format!(";{}={}", encode(name), joined(&value, ",", false, &encode))
        }
        Style::Matrix { explode: true } => {
            let exploded = pairs(name, &value, Style::Form { explode: true }, &encode);
            exploded.iter().map(|pair| format!(";{pair}")).collect()
        }
        Style::Json => encode(&value.to_string()),
        Style::Simple { explode } => joined(&value, ",", explode, &encode),
        _ => joined(&value, ",", false, &encode),
    };
    // Whatever stands there, it must be a place of its own.
    match text.as_str() {
        "" | "." | ".." => Err(Error::unusable_segment(name)),
        _ => Ok(text),
    }
}

/// Writes a parameter as the value of a header.
pub(crate) fn header(value: &impl Serialize, style: Style) -> Result<HeaderValue, Error> {
    let value = json("a header", value)?;
    let text = match style {
        Style::Json => value.to_string(),
        Style::Simple { explode } => joined(&value, ",", explode, &str::to_owned),
        _ => joined(&value, ",", false, &str::to_owned),
    };
    Ok(text.try_into()?)
}

/// Adds a cookie. It may be a credential, so that nothing shows it.
pub(crate) fn cookie(
    headers: &mut HeaderMap,
    name: &str,
    value: &impl Serialize,
    style: Style,
) -> Result<(), Error> {
    let safe = |text: &str| utf8_percent_encode(text, COOKIE_VALUE).to_string();
    let mut all = pairs(name, &json(name, value)?, style, &safe);
    if let Some(before) = headers.get(COOKIE).and_then(|value| value.to_str().ok()) {
        all.insert(0, before.to_owned());
    }
    if !all.is_empty() {
        let mut value: HeaderValue = all.join("; ").try_into()?;
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
    Ok(())
}

/// Writes an object as a form; `styles` holds the members that are not written as usual.
pub(crate) fn form(value: &impl Serialize, styles: &[(&str, Style)]) -> Result<String, Error> {
    let Value::Object(members) = json("the form", value)? else {
        return Err(Error::unusable_value("the form"));
    };
    let mut all = Vec::new();
    for (name, value) in &members {
        let style = styles.iter().find(|(other, _)| other == name);
        let style = style.map_or(Style::Form { explode: true }, |(_, style)| *style);
        match (style, value) {
            // An object in a form has no style of its own and is JSON.
            (Style::Form { .. }, Value::Object(_)) => {
                all.extend(pairs(name, value, Style::Json, &encode));
            }
            _ => all.extend(pairs(name, value, style, &encode)),
        }
    }
    Ok(all.join("&"))
}

/// The pairs of a value as they are, nothing encoded.
pub(super) fn plain_pairs(
    name: &str,
    value: &impl Serialize,
    style: Style,
) -> Result<Vec<(String, String)>, Error> {
    let value = json(name, value)?;
    let plain = |text: &str| text.to_owned();
    let mut all = Vec::new();
    match (style, &value) {
        (_, Value::Null) => {}
        (Style::Deep, value) => deep(name, value, &mut |name, value| {
            all.push((name.to_owned(), text(value)));
        }),
        (Style::Space, value) => all.push((name.to_owned(), joined(value, " ", false, &plain))),
        (Style::Pipe, value) => all.push((name.to_owned(), joined(value, "|", false, &plain))),
        (_, value) => all.push((name.to_owned(), joined(value, ",", false, &plain))),
    }
    Ok(all)
}

/// The value as JSON, in which a point in time is RFC 3339 and an enum its text.
pub(super) fn json(name: &str, value: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|_| Error::unusable_value(name))
}

/// The parameter as pairs, each as it stands between two `&`.
fn pairs(name: &str, value: &Value, style: Style, encode: &dyn Fn(&str) -> String) -> Vec<String> {
    let pair = |name: &str, value: &Value| format!("{}={}", encode(name), encode(&text(value)));
    match (style, value) {
        (Style::Json, value) if !value.is_null() => {
            vec![format!("{}={}", encode(name), encode(&value.to_string()))]
        }
        (_, Value::Null) => Vec::new(),
        (Style::Deep, Value::Array(_) | Value::Object(_)) => {
            let mut all = Vec::new();
            deep(name, value, &mut |name, value| all.push(pair(name, value)));
            all
        }
        (Style::Form { explode: true }, Value::Array(items)) => {
            items.iter().map(|item| pair(name, item)).collect()
        }
        (Style::Form { explode: true }, Value::Object(members)) => present(members)
            .map(|(name, value)| pair(name, value))
            .collect(),
        (_, Value::Array(items)) if items.is_empty() => Vec::new(),
        (_, Value::Array(_) | Value::Object(_)) => {
            let between = match style {
                Style::Space => "%20",
                Style::Pipe => "%7C",
                _ => ",",
            };
            vec![format!(
                "{}={}",
                encode(name),
                joined(value, between, false, encode)
            )]
        }
        (_, value) => vec![pair(name, value)],
    }
}

/// Every value below `name`, under a name of its own: `name[member]`, `name[]`, `name[0][member]`.
fn deep(name: &str, value: &Value, add: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (member, value) in members {
                deep(&format!("{name}[{member}]"), value, add);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                match item {
                    Value::Array(_) | Value::Object(_) => {
                        deep(&format!("{name}[{index}]"), item, add);
                    }
                    item => add(&format!("{name}[]"), item),
                }
            }
        }
        value => add(name, value),
    }
}

/// The items of a list, or the members of an object with their names, with a sign between them.
fn joined(value: &Value, between: &str, explode: bool, encode: &dyn Fn(&str) -> String) -> String {
    let all: Vec<String> = match value {
        Value::Array(items) => items.iter().map(|item| encode(&text(item))).collect(),
        Value::Object(members) => {
            let sign = if explode { "=" } else { between };
            let pair = |(name, value): (&String, &Value)| {
                format!("{}{sign}{}", encode(name), encode(&text(value)))
            };
            present(members).map(pair).collect()
        }
        value => vec![encode(&text(value))],
    };
    all.join(between)
}

fn present(members: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    members.iter().filter(|(_, value)| !value.is_null())
}

/// A single value as text; what holds others is JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}
