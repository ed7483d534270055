//! The grammar: finds where each part of an AIR begins and ends.
//!
//! Written by hand, since the pattern that the service publishes cannot tell the format from the
//! version, nor an AIR from a URL.

use slice::Slice;
pub(super) use slice::Span;

use super::Air;
use super::error::{AirPart, ParseAirError, Problem};

mod slice;

/// Finds the parts of `text`.
pub(super) fn parse(text: &str) -> Result<Parts, ParseAirError> {
    if text.chars().nth(Air::MAX_CHARS).is_some() {
        return Err(ParseAirError {
            offset: Air::MAX_CHARS,
            problem: Problem::TooLong,
        });
    }
    if text.contains("://") {
        return Err(ParseAirError {
            offset: 0,
            problem: Problem::Url,
        });
    }
    let text = Slice::new(text);
    match text.after('@') {
        Some(rest) => version_alone(rest),
        None => full(text),
    }
}

/// The older form, without its `@`: a source, a slash and a version.
fn version_alone(rest: Slice<'_>) -> Result<Parts, ParseAirError> {
    let Some((source, version)) = rest.split_once('/') else {
        return Err(rest.fails(Problem::NoSource));
    };
    Ok(Parts {
        source: source.checked(AirPart::Source)?,
        version: Some(version.checked(AirPart::Version)?),
        ..Parts::default()
    })
}

fn full(text: Slice<'_>) -> Result<Parts, ParseAirError> {
    let rest = text.without("urn:").without("air:");
    let (head, tail) = match rest.split_once('@') {
        Some((head, tail)) => (head, Some(tail)),
        None => (rest, None),
    };

    let mut words = head.split(':');
    let (first, second, third, fourth) = (words.next(), words.next(), words.next(), words.next());
    if let Some(fifth) = words.next() {
        return Err(fifth.fails(Problem::Crowded));
    }
    let (ecosystem, kind, source, id) = match (first, second, third, fourth) {
        (Some(ecosystem), Some(kind), Some(source), Some(id)) => {
            (Some(ecosystem), Some(kind), source, id)
        }
        (Some(kind), Some(source), Some(id), None) if is_type(kind.text) => {
            (None, Some(kind), source, id)
        }
        // A type is no source: the id is what is missing.
        (_, Some(word), Some(last), None) if is_type(word.text) => {
            return Err(last.fails(Problem::NoId));
        }
        (Some(word), Some(last), None, None) if is_type(word.text) => {
            return Err(last.fails(Problem::NoId));
        }
        (Some(ecosystem), Some(source), Some(id), None) => (Some(ecosystem), None, source, id),
        (Some(source), Some(id), None, None) => (None, None, source, id),
        _ => return Err(head.fails(Problem::NoSource)),
    };
    let mut parts = Parts {
        prefix: Span::new(0, rest.start),
        ecosystem: ecosystem
            .map(|word| word.checked(AirPart::Ecosystem))
            .transpose()?,
        kind: kind.map(|word| word.checked(AirPart::Kind)).transpose()?,
        source: source.checked(AirPart::Source)?,
        ..Parts::default()
    };
    let Some(tail) = tail else {
        let (id, format) = match numbered(id) {
            Some(Tail {
                main,
                file_id: None,
                layer: None,
                format,
            }) => (main, format),
            _ => (id, None),
        };
        parts.id = Some(id.checked(AirPart::Id)?);
        parts.format = format.map(Slice::span);
        return Ok(parts);
    };
    parts.id = Some(id.checked(AirPart::Id)?);
    let tail = numbered(tail)
        .or_else(|| filed(tail))
        .unwrap_or_else(|| Tail::bare(tail));
    parts.version = Some(tail.main.checked(AirPart::Version)?);
    parts.file_id = tail.file_id.map(Slice::span);
    parts.layer = tail.layer.map(Slice::span);
    parts.format = tail.format.map(Slice::span);
    Ok(parts)
}

/// A version, or an id that stands for one, and what hangs on it.
struct Tail<'a> {
    main: Slice<'a>,
    file_id: Option<Slice<'a>>,
    layer: Option<Slice<'a>>,
    format: Option<Slice<'a>>,
}

impl<'a> Tail<'a> {
    fn bare(main: Slice<'a>) -> Self {
        Self {
            main,
            file_id: None,
            layer: None,
            format: None,
        }
    }
}

/// Digits, then `+file`, `:layer` and `.format` in that order, each optional, and nothing else.
fn numbered(text: Slice<'_>) -> Option<Tail<'_>> {
    let (main, mut rest) = text.digits()?;
    let mut tail = Tail::bare(main);
    if let Some(file) = rest.after('+') {
        let (file_id, after) = file.digits()?;
        (tail.file_id, rest) = (Some(file_id), after);
    }
    if let Some(layer) = rest.after(':') {
        let (layer, after) = layer.leading(|found| AirPart::Layer.allows(found))?;
        (tail.layer, rest) = (Some(layer), after);
    }
    tail.format = ending(rest)?;
    Some(tail)
}

/// Any version, then `+file` and perhaps `.format`.
fn filed(text: Slice<'_>) -> Option<Tail<'_>> {
    let (main, file) = text.rsplit_once('+')?;
    let (file_id, rest) = file.digits()?;
    Some(Tail {
        file_id: Some(file_id),
        format: ending(rest)?,
        ..Tail::bare(main)
    })
}

/// `.format` or nothing; `None` where there is something else.
fn ending(rest: Slice<'_>) -> Option<Option<Slice<'_>>> {
    if rest.text.is_empty() {
        return Some(None);
    }
    let format = rest.after('.')?;
    let lettered = format
        .text
        .starts_with(|first: char| first.is_ascii_alphabetic());
    let whole = format
        .text
        .chars()
        .all(|found| AirPart::Format.allows(found));
    (lettered && whole).then_some(Some(format))
}

/// Whether a word that stands alone before the source is a type. `other`, which is both a type and
/// an ecosystem, counts as an ecosystem, like any word not listed here.
fn is_type(word: &str) -> bool {
    const TYPES: [&str; 18] = [
        "ag",
        "checkpoint",
        "clipvision",
        "controlnet",
        "diffusionmodel",
        "dora",
        "embedding",
        "hypernet",
        "image",
        "lora",
        "lycoris",
        "model",
        "motion",
        "repository",
        "textencoder",
        "unet",
        "upscaler",
        "vae",
    ];
    TYPES.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Where the parts are in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Parts {
    pub(super) prefix: Span,
    pub(super) ecosystem: Option<Span>,
    pub(super) kind: Option<Span>,
    pub(super) source: Span,
    pub(super) id: Option<Span>,
    pub(super) version: Option<Span>,
    pub(super) file_id: Option<Span>,
    pub(super) layer: Option<Span>,
    pub(super) format: Option<Span>,
}
