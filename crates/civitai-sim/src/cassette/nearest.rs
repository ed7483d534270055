//! What a cassette has in the place of what it was asked.

use serde_json::Value;

use super::exchange::{Asked, Body};
use super::shelf::query;

/// Letters of a value that a message shows, at most.
const SHOWN: usize = 80;

/// Says that a request was not recorded, and which one comes nearest.
pub(super) fn tell<'a>(asked: &Asked, recorded: impl Iterator<Item = &'a Asked>) -> String {
    let missing = format!("The cassette has no answer to `{}`.", asked.line());
    // Of equally near ones the first.
    let nearest = recorded.map(|other| (nearness(asked, other), other));
    let nearest = nearest.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((_, nearest)) = nearest else {
        return format!("{missing} It has none at all.");
    };
    let difference = difference(asked, nearest);
    format!(
        "{missing} The nearest that was recorded is `{}`, which differs {difference}. Record anew, or send \
         what was recorded.",
        nearest.line()
    )
}

/// How much two requests have in common; the path counts most.
fn nearness(one: &Asked, other: &Asked) -> (usize, usize, bool, bool, usize) {
    let common = |one: &str, other: &str| {
        let pairs = one.split('/').zip(other.split('/'));
        pairs.take_while(|(one, other)| one == other).count()
    };
    let is_same = one.server == other.server && one.path == other.path;
    let shared = if one.server == other.server {
        common(&one.path, &other.path)
    } else {
        0
    };
    (
        usize::from(is_same),
        shared,
        one.method == other.method,
        queries(one) == queries(other),
        agreement(one.body.as_ref(), other.body.as_ref()),
    )
}

fn queries(asked: &Asked) -> Vec<(String, String)> {
    query(asked.query.as_deref().unwrap_or_default())
}

/// How many values two bodies share.
fn agreement(one: Option<&Body>, other: Option<&Body>) -> usize {
    match (one, other) {
        (Some(Body::Json(one)), Some(Body::Json(other))) => shared(one, other),
        (one, other) => usize::from(one == other),
    }
}

fn shared(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let both = one
                .iter()
                .filter_map(|(name, value)| Some((value, other.get(name)?)));
            both.map(|(one, other)| shared(one, other)).sum()
        }
        (Value::Array(one), Value::Array(other)) => one
            .iter()
            .zip(other)
            .map(|(one, other)| shared(one, other))
            .sum(),
        (one, other) => usize::from(one == other),
    }
}

/// Where two requests differ first, in words.
fn difference(asked: &Asked, nearest: &Asked) -> String {
    if asked.server != nearest.server || asked.path != nearest.path {
        return "in the path".to_owned();
    }
    if asked.method != nearest.method {
        return "in the method".to_owned();
    }
    if queries(asked) != queries(nearest) {
        return "in the query".to_owned();
    }
    match (&asked.body, &nearest.body) {
        (Some(Body::Json(asked)), Some(Body::Json(nearest))) => {
            let (place, asked, nearest) = first(asked, nearest, String::new());
            let place = if place.is_empty() {
                "/".to_owned()
            } else {
                place
            };
            format!("in the body at `{place}`: {nearest} was recorded, {asked} was sent")
        }
        (one, other) if one != other => "in the body".to_owned(),
        _ => "in the range".to_owned(),
    }
}

/// The first place at which two values differ, and what stands there.
fn first(one: &Value, other: &Value, at: String) -> (String, String, String) {
    match (one, other) {
        (Value::Object(members), Value::Object(others)) => {
            let mut names: Vec<_> = members.keys().chain(others.keys()).collect();
            names.sort();
            let differing = names
                .into_iter()
                .find(|name| members.get(*name) != others.get(*name));
            if let Some(name) = differing {
                let at = format!("{at}/{name}");
                return match (members.get(name), others.get(name)) {
                    (Some(one), Some(other)) => first(one, other, at),
                    (one, other) => (at, shown(one), shown(other)),
                };
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let pairs = items.iter().zip(others).enumerate();
            if let Some((index, (one, other))) = pairs.into_iter().find(|(_, (a, b))| a != b) {
                return first(one, other, format!("{at}/{index}"));
            }
        }
        _ => {}
    }
    (at, shown(Some(one)), shown(Some(other)))
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(SHOWN).collect::<String>())
}
