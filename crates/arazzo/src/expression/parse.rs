//! The grammar of expressions.

use super::navigation::moves;
use super::{Expression, Lapse, Move, Part, Root, Side};
use crate::pointer::keys;

/// Reads a whole text as an expression; `None` where it is none.
pub(super) fn whole(text: &str) -> Option<Expression> {
    let rest = text.strip_prefix('$')?;
    let parsed = match rest {
        "url" => Root::Url.into(),
        "method" => Root::Method.into(),
        "statusCode" => Root::StatusCode.into(),
        "self" => Root::Document.into(),
        "inputs" => Root::Inputs.into(),
        _ => {
            let (word, rest) = rest.split_once('.')?;
            match word {
                "request" => exchange(rest, Root::Request)?,
                "response" => exchange(rest, Root::Response)?,
                "message" => message(rest)?,
                "inputs" => strict(rest, Root::Input)?,
                "outputs" => strict(rest, Root::Output)?,
                "steps" => step(rest)?,
                "workflows" => workflow(rest)?,
                "sourceDescriptions" => source(rest)?,
                "components" => component(rest)?,
                _ => return None,
            }
        }
    };
    Some(Expression {
        text: text.to_owned(),
        root: parsed.root,
        pointer: parsed.pointer,
        moves: parsed.moves,
        lapse: parsed.lapse,
    })
}

struct Parsed {
    root: Root,
    pointer: Option<String>,
    moves: Vec<Move>,
    lapse: Option<Lapse>,
}

impl From<Root> for Parsed {
    fn from(root: Root) -> Self {
        Self {
            root,
            pointer: None,
            moves: Vec::new(),
            lapse: None,
        }
    }
}

/// `header.NAME`, `query.NAME`, `path.NAME` or `body` with what follows it.
fn exchange(rest: &str, root: impl Fn(Part) -> Root) -> Option<Parsed> {
    if let Some(tail) = rest.strip_prefix("body") {
        let (pointer, moves) = tail_of(tail)?;
        let root = root(Part::Body);
        return Some(Parsed {
            pointer,
            moves,
            ..root.into()
        });
    }
    let (kind, name) = rest.split_once('.')?;
    let part = match kind {
        "header" => {
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            let fits = !name.is_empty() && name.chars().all(token);
            fits.then(|| Part::Header(name.to_ascii_lowercase()))?
        }
        "query" if !name.is_empty() => Part::Query(name.to_owned()),
        "path" if !name.is_empty() => Part::Path(name.to_owned()),
        _ => return None,
    };
    Some(root(part).into())
}

fn message(rest: &str) -> Option<Parsed> {
    let known = rest.starts_with("payload") || rest.starts_with("header.");
    known.then(|| Root::Message.into())
}

/// A name of the grammar, with what follows it.
fn strict(rest: &str, root: impl Fn(String) -> Root) -> Option<Parsed> {
    let (name, tail) = name_of(rest);
    let (pointer, moves) = tail_of(tail)?;
    let fits = !name.is_empty() && name.chars().all(is_name);
    fits.then(|| Parsed {
        pointer,
        moves,
        ..root(name.to_owned()).into()
    })
}

fn step(rest: &str) -> Option<Parsed> {
    let (step, output, short) = match rest.split_once(".outputs.") {
        Some((step, output)) => (step, output, false),
        None => {
            let (step, output) = rest.split_once('.')?;
            (step, output, true)
        }
    };
    let (output, tail) = name_of(output);
    let (pointer, moves) = tail_of(tail)?;
    let lapse = lapse(step, output)?;
    let root = Root::Step {
        step: step.to_owned(),
        output: output.to_owned(),
    };
    let lapse = if short { Some(Lapse::NoOutputs) } else { lapse };
    Some(Parsed {
        pointer,
        moves,
        lapse,
        ..root.into()
    })
}

fn workflow(rest: &str) -> Option<Parsed> {
    let sides = [(".outputs.", Side::Outputs), (".inputs.", Side::Inputs)];
    let found = sides.into_iter().find_map(|(word, side)| {
        let (workflow, name) = rest.split_once(word)?;
        Some((workflow, side, name))
    });
    let (workflow, side, name) = found?;
    let (name, tail) = name_of(name);
    let (pointer, moves) = tail_of(tail)?;
    let lapse = lapse(workflow, name)?;
    let root = Root::Workflow {
        workflow: workflow.to_owned(),
        side,
        name: name.to_owned(),
    };
    Some(Parsed {
        pointer,
        moves,
        lapse,
        ..root.into()
    })
}

fn source(rest: &str) -> Option<Parsed> {
    let (source, field) = rest.split_once('.')?;
    let fits = !source.is_empty() && source.chars().all(is_name) && !field.is_empty();
    let root = || Root::Source {
        source: source.to_owned(),
        field: field.to_owned(),
    };
    fits.then(|| root().into())
}

fn component(rest: &str) -> Option<Parsed> {
    let (kind, name) = rest.split_once('.')?;
    let fits = !kind.is_empty() && !name.is_empty() && name.chars().all(is_name);
    let root = || Root::Component {
        kind: kind.to_owned(),
        name: name.to_owned(),
    };
    fits.then(|| root().into())
}

/// Cuts a name off what follows it: a pointer or a way.
fn name_of(text: &str) -> (&str, &str) {
    text.split_at(text.find(['#', '[']).unwrap_or(text.len()))
}

/// Reads what follows a name: a pointer behind `#`, or a way.
fn tail_of(tail: &str) -> Option<(Option<String>, Vec<Move>)> {
    let Some(pointer) = tail.strip_prefix('#') else {
        return Some((None, moves(tail)?));
    };
    // Authors put an index behind a pointer, too.
    let (pointer, way) = pointer.split_at(pointer.find('[').unwrap_or(pointer.len()));
    let fits = keys(pointer).is_some() && !pointer.contains(['{', '}']);
    fits.then(|| Some((Some(pointer.to_owned()), moves(way)?)))?
}

/// Returns how far names are from the grammar; `None` where they cannot be names at all.
fn lapse(id: &str, name: &str) -> Option<Option<Lapse>> {
    let plain = id.chars().all(|c| is_name(c) && c != '.') && name.chars().all(is_name);
    let possible = |text: &str| !text.is_empty() && !text.contains(['{', '}', '$', '\n']);
    let possible = possible(id) && possible(name);
    possible.then_some((!plain).then_some(Lapse::LooseName))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._-".contains(c)
}
