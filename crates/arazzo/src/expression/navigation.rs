//! The way from a value to a part of it by names and indexes: `.items[1].name`.

use serde_json::Value;

/// One step of the way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Move {
    Name(String),
    Index(usize),
}

/// Returns what the way leads to.
pub(crate) fn navigate<'a>(value: &'a Value, moves: &[Move]) -> Option<&'a Value> {
    moves.iter().try_fold(value, |value, step| match step {
        // `.0` is an index where the value is a list.
        Move::Name(name) => match value {
            Value::Array(items) => items.get(name.parse::<usize>().ok()?),
            other => other.get(name),
        },
        Move::Index(index) => value.get(index),
    })
}

/// Reads a way; `None` where the text is none.
pub(super) fn moves(mut text: &str) -> Option<Vec<Move>> {
    let mut moves = Vec::new();
    while !text.is_empty() {
        if let Some(rest) = text.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let name = &rest[..end];
            let fits = |c: char| c.is_alphanumeric() || "_-$@".contains(c);
            if name.is_empty() || !name.chars().all(fits) {
                return None;
            }
            moves.push(Move::Name(name.to_owned()));
            text = &rest[end..];
        } else {
            let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
            let quoted = inside
                .strip_prefix('\'')
                .and_then(|text| text.strip_suffix('\''));
            moves.push(match quoted {
                Some(name) => Move::Name(name.to_owned()),
                None => Move::Index(inside.parse().ok()?),
            });
            text = rest;
        }
    }
    Some(moves)
}
