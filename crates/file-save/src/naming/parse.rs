//! Reading a template, and what may be wrong with one.

use std::fmt;

/// Bytes of a template, at most.
const LONGEST: usize = 200;
/// Signs that a template may hold beside letters and digits; none of them leads anywhere.
const SIGNS: &str = " -_.,()+@=#";

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Prompt,
    Seed,
    Index,
    Job,
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(text) => text,
            Self::Prompt => "{prompt}",
            Self::Seed => "{seed}",
            Self::Index => "{index}",
            Self::Job => "{job}",
        })
    }
}

/// Why a text is no template for names.
#[derive(Debug, PartialEq, Eq)]
pub struct ParseNamingError(Wrong);

#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Length,
    Dot,
    Brace,
    Placeholder(String),
    Sign(char),
}

impl fmt::Display for ParseNamingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Wrong::Length => write!(f, "a template for names has from 1 to {LONGEST} bytes"),
            Wrong::Dot => f.write_str("a name must not begin with a dot or a space"),
            Wrong::Brace => f.write_str("a brace has no partner; write placeholders as {seed}"),
            Wrong::Placeholder(name) => write!(
                f,
                "there is no placeholder {{{name}}}; there are {}, {}, {} and {}",
                Piece::Prompt,
                Piece::Seed,
                Piece::Index,
                Piece::Job
            ),
            Wrong::Sign(sign) => write!(
                f,
                "{sign:?} cannot be in a name; letters, digits and \"{SIGNS}\" can"
            ),
        }
    }
}

impl std::error::Error for ParseNamingError {}

pub(super) fn parse(template: &str) -> Result<Vec<Piece>, ParseNamingError> {
    read(template).map_err(ParseNamingError)
}

fn read(template: &str) -> Result<Vec<Piece>, Wrong> {
    if !(1..=LONGEST).contains(&template.len()) {
        return Err(Wrong::Length);
    }
    if template.starts_with(['.', ' ']) {
        return Err(Wrong::Dot);
    }
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some(at) = rest.find(['{', '}']) {
        let (text, from_brace) = rest.split_at(at);
        pieces.extend(literal(text)?);
        let inside = from_brace.strip_prefix('{').ok_or(Wrong::Brace)?;
        let (name, after) = inside.split_once('}').ok_or(Wrong::Brace)?;
        pieces.push(match name {
            "prompt" => Piece::Prompt,
            "seed" => Piece::Seed,
            "index" => Piece::Index,
            "job" => Piece::Job,
            other if other.contains('{') => return Err(Wrong::Brace),
            other => return Err(Wrong::Placeholder(other.escape_debug().to_string())),
        });
        rest = after;
    }
    pieces.extend(literal(rest)?);
    Ok(pieces)
}

fn literal(text: &str) -> Result<Option<Piece>, Wrong> {
    let mut letters = text.chars();
    let odd = letters.find(|letter| !letter.is_alphanumeric() && !SIGNS.contains(*letter));
    match odd {
        Some(sign) => Err(Wrong::Sign(sign)),
        None => Ok((!text.is_empty()).then(|| Piece::Text(text.to_owned()))),
    }
}
